import { Malformed } from '../bytes/malformed.ts';
import { Reader } from '../bytes/reader.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import { blind, type Flow, server } from '../flows/flow.ts';
import type { FlowListener, PassOver } from '../flows/listener.ts';
import { limits } from '../limits.ts';
import { type Announcement, type AnyAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Over, WAIT } from './analyzer.ts';
import { type Conversation, drop, endReading, type Half, keep, startConversation } from './conversation.ts';
import type { FlowRecord } from './flow-record.ts';
import { type Carrier, directions, HostOut, type Kept } from './host-out.ts';
import { identify } from './identify.ts';
import { isReadableWith, startStretch } from './parts/randomness.ts';
import { Recalled } from './recalled.ts';
import { recordOf } from './record.ts';
import { Stages } from './stages.ts';

/**
 * Runs analyzers over flows: buffers partial messages, catches `Malformed`, applies limits, hands over between protocols,
 * stamps facts. Knows no protocol.
 */
export class ProtocolHost implements FlowListener, Carrier {
  readonly #stages: Stages;
  readonly #ended: (record: FlowRecord) => void;
  /** one of each for all messages, by how deep they are carried: valid while one is read */
  readonly #outs: HostOut[] = [];
  readonly #readers: Reader[] = [];
  #heldTotal = 0;
  readonly #kept: Kept = { facts: 0 };

  constructor(analyzers: readonly AnyAnalyzer[], ended: (record: FlowRecord) => void) {
    this.#stages = new Stages(analyzers, (conversation, side) => this.#outFor(conversation, side));
    this.#ended = ended;
    const recalled = new Recalled();
    for (let depth = 0; depth <= limits.carried; depth++) {
      this.#outs.push(new HostOut(this, analyzers, recalled, this.#kept));
      this.#readers.push(new Reader('', new Uint8Array(0)));
    }
  }

  /** announcements that were not kept because there were too many */
  get announcementsLeftOut(): number {
    return this.#stages.announcements.leftOut;
  }

  bytes(flow: Flow, side: 0 | 1, bytes: Uint8Array, start: number, end: number): void {
    const conversation = conversationOf(flow);
    if (conversation.stage !== 'done') this.#receive(conversation, side, bytes, start, end);
  }

  settled(flow: Flow): PassOver | null {
    const conversation = flow.conversation as Conversation | null;
    if (conversation === null) return null;
    const { stage, analyzer, halves, channels, before } = conversation;
    if (stage === 'done') return passAll;
    if (stage !== 'reading' || channels !== null || before !== null) return null;
    return halves.every(goesOn) ? (analyzer?.passOver?.(conversation.state) ?? null) : null;
  }

  ahead(flow: Flow, side: 0 | 1): number {
    return conversationOf(flow).halves[side].skip;
  }

  setAhead(flow: Flow, side: 0 | 1, bytes: number): void {
    conversationOf(flow).halves[side].skip = bytes;
  }

