/** DER as tokens carry it. Unlike `ber.ts`, which reads whole messages, it never throws: a cut token still tells what it holds. */

/** A DER element (X.690 §8.1): where its content lies; `cut` where it says to be longer than there is room. */
export interface Element {
  tag: number;
  from: number;
  to: number;
  cut: boolean;
}

/** The element that begins at `at`, its content never beyond `end`; null where there is no whole header, a tag of several bytes or no definite length. */
export function element(bytes: Uint8Array, at: number, end: number): Element | null {
  if (at + 2 > end || (bytes[at]! & 0x1f) === 0x1f) return null;
  const first = bytes[at + 1]!;
  let from = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || from + count > end) return null;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[from + i]!;
    from += count;
  }
  const to = Math.min(from + length, end);
  return { tag: bytes[at]!, from, to, cut: from + length > end };
}

/** The first element with this tag among those between `at` and `end`, or null. */
export function find(bytes: Uint8Array, tag: number, at: number, end: number): Element | null {
  for (let next = at; next < end; ) {
    const here = element(bytes, next, end);
    if (here === null || here.tag === tag) return here;
    next = here.to;
  }
  return null;
}
