import type { Reader } from '../bytes/reader.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type { Direction } from '../flows/direction.ts';
import type { Fact, SecurityMechanism } from './fact.ts';

/**
 * A protocol: what its bytes look like, where its messages end, and what each message says. All else is the host's:
 * buffering, gaps, limits, catching `Malformed`, stamping facts, hand-over. An analyzer keeps no bytes beyond its state,
 * whose size it bounds, and never judges.
 */
export interface Analyzer<State> {
  /** the protocol's name in flows and rule packs */
  name: string;
  transports: readonly ('tcp' | 'udp')[];
  /** the ports where it usually lives: they settle a `possible`, nothing more */
  ports: readonly number[];
  /** state of one flow; `context.inside` is what handed over (`smtp` for TLS after STARTTLS) */
  start(context: StartContext): State;
  /** Is this ours? Looks at the first bytes of one direction. */
  recognise(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition;
  /**
   * How many bytes from `start` the next message has, `NEED_MORE`, `WAIT` (until the other direction has spoken: say, for
   * the answer to STARTTLS) or `NOT_THIS_PROTOCOL`. Called again with more bytes after NEED_MORE; must be cheap then, as
   * it sees the same start again. Whatever is returned, `end - start` bounds it. Never throws.
   */
  frame(bytes: Uint8Array, start: number, end: number, direction: Direction, state: State): number;
  /** One whole message. May throw `Malformed`: a blind spot, after which the next message is read. */
  message(reader: Reader, direction: Direction, state: State, out: Out): void;
  /** After lost bytes: where in these bytes a message begins, or -1 for "cannot tell yet". Without it, the direction is given up. */
  resume?(bytes: Uint8Array, start: number, end: number, direction: Direction, state: State): number;
  /** After `handOver` the stream turned out not to be that protocol: it goes on as this one. */
  handOverFailed?(state: State, out: Out): void;
  /** The flow has ended: state what stayed unfinished. */
  end?(state: State, out: Out): void;
}

export type Recognition = 'certain' | 'possible' | 'no' | 'more';

export const NEED_MORE = 0;
export const NOT_THIS_PROTOCOL = -1;
export const WAIT = -2;

export interface StartContext {
  transport: 'tcp' | 'udp';
  /** server's port */
  port: number;
  /** the mechanism a protocol that hands over to TLS wants its protection called by; null where TLS came first */
  upgrade: SecurityMechanism | null;
  /** whether the beginning of the flow was seen */
  fromTheStart: boolean;
}

/** What an analyzer can say while it reads a message. */
export interface Out {
  /** States a fact; the host stamps it with flow, frame and sender, and keeps offers, security and exposures once each. */
  fact(fact: Fact): void;
  /** From the next byte of either direction on the stream belongs to another protocol of the registry. */
  handOver(to: string, upgrade: SecurityMechanism): void;
  /** The next `count` bytes of this direction carry nothing to learn; the host moves past them unread. */
  skip(count: number): void;
  /** Nothing more can be learnt from this flow: from now on it is only counted. */
  done(): void;
  /** Something of this flow could not be seen. */
  blind(why: BlindSpotWhy, detail: string): void;
}

/** Gives an analyzer its state's type while the registry can hold them all in one list. */
export function defineAnalyzer<State>(analyzer: Analyzer<State>): AnyAnalyzer {
  return analyzer as AnyAnalyzer;
}

/** An analyzer whose state only itself looks into. */
export type AnyAnalyzer = Analyzer<unknown>;
