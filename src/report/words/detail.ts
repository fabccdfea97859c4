/** `{}` stands for what the detail names, `{n}` for a number; the holes stay in their order */
export type DetailTemplates = readonly (readonly [english: string, other: string])[];

/** longer than any detail of ours: whatever it is, it stays as it is */
const longest = 4000;

interface Template {
  pieces: string[];
  /** for each hole, whether only a number fits */
  numbers: boolean[];
  other: string[];
}

const hole = /\{n?\}/;

/**
 * Says details, which are stored in English, in another language: by templates, the first that fits. A hole is said the
 * same way, so that one detail may hold others; what fits none stays as it is, as it may be data.
 */
export function detailsIn(templates: DetailTemplates): (detail: string) => string {
  const whole = new Map(templates.filter(([english]) => !hole.test(english)));
  const parts: Template[] = templates
    .filter(([english]) => hole.test(english))
    .map(([english, other]) => ({
      pieces: english.split(hole),
      numbers: [...english.matchAll(/\{n?\}/g)].map(([found]) => found === '{n}'),
      other: other.split(hole),
    }));
  const say = (detail: string): string => {
    const known = whole.get(detail);
    if (known !== undefined || detail.length > longest) return known ?? detail;
    for (const { pieces, numbers, other } of parts) {
      const holes = holesOf(detail, pieces);
      if (holes === null || numbers.some((number, at) => number && !/^\d+$/.test(holes[at]!))) continue;
      return other.map((piece, at) => (at === 0 ? piece : say(holes[at - 1]!) + piece)).join('');
    }
    return detail;
  };
  return say;
}

/** What stands in the holes, each as short as it can be but the last; null where the text does not fit. */
function holesOf(text: string, pieces: readonly string[]): string[] | null {
  const last = pieces.length - 1;
  if (!text.startsWith(pieces[0]!) || !text.endsWith(pieces[last]!)) return null;
  const end = text.length - pieces[last]!.length;
  const holes: string[] = [];
  let at = pieces[0]!.length;
  for (let piece = 1; piece <= last; piece++) {
    const next = piece === last ? end : text.indexOf(pieces[piece]!, at);
    if (next <= at || next > end) return null;
    holes.push(text.slice(at, next));
    at = next + pieces[piece]!.length;
  }
  return holes;
}
