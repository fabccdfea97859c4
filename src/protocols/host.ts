import { Malformed } from '../bytes/malformed.ts';
import { Reader } from '../bytes/reader.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import { blind, type Flow, server, turnAround } from '../flows/flow.ts';
import type { FlowListener } from '../flows/listener.ts';
import { limits } from '../limits.ts';
import { type AnyAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, WAIT } from './analyzer.ts';
import { type Conversation, drop, endReading, type Half, keep, startConversation } from './conversation.ts';
import type { SecurityMechanism } from './fact.ts';
import type { FlowRecord } from './flow-record.ts';
import { directions, HostOut } from './host-out.ts';
import { identify } from './identify.ts';
import { recordOf } from './record.ts';

/** Datagrams of a UDP flow that are looked at before it is left as unknown. */
const strangeDatagramsAtMost = 8;

/**
 * Runs analyzers over flows: buffers partial messages, catches `Malformed`, applies limits, hands over between protocols,
 * stamps facts. Knows no protocol.
 */
export class ProtocolHost implements FlowListener {
  readonly #analyzers: readonly AnyAnalyzer[];
  readonly #tcp: readonly AnyAnalyzer[];
  readonly #udp: readonly AnyAnalyzer[];
  readonly #ended: (record: FlowRecord) => void;
  readonly #out: HostOut;
  /** one for all messages: valid while one is read */
  readonly #reader = new Reader('', new Uint8Array(0));
  #heldTotal = 0;

  constructor(analyzers: readonly AnyAnalyzer[], ended: (record: FlowRecord) => void) {
    this.#analyzers = analyzers;
    this.#tcp = analyzers.filter((analyzer) => analyzer.transports.includes('tcp'));
    this.#udp = analyzers.filter((analyzer) => analyzer.transports.includes('udp'));
    this.#ended = ended;
    this.#out = new HostOut();
  }

  bytes(flow: Flow, side: 0 | 1, bytes: Uint8Array, start: number, end: number): void {
    const conversation = conversationOf(flow);
    if (conversation.stage === 'done') return;
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
    this.#wake(conversation);
  }

  gap(flow: Flow, side: 0 | 1, length: number): void {
    const conversation = conversationOf(flow);
    if (conversation.stage === 'done') return;
    const half = conversation.halves[side];
    if (half.skip >= length) {
      half.skip -= length;
      return;
    }
    half.skip = 0;
    this.#forget(half);
    half.waiting = false;
    if (conversation.stage === 'reading') half.lost = true;
  }

  datagram(flow: Flow, side: 0 | 1, bytes: Uint8Array, start: number, end: number, cut: number): void {
    const conversation = conversationOf(flow);
    if (conversation.stage === 'done' || start === end) return;
    const port = server(flow).port;
    if (conversation.stage === 'identifying') {
      const found = identify(this.#udp, bytes, start, end, directions[side], port, false);
      if (found.verdict === 'found') this.#begin(conversation, found.analyzer, null);
      else if (++conversation.strangeDatagrams >= strangeDatagramsAtMost) endReading(conversation);
    }
    const analyzer = conversation.analyzer;
    if (!analyzer) return;
    const length = analyzer.frame(bytes, start, end, directions[side], conversation.state);
    if (length === end - start && cut === 0) this.#message(conversation, side, bytes, start, end);
    else if (cut === 0) blind(flow, 'malformed', `a datagram that is no ${analyzer.name}`);
  }

  ended(flow: Flow): void {
    const conversation = flow.conversation as Conversation | null;
    if (!conversation) {
      this.#ended(recordOf(flow, null));
      return;
    }
    for (const half of conversation.halves) this.#forget(half);
    flow.atCapture = flow.last.capture;
    flow.atFrame = flow.last.frame;
    this.#stateUnfinished(conversation);
    if (conversation.factsLeftOut > 0) blind(flow, 'limit', `${conversation.factsLeftOut} further facts were left out`);
    this.#ended(recordOf(flow, conversation));
    flow.conversation = null;
  }

  /** The present analyzer will be given nothing more. */
  #stateUnfinished(conversation: Conversation): void {
    const { analyzer, state } = conversation;
    if (!analyzer?.end) return;
    this.#out.attach(conversation, 0, this.#analyzers);
    analyzer.end(state, this.#out);
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
        if (conversation.stage !== 'reading' || half.to === half.from || half.deaf) continue;
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
      if (!this.#identify(conversation, side, bytes, at, end)) {
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
    return conversation.stage === 'reading' && !half.deaf ? at : end;
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
    this.#out.attach(conversation, 0, this.#analyzers);
    before.analyzer.handOverFailed?.(before.state, this.#out);
    return true;
  }

  /** Behind lost bytes another protocol may go on, say of a connection whose opening was lost too. That chance may look like one makes it a doubt and no more. */
  #lookForOther(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    const { flow, analyzer } = conversation;
    const other = this.#tcp.find(
      (known) => known !== analyzer && known.recognise(bytes, at, end, directions[side]) === 'certain',
    );
    if (other)
      blind(flow, 'left-protocol', `after lost bytes of ${analyzer?.name}, the stream looks like ${other.name}`);
  }

  /** The stream is no longer what it was. Content may tell what it is now; else this direction stays unread from here. */
  #leave(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    const { flow, analyzer } = conversation;
    const half = conversation.halves[side];
    const found = identify(
      this.#tcp.filter((known) => known !== analyzer),
      bytes,
      at,
      end,
      directions[side],
      server(flow).port,
      false,
    );
    if (found.verdict === 'found' && conversation.handOvers < limits.handOvers) {
      conversation.handOvers++;
      this.#stateUnfinished(conversation);
      this.#begin(conversation, found.analyzer, null);
    } else this.#giveUp(conversation, half, 'left-protocol', `the stream stopped being ${analyzer?.name}`);
  }

