// hot: called for every record. No allocation, closure or string.
import { be16 } from '../../bytes/read.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Recognition } from '../analyzer.ts';

export const changeCipherSpec = 20;
export const alert = 21;
export const handshake = 22;
export const applicationData = 23;
const heartbeat = 24;

/** bytes of a record's header: type, version, length (RFC 5246 §6.2.1) */
export const recordHeader = 5;
/** bytes; RFC 5246 §6.2.3 allows 2,048 for what encryption adds, RFC 8446 §5.2 only 256 */
export const longestRecord = (1 << 14) + 2048;

const clientHello = 1;
const serverHello = 2;

/** Whether the bytes, as far as they go, can begin a record of SSL 3 or TLS. MS-NNS frames (`16 01 00`) cannot. */
export function couldBeRecord(bytes: Uint8Array, at: number, end: number): boolean {
  const there = end - at;
  if (there < 1 || bytes[at]! < changeCipherSpec || bytes[at]! > heartbeat) return false;
  if (there > 1 && bytes[at + 1] !== 3) return false;
  if (there > 2 && bytes[at + 2]! > 4) return false;
  if (there < recordHeader) return true;
  const length = be16(bytes, at + 3);
  return length === 0 ? bytes[at] === applicationData : length <= longestRecord;
}

/** How far beyond `end` records of application data go; -1 where another stands between, a header is cut off or they are many. */
export function passApplicationData(bytes: Uint8Array, start: number, end: number): number {
  let next = start;
  for (let records = 0; next < end; records++) {
    if (records === limits.messagesPerSegment || end - next < recordHeader) return -1;
    if (bytes[next] !== applicationData || !couldBeRecord(bytes, next, end)) return -1;
    next += recordHeader + be16(bytes, next + 3);
  }
  return next - end;
}

/** headers after which a chain needs no further proof: this also bounds the walk */
const longestChain = 4;

/** How many whole record headers follow one another from `at`, at most four; -1 where something else follows. */
export function recordChain(bytes: Uint8Array, at: number, end: number): number {
  let headers = 0;
  for (let next = at; next < end && headers < longestChain; next += recordHeader + be16(bytes, next + 3)) {
    if (!couldBeRecord(bytes, next, end)) return -1;
    if (end - next < recordHeader) return headers;
    headers++;
  }
  return headers;
}

/** Whether the first bytes of a direction are SSL 3 or TLS records. */
export function recogniseRecord(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  if (!couldBeRecord(bytes, start, end)) return 'no';
  const there = end - start;
  if (there < recordHeader) return 'more';
  const length = be16(bytes, start + 3);
  switch (bytes[start]) {
    case handshake: {
      if (length < 6) return 'possible';
      if (there < 11) return 'more';
      const first = direction === 'client' ? clientHello : serverHello;
      // handshake type, length below 64 KiB, and a version within the hello
      const hello = bytes[start + 5] === first && bytes[start + 6] === 0;
      return hello && (bytes[start + 9] === 3 || bytes[start + 9] === 0x7f) ? 'certain' : 'possible';
    }
    case alert: {
      if (there < 7) return 'more';
      const level = bytes[start + 5]!;
      return direction === 'server' && length === 2 && (level === 1 || level === 2) ? 'certain' : 'possible';
    }
    default: {
      const headers = recordChain(bytes, start, end);
      if (headers < 0) return 'no';
      // a record that is as long as what was sent at once is no chance either
      const exact = bytes[start] === applicationData && start + recordHeader + length === end;
      return headers > 1 || exact ? 'certain' : 'possible';
    }
  }
}

/**
 * Where records go on after lost bytes, or -1. At the start of a segment one header will do; elsewhere it must lead to
 * another whole header or to the segment's end, as chance makes one in 2^24 places look like a header.
 */
export function findRecord(bytes: Uint8Array, start: number, end: number): number {
  if (end - start >= recordHeader && recordChain(bytes, start, end) > 0) return start;
  for (let at = start + 1; at + recordHeader <= end; at++) {
    if (!couldBeRecord(bytes, at, end)) continue;
    const headers = recordChain(bytes, at, end);
    if (headers > 1 || (headers === 1 && at + recordHeader + be16(bytes, at + 3) === end)) return at;
  }
  return -1;
}
