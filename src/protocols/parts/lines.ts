import { latin1 } from '../../bytes/reader.ts';

/** Text protocols' lines: ended by LF, with or without CR before it. */

const LF = 0x0a;
const CR = 0x0d;

/** Bytes of the line at `start`, its end included, or 0 where no end is there yet. */
export function lineLength(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === LF) return at + 1 - start;
  return 0;
}

/** The line without its end, one character a byte. */
export function lineText(bytes: Uint8Array, start: number, end: number): string {
  let to = end;
  if (to > start && bytes[to - 1] === LF) to--;
  if (to > start && bytes[to - 1] === CR) to--;
  return latin1(bytes, start, to);
}

/** Where the next line begins, for going on after lost bytes; -1 where no line ends in these. */
export function nextLine(bytes: Uint8Array, start: number, end: number): number {
  const length = lineLength(bytes, start, end);
  return length === 0 ? -1 : start + length;
}

/** Whether the bytes begin with `text` (upper-case ASCII), in either case; `more` where they end before that is sure. */
export function begins(bytes: Uint8Array, start: number, end: number, text: string): 'yes' | 'no' | 'more' {
  for (let i = 0; i < text.length; i++) {
    if (start + i >= end) return 'more';
    const byte = bytes[start + i]!;
    const upper = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
    if (upper !== text.charCodeAt(i)) return 'no';
  }
  return 'yes';
}