  #giveUp(conversation: Conversation, half: Half, why: BlindSpotWhy, detail: string): void {
    blind(conversation.flow, why, detail);
    half.deaf = true;
    this.#forget(half);
    if (conversation.halves[0].deaf && conversation.halves[1].deaf) endReading(conversation);
  }

  /** Whether the flow's protocol is known now. The halves change places where content shows that client and server must. */
  #identify(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, at: number, end: number): boolean {
    const { flow, halves } = conversation;
    const found = identify(this.#tcp, bytes, at, end, directions[side], server(flow).port, !flow.opened);
    switch (found.verdict) {
      case 'found':
        if (found.turned) {
          turnAround(flow);
          halves.reverse();
        }
        this.#begin(conversation, found.analyzer, null);
        return true;
      case 'more':
        halves[side].strange = end - at >= limits.identify;
        break;
      case 'strange':
        halves[side].strange = true;
        break;
      default:
        found satisfies never;
    }
    halves[side].looked = flow.midstream ? halves[side].looked + end - at : end - at;
    const enough = halves[side].looked > limits.identify * (flow.midstream ? 16 : 1);
    const both = halves[side === 0 ? 1 : 0].strange && !flow.midstream;
    if (halves[side].strange && (both || enough)) endReading(conversation);
    return false;
  }

  #begin(conversation: Conversation, analyzer: AnyAnalyzer, upgrade: SecurityMechanism | null): void {
    const { flow } = conversation;
    conversation.analyzer = analyzer;
    conversation.stage = 'reading';
    conversation.state = analyzer.start({
      transport: flow.transport === 'udp' ? 'udp' : 'tcp',
      port: server(flow).port,
      upgrade,
      fromTheStart: !flow.midstream,
    });
    if (conversation.path.length === 0) conversation.protocol = analyzer.name;
    conversation.path.push(analyzer.name);
  }

  #message(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, start: number, end: number): void {
    const analyzer = conversation.analyzer!;
    const out = this.#out;
    out.attach(conversation, side, this.#analyzers);
    try {
      analyzer.message(this.#reader.over(analyzer.name, bytes, start, end), directions[side], conversation.state, out);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      blind(conversation.flow, 'malformed', error.message);
    }
    const next = out.takeHandOver();
    if (!next) return;
    if (conversation.handOvers >= limits.handOvers) {
      blind(conversation.flow, 'limit', 'the flow changed its protocol too often');
      endReading(conversation);
      return;
    }
    conversation.handOvers++;
    const before = { analyzer, state: conversation.state };
    this.#begin(conversation, next.analyzer, next.upgrade);
    conversation.before = before;
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

function conversationOf(flow: Flow): Conversation {
  flow.conversation ??= startConversation(flow);
  return flow.conversation as Conversation;
}

const mayKeep = (conversation: Conversation, half: Half): boolean =>
  conversation.stage !== 'done' && !half.deaf && !half.lost;
