// hot: asked for what is delivered before a flow's protection is known, and for what is repeated
import { limits } from '../limits.ts';
import type { Flow } from './flow.ts';
import { distance, type Stream } from './stream.ts';

/**
 * The first bytes of each direction, to hold repeated bytes against. A capture cannot tell which of two copies the
 * receiver took, so a difference makes all that follows doubtful, until both ends are known to be in the same protected
 * protocol: there a receiver drops what does not belong.
 */
export class Heads {
  /** places of `limits.head` bytes each; the pages of those never used cost nothing */
  #slab: Uint8Array = nothing;
  /** places given back, and how many were ever taken */
  readonly #free: number[] = [];
  #taken = 0;

  /** Keeps what is about to be delivered, as long as it follows on what is kept and there is room. */
  keep(stream: Stream, bytes: Uint8Array, start: number, end: number): void {
    if (stream.decided === 0) {
      this.drop(stream);
      return;
    }
    const length = Math.min(end - start, limits.head - stream.headLength);
    if (length <= 0 || stream.headLength !== stream.position) return;
    if (stream.head < 0) stream.head = this.#take();
    if (stream.head < 0) return;
    const to = stream.head * limits.head + stream.headLength;
    this.#slab.set(bytes.subarray(start, start + length), to);
    stream.headLength += length;
  }

  drop(stream: Stream): void {
    if (stream.head < 0) return;
    this.#free.push(stream.head);
    stream.head = -1;
    stream.headLength = 0;
  }

  /** A place, or -1 where all are taken. */
  #take(): number {
    if (this.#slab.length === 0) this.#slab = new Uint8Array(limits.headsTotal);
    const given = this.#free.pop();
    if (given !== undefined) return given;
    return this.#taken < limits.headsTotal / limits.head ? this.#taken++ : -1;
  }

  /** Why it is doubtful what the receiver took where bytes come `-early` before those to be delivered next; null if it is not. */
  doubt(
    flow: Flow,
    side: 0 | 1,
    bytes: Uint8Array,
    start: number,
    end: number,
    length: number,
    early: number,
  ): string | null {
    const stream = flow.streams[side];
    const { decided, headLength, position } = stream;
    if (decided === 0 || isProbe(bytes, start, end, length, early)) return null;
    // FIN has a number of its own, which is no byte's
    const last = stream.finished ? position + 1 : position;
    const from = last + early;
    if (decided > 0 && from >= decided) return null;
    if (from < 0 && !flow.midstream) return 'bytes before the first: of another connection?';
    const to = Math.min(from + length, decided > 0 ? decided : last);
    if (to > position) return 'bytes after the end of a stream';
    const compared = Math.min(to, headLength, from + end - start);
    const place = stream.head * limits.head;
    for (let at = Math.max(0, from); at < compared; at++) {
      if (this.#slab[place + at] !== bytes[start + at - from]) {
        return 'overlapping segments with different content: the first seen was read';
      }
    }
    // what was lost is a blind spot already, and what the receiver had before it could not take again
    if (to <= headLength || stream.missed > 0) return null;
    const peer = flow.streams[1 - side]!;
    const behind = (stream.next + early + length) >>> 0;
    if (peer.hasAcknowledged && distance(peer.acknowledged, behind) >= 0) return null;
    return 'repeated bytes that were not kept to be compared';
  }
}

const nothing = new Uint8Array(0);

/** A keep-alive or window probe repeats the last number with a byte that means nothing (RFC 9293 §3.8.4). */
export function isProbe(bytes: Uint8Array, start: number, end: number, length: number, early: number): boolean {
  return length === 1 && early === -1 && end > start && bytes[start] === 0;
}
