import { be16, be24 } from '../../bytes/read.ts';
import { Reader } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';

/** The handshake messages of one direction, put together from their fragments (RFC 6347 §4.2.3). */
export interface Flight {
  /** message_seq of the next message; -1 before the first */
  next: number;
  buffer: Uint8Array;
  held: number;
}

const nothing = new Uint8Array(0);
/** type, length, message_seq, fragment_offset, fragment_length */
const header = 12;

export const startFlight = (): Flight => ({ next: -1, buffer: nothing, held: 0 });

/**
 * Reads a record's part of the handshake. What is sent again is passed over, and so are fragments out of order. Returns
 * false where a message was lost. `take` and the fragments' headers may throw `Malformed`.
 */
export function readFlight(record: Reader, flight: Flight, take: (type: number, body: Uint8Array) => void): boolean {
  let whole = true;
  // every turn reads at least a header
  while (record.remaining > 0) {
    const at = record.skip(header);
    const { bytes } = record;
    const length = be24(bytes, at + 1);
    const sequence = be16(bytes, at + 4);
    const offset = be24(bytes, at + 6);
    const fragment = record.take(be24(bytes, at + 9));
    if (flight.next < 0) flight.next = sequence;
    if (sequence < flight.next) continue;
    if (sequence > flight.next) {
      whole = false;
      flight.next = sequence;
      forget(flight);
    }
    if (length > limits.handshake || offset > flight.held) {
      whole = false;
      continue;
    }
    if (flight.held === 0) flight.buffer = new Uint8Array(Math.max(fragment.length, Math.min(length, 4096)));
    append(flight, fragment.subarray(Math.min(fragment.length, flight.held - offset)), length);
    if (flight.held < length) continue;
    const body = flight.buffer.slice(0, length);
    forget(flight);
    flight.next++;
    take(bytes[at]!, body);
  }
  return whole;
}

/** Memory follows what was sent, not what was announced. */
function append(flight: Flight, fragment: Uint8Array, length: number): void {
  const count = Math.min(fragment.length, length - flight.held);
  if (flight.held + count > flight.buffer.length) {
    const larger = new Uint8Array(Math.min(length, 2 * (flight.held + count)));
    larger.set(flight.buffer.subarray(0, flight.held));
    flight.buffer = larger;
  }
  flight.buffer.set(fragment.subarray(0, count), flight.held);
  flight.held += count;
}

function forget(flight: Flight): void {
  flight.buffer = nothing;
  flight.held = 0;
}

export const bodyReader = (body: Uint8Array): Reader => new Reader('dtls handshake', body);
