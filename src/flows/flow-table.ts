// hot: called for every packet
import { ipProtocols, type Packet, tcpFlags } from '../decode/packet.ts';
import { openAuthenticated } from '../decode/tunnels/ah.ts';
import { limits } from '../limits.ts';
import { beginFlow } from './begin-flow.ts';
import { FirstPackets } from './first-packets.ts';
import { blind, blindBefore, type Flow, isEarlier, noteEarlier, remember, turnAround } from './flow.ts';
import { FlowIndex } from './flow-index.ts';
import { keyWords, writeFlowKey, writeKey } from './flow-key.ts';
import { hasRunOut, isOver, isQuiet } from './flow-life.ts';
import { Fragments } from './fragments.ts';
import { IdleFlows } from './idle-flows.ts';
import type { FlowListener } from './listener.ts';
import { Reassembly } from './reassembly.ts';
import { Repeats } from './repeats.ts';
import { SettledFlows } from './settled-flows.ts';

/** Turns between two looks at what is over. A flow used since the last one stays: packets that close may be out of order. */
const sweepEvery = 1 << 16;

/** Sorts packets into flows, follows their lives, and hands their payload on. */
export class FlowTable {
  readonly #listener: FlowListener;
  readonly #isServicePort: (port: number) => boolean;
  /** flows, rows of `#firstPackets`, and below zero those of `#settled` (-1 is row 0) */
  readonly #index = new FlowIndex<Flow | number>();
  readonly #firstPackets = new FirstPackets();
  readonly #settled: SettledFlows;
  readonly #settleEvery: number;
  readonly #reassembly: Reassembly;
  readonly #fragments = new Fragments();
  readonly #repeats = new Repeats();
  readonly #key = new Uint32Array(keyWords);
  readonly #otherKey = new Uint32Array(keyWords);
  /** the capture being read, as the list that its flows share */
  #capture: readonly number[] = [];
  /** the flows that closed last, round and round */
  readonly #lingering: (Flow | null)[] = [];
  #closings = 0;
  #turn = 0;
  readonly #idle = new IdleFlows();
  /** flows closed before their end because the table was full */
  evicted = 0;
  /** fragments that could not be put together: overlapping, cut off or over the cap */
  fragmentsLeftOut = 0;
  /** comments of packets that were not kept, as their flow has too many */
  commentsLeftOut = 0;

  /** @param settleEvery frames of a flow between two looks at whether anything is left to learn of it */
  constructor(listener: FlowListener, isServicePort: (port: number) => boolean, settleEvery = 16) {
    this.#listener = listener;
    this.#isServicePort = isServicePort;
    this.#settleEvery = settleEvery;
    this.#settled = new SettledFlows(listener);
    this.#reassembly = new Reassembly(listener);
  }

  get size(): number {
    return this.#index.size;
  }

  /** Takes a packet, and what it authenticates; a fragment only once its datagram is whole. */
  packet(packet: Packet): void {
    // packets inside packets may be fragments again
    for (let inside = 0; packet.kind === 'fragment' && inside <= limits.tunnels; inside++) {
      const outcome = this.#fragments.add(packet);
      if (outcome === 'overlap' || outcome === 'limit') this.fragmentsLeftOut++;
      this.fragmentsLeftOut += this.#fragments.giveUp(packet.seconds - limits.fragmentLife);
      if (outcome !== 'complete') return;
      packet = this.#fragments.whole;
    }
    if (packet.kind === 'none' || packet.kind === 'fragment') return;
    this.#take(packet);
    if (packet.protocol === ipProtocols.ah && openAuthenticated(packet)) this.packet(packet);
  }

