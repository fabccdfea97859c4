// hot: called for every TCP packet; allocates only for what is out of order
import { type Packet, tcpFlags } from '../decode/packet.ts';
import { limits } from '../limits.ts';
import { blind, blindBefore, type Flow } from './flow.ts';
import { Heads, isProbe } from './heads.ts';
import type { FlowListener } from './listener.ts';
import { distance, type Held, none, type Stream } from './stream.ts';

/**
 * Puts TCP payload in order. A segment is delivered once all bytes before it are delivered and, since captures reorder
 * packets, once all bytes of the other side that its sender had acknowledged are delivered too: so a protocol sees
 * question and answer in the order in which they were had. What never arrives becomes a gap as soon as the peer has
 * acknowledged it and `limits.reorderWindow` further packets of the flow have gone by, or a cap is reached.
 * Overlaps: the first bytes seen count, and a difference is a blind spot, since the receiver may have taken the others:
 * checksums and hop limits, by which a receiver would drop the one, are wrong or unknown where most captures are taken, and
 * so are not asked. A RST is believed in that it ends a flow, and not in what it carries.
 */
export class Reassembly {
  readonly #listener: FlowListener;
  readonly #heads = new Heads();
  #heldTotal = 0;

  constructor(listener: FlowListener) {
    this.#listener = listener;
  }

  segment(flow: Flow, side: 0 | 1, packet: Packet): void {
    const stream = flow.streams[side];
    const peer = flow.streams[1 - side]!;
    const flags = packet.flags;
    const syn = (flags & tcpFlags.syn) !== 0;
    const sequence = syn ? (packet.sequence + 1) >>> 0 : packet.sequence;
    const hasAck = (flags & tcpFlags.ack) !== 0 && (flags & tcpFlags.rst) === 0;
    if (hasAck) noteAcknowledgment(stream, packet.acknowledgment);
    if (syn && !stream.known) {
      stream.known = true;
      stream.next = sequence;
      if (peer.position > 0 && peer.hasAcknowledged && distance(peer.acknowledged, sequence) > 0) {
        blindBefore(flow, packet, 'gap', 'bytes of one side were captured after what answers to them');
      }
      this.#drain(flow);
    }
    // what a server's SYN acknowledges is where the client's bytes begin, also where the client's own SYN was not captured
    if (syn && hasAck && !peer.known && !isBefore(peer.held[0], packet.acknowledgment)) {
      peer.known = true;
      peer.next = packet.acknowledgment;
      this.#drain(flow);
    }
    if (side === 0 && hasAck && !syn && !peer.known && packet.payloadLength === 0 && beginsAt(flow, sequence)) {
      // before it has said anything, a client acknowledges where the server's bytes begin, also where that one's SYN is missing
      if (peer.next === 0 || distance(packet.acknowledgment, peer.next) < 0) peer.next = packet.acknowledgment;
    }
    const fin = (flags & tcpFlags.fin) !== 0;
    const reset = (flags & tcpFlags.rst) !== 0;
    if (!reset && (fin || (packet.payloadLength > 0 && !isPadding(packet)))) {
      if ((flags & tcpFlags.urg) !== 0 && stream.decided < 0) {
        this.#doubt(flow, packet, 'urgent data: receivers read the stream with or without it');
      }
      if (!stream.known) this.#hold(flow, stream, packet, sequence, hasAck, fin);
      else {
        if (stream.missed > 0) rewind(stream, sequence);
        const early = distance(sequence, stream.next);
        const waits = early > 0 || (hasAck && isAhead(packet.acknowledgment, peer));
        if (waits) {
          if (early + packet.payloadLength > 0 || fin) this.#hold(flow, stream, packet, sequence, hasAck, fin);
          else {
            flow.duplicates++;
            const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
            const doubt = this.#heads.doubt(flow, side, bytes, payloadStart, payloadEnd, payloadLength, early);
            if (doubt) this.#doubt(flow, packet, doubt);
          }
        } else {
          flow.atCapture = packet.capture;
          flow.atFrame = packet.frame;
          flow.atOrder = packet.order;
          const from = packet.payloadStart;
          this.#deliver(flow, side, packet.bytes, from, packet.payloadEnd, packet.payloadLength, early);
          if (fin) finish(stream, sequence, packet.payloadLength);
        }
      }
    }
    if (flow.streams[0].held.length + flow.streams[1].held.length > 0) {
      this.#drain(flow);
      this.#wait(flow);
    }
  }

