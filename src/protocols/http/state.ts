import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Moment, Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import type { Sasl } from '../parts/sasl.ts';
import type { Recipient } from './head.ts';

/**
 * What the next bytes of a direction are: `head` a start line with its fields; `held` the client's, unknown until the
 * server has answered; `settling` a body that the server has answered before it came, or the next request in its place;
 * `body`, `rest` a body of known length or up to the end; `preface` HTTP/2's beginning; `tunnel` of a protocol that HTTP has been left for; `lost` nothing that can be told.
 */
export type Mode =
  | 'head'
  | 'held'
  | 'settling'
  | 'body'
  | 'rest'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailer'
  | 'preface'
  | 'tunnel'
  | 'lost';

/** What a body is read for. */
export type Use =
  /** content, once more than `free` bytes of it went by: an explanation beside a redirect or a refusal is none; `beforeLogin`: a login page, or a request, that may come before one */
  | { kind: 'content'; free: number; beforeLogin: boolean }
  /** a form that may be a login */
  | { kind: 'form'; request: Request }
  /** a body that says it is encrypted (WinRM) */
  | { kind: 'sealed' }
  /** the PDUs of RPC over HTTP */
  | { kind: 'stream'; channel: string };

export interface Body {
  use: Use;
  /** bytes that are still to come of the body, or of its chunk */
  left: number;
  /** bytes that came so far, whatever frames them included */
  came: number;
  /** the first bytes, where the use asks for them: at most `limits.form` */
  kept: Uint8Array | null;
  keptBytes: number;
}

export interface Side {
  mode: Mode;
  /** bytes of an unfinished head, or line, that were searched for its end */
  searched: number;
  body: Body | null;
  /** of a body that is held back: how it is framed */
  heldMode: 'body' | 'chunk-size' | null;
}

/** Credentials of one request, until its answer says what they were worth. */
export interface Attempt {
  to: Recipient;
  /** in lower case */
  scheme: string;
  /** NTLM, Negotiate and Kerberos: what the connection negotiates, request by request */
  exchange: Exchange | null;
  /** who and how, where one request tells it all */
  who: Omit<Authenticated, 'kind' | 'outcome'> | null;
}

/** A negotiation of several requests, which authenticates the connection (RFC 4559 §6, [MS-NTHT] §3.1). */
export interface Exchange {
  scheme: string;
  sasl: Sasl;
  /** the client's last token would prove who it is, if it were accepted */
  proves: boolean;
  /** the server has answered with a token of its own */
  challenged: boolean;
  /** the server has asked for another token */
  waiting: boolean;
}

/** A request that is not answered yet. */
export interface Request {
  method: string;
  /** the target's path, in lower case, for comparison with others */
  path: string;
  /** nothing was lost that would make the next answer another request's */
  sure: boolean;
  /** HTTP/0.9: the answer has no head */
  simple: boolean;
  /** the protocol that it asks to go over to; null where it stays HTTP */
  upgrade: string | null;
  /** it showed something itself: a body or a session's cookie */
  showed: boolean;
  attempts: Attempt[];
  form: FormLogin | null;
  /** it showed nothing of who sent it: neither credentials nor a cookie */
  bare: boolean;
  /** it carried the cookie of a session: of a login form's, or of who knows which */
  session: 'forms' | 'unknown' | null;
}

/** A form with a password in it. */
export interface FormLogin {
  principal: string | null;
}

/** Where a server has asked for authentication (RFC 9110 §11.6.1): with which schemes, at which path. */
export interface Demand {
  path: string;
  to: Recipient;
  schemes: string[];
}

export interface HttpState {
  client: Side;
  server: Side;
  /** requests without an answer, oldest first */
  pending: Request[];
  /** the next request is sure to be answered by the next answer */
  inStep: boolean;
  /** an answer has come since bytes were lost, so that nothing unseen waits for one */
  settled: boolean;
  /** bytes of the server were lost, and it has not answered since */
  serverLost: boolean;
  /** negotiations of several requests: one with the server, one with a proxy */
  exchanges: Record<Recipient, Exchange | null>;
  demands: Demand[];
  /** somebody was accepted on this connection */
  loggedIn: boolean;
  /** who was accepted so had to show it with every request: nothing lasts for the connection */
  byRequest: boolean;
  /** where content was first seen that is not stated yet, as a login may be asked for it */
  held: Moment | null;
  /** who was accepted by which scheme, so that repeated credentials are no further login */
  known: Set<string>;
  /** paths stated so far */
  paths: Set<string>;
  /** an answer to a request will not be seen any more */
  answerMissed: boolean;
  /** bytes were lost: what waits for an answer must be given up */
  lost: boolean;
  /** an encrypted body told how it is protected; one did not */
  told: boolean;
  untold: boolean;
  /** bytes were lost after one told */
  lostBesideSealed: boolean;
  /** a body that lost bytes have cut off */
  cut: Body | null;
}

const startSide = (): Side => ({ mode: 'head', searched: 0, body: null, heldMode: null });

export function startHttp(fromTheStart: boolean): HttpState {
  return {
    client: startSide(),
    server: startSide(),
    pending: [],
    inStep: fromTheStart,
    settled: fromTheStart,
    serverLost: false,
    exchanges: { server: null, proxy: null },
    demands: [],
    loggedIn: false,
    byRequest: false,
    held: null,
    known: new Set(),
    paths: new Set(),
    answerMissed: false,
    lost: false,
    told: false,
    untold: false,
    lostBesideSealed: false,
    cut: null,
  };
}

/** The direction's next bytes cannot be told any more. */
export function lose(side: Side, why: string, out: Out): void {
  out.blind('malformed', `http: ${why}`);
  side.mode = 'lost';
  side.body = null;
}

/** The message of this direction is over: a head comes next, or whatever the server makes of the request to change the protocol. */
export function endMessage(direction: Direction, state: HttpState): void {
  const side = state[direction];
  side.body = null;
  side.heldMode = null;
  side.searched = 0;
  side.mode = 'head';
  if (direction === 'client' && state.pending.at(-1)?.upgrade) side.mode = 'held';
}

export function startBody(use: Use, left: number): Body {
  const keeps = use.kind === 'form' || use.kind === 'sealed';
  return { use, left, came: 0, kept: keeps ? new Uint8Array(Math.min(left, limits.form)) : null, keptBytes: 0 };
}
