import type { Reader } from '../bytes/reader.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type { Direction } from '../flows/direction.ts';
import type { PassOver } from '../flows/listener.ts';
import type { Fact, ProtectionLevel, SecurityMechanism } from './fact.ts';

/**
 * A protocol: what its bytes look like, where its messages end, and what each message says. All else is the host's:
 * buffering, gaps, limits, catching `Malformed`, stamping facts, hand-over. An analyzer keeps no bytes beyond its state,
 * whose size it bounds, and never judges.
 */
export interface Analyzer<State> {
  /** the protocol's name in flows and rule packs */
  name: string;
  transports: readonly AnalyzedTransport[];
  /** the ports where it usually lives: they settle a `possible`, nothing more */
  ports: readonly number[];
  /** So many datagrams one after the other that are `possible` settle it on any port: for protocols without a signature. */
  possibleTimes?: number;
  /** A UDP flow of this protocol ends with the capture, never by idleness (media and IPsec: contract, rule 16). */
  lasting?: true;
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
  /** What tells which messages say nothing any more, of either direction; null while any may. */
  passOver?(state: State): PassOver | null;
  /** Bytes of this direction were lost, outside what was skipped. */
  lost?(state: State, direction: Direction): void;
  /** After `handOver` the stream turned out not to be that protocol: it goes on as this one. */
  handOverFailed?(state: State, out: Out): void;
  /** The flow has ended: state what stayed unfinished. */
  end?(state: State, out: Out): void;
}

export type Recognition = 'certain' | 'possible' | 'no' | 'more';

export const NEED_MORE = 0;
export const NOT_THIS_PROTOCOL = -1;
export const WAIT = -2;

/** What carries the bytes: TCP's stream, or one datagram, ESP or AH payload after the other. */
export type AnalyzedTransport = 'tcp' | 'udp' | 'esp' | 'ah';

export interface StartContext {
  transport: AnalyzedTransport;
  /** server's port; 0 where the transport has none */
  port: number;
  /** the server's address as text (RFC 5952), for protocols that tell others' addresses by it */
  serverAddress: string;
  /** the mechanism a protocol that hands over to TLS wants its protection called by; null where TLS came first */
  upgrade: SecurityMechanism | null;
  /** whether the beginning of the flow was seen */
  fromTheStart: boolean;
  /** what an earlier flow said of this one's address and port (endpoint mapper, SDP), or null */
  announced: Announced | null;
  /** the state that `become` hands on; undefined for a fresh start */
  given: unknown;
}

/** What one flow says of another that is to come. */
export interface Announcement {
  transport: 'tcp' | 'udp';
  /** RFC 5952; null: the server that says so itself */
  address: string | null;
  port: number;
  /** a protocol of the registry */
  protocol: string;
  /** for the protocol's own use and for evidence, such as an interface's UUID; at most `limits.text` characters */
  detail: string;
}

/**
 * An announcement with the frame that made it; `others`: the same address and port were announced with other details too;
 * `byItself`: by the host at that address, in a flow in which it was the server.
 */
export type Announced = Announcement & { capture: number; frame: number; others: boolean; byItself: boolean };

/** What protects the bytes of a carried stream. */
export interface Over {
  mechanism: SecurityMechanism;
  level: ProtectionLevel;
}

/** A frame, by the index of its capture and its number there, its time in seconds, and who sent what it shows. */
export interface Moment {
  capture: number;
  frame: number;
  order?: number;
  time: number;
  from: Direction;
}

/** What an analyzer can say while it reads a message. */
export interface Out {
  /**
   * States a fact; the host stamps it with flow, frame and sender, and keeps offers, security and exposures once each;
   * exposures and logins once more after an anonymous login took a login's place, and the other way round.
   * `shown`: the earlier moment that shows it, where it is known only now what that moment meant.
   */
  fact(fact: Fact, shown?: Moment): void;
  /** Where in the captures the present message is. */
  now(): Moment;
  /** What `compute` makes of these bytes and nothing else, remembered for the run: certificates come again with every connection. */
  recall<T>(bytes: Uint8Array, compute: (bytes: Uint8Array) => T): T;
  /** From the next byte of either direction on the stream belongs to another protocol of the registry. */
  handOver(to: string, upgrade: SecurityMechanism): void;
  /** From the next byte of either direction on the stream is whatever its content shows it to be (HTTP CONNECT). */
  release(): void;
  /** The flow was another protocol of the registry all along: that one goes on from the next message, with this state as `given`. */
  become(to: string, given: unknown): void;
  /**
   * Bytes of a protocol carried inside this one, in order and of the direction being read: a named pipe, a tunnel.
   * `channel` tells the carried streams of a flow apart. `over` is what this protocol protects them with: then what would
   * be `exposed` is `secured` by it.
   */
  carry(to: string, channel: string, bytes: Uint8Array, start: number, end: number, over: Over | null): void;
  /** A carried stream is over: it makes room for another, and its channel can be used again. */
  endCarried(channel: string): void;
  /** A flow that is to come is of this protocol; both of its ends may be the one announced. */
  announce(announcement: Announcement): void;
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
