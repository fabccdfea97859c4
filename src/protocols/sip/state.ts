import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Media } from '../parts/sdp.ts';
import type { Attempt } from './authentication.ts';

/** One direction of a stream. */
export interface Side {
  /** bytes of the unfinished head that were searched for its end */
  searched: number;
  /** length of the head and of the whole message once they are known; 0 before */
  head: number;
  whole: number;
  /** requests of this side without a final answer, by `transactionOf` */
  readonly pending: Map<string, Pending>;
  /** media that this side announced last, by Call-ID */
  readonly media: Map<string, Media[]>;
}

export interface Pending {
  method: string;
  attempts: Attempt[];
}

export interface SipState {
  /** one message a datagram, with no length needed */
  readonly datagrams: boolean;
  readonly client: Side;
  readonly server: Side;
  /** an exchange of several steps that the server has asked to go on */
  unfinished: Attempt | null;
}

const startSide = (): Side => ({ searched: 0, head: 0, whole: 0, pending: new Map(), media: new Map() });

export const startSip = (datagrams: boolean): SipState => ({
  datagrams,
  client: startSide(),
  server: startSide(),
  unfinished: null,
});

export const otherOf = (direction: Direction): Direction => (direction === 'client' ? 'server' : 'client');

/** Keeps a request until its answer; the oldest one makes room. */
export function keepPending(side: Side, key: string, request: Pending, out: Out): Pending | null {
  side.pending.delete(key);
  side.pending.set(key, request);
  if (side.pending.size <= limits.transactions) return null;
  out.blind('limit', `sip: more than ${limits.transactions} requests without an answer`);
  const [oldest, forgotten] = side.pending.entries().next().value!;
  side.pending.delete(oldest);
  return forgotten;
}

export function keepMedia(side: Side, call: string, media: Media[]): void {
  side.media.delete(call);
  side.media.set(call, media);
  if (side.media.size > limits.transactions) side.media.delete(side.media.keys().next().value!);
}

export function resetSide(side: Side): void {
  side.searched = 0;
  side.head = 0;
  side.whole = 0;
}
