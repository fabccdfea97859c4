/** What a stream without held segments shares with all others; a stream that holds one gets a list of its own. */
export const none: Held[] = [];
Object.freeze(none);

/** One direction's bytes of a TCP flow, in order. Holds copies only of what came out of order. */
export class Stream {
  /** whether `next` means anything yet */
  known = false;
  /** sequence number of the next byte to deliver; before `known` the least that the peer has acknowledged, or 0 */
  next = 0;
  /** the highest byte the peer says it has received, as a sequence number; what lies before it has been sent */
  acknowledged = 0;
  hasAcknowledged = false;
  finished = false;
  reset = false;
  /** payload bytes delivered, and lost */
  bytes = 0;
  missed = 0;
  /** the bytes last taken as lost, as sequence numbers; meaningful while `missed` is not 0 */
  lostFrom = 0;
  lostTo = 0;
  /** out of order, ascending by sequence */
  held: Held[] = none;
  heldBytes = 0;
  /** where the first `headLength` bytes delivered are kept; -1: nowhere */
  head = -1;
  headLength = 0;
  /**
   * How many bytes of this direction what is known of the flow's protection rests on; repeated bytes behind them can
   * change nothing. -1 while that is open, 0 where no bytes could change it any more. Set by who listens.
   */
  decided = -1;

  /** bytes of this direction that lie before `next` */
  get position(): number {
    return this.bytes + this.missed;
  }

  /** sequence number of its first byte, once `known` */
  get first(): number {
    return (this.next - this.position - (this.finished ? 1 : 0)) >>> 0;
  }
}

/** A segment that waits for bytes before it, or for bytes of the other side that its sender had already received. */
export interface Held {
  sequence: number;
  acknowledgment: number;
  hasAcknowledgment: boolean;
  bytes: Uint8Array;
  /** payload bytes on the wire; more than `bytes.length` where the snap length cut the frame */
  length: number;
  fin: boolean;
  capture: number;
  frame: number;
  order: number;
}

/** Signed distance from `b` to `a` in sequence space (RFC 9293 §3.4). */
export const distance = (a: number, b: number): number => (a - b) | 0;
