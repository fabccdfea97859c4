/** East Asian wide and fullwidth characters (Unicode TR 11) and emoji, as ranges. */
const wide =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const combining = /[\p{Mn}\p{Me}]/u;

/** Columns that a text takes on a terminal. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += columnsOf(character);
  return sum;
}

function columnsOf(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** The text in exactly `width` columns: padded, or cut with an ellipsis. */
export function inColumns(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const cut = columns(text) <= width ? text : `${head(text, width - 1)}…`;
  const padding = ' '.repeat(Math.max(0, width - columns(cut)));
  return side === 'left' ? cut + padding : padding + cut;
}

function head(text: string, width: number): string {
  let used = 0;
  let out = '';
  for (const character of text) {
    used += columnsOf(character);
    if (used > width) break;
    out += character;
  }
  return out;
}

/** Lines of at most `width` columns, broken at spaces, and within a word only where it alone is longer. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    if (line !== '' && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = '';
    }
    while (columns(word) > width) {
      // a character wider than the line would never leave it
      const part = head(word, width) || [...word][0]!;
      lines.push(part);
      word = word.slice(part.length);
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