  /** The flow has ended: nothing is kept of it any more. */
  forget(flow: Flow): void {
    for (const stream of flow.streams) this.#heads.drop(stream);
  }

  /** The flow is over, or must make room: what is still waiting is delivered, with gaps. */
  flush(flow: Flow): void {
    for (let rounds = 0; rounds <= 2 * limits.outOfOrderSegments + 4; rounds++) {
      this.#settle(flow);
      this.#drain(flow);
      if (flow.streams[0].held.length + flow.streams[1].held.length === 0) return;
      this.#giveUpHole(flow);
    }
  }

  #hold(flow: Flow, stream: Stream, packet: Packet, sequence: number, hasAck: boolean, fin: boolean): void {
    const bytes = packet.bytes.slice(packet.payloadStart, packet.payloadEnd);
    const held: Held = {
      sequence,
      acknowledgment: packet.acknowledgment,
      hasAcknowledgment: hasAck,
      bytes,
      length: packet.payloadLength,
      fin,
      capture: packet.capture,
      frame: packet.frame,
      order: packet.order,
    };
    let at = stream.held.length;
    while (at > 0 && distance(stream.held[at - 1]!.sequence, sequence) > 0) at--;
    const before = stream.held[at - 1];
    if (before && before.sequence === sequence && before.length === held.length && before.fin === fin) {
      flow.duplicates++;
      if (!sameBytes(before.bytes, bytes)) this.#doubt(flow, packet, differs);
      return;
    }
    if ((before && overlapDiffers(before, held)) || (stream.held[at] && overlapDiffers(held, stream.held[at]!))) {
      this.#doubt(flow, packet, differs);
    }
    if (stream.held === none) stream.held = [];
    stream.held.splice(at, 0, held);
    stream.heldBytes += bytes.length;
    this.#heldTotal += bytes.length + limits.heldSegment;
  }

  /** What was read of this packet's bytes need not be what the receiver took. */
  #doubt(flow: Flow, packet: Packet, detail: string): void {
    flow.atCapture = packet.capture;
    flow.atFrame = packet.frame;
    flow.atOrder = packet.order;
    blind(flow, 'ambiguous-overlap', detail);
  }

  /** Delivers what no longer has to wait, in the order of capture; each round takes a segment off a list. */
  #drain(flow: Flow): void {
    for (;;) {
      const first = deliverable(flow, 0);
      const second = deliverable(flow, 1);
      if (!first && !second) break;
      const side = first && !(second && isEarlier(second, first)) ? 0 : 1;
      const stream = flow.streams[side];
      const held = stream.held.shift()!;
      stream.heldBytes -= held.bytes.length;
      this.#heldTotal -= held.bytes.length + limits.heldSegment;
      flow.atCapture = held.capture;
      flow.atFrame = held.frame;
      flow.atOrder = held.order;
      const early = distance(held.sequence, stream.next);
      this.#deliver(flow, side, held.bytes, 0, held.bytes.length, held.length, early);
      if (held.fin) finish(stream, held.sequence, held.length);
    }
    if (flow.streams[0].held.length + flow.streams[1].held.length === 0) flow.waited = 0;
  }

  /** Something waits: for how long already, and is a cap reached? */
  #wait(flow: Flow): void {
    if (flow.streams[0].held.length + flow.streams[1].held.length === 0) return;
    flow.waited++;
    const [a, b] = flow.streams;
    const full =
      a.heldBytes + b.heldBytes > limits.outOfOrderBytes ||
      a.held.length + b.held.length > limits.outOfOrderSegments ||
      this.#heldTotal > limits.outOfOrderTotal;
    if (full) {
      blind(flow, 'limit', 'too much out of order: what was missing is taken as lost');
      this.flush(flow);
    } else if (flow.waited > limits.reorderWindow) {
      this.#settle(flow);
      if (this.#acknowledgedHole(flow)) this.#giveUpHole(flow);
      this.#drain(flow);
      flow.waited = limits.reorderWindow / 2;
    }
  }

  /** A flow that began before the capture, or whose SYN was not captured: each side starts at the first byte it has shown. */
  #settle(flow: Flow): void {
    for (const stream of flow.streams) {
      if (stream.known || stream.held.length === 0) continue;
      stream.known = true;
      const first = stream.held[0]!;
      // what a client acknowledged first may show bytes before, as a hole to be told of
      if (!flow.midstream && stream.next !== 0 && distance(first.sequence, stream.next) >= 0) continue;
      stream.next = first.sequence;
      if (flow.midstream) continue;
      blindBefore(flow, first, 'gap', 'where the bytes of one side begin was not captured');
    }
  }

  #acknowledgedHole(flow: Flow): boolean {
    return flow.streams.some((stream, side) => {
      const peer = flow.streams[1 - side]!;
      return stream.known && peer.hasAcknowledged && distance(peer.acknowledged, stream.next) > 0;
    });
  }

  /** Declares the nearest hole lost, so that at least one held segment becomes deliverable. */
  #giveUpHole(flow: Flow): void {
    for (const side of [0, 1] as const) {
      const stream = flow.streams[side];
      const peer = flow.streams[1 - side]!;
      if (!stream.known) continue;
      const held = stream.held[0];
      let to: number | null = null;
      if (held && distance(held.sequence, stream.next) > 0) to = held.sequence;
      // the other side holds something that answers to bytes of this side which were never captured
      const answer = peer.held[0];
      if (answer?.hasAcknowledgment && distance(answer.acknowledgment, stream.next) > 0) {
        if (to === null || distance(answer.acknowledgment, to) < 0) to = answer.acknowledgment;
      }
      if (to === null) continue;
      const lost = distance(to, stream.next);
      const seen = held && !(answer && isEarlier(answer, held)) ? held : answer!;
      flow.atCapture = seen.capture;
      flow.atFrame = seen.frame;
      flow.atOrder = seen.order;
      this.#lose(flow, side, lost);
      return;
    }
    // both sides wait for each other: no order satisfies both, so the first one goes
    for (const side of [0, 1] as const) {
      const held = flow.streams[side].held[0];
      if (held) held.hasAcknowledgment = false;
    }
  }

  #lose(flow: Flow, side: 0 | 1, length: number): void {
    const stream = flow.streams[side];
    stream.missed += length;
    stream.lostFrom = stream.next;
    stream.next = (stream.next + length) >>> 0;
    stream.lostTo = stream.next;
    blind(flow, 'gap', side === 0 ? 'bytes of the client were not captured' : 'bytes of the server were not captured');
    if (length > limits.window) blind(flow, 'ambiguous-overlap', 'bytes outside any window: of another connection?');
    this.#listener.gap(flow, side, length);
  }

  /** `early` ≤ 0: how many of the bytes have been delivered before. */
  #deliver(
    flow: Flow,
    side: 0 | 1,
    bytes: Uint8Array,
    start: number,
    end: number,
    length: number,
    early: number,
  ): void {
    const stream = flow.streams[side];
    if (early < 0 && length > 0) {
      const doubt = this.#heads.doubt(flow, side, bytes, start, end, length, early);
      if (doubt) blind(flow, 'ambiguous-overlap', doubt);
      if (stream.finished && early + length >= 0 && !isProbe(bytes, start, end, length, early)) {
        // a FIN, and bytes in its place
        stream.finished = false;
        stream.next = (stream.next - 1) >>> 0;
        early++;
      }
    }
    const fresh = length + early;
    if (fresh <= 0) {
      if (length > 0) flow.duplicates++;
      return;
    }
    const from = start - early;
    stream.next = (stream.next + fresh) >>> 0;
    if (from < end) {
      if (stream.decided <= 0) this.#heads.keep(stream, bytes, from, end);
      stream.bytes += end - from;
      this.#listener.bytes(flow, side, bytes, from, end);
    }
    const cut = fresh - Math.max(0, end - from);
    if (cut > 0) {
      stream.missed += cut;
      blind(flow, 'truncated-capture', 'the snap length cut payload off');
      this.#listener.gap(flow, side, cut);
    }
  }
}

