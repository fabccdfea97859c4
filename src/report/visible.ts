/** Control characters, formatting characters (bidirectional controls, zero-width ones), line separators, lone surrogates. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from a capture with everything made visible that would act on a terminal or hide from a reader: ESC as ␛, U+202E as \u202e. */
export function visible(text: string): string {
  return text.replace(hidden, picture);
}

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code < 0x100) return `\\x${code.toString(16)}`;
  if (code < 0x1_0000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}