  #take(packet: Packet): void {
    this.#turn++;
    if (this.#turn % sweepEvery === 0) this.#endIdle(packet.seconds);
    const fromLow = writeKey(packet, this.#key);
    const found = this.#index.get(this.#key);
    if (typeof found === 'number' && found < 0 && this.#settled.take(~found, packet, fromLow, this.#turn)) return;
    let flow = typeof found === 'number' ? this.#asFlow(found) : found;
    if (flow !== null && isOver(flow, fromLow === flow.clientIsLow ? 0 : 1, packet)) {
      this.#end(flow);
      flow = null;
    }
    if (flow === null) {
      if (this.#index.size >= limits.flows) this.#makeRoom(packet.seconds);
      if (this.#firstPackets.fits(packet)) {
        this.#index.set(this.#key, this.#firstPackets.add(packet, this.#turn));
        return;
      }
      flow = this.#begin(packet, fromLow, this.#key);
    }
    this.#note(flow, packet, fromLow);
    if (flow.transport === 'tcp' && flow.frames % this.#settleEvery === 0) this.#settle(flow);
  }

  /** Where nothing is left to learn of a flow, a row stands for it while it goes on as it does. */
  #settle(flow: Flow): void {
    // a full table looks for the flow that is idle longest, and so at all of them: not again and again
    const row = 2 * this.#index.size < limits.flows ? this.#settled.settle(flow) : -1;
    if (row < 0) return;
    writeFlowKey(flow, this.#otherKey);
    this.#index.set(this.#otherKey, ~row);
  }

  #unsettle(row: number): Flow {
    const flow = this.#settled.unsettle(row, this.#turn);
    writeFlowKey(flow, this.#otherKey);
    this.#index.set(this.#otherKey, flow);
    return flow;
  }

  #unsettleAll(): void {
    if (this.#settled.size > 0) for (const row of this.#settled) this.#unsettle(row);
  }

  /** The flow that a row stands for. */
  #asFlow(row: number): Flow {
    return row < 0 ? this.#unsettle(~row) : this.#open(row);
  }

  /** Makes a flow of the row that stood for it. */
  #open(row: number): Flow {
    const packet = this.#firstPackets.remove(row);
    const fromLow = writeKey(packet, this.#otherKey);
    const flow = this.#begin(packet, fromLow, this.#otherKey);
    this.#note(flow, packet, fromLow);
    return flow;
  }

  #note(flow: Flow, packet: Packet, fromLow: boolean): void {
    if (packet.kind === 'tcp' && !flow.opened) this.#lateOpening(flow, packet, fromLow);
    const side = fromLow === flow.clientIsLow ? 0 : 1;
    flow.turn = this.#turn;
    flow.frames++;
    flow.framesBySide[side]!++;
    const last = flow.last;
    if (isEarlier(packet, last)) noteEarlier(flow, packet);
    last.seconds = packet.seconds;
    last.nanoseconds = packet.nanoseconds;
    last.frame = packet.frame;
    last.order = packet.order;
    if (last.capture !== packet.capture) {
      last.capture = packet.capture;
      if (!flow.captures.includes(packet.capture)) flow.captures = [...flow.captures, packet.capture];
    }
    if (packet.comment !== '') this.#comment(flow, packet);
    if (packet.kind === 'tcp') this.#tcp(flow, side, packet);
    else this.#untracked(flow, side, packet);
  }

  /** Ends the flows that would be over if a packet of theirs came now: nothing of them need be kept any longer. */
  #endIdle(seconds: number): void {
    const idle: Flow[] = [];
    this.#index.forEach((flow) => {
      if (typeof flow !== 'number' && flow.turn < this.#turn - sweepEvery && hasRunOut(flow, seconds)) idle.push(flow);
    });
    for (const flow of idle.sort((a, b) => a.turn - b.turn)) this.#end(flow);
  }

