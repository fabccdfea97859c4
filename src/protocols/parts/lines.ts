import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import { NEED_MORE, type Out } from '../analyzer.ts';

/** Text protocols' lines: ended by LF, with or without CR before it. */

/** One direction's lines. */
export interface Lines {
  /** bytes of the unfinished line that were searched for its end */
  searched: number;
  /** inside a line that is longer than `limits.line` */
  long: boolean;
  /** lost bytes were followed by a line's end, so that the next bytes begin a line */
  atBreak: boolean;
}

export const startLines = (): Lines => ({ searched: 0, long: false, atBreak: false });

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

/** For `frame`: the length of the line at `start`; of one that is too long, the parts that it comes in. */
export function frameLine(bytes: Uint8Array, start: number, end: number, lines: Lines): number {
  const from = Math.min(start + lines.searched, end);
  const found = lineLength(bytes, from, end);
  if (found > 0 || lines.long || end - start >= limits.line) {
    lines.searched = 0;
    return found > 0 ? from - start + found : end - start;
  }
  lines.searched = end - start;
  return NEED_MORE;
}

/** For `message`: what `frameLine` measured, without its end; null for all but the first part of a line that is too long. */
export function takeLine(bytes: Uint8Array, start: number, end: number, lines: Lines, out: Out): string | null {
  const rest = lines.long;
  lines.long = bytes[end - 1] !== LF;
  if (rest) return null;
  if (lines.long) out.blind('limit', `a line of more than ${limits.line} bytes`);
  return lineText(bytes, start, end);
}

/** For `resume`: where a line begins in bytes that follow lost ones, `begins` telling whether they plainly begin one; -1 for not here. */
export function resumeLine(bytes: Uint8Array, start: number, end: number, lines: Lines, begins: boolean): number {
  if (lines.atBreak || begins) {
    lines.atBreak = false;
    return start;
  }
  const next = nextLine(bytes, start, end);
  lines.atBreak = next === end;
  return next;
}