  #receive(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, start: number, end: number): void {
    const half = conversation.halves[side];
    if (half.deaf) return;
    let from = start;
    if (half.skip > 0) {
      const skipped = Math.min(half.skip, end - from);
      half.skip -= skipped;
      from += skipped;
      if (from === end) return;
    }
    this.#feed(conversation, side, bytes, from, end);
    const [one, other] = conversation.halves;
    if (one.to > one.from || other.to > other.from) this.#wake(conversation);
  }

  gap(flow: Flow, side: 0 | 1, length: number): void {
    const conversation = conversationOf(flow);
    if (conversation.stage === 'done') return;
    const half = conversation.halves[side];
    if (half.skip >= length) {
      half.skip -= length;
      return;
    }
    this.#lose(conversation, side);
  }

  /** Bytes of this direction were lost, and so perhaps of every stream carried in it. */
  #lose(conversation: Conversation, side: 0 | 1): void {
    const half = conversation.halves[side];
    half.skip = 0;
    this.#forget(half);
    half.waiting = false;
    if (conversation.stage === 'reading') {
      half.lost = true;
      conversation.analyzer?.lost?.(conversation.state, directions[side]);
    }
    if (conversation.channels === null) return;
    for (const channel of conversation.channels.values()) this.#lose(channel, side);
  }

  datagram(flow: Flow, side: 0 | 1, bytes: Uint8Array, start: number, end: number, cut: number): void {
    const conversation = conversationOf(flow);
    if (conversation.stage === 'done' || start === end) return;
    if (conversation.stage === 'identifying' && !this.#stages.identifyDatagram(conversation, side, bytes, start, end))
      return;
    const analyzer = conversation.analyzer;
    if (!analyzer) return;
    const length = analyzer.frame(bytes, start, end, directions[side], conversation.state);
    if (length === end - start && cut === 0) this.#message(conversation, side, bytes, start, end);
    else if (cut === 0) blind(flow, 'malformed', `a datagram that is no ${analyzer.name}`);
  }

  carry(
    outer: Conversation,
    side: 0 | 1,
    to: AnyAnalyzer,
    channel: string,
    bytes: Uint8Array,
    start: number,
    end: number,
    over: Over | null,
  ): void {
    outer.channels ??= new Map();
    let inner = outer.channels.get(channel);
    if (!inner) {
      if (outer.channels.size >= limits.channels || outer.depth >= limits.carried) {
        blind(outer.flow, 'limit', `${to.name}: more streams carried in one flow than are read`);
        return;
      }
      inner = startConversation(outer.flow, outer);
      outer.channels.set(channel, inner);
      this.#stages.begin(inner, to, null);
      // what came before in a stream that was cut off may have been this channel's
      for (const half of [0, 1] as const) inner.halves[half].lost = outer.halves[half].lost;
    }
    if (inner.stage === 'done') return;
    const half = inner.halves[side];
    // a message is protected as its least protected piece is
    half.over = half.to > half.from ? weaker(half.over, over) : over;
    inner.over = half.over;
    this.#receive(inner, side, bytes, start, end);
    // what is kept now began in these bytes, or is more of what was kept
    if (half.to - half.from <= end - start) half.over = over;
  }

  endCarried(outer: Conversation, channel: string): void {
    const inner = outer.channels?.get(channel);
    if (!inner) return;
    outer.channels!.delete(channel);
    this.#finish(inner);
  }

  announce(flow: Flow, announcement: Announcement): void {
    this.#stages.announcements.add(flow, announcement);
  }

  ended(flow: Flow): void {
    const conversation = flow.conversation as Conversation | null;
    if (!conversation) {
      this.#ended(recordOf(flow, null));
      return;
    }
    flow.atCapture = flow.last.capture;
    flow.atFrame = flow.last.frame;
    flow.atOrder = flow.last.order;
    this.#finish(conversation);
    if (conversation.factsLeftOut > 0) blind(flow, 'limit', `${conversation.factsLeftOut} further facts were left out`);
    this.#ended(recordOf(flow, conversation));
    this.#kept.facts -= conversation.facts.length;
    flow.conversation = null;
  }

  /** Nothing more will come, here and in what is carried. */
  #finish(conversation: Conversation): void {
    for (const half of conversation.halves) this.#forget(half);
    for (const channel of conversation.channels?.values() ?? []) this.#finish(channel);
    this.#stages.stateUnfinished(conversation);
  }

  #outFor(conversation: Conversation, side: 0 | 1): HostOut {
    const out = this.#outs[conversation.depth]!;
    out.attach(conversation, side);
    return out;
  }

  /** New bytes of a direction, together with what is kept of it. */
  #feed(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, start: number, end: number): void {
    const half = conversation.halves[side];
    if (half.to === half.from) {
      const used = this.#read(conversation, side, bytes, start, end);
      if (used < end && mayKeep(conversation, half)) this.#keep(conversation, half, bytes, used, end);
      return;
    }
    this.#keep(conversation, half, bytes, start, end);
    this.#reread(conversation, side);
  }

  /** Reads what is kept of a direction. */
  #reread(conversation: Conversation, side: 0 | 1): void {
    const half = conversation.halves[side];
    const { from, to } = half;
    if (from === to) return;
    const used = this.#read(conversation, side, half.buffer, from, to);
    if (used >= to || !mayKeep(conversation, half)) this.#forget(half);
    else {
      this.#heldTotal -= used - from;
      half.from = used;
    }
  }

  /** What is kept of either direction may have waited for the other, or for the protocol to be known. */
  #wake(conversation: Conversation): void {
    // each round takes bytes away or moves on to another protocol, and both are bounded
    for (let moved = true; moved; ) {
      moved = false;
      for (const side of [0, 1] as const) {
        const half = conversation.halves[side];
        if (conversation.stage === 'done' || half.to === half.from || half.deaf) continue;
        if (!half.waiting && half.reader === conversation.analyzer) continue;
        const { from } = half;
        const { analyzer } = conversation;
        this.#reread(conversation, side);
        moved ||= half.from !== from || conversation.analyzer !== analyzer;
      }
    }
  }

  /** Reads as far as it goes; returns where it stopped: the rest waits for more. */
  #read(conversation: Conversation, from: 0 | 1, bytes: Uint8Array, start: number, end: number): number {
    let side = from;
    const half = conversation.halves[side];
    let at = start;
    if (conversation.stage === 'identifying') {
      if (!this.#stages.identifyStream(conversation, side, bytes, at, end)) {
        // a flow under way: this may be the tail of a message, and the next segment begins one
        const tail = conversation.flow.midstream && half.strange && conversation.stage === 'identifying';
        return tail ? end : at;
      }
      if (conversation.halves[side] !== half) side = side === 0 ? 1 : 0;
    }
    for (let messages = 0; at < end && conversation.stage === 'reading' && !half.deaf; messages++) {
      if (messages === limits.messagesPerSegment) {
        this.#giveUp(conversation, half, 'limit', 'too many messages in one segment');
        return end;
      }
      const analyzer = conversation.analyzer!;
      half.reader = analyzer;
      if (half.lost) {
        const resumed = analyzer.resume?.(bytes, at, end, directions[side], conversation.state) ?? -1;
        if (resumed < at || resumed >= end) {
          this.#lookForOther(conversation, side, bytes, at, end);
          return end;
        }
        half.lost = false;
        half.strayed = null;
        at = resumed;
      }
      if (conversation.before && side === 0 && this.#wasNoHandOver(conversation, bytes, at, end)) continue;
      const length = analyzer.frame(bytes, at, end, directions[side], conversation.state);
      half.waiting = length === WAIT;
      if (length === WAIT || length === NEED_MORE) return at;
      if (length === NOT_THIS_PROTOCOL || length > end - at) {
        // the first bytes captured of a flow under way may be the tail of a message
        if (conversation.flow.midstream && !half.read && analyzer.resume) {
          half.read = true;
          half.lost = true;
        } else this.#leave(conversation, side, bytes, at, end);
        continue;
      }
      half.read = true;
      this.#message(conversation, side, bytes, at, at + length);
      at += length;
      const skipped = Math.min(half.skip, end - at);
      half.skip -= skipped;
      at += skipped;
    }
    // released: the rest is whatever it shows to be; how often is bounded
    if (conversation.stage === 'identifying' && at < end) return this.#read(conversation, side, bytes, at, end);
    return conversation.stage === 'done' || half.deaf ? end : at;
  }

  /** After a hand-over the client's first bytes must be the new protocol's; else the old one goes on, in clear. */
  #wasNoHandOver(conversation: Conversation, bytes: Uint8Array, at: number, end: number): boolean {
    const before = conversation.before!;
    const recognised = conversation.analyzer!.recognise(bytes, at, end, 'client');
    if (recognised === 'more') return false;
    conversation.before = null;
    if (recognised !== 'no') return false;
    conversation.analyzer = before.analyzer;
    conversation.state = before.state;
    conversation.path.pop();
    before.analyzer.handOverFailed?.(before.state, this.#outFor(conversation, 0));
    return true;
  }

  /**
   * Behind lost bytes another protocol may go on, say of a connection whose opening was lost too, or what was protected
   * may go on in clear. That chance may look like either makes it a doubt and no more.
   */
  #lookForOther(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    const { flow, analyzer, root } = conversation;
    const half = conversation.halves[side];
    const other = this.#stages.streams.find(
      (known) => known !== analyzer && known.recognise(bytes, at, end, directions[side]) === 'certain',
    );
    half.strayed ??= startStretch();
    const readable = isReadableWith(half.strayed, bytes, at, end);
    if (other)
      blind(flow, 'left-protocol', `after lost bytes of ${analyzer?.name}, the stream looks like ${other.name}`);
    else if (readable && root.facts.some((fact) => fact.kind === 'secured' && fact.level === 'privacy'))
      blind(flow, 'left-protocol', `after lost bytes of ${analyzer?.name}, the stream can be read`);
  }

  /** The stream is no longer what it was. Content may tell what it is now; else this direction stays unread from here. */
  #leave(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    const { flow, analyzer } = conversation;
    const half = conversation.halves[side];
    const found = identify(
      this.#stages.streams.filter((known) => known !== analyzer),
      bytes,
      at,
      end,
      directions[side],
      server(flow).port,
      false,
      null,
    );
    if (found.verdict === 'found' && conversation.handOvers < limits.handOvers) {
      conversation.handOvers++;
      this.#stages.stateUnfinished(conversation);
      this.#stages.begin(conversation, found.analyzer, null);
    } else this.#giveUp(conversation, half, 'left-protocol', `the stream stopped being ${analyzer?.name}`);
  }

  #giveUp(conversation: Conversation, half: Half, why: BlindSpotWhy, detail: string): void {
    blind(conversation.flow, why, detail);
    half.deaf = true;
    this.#forget(half);
    if (conversation.halves[0].deaf && conversation.halves[1].deaf) endReading(conversation);
  }

  #message(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, start: number, end: number): void {
    const analyzer = conversation.analyzer!;
    const out = this.#outFor(conversation, side);
    const reader = this.#readers[conversation.depth]!.over(analyzer.name, bytes, start, end);
    try {
      analyzer.message(reader, directions[side], conversation.state, out);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      blind(conversation.flow, 'malformed', error.message);
    }
    const turn = out.takeTurn();
    if (turn) this.#stages.turn(conversation, turn);
  }

  #keep(conversation: Conversation, half: Half, bytes: Uint8Array, start: number, end: number): void {
    const held = half.to - half.from + end - start;
    if (held > limits.message || this.#heldTotal > limits.messagesTotal) {
      this.#giveUp(conversation, half, 'limit', 'a message longer than what is kept of one');
      return;
    }
    keep(half, bytes, start, end);
    this.#heldTotal += end - start;
  }

  #forget(half: Half): void {
    this.#heldTotal -= half.to - half.from;
    drop(half);
  }
}

/** What both protect: nothing, or no more than integrity where one does not hide. */
function weaker(a: Over | null, b: Over | null): Over | null {
  if (a === null || b === null) return null;
  return a.level === 'integrity' ? a : b;
}

function conversationOf(flow: Flow): Conversation {
  flow.conversation ??= startConversation(flow);
  return flow.conversation as Conversation;
}

const passAll: PassOver = () => 0;

/** Whether a direction is read message by message, with none half read. */
const goesOn = (half: Half): boolean => half.read && half.to === half.from && !half.lost && !half.deaf && !half.waiting;

const mayKeep = (conversation: Conversation, half: Half): boolean =>
  conversation.stage !== 'done' && !half.deaf && !half.lost;
