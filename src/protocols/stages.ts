import { formatAddress } from '../bytes/address.ts';
import { addressOf, blind, type Flow, server, turnAround } from '../flows/flow.ts';
import { limits } from '../limits.ts';
import type { AnalyzedTransport, Announced, AnyAnalyzer } from './analyzer.ts';
import { Announcements } from './announcements.ts';
import { type Conversation, endReading } from './conversation.ts';
import type { SecurityMechanism } from './fact.ts';
import { directions, type HostOut, type Turn } from './host-out.ts';
import { identify } from './identify.ts';

/** Datagrams of a UDP flow that are looked at before it is left as unknown. */
const strangeDatagramsAtMost = 8;

/** Which protocol a conversation is of, from its first bytes through every hand-over. Knows no protocol. */
export class Stages {
  readonly announcements = new Announcements();
  readonly #over: Record<AnalyzedTransport, readonly AnyAnalyzer[]>;
  readonly #outFor: (conversation: Conversation, side: 0 | 1) => HostOut;

  constructor(analyzers: readonly AnyAnalyzer[], outFor: (conversation: Conversation, side: 0 | 1) => HostOut) {
    const over = (transport: AnalyzedTransport) =>
      analyzers.filter((analyzer) => analyzer.transports.includes(transport));
    this.#over = { tcp: over('tcp'), udp: over('udp'), esp: over('esp'), ah: over('ah') };
    this.#outFor = outFor;
  }

  /** analyzers of streams */
  get streams(): readonly AnyAnalyzer[] {
    return this.#over.tcp;
  }

  /** Whether the flow's protocol is known now. The halves change places where content shows that client and server must. */
  identifyStream(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, at: number, end: number): boolean {
    const { flow, halves } = conversation;
    const found = identify(
      this.#over.tcp,
      bytes,
      at,
      end,
      directions[side],
      server(flow).port,
      !flow.opened,
      this.announcements.of(flow)?.protocol ?? null,
    );
    switch (found.verdict) {
      case 'found':
        if (found.turned) {
          turnAround(flow);
          halves.reverse();
        }
        this.begin(conversation, found.analyzer, null);
        return true;
      case 'more':
        halves[side].strange = end - at >= limits.identify;
        break;
      case 'possible':
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

  identifyDatagram(conversation: Conversation, side: 0 | 1, bytes: Uint8Array, start: number, end: number): boolean {
    const found = identify(
      this.#over[transportOf(conversation.flow)],
      bytes,
      start,
      end,
      directions[side],
      server(conversation.flow).port,
      false,
      this.announcements.of(conversation.flow)?.protocol ?? null,
    );
    if (found.verdict === 'found') {
      this.begin(conversation, found.analyzer, null);
      return true;
    }
    const maybe = found.verdict === 'possible' ? found.analyzer : null;
    conversation.maybeTimes = maybe !== null && maybe === conversation.maybe ? conversation.maybeTimes + 1 : 1;
    conversation.maybe = maybe;
    if (maybe?.possibleTimes !== undefined && conversation.maybeTimes >= maybe.possibleTimes) {
      this.begin(conversation, maybe, null);
      return true;
    }
    if (++conversation.strangeDatagrams >= strangeDatagramsAtMost) endReading(conversation);
    return false;
  }

  begin(conversation: Conversation, analyzer: AnyAnalyzer, upgrade: SecurityMechanism | null, given?: unknown): void {
    const { flow, root } = conversation;
    const announced = conversation === root ? this.announcements.of(flow) : null;
    conversation.analyzer = analyzer;
    conversation.stage = 'reading';
    conversation.state = analyzer.start({
      transport: transportOf(flow),
      port: server(flow).port,
      serverAddress: formatAddress(addressOf(server(flow))),
      upgrade,
      fromTheStart: !flow.midstream,
      announced: announced?.protocol === analyzer.name ? announced : null,
      given,
    });
    if (analyzer.lasting) flow.lasting = true;
    if (root.path.length === 0) root.protocol = analyzer.name;
    if (conversation === root || !root.path.includes(analyzer.name)) root.path.push(analyzer.name);
    if (announced?.protocol === analyzer.name) this.#stateAnnounced(conversation, announced);
  }

  #stateAnnounced(conversation: Conversation, { protocol, detail, capture, frame }: Announced): void {
    const announcedIn = { capture, frame };
    this.#outFor(conversation, 0).fact({ kind: 'described', what: 'announced', protocol, detail, announcedIn });
  }

  /** Carries out what an analyzer said of the stream's way from here. */
  turn(conversation: Conversation, turn: Turn): void {
    const analyzer = conversation.analyzer!;
    if (conversation.handOvers >= limits.handOvers) {
      blind(conversation.flow, 'limit', 'the flow changed its protocol too often');
      endReading(conversation);
      return;
    }
    conversation.handOvers++;
    switch (turn.kind) {
      case 'hand-over': {
        const before = { analyzer, state: conversation.state };
        this.begin(conversation, turn.analyzer, turn.upgrade);
        conversation.before = before;
        break;
      }
      case 'become': {
        const { root } = conversation;
        const place = root.path.lastIndexOf(analyzer.name);
        if (place >= 0) root.path.splice(place, 1);
        this.begin(conversation, turn.analyzer, null, turn.given);
        break;
      }
      case 'release':
        this.stateUnfinished(conversation);
        conversation.analyzer = null;
        conversation.before = null;
        conversation.stage = 'identifying';
        for (const half of conversation.halves) {
          half.strange = false;
          half.looked = 0;
        }
        break;
      default:
        turn satisfies never;
    }
  }

  /** The present analyzer will be given nothing more. */
  stateUnfinished(conversation: Conversation): void {
    const { analyzer, state } = conversation;
    if (!analyzer?.end) return;
    const out = this.#outFor(conversation, 0);
    analyzer.end(state, out);
  }
}

/** What an analyzer is given of a flow whose transport has none is never asked for. */
const transportOf = ({ transport }: Flow): AnalyzedTransport =>
  transport === 'udp' || transport === 'esp' || transport === 'ah' ? transport : 'tcp';
