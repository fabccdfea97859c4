import { be24 } from '../../bytes/read.ts';
import { Reader } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import { dropHeld, type Side } from './state.ts';

export const clientHello = 1;
export const serverHello = 2;
export const newSessionTicket = 4;
export const certificate = 11;
export const certificateRequest = 13;
export const certificateVerify = 15;

/** Handshake messages that go unencrypted (RFC 5246 §7.4, RFC 4507, RFC 6066, RFC 4680). */
const clearMessages: ReadonlySet<number> = new Set([0, 1, 2, 4, 11, 12, 13, 14, 15, 16, 21, 22, 23]);
const header = 4;

/** Takes one handshake message; `body` is null where nothing is to be learnt from it, or it is too long to be kept. */
export type TakeMessage = (type: number, body: Reader | null) => void;

/**
 * Reads a record's part of the handshake: several messages, and messages that span records (RFC 5246 §6.2.1). `take` may
 * throw `Malformed`; by then the message is behind. Returns false where a message was longer than is kept of one.
 */
export function readHandshake(record: Reader, side: Side, take: TakeMessage): boolean {
  let kept = true;
  // every turn reads at least one byte
  while (record.remaining > 0) {
    if (side.skip > 0) {
      const skipped = Math.min(side.skip, record.remaining);
      record.skip(skipped);
      side.skip -= skipped;
      continue;
    }
    const whole = side.held === 0 ? wholeMessage(record) : null;
    if (whole) {
      take(whole.type, whole.body);
      continue;
    }
    hold(side, record, side.held < header ? header : header + be24(side.buffer, 1));
    if (side.held < header) continue;
    const type = side.buffer[0]!;
    const length = be24(side.buffer, 1);
    if (!isRead(type) || length > limits.handshake) {
      kept &&= !isRead(type);
      side.skip = length;
      dropHeld(side);
      take(type, null);
    } else if (side.held === header + length) {
      const body = new Reader('tls handshake', side.buffer, header, header + length);
      dropHeld(side);
      take(type, body);
    }
  }
  return kept;
}

/** Whether a record's bytes are whole clear handshake messages, the last of which may go on in the next record. */
export function looksClear(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (end - at >= header) {
    const length = be24(bytes, at + 1);
    if (!clearMessages.has(bytes[at]!) || length > limits.handshake) return false;
    at += header + length;
  }
  return at > start;
}

const isRead = (type: number): boolean => type === clientHello || type === serverHello || type === certificate;

function wholeMessage(record: Reader): { type: number; body: Reader } | null {
  if (record.remaining < header) return null;
  const type = record.bytes[record.at]!;
  const length = be24(record.bytes, record.at + 1);
  if (record.remaining < header + length) return null;
  record.skip(header);
  return { type, body: record.sub(length, 'tls handshake') };
}

/** Copies what the record has of the message's first `wanted` bytes; memory follows what was sent, not what was announced. */
function hold(side: Side, record: Reader, wanted: number): void {
  const count = Math.min(wanted - side.held, record.remaining);
  const from = record.skip(count);
  if (side.held + count > side.buffer.length) {
    const larger = new Uint8Array(2 * (side.held + count));
    larger.set(side.buffer.subarray(0, side.held));
    side.buffer = larger;
  }
  side.buffer.set(record.bytes.subarray(from, from + count), side.held);
  side.held += count;
}
