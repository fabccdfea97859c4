import type { Direction } from '../../flows/direction.ts';
import { elementLength, headerLength, NO_ELEMENT, UNFINISHED } from '../parts/ber.ts';

/** Messages by their APPLICATION tag (RFC 4120 §5.10), whose number is the message type. */
const REQUESTS: readonly number[] = [0x6a, 0x6c];
const ANSWERS: readonly number[] = [0x6b, 0x6d, 0x7e];

const VERSION = 5;

/** Who sends a message with this tag, or null where a KDC and its clients send none such. */
export function senderOf(tag: number): Direction | null {
  if (REQUESTS.includes(tag)) return 'client';
  return ANSWERS.includes(tag) ? 'server' : null;
}

/**
 * Whether a message begins at `start`: 1 yes; `UNFINISHED` more bytes needed; `NO_ELEMENT` no. It is a SEQUENCE that fills an
 * APPLICATION tag and opens with version and type, in requests numbered from 1, in answers from 0.
 */
export function beginsMessage(bytes: Uint8Array, start: number, end: number): number {
  const total = elementLength(bytes, start, end);
  if (start < end && senderOf(bytes[start]!) === null) return NO_ELEMENT;
  if (total <= 0) return total;
  const tag = bytes[start]!;
  const sequence = start + headerLength(bytes, start);
  if (sequence < end && bytes[sequence] !== 0x30) return NO_ELEMENT;
  const length = elementLength(bytes, sequence, end);
  if (length <= 0) return length;
  if (sequence + length !== start + total) return NO_ELEMENT;
  const first = REQUESTS.includes(tag) ? 0xa1 : 0xa0;
  const opening = [first, 3, 2, 1, VERSION, first + 1, 3, 2, 1, tag & 0x1f];
  const at = sequence + headerLength(bytes, sequence);
  for (const [i, expected] of opening.entries()) {
    if (at + i >= end) return UNFINISHED;
    if (bytes[at + i] !== expected) return NO_ELEMENT;
  }
  return 1;
}
