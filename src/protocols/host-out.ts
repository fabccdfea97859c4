import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type { Direction } from '../flows/direction.ts';
import { blind, type Flow } from '../flows/flow.ts';
import { limits } from '../limits.ts';
import type { AnyAnalyzer, Out } from './analyzer.ts';
import { type Conversation, endReading } from './conversation.ts';
import type { Fact, SecurityMechanism } from './fact.ts';

export const directions: readonly [Direction, Direction] = ['client', 'server'];

/** What an analyzer speaks into; one for all flows, attached to the one that is being read. */
export class HostOut implements Out {
  #conversation: Conversation | null = null;
  #side: 0 | 1 = 0;
  #analyzers: readonly AnyAnalyzer[] = [];
  #handOver: { analyzer: AnyAnalyzer; upgrade: SecurityMechanism } | null = null;

  attach(conversation: Conversation, side: 0 | 1, analyzers: readonly AnyAnalyzer[]): void {
    this.#conversation = conversation;
    this.#side = side;
    this.#analyzers = analyzers;
    this.#handOver = null;
  }

  takeHandOver(): { analyzer: AnyAnalyzer; upgrade: SecurityMechanism } | null {
    const next = this.#handOver;
    this.#handOver = null;
    return next;
  }

  fact(fact: Fact): void {
    const conversation = this.#conversation!;
    const text = JSON.stringify(fact);
    if (conversation.stated?.has(text)) return;
    // what a verdict rests on is always kept, and is bounded by its own closed sets
    const bounded = fact.kind === 'secured' || fact.kind === 'exposed';
    if (!bounded && conversation.facts.length >= limits.facts) {
      conversation.factsLeftOut++;
      return;
    }
    conversation.stated ??= new Set();
    conversation.stated.add(text);
    if (bounded) decide(conversation.flow, fact.kind === 'exposed');
    const { atCapture, atFrame } = conversation.flow;
    const protocol = conversation.analyzer?.name ?? 'unknown';
    conversation.facts.push({ ...fact, capture: atCapture, frame: atFrame, from: directions[this.#side], protocol });
  }

  handOver(to: string, upgrade: SecurityMechanism): void {
    const analyzer = this.#analyzers.find((known) => known.name === to);
    if (!analyzer) throw new Error(`no protocol ${to} to hand over to`);
    this.#handOver = { analyzer, upgrade };
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
}

/** What is known of the flow's protection rests on the bytes up to here; once content went in clear, on no later ones. */
function decide(flow: Flow, forGood: boolean): void {
  for (const stream of flow.streams) {
    if (forGood) stream.decided = 0;
    else if (stream.decided < 0) stream.decided = stream.position;
  }
}
