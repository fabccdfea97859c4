// hot: called for every packet of a flow of which nothing is left to learn
import { type Packet, tcpFlags } from '../decode/packet.ts';
import type { Flow } from './flow.ts';
import type { FlowListener, PassOver } from './listener.ts';

/**
 * TCP flows of which nothing is left to learn while they go on as they do: a row of sixteen numbers each, one line of the
 * processor's cache, where a flow and what is known of it are some thirty. As long as a packet is the next in order and its
 * bytes are passed over, only its row changes; with anything else the flow is brought up to date and goes the long way.
 */
export class SettledFlows {
  readonly #listener: FlowListener;
  #rows = new Int32Array(1024 * width);
  /** of each row */
  readonly #flows: (Flow | null)[] = [];
  /** rows given back */
  readonly #free: number[] = [];
  /** what passes over their bytes; few, so that a row holds a number of them */
  readonly #passers: PassOver[] = [];

  constructor(listener: FlowListener) {
    this.#listener = listener;
  }

  get size(): number {
    return this.#flows.length - this.#free.length;
  }

  flowOf(row: number): Flow {
    return this.#flows[row]!;
  }

  /** A row for the flow, which is an up-to-date one of TCP; -1 where something of it may still matter. */
  settle(flow: Flow): number {
    const { streams, last } = flow;
    if (flow.closed || !isSteady(flow, 0) || !isSteady(flow, 1)) return -1;
    if (last.capture >= captures || last.frame >= large || last.order >= large || last.seconds >= large) return -1;
    const passOver = this.#listener.settled?.(flow) ?? null;
    if (passOver === null || this.#listener.ahead!(flow, 0) >= large || this.#listener.ahead!(flow, 1) >= large)
      return -1;
    const passer = this.#passers.includes(passOver)
      ? this.#passers.indexOf(passOver)
      : this.#passers.push(passOver) - 1;
    const row = this.#take(flow);
    const rows = this.#rows;
    const at = row * width;
    for (const side of [0, 1] as const) {
      rows[at + next + side] = streams[side].next;
      rows[at + acknowledged + side] = streams[side].acknowledged;
      rows[at + frames + side] = 0;
      rows[at + ahead + side] = this.#listener.ahead!(flow, side);
    }
    rows[at + seconds] = last.seconds;
    rows[at + nanoseconds] = last.nanoseconds;
    rows[at + frame] = last.frame;
    rows[at + order] = last.order;
    rows[at + deliveredFrame] = flow.atFrame;
    rows[at + deliveredOrder] = flow.atOrder;
    rows[at + turn] = flow.turn;
    const seen = (flow.letters >> acknowledgmentLetters) & 0b1111;
    rows[at + about] = (flow.clientIsLow ? 1 : 0) | (seen << 1) | (passer << 5) | (last.capture << 12);
    return row;
  }

  /** Takes the next packet of a row's flow. False, and nothing changed, where the flow has to go the long way. */
  take(row: number, packet: Packet, fromLow: boolean, now: number): boolean {
    const rows = this.#rows;
    const at = row * width;
    const known = rows[at + about]!;
    const side = fromLow === ((known & 1) === 1) ? 0 : 1;
    const length = packet.payloadLength;
    const letter = length > 0 ? 8 : 2;
    if (
      packet.kind !== 'tcp' ||
      (packet.flags & ordinary) !== tcpFlags.ack ||
      packet.capture !== known >>> 12 ||
      packet.comment !== '' ||
      // no letter of the flow's history that is new
      (known & (letter << side)) === 0 ||
      ((packet.acknowledgment - rows[at + next + 1 - side]!) | 0) > 0 ||
      packet.seconds < rows[at + seconds]! ||
      (packet.seconds === rows[at + seconds]! && packet.nanoseconds < rows[at + nanoseconds]!) ||
      packet.frame >= large ||
      packet.order >= large ||
      packet.seconds >= large ||
      rows[at + frames + side]! === framesAtMost
    ) {
      return false;
    }
    if (length > 0) {
      const { payloadStart, payloadEnd } = packet;
      // what is short may be padding, and what is cut off is a gap
      if (length < shortest || payloadEnd - payloadStart !== length) return false;
      if ((packet.sequence | 0) !== rows[at + next + side]!) return false;
      let left = rows[at + ahead + side]! - length;
      if (left < 0) left = this.#passers[(known >> 5) & 127]!(packet.bytes, payloadEnd + left, payloadEnd);
      if (left < 0) return false;
      rows[at + ahead + side] = left;
      rows[at + next + side] = packet.sequence + length;
      rows[at + deliveredFrame] = packet.frame;
      rows[at + deliveredOrder] = packet.order;
    }
    if (((packet.acknowledgment - rows[at + acknowledged + side]!) | 0) > 0) {
      rows[at + acknowledged + side] = packet.acknowledgment;
    }
    rows[at + frames + side]!++;
    rows[at + seconds] = packet.seconds;
    rows[at + nanoseconds] = packet.nanoseconds;
    rows[at + frame] = packet.frame;
    rows[at + order] = packet.order;
    rows[at + turn] = now;
    return true;
  }

  /** Brings the row's flow up to date and gives the row back; `now` is the table's turn. */
  unsettle(row: number, now: number): Flow {
    const flow = this.#flows[row]!;
    const rows = this.#rows;
    const at = row * width;
    for (const side of [0, 1] as const) {
      const stream = flow.streams[side];
      const count = rows[at + frames + side]!;
      flow.frames += count;
      flow.framesBySide[side]! += count;
      stream.bytes += (rows[at + next + side]! - stream.next) | 0;
      stream.next = rows[at + next + side]! >>> 0;
      stream.acknowledged = rows[at + acknowledged + side]! >>> 0;
      this.#listener.setAhead!(flow, side, rows[at + ahead + side]!);
    }
    flow.last.seconds = rows[at + seconds]!;
    flow.last.nanoseconds = rows[at + nanoseconds]!;
    flow.last.frame = rows[at + frame]!;
    flow.last.order = rows[at + order]!;
    flow.atCapture = flow.last.capture;
    flow.atFrame = rows[at + deliveredFrame]!;
    flow.atOrder = rows[at + deliveredOrder]!;
    // turns that have outgrown 32 bits: the row was used less than 2^31 turns ago, or its order no longer matters
    flow.turn = now - ((now - rows[at + turn]!) | 0);
    this.#flows[row] = null;
    this.#free.push(row);
    return flow;
  }

  /** The rows in use. */
  *[Symbol.iterator](): Generator<number> {
    for (let row = 0; row < this.#flows.length; row++) if (this.#flows[row] !== null) yield row;
  }

  #take(flow: Flow): number {
    const row = this.#free.pop() ?? this.#flows.length;
    this.#flows[row] = flow;
    if ((row + 1) * width > this.#rows.length) {
      const larger = new Int32Array(2 * this.#rows.length);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    return row;
  }
}

/** words of a row; where there is one for each side, the client's comes first */
const width = 16;
const next = 0;
const acknowledged = 2;
const frames = 4;
/** bytes to be passed over unread */
const ahead = 6;
const seconds = 8;
const nanoseconds = 9;
const frame = 10;
const order = 11;
const deliveredFrame = 12;
const deliveredOrder = 13;
const turn = 14;
/** whether the client is the low end, which of its letters for acknowledgments and data were seen, who passes over, the capture */
const about = 15;

/** what a row has room for */
const captures = 1 << 19;
const large = 0x7fff_ffff;
/** frames of a side before a row is looked through: no more bytes than a sequence number can tell */
const framesAtMost = 1 << 14;

/** flags that matter to a stream's course; a segment of a flow under way has the last alone */
const ordinary = tcpFlags.syn | tcpFlags.fin | tcpFlags.rst | tcpFlags.urg | tcpFlags.ack;
/** bytes; `Reassembly` looks twice at fewer */
const shortest = 7;
const acknowledgmentLetters = 4;

/** Whether a direction is under way with nothing missing, and no bytes of it are kept that later ones could be held against. */
function isSteady(flow: Flow, side: 0 | 1): boolean {
  const stream = flow.streams[side];
  const compared = stream.decided < 0 || (stream.decided === 0 && stream.head >= 0);
  return (
    stream.known && stream.hasAcknowledged && !stream.finished && !stream.reset && stream.held.length === 0 && !compared
  );
}
