import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type { Direction } from '../flows/direction.ts';
import { blind, type Flow, latestOf, placeNow } from '../flows/flow.ts';
import { limits } from '../limits.ts';
import type { Announcement, AnyAnalyzer, Moment, Out, Over } from './analyzer.ts';
import { type Conversation, endReading } from './conversation.ts';
import type { Fact, SecurityMechanism } from './fact.ts';
import type { Recalled } from './recalled.ts';
import { isSameFact } from './same-fact.ts';

export const directions: readonly [Direction, Direction] = ['client', 'server'];

/** Where the stream goes after a message. */
export type Turn =
  | { kind: 'hand-over'; analyzer: AnyAnalyzer; upgrade: SecurityMechanism }
  | { kind: 'become'; analyzer: AnyAnalyzer; given: unknown }
  | { kind: 'release' };

/** What an analyzer says that only the host can carry out. */
export interface Carrier {
  carry(
    outer: Conversation,
    side: 0 | 1,
    to: AnyAnalyzer,
    channel: string,
    bytes: Uint8Array,
    start: number,
    end: number,
    over: Over | null,
  ): void;
  endCarried(outer: Conversation, channel: string): void;
  announce(flow: Flow, announcement: Announcement): void;
}

/** How many facts are kept of all open flows. */
export interface Kept {
  facts: number;
}

/** What an analyzer speaks into: attached to the conversation that is being read. */
export class HostOut implements Out {
  readonly #carrier: Carrier;
  readonly #analyzers: readonly AnyAnalyzer[];
  readonly #recalled: Recalled;
  readonly #kept: Kept;
  #conversation: Conversation | null = null;
  #side: 0 | 1 = 0;
  #turn: Turn | null = null;

  constructor(carrier: Carrier, analyzers: readonly AnyAnalyzer[], recalled: Recalled, kept: Kept) {
    this.#carrier = carrier;
    this.#analyzers = analyzers;
    this.#recalled = recalled;
    this.#kept = kept;
  }

  attach(conversation: Conversation, side: 0 | 1): void {
    this.#conversation = conversation;
    this.#side = side;
    this.#turn = null;
  }

  takeTurn(): Turn | null {
    const turn = this.#turn;
    this.#turn = null;
    return turn;
  }

  fact(stated: Fact, shown?: Moment): void {
    const { root, over, analyzer } = this.#conversation!;
    const fact =
      over !== null && stated.kind === 'exposed' && stated.content !== 'credentials' ? guarded(over) : stated;
    const login = fact.kind === 'authenticated' && fact.outcome === 'accepted';
    const anew = login || (fact.kind === 'exposed' && root.anonymous) ? root.turns : 0;
    if (isStated(root, fact, anew)) return;
    // what a verdict rests on is always kept, and is bounded by its own closed sets
    const bounded = fact.kind === 'secured' || fact.kind === 'exposed';
    if (!bounded && (root.facts.length >= limits.facts || this.#kept.facts >= limits.factsTotal)) {
      root.factsLeftOut++;
      return;
    }
    if (bounded) decide(root.flow, fact.kind === 'exposed');
    const protocol = analyzer?.name ?? 'unknown';
    this.#kept.facts++;
    root.facts.push({ ...fact, ...(shown ?? this.now()), protocol });
    root.factTurns.push(anew);
    if (login && (fact.mechanism === 'anonymous') !== root.anonymous) {
      root.anonymous = !root.anonymous;
      root.turns++;
    }
  }

  now(): Moment {
    const { flow } = this.#conversation!;
    const { seconds, nanoseconds } = latestOf(flow);
    return {
      capture: flow.atCapture,
      frame: flow.atFrame,
      ...placeNow(flow),
      time: seconds + nanoseconds / 1e9,
      from: directions[this.#side],
    };
  }

  recall<T>(bytes: Uint8Array, compute: (bytes: Uint8Array) => T): T {
    return this.#recalled.recall(bytes, compute);
  }

  handOver(to: string, upgrade: SecurityMechanism): void {
    this.#turn = { kind: 'hand-over', analyzer: this.#named(to), upgrade };
  }

  release(): void {
    this.#turn = { kind: 'release' };
  }

  become(to: string, given: unknown): void {
    this.#turn = { kind: 'become', analyzer: this.#named(to), given };
  }

  carry(to: string, channel: string, bytes: Uint8Array, start: number, end: number, over: Over | null): void {
    this.#carrier.carry(this.#conversation!, this.#side, this.#named(to), channel, bytes, start, end, over);
  }

  endCarried(channel: string): void {
    this.#carrier.endCarried(this.#conversation!, channel);
  }

  announce(announcement: Announcement): void {
    this.#carrier.announce(this.#conversation!.flow, announcement);
  }

  skip(count: number): void {
    this.#conversation!.halves[this.#side].skip = count;
  }

  done(): void {
    endReading(this.#conversation!);
  }

  blind(why: BlindSpotWhy, detail: string): void {
    blind(this.#conversation!.flow, why, detail);
  }

  #named(name: string): AnyAnalyzer {
    const analyzer = this.#analyzers.find((known) => known.name === name);
    if (!analyzer) throw new Error(`no protocol ${name} in the registry`);
    return analyzer;
  }
}

/** Whether the flow has stated this before, since the login of that time. */
function isStated({ facts, factTurns }: Conversation, fact: Fact, turns: number): boolean {
  for (let i = 0; i < facts.length; i++) {
    if (factTurns[i] === turns && isSameFact(facts[i]!, fact)) return true;
  }
  return false;
}

const guarded = ({ mechanism, level }: Over): Fact => ({ kind: 'secured', mechanism, level });

/** What is known of the flow's protection rests on the bytes up to here; once content went in clear, on no later ones. */
function decide(flow: Flow, forGood: boolean): void {
  for (const stream of flow.streams) {
    if (forGood) stream.decided = 0;
    else if (stream.decided < 0) stream.decided = stream.position;
  }
}
