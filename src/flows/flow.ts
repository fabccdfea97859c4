import { be32 } from '../bytes/read.ts';
import type { Tunnel, TunnelKind } from '../decode/tunnels/outer-path.ts';
import { limits } from '../limits.ts';
import type { BlindSpot, BlindSpotWhy } from './blind-spot.ts';
import { Stream } from './stream.ts';

/** Two endpoints and a transport. Side 0 is the client, who opened it; side 1 the server. */
export interface Flow {
  readonly transport: FlowTransport;
  readonly protocol: number;
  /** the endpoint with the lower key first: what the table found it by */
  readonly low: FlowEnd;
  readonly high: FlowEnd;
  /** whether the client is `low` */
  clientIsLow: boolean;
  /** whether its opening was seen (SYN, or SYN with ACK), so that client and server are certain */
  opened: boolean;
  /** whether it was already under way when the capture began */
  midstream: boolean;
  readonly first: FlowMoment;
  readonly last: FlowMoment;
  frames: number;
  /** frames sent by client and server */
  readonly framesBySide: [number, number];
  readonly streams: [Stream, Stream];
  /** never ends by idleness (media, IPsec) */
  lasting: boolean;
  /** letters as Zeek writes them: upper case what the client sent */
  history: string;
  /** the letters in it, a bit each */
  letters: number;
  duplicates: number;
  /** replaced, never changed: most flows share theirs */
  captures: readonly number[];
  blindSpots: readonly BlindSpot[];
  /** what its first packet lay in, from the outermost */
  outer: readonly Tunnel[];
  /** where its first packet was captured, and what somebody wrote about its packets */
  interfaceName: string;
  comments: readonly Comment[];
  /** RST, or FIN both ways: only stragglers may come */
  closed: boolean;
  /** handed on, and no longer in the table */
  ended: boolean;
  /** initial sequence number of the client's SYN; -1 where it was not seen */
  initialSequence: number;
  /** packets since something has been waiting for a hole to fill */
  waited: number;
  /** capture, frame and order of the bytes that are being delivered */
  atCapture: number;
  atFrame: number;
  atOrder: number;
  /** the last place that something was noted at, and the frame or order that it was given to */
  place: number;
  placeOf: number;
  /** the latest time, where frames were out of order; else that of the last one is */
  latest: Instant | null;
  /** what the protocols room keeps of this flow */
  conversation: unknown;
  /** the table's turn at which its last packet came */
  turn: number;
}

export type { TunnelKind };

export type FlowTransport = 'tcp' | 'udp' | 'icmp' | 'esp' | 'ah' | 'sctp' | 'ip';

/** An endpoint. The address as 32-bit words, as in the flow's key: typed arrays would be most of a flow's memory. */
export interface FlowEnd {
  readonly word0: number;
  /** 0 for IPv4 */
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
  /** bytes of the address: 4 or 16 */
  readonly length: number;
  readonly port: number;
}

export function flowEnd(address: Uint8Array, port: number): FlowEnd {
  // signed words stay small integers
  const word = (at: number) => (at < address.length ? be32(address, at) | 0 : 0);
  return { word0: word(0), word1: word(4), word2: word(8), word3: word(12), length: address.length, port };
}

export function addressOf(end: FlowEnd): Uint8Array {
  const bytes = new Uint8Array(end.length);
  putWord(bytes, 0, end.word0);
  if (end.length === 16) {
    putWord(bytes, 4, end.word1);
    putWord(bytes, 8, end.word2);
    putWord(bytes, 12, end.word3);
  }
  return bytes;
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >> 24;
  bytes[at + 1] = word >> 16;
  bytes[at + 2] = word >> 8;
  bytes[at + 3] = word;
}

export interface Comment {
  text: string;
  capture: number;
  frame: number;
  seconds: number;
}

export interface Instant {
  seconds: number;
  nanoseconds: number;
}

export interface FlowMoment extends Instant {
  capture: number;
  frame: number;
  order: number;
}

export const client = (flow: Flow): FlowEnd => (flow.clientIsLow ? flow.low : flow.high);
export const server = (flow: Flow): FlowEnd => (flow.clientIsLow ? flow.high : flow.low);

const none: readonly never[] = [];

