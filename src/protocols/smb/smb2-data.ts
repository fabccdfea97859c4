import type { Data } from './pipes.ts';
import { type Part, slice } from './smb2-header.ts';

/** The data that a part says lies at `offset`; all of it must be there where the message is read whole. */
export function dataAt(part: Part, offset: number, length: number, whole: boolean): Data {
  const start = part.at + offset;
  if (whole) slice(part, offset, length);
  return { bytes: part.bytes, start: Math.min(start, part.end), end: Math.min(part.end, start + length), length };
}