/** Whether a sender had received bytes of its peer that are not delivered yet. */
function isAhead(acknowledgment: number, peer: Stream): boolean {
  if (peer.known) return distance(acknowledgment, peer.next) > 0;
  return peer.held.length > 0 && distance(acknowledgment, peer.held[0]!.sequence) > 0;
}

/** The next held segment of a side, if nothing that it waits for is missing. */
function deliverable(flow: Flow, side: 0 | 1): Held | null {
  const stream = flow.streams[side];
  const peer = flow.streams[1 - side]!;
  const held = stream.held[0];
  if (!held || !stream.known || distance(held.sequence, stream.next) > 0) return null;
  if (held.hasAcknowledgment && isAhead(held.acknowledgment, peer)) return null;
  return held;
}

const differs = 'overlapping segments with different content: the first seen was read';

/** Whether the client has sent nothing before this sequence number but its SYN. */
const beginsAt = (flow: Flow, sequence: number): boolean =>
  flow.initialSequence >= 0 && sequence === (flow.initialSequence + 1) >>> 0;

const isBefore = (held: Held | undefined, sequence: number): boolean =>
  held !== undefined && distance(held.sequence, sequence) < 0;

/** bytes; the shortest payload of an Ethernet frame, which anything shorter is padded to (IEEE 802.3 §3.2.8) */
const shortestEthernet = 46;