export function createFlow(transport: FlowTransport, protocol: number, low: FlowEnd, high: FlowEnd): Flow {
  return {
    transport,
    protocol,
    low,
    high,
    clientIsLow: true,
    opened: false,
    midstream: false,
    first: { seconds: 0, nanoseconds: 0, capture: 0, frame: 0, order: 0 },
    last: { seconds: 0, nanoseconds: 0, capture: 0, frame: 0, order: 0 },
    frames: 0,
    framesBySide: [0, 0],
    streams: [new Stream(), new Stream()],
    lasting: false,
    history: '',
    letters: 0,
    duplicates: 0,
    captures: none,
    blindSpots: none,
    outer: none,
    interfaceName: '',
    comments: none,
    closed: false,
    ended: false,
    initialSequence: -1,
    waited: 0,
    atCapture: 0,
    atFrame: 0,
    atOrder: 0,
    place: 0,
    placeOf: 0,
    latest: null,
    conversation: null,
    turn: 0,
  };
}

/** Notes what could not be seen, at the bytes now being delivered. The same reason is kept once; past the cap only that there is more. */
export function blind(flow: Flow, why: BlindSpotWhy, detail: string): void {
  const known = flow.blindSpots.some((spot) => spot.why === why && spot.detail === detail);
  if (known) return;
  if (flow.blindSpots.length > limits.blindSpots) return;
  if (flow.blindSpots.length === limits.blindSpots) {
    why = 'limit';
    detail = 'more blind spots than are kept of one flow';
  }
  const { atCapture: capture, atFrame: frame } = flow;
  flow.blindSpots = [...flow.blindSpots, { why, capture, frame, ...placeNow(flow), detail }];
}

/** As `blind`, of what a frame shows to be missing before it, whatever was noted since. */
export function blindBefore(flow: Flow, at: Omit<FlowMoment, keyof Instant>, why: BlindSpotWhy, detail: string): void {
  const { place, placeOf } = flow;
  flow.atCapture = at.capture;
  flow.atFrame = at.frame;
  flow.atOrder = at.order;
  flow.place = flow.placeOf = 0;
  blind(flow, why, detail);
  flow.place = place;
  flow.placeOf = placeOf;
}

/** less than a frame, and enough of them in one */
const step = 1 / 1024;

/**
 * Where in the course of the flow the bytes stand that are being delivered: at their frame, or between two, where later
 * ones were captured before them. `order` is left out where the frame says it.
 */
export function placeNow(flow: Flow): { order?: number } {
  const { atFrame, atOrder } = flow;
  const at = atOrder > 0 ? atOrder : atFrame;
  if (at !== flow.placeOf) {
    flow.place = at > flow.place ? at : flow.place + step;
    flow.placeOf = at;
  }
  return atOrder === 0 && flow.place === atFrame ? {} : { order: flow.place };
}

/** A packet that is earlier than the one before it: the flow's times are the extremes, whatever stands first in the file. */
export function noteEarlier(flow: Flow, { seconds, nanoseconds }: Instant): void {
  const { first, last, latest } = flow;
  if (isEarlier({ seconds, nanoseconds }, first)) {
    first.seconds = seconds;
    first.nanoseconds = nanoseconds;
  }
  if (latest === null || isEarlier(latest, last)) {
    flow.latest = { seconds: last.seconds, nanoseconds: last.nanoseconds };
  }
}

/** The latest time of the packets so far. */
export const latestOf = ({ last, latest }: Flow): Instant => (latest && isEarlier(last, latest) ? latest : last);

export const isEarlier = (one: Instant, other: Instant): boolean =>
  one.seconds < other.seconds || (one.seconds === other.seconds && one.nanoseconds < other.nanoseconds);

/** Client and server turn out to be the other way round. Only before the opening was seen. */
export function turnAround(flow: Flow): void {
  flow.clientIsLow = !flow.clientIsLow;
  flow.streams.reverse();
  flow.framesBySide.reverse();
  flow.history = flow.history.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  flow.letters = ((flow.letters & clientBits) << 1) | ((flow.letters >> 1) & clientBits);
}

/** Places in `letters`; the client's bit comes before the server's. */
const places = { s: 0, h: 2, a: 4, d: 6, f: 8, r: 10 } as const;
const clientBits = 0b0101_0101_0101;

/** Adds a history letter once per side. */
export function remember(flow: Flow, side: 0 | 1, letter: keyof typeof places): void {
  const bit = 1 << (places[letter] + side);
  if ((flow.letters & bit) !== 0) return;
  flow.letters |= bit;
  flow.history += side === 0 ? letter.toUpperCase() : letter;
}