  #comment(flow: Flow, { comment: text, capture, frame, seconds }: Packet): void {
    if (flow.comments.length === limits.comments) this.commentsLeftOut++;
    else flow.comments = [...flow.comments, { text, capture, frame, seconds }];
  }

  /** The capture is over: every flow ends, the one idle longest first. */
  endAll(): void {
    this.fragmentsLeftOut += this.#fragments.giveUp();
    this.#unsettleAll();
    for (let idle = this.#idlest(); idle; idle = this.#idlest()) this.#end(idle);
  }

  /** The flow without a packet for the longest time. */
  #idlest(): Flow | null {
    const row = this.#firstPackets.oldest;
    const before = row < 0 ? Number.POSITIVE_INFINITY : this.#firstPackets.turnOf(row);
    const flow = this.#idle.first(this.#index, this.#turn, before);
    if (flow !== null || row < 0) return flow;
    return this.#open(row);
  }

  #makeRoom(seconds: number): void {
    this.#unsettleAll();
    const idle = this.#idlest();
    if (!idle) return;
    this.evicted++;
    idle.atCapture = idle.last.capture;
    idle.atFrame = idle.last.frame;
    idle.atOrder = idle.last.order;
    if (!isQuiet(idle, seconds)) blind(idle, 'limit', 'closed early: too many flows open at once');
    this.#end(idle);
  }

  #tcp(flow: Flow, side: 0 | 1, packet: Packet): void {
    const flags = packet.flags;
    if ((flags & tcpFlags.syn) !== 0) {
      remember(flow, side, (flags & tcpFlags.ack) !== 0 ? 'h' : 's');
      if (side === 0 && (flags & tcpFlags.ack) === 0) flow.initialSequence = packet.sequence;
    } else {
      if (packet.payloadLength > 0) remember(flow, side, 'd');
      else if ((flags & (tcpFlags.fin | tcpFlags.rst)) === 0) remember(flow, side, 'a');
      if ((flags & tcpFlags.fin) !== 0) remember(flow, side, 'f');
    }
    if ((flags & tcpFlags.rst) !== 0) {
      remember(flow, side, 'r');
      flow.streams[side].reset = true;
    }
    this.#reassembly.segment(flow, side, packet);
    const finished = flow.streams[0].finished && flow.streams[1].finished;
    if (!flow.closed && (finished || (flags & tcpFlags.rst) !== 0)) this.#close(flow);
  }

  /** Only stragglers may come now: kept for a while, and no longer than the next so many flows take to close. */
  #close(flow: Flow): void {
    flow.closed = true;
    const place = this.#closings++ % limits.lingering;
    const before = this.#lingering[place];
    if (before && !before.ended) this.#end(before);
    this.#lingering[place] = flow;
  }

  #untracked(flow: Flow, side: 0 | 1, packet: Packet): void {
    if (this.#repeats.seen(packet)) {
      flow.duplicates++;
      return;
    }
    const captured = packet.payloadEnd - packet.payloadStart;
    if (captured > 0) remember(flow, side, 'd');
    flow.streams[side].bytes += captured;
    flow.atCapture = packet.capture;
    flow.atFrame = packet.frame;
    flow.atOrder = packet.order;
    const cut = packet.payloadLength - captured;
    if (cut > 0) {
      flow.streams[side].missed += cut;
      blind(flow, 'truncated-capture', 'the snap length cut payload off');
    }
    if (packet.kind === 'udp' || packet.protocol === ipProtocols.esp || packet.protocol === ipProtocols.ah) {
      this.#listener.datagram(flow, side, packet.bytes, packet.payloadStart, packet.payloadEnd, Math.max(0, cut));
    }
  }

  #begin(packet: Packet, fromLow: boolean, key: Uint32Array): Flow {
    if (this.#capture[0] !== packet.capture) this.#capture = [packet.capture];
    const flow = beginFlow(packet, fromLow, this.#capture, this.#isServicePort);
    this.#index.set(key, flow);
    return flow;
  }

  /** A SYN that was captured after packets of its own flow settles who is who, as long as nothing has been delivered. */
  #lateOpening(flow: Flow, packet: Packet, fromLow: boolean): void {
    if ((packet.flags & tcpFlags.syn) === 0 || flow.streams[0].known || flow.streams[1].known) return;
    const senderOpens = (packet.flags & tcpFlags.ack) === 0;
    if (flow.clientIsLow !== (fromLow === senderOpens)) turnAround(flow);
    flow.opened = true;
    flow.midstream = false;
  }

  #end(flow: Flow): void {
    flow.ended = true;
    flow.atCapture = flow.first.capture;
    flow.atFrame = flow.first.frame;
    flow.atOrder = flow.first.order;
    if (flow.midstream && flow.history.toLowerCase().includes('d')) {
      blindBefore(flow, flow.first, 'midstream', 'the flow was under way when the capture began');
    }
    if (flow.transport === 'tcp') {
      this.#reassembly.flush(flow);
      this.#reassembly.forget(flow);
      if (this.#fragments.leftOutBetween(flow)) {
        blindBefore(flow, flow.first, 'gap', 'IP fragments between the two hosts could not be put together');
      }
      const silent = flow.framesBySide[0] === 0 || flow.framesBySide[1] === 0;
      if (silent && /[adf]/i.test(flow.history))
        blindBefore(flow, flow.first, 'one-direction', 'only one side of the flow was captured');
    }
    writeFlowKey(flow, this.#otherKey);
    this.#index.delete(this.#otherKey);
    this.#listener.ended(flow);
  }
}