/** flags of a segment that says something of its own */
const speaking = tcpFlags.psh | tcpFlags.fin | tcpFlags.rst;

/**
 * Some devices count an Ethernet frame's padding into the IP length of bare acknowledgments: zeros that no receiver gets
 * and that the next segment's bytes seem to overlap. Should they have been data after all, they end as a gap.
 */
function isPadding(packet: Packet): boolean {
  if (packet.payloadLength > 6 || packet.addressLength !== 4 || (packet.flags & speaking) !== 0) return false;
  const ipHeader = packet.source - 12;
  if (packet.payloadEnd - ipHeader > shortestEthernet) return false;
  for (let at = packet.payloadStart; at < packet.payloadEnd; at++) if (packet.bytes[at] !== 0) return false;
  return true;
}

const isEarlier = (a: Held, b: Held): boolean => (a.order === b.order ? a.frame < b.frame : a.order < b.order);

function noteAcknowledgment(stream: Stream, acknowledgment: number): void {
  if (!stream.hasAcknowledged || distance(acknowledgment, stream.acknowledged) > 0) {
    stream.acknowledged = acknowledgment;
    stream.hasAcknowledged = true;
  }
}

/**
 * Bytes taken as lost come after all (a forged acknowledgment can make the whole future look lost): the stream goes back
 * to them, unless later bytes have been delivered already.
 */
function rewind(stream: Stream, sequence: number): void {
  if (stream.next !== stream.lostTo || distance(sequence, stream.lostFrom) < 0) return;
  const back = distance(stream.next, sequence);
  if (back <= 0) return;
  stream.missed -= back;
  stream.next = sequence;
  stream.lostTo = sequence;
}

/** FIN takes one sequence number, which the peer acknowledges like a byte. */
function finish(stream: Stream, sequence: number, length: number): void {
  const end = (sequence + length) >>> 0;
  if (!stream.finished && stream.next === end) {
    stream.finished = true;
    stream.next = (end + 1) >>> 0;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Whether the captured bytes that both segments carry differ; `first` does not begin after `second`. */
function overlapDiffers(first: Held, second: Held): boolean {
  const shift = distance(second.sequence, first.sequence);
  const length = Math.min(first.bytes.length - shift, second.bytes.length);
  if (length <= 0) return false;
  return !sameBytes(first.bytes.subarray(shift, shift + length), second.bytes.subarray(0, length));
}
