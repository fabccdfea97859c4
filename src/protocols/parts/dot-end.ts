// hot: bulk mail goes through here. No allocation.

/** How much of the terminator CRLF `.` CRLF (RFC 5321 §4.1.1.4) the bytes so far end with; 5 is all of it. */
export type BodyMatch = 0 | 1 | 2 | 3 | 4 | 5;

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/**
 * Bytes from `start` that belong to the body: up to and with its terminator, or all. A doubled dot (RFC 5321 §4.5.2) does
 * not match, as no line of it is a dot alone. With `bareLf` a line may also end without CR.
 */
export function bodyLength(bytes: Uint8Array, start: number, end: number, match: BodyMatch, bareLf: boolean): number {
  let now = match;
  for (let at = start; at < end; at++) {
    now = step(now, bytes[at]!, bareLf);
    if (now === 5) return at + 1 - start;
  }
  return end - start;
}

/** The match after `bytes[start … end)`, which `bodyLength` measured. Its last five bytes decide. */
export function matchAfter(
  bytes: Uint8Array,
  start: number,
  end: number,
  match: BodyMatch,
  bareLf: boolean,
): BodyMatch {
  let now: BodyMatch = end - start >= 5 ? 0 : match;
  for (let at = Math.max(start, end - 5); at < end; at++) now = step(now, bytes[at]!, bareLf);
  return now;
}

function step(match: BodyMatch, byte: number, bareLf: boolean): BodyMatch {
  switch (byte) {
    case CR:
      return match === 3 ? 4 : 1;
    case LF:
      if (match === 4 || (bareLf && match === 3)) return 5;
      return match === 1 || bareLf ? 2 : 0;
    case DOT:
      return match === 2 ? 3 : 0;
    default:
      return 0;
  }
}
