import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { beginBody } from './body.ts';
import { stateContent } from './content.ts';
import { responseFraming } from './framing.ts';
import { firstOf, type Head, listOf, readHead } from './head.ts';
import { readOutcome } from './outcome.ts';
import { saysSealed } from './sealed.ts';
import { endMessage, type HttpState, lose, type Request, type Use } from './state.ts';

/** bytes beside a redirect or a refusal that explain it; an error page with its pictures inside has some ten thousand, and more than this is content */
const NOTE = 1 << 16;
/** methods that ask for nothing but what they get, or for what the server can do: without a body, 2xx shows nothing */
const ASKING: readonly string[] = [
  '',
  'GET',
  'HEAD',
  'POST',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'RPC_IN_DATA',
  'RPC_OUT_DATA',
];

/** An answer to a request that was not seen. */
const unseenRequest = (): Request => ({
  method: '',
  path: '',
  sure: false,
  simple: false,
  upgrade: null,
  showed: true,
  attempts: [],
  form: null,
  bare: false,
  session: null,
});

/** The head of an answer. */
export function readResponse(bytes: Uint8Array, start: number, end: number, state: HttpState, out: Out): void {
  const head = readHead(bytes, start, end);
  const status = Number(/^HTTP\/1\.\d (\d{3})(?!\d)/.exec(head.start)?.[1] ?? 0);
  if (status < 100) {
    lose(state.server, 'a status line that cannot be read', out);
    return;
  }
  if (head.odd) out.blind('malformed', `http: ${head.odd}`);
  out.fact({ kind: 'described', what: 'property', name: 'http-status', value: status });
  const banner = firstOf(head, 'server');
  if (banner) out.fact({ kind: 'described', what: 'banner', text: banner.slice(0, limits.text) });
  if (status < 200 && status !== 101) {
    if (status === 100 && state.client.mode === 'held' && state.client.heldMode) goOn(state);
    endMessage('server', state);
    return;
  }
  const request = state.pending.shift() ?? unseenRequest();
  if (state.pending.length === 0) state.settled = true;
  readOutcome(request, status, head, state, out);
  if (status === 101 || (request.method === 'CONNECT' && status < 300)) {
    switchProtocol(request, status, head, state, out);
    return;
  }
  if (request.method === '' && status < 300 && saysNothingOfABody(head)) {
    out.blind('gap', 'http: an answer to a request that was not seen, which may have opened a tunnel');
    state.server.mode = 'tunnel';
    state.client.mode = 'tunnel';
    out.release();
    return;
  }
  if (state.client.mode === 'held') {
    if (state.client.heldMode) state.client.mode = 'settling';
    else state.client.mode = 'head';
  }
  offerUpgrade(head, out);
  begin(request, status, head, state, out);
}

/** As CONNECT is answered (RFC 9110 §9.3.6); content without a length and a type is hardly seen. */
const saysNothingOfABody = (head: Head): boolean =>
  ['content-length', 'transfer-encoding', 'content-type'].every((name) => firstOf(head, name) === undefined);

/** The server wants the body that it was asked about (RFC 9110 §10.1.1). */
function goOn(state: HttpState): void {
  state.client.mode = state.client.heldMode!;
  state.client.heldMode = null;
}

function offerUpgrade(head: Head, out: Out): void {
  if (listOf(head, 'upgrade').some((token) => token.startsWith('tls/'))) {
    out.fact({ kind: 'offered', what: 'upgrade', verb: 'TLS/1.0' });
  }
}

/** From here on it is another protocol: TLS (RFC 2817 §3.3), WebSocket, or what its content shows. */
function switchProtocol(request: Request, status: number, head: Head, state: HttpState, out: Out): void {
  const to = status === 101 ? (listOf(head, 'upgrade')[0] ?? '') : '';
  if (status === 101) {
    out.fact({ kind: 'described', what: 'property', name: 'http-upgrade', value: to.slice(0, limits.text) });
    if (!request.upgrade) out.blind('malformed', 'http: an upgrade that was not asked for');
  }
  state.server.mode = 'tunnel';
  state.client.mode = 'tunnel';
  if (to.startsWith('tls/')) {
    out.fact({ kind: 'described', what: 'upgrade-accepted', verb: 'TLS/1.0', code: '101' });
    out.handOver('tls', 'tls');
  } else if (to === 'h2c') {
    state.server.mode = 'preface';
    state.client.mode = 'preface';
  } else if (to !== 'websocket') out.release();
}

function begin(request: Request, status: number, head: Head, state: HttpState, out: Out): void {
  const framing = responseFraming(head, request.method, status);
  if (framing.odd) out.blind('malformed', `http: ${framing.odd}`);
  if (framing.kind === 'unclear') {
    state.server.mode = 'lost';
    return;
  }
  const done = status < 300 && !ASKING.includes(request.method);
  if (done) stateContent(state, out);
  if (framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)) {
    endMessage('server', state);
    return;
  }
  if (isForNobody(request, status, head, state)) {
    out.fact({ kind: 'authenticated', mechanism: 'anonymous', outcome: 'accepted', protected: true });
  }
  beginBody('server', useOf(request, status, head, state), framing, false, state);
}

function useOf(request: Request, status: number, head: Head, state: HttpState): Use {
  const { method } = request;
  if (status >= 300 || method === 'OPTIONS') return { kind: 'content', free: NOTE, beforeLogin: false };
  if (method === 'RPC_IN_DATA') return { kind: 'stream', channel: 'in' };
  if (method === 'RPC_OUT_DATA') return { kind: 'stream', channel: 'out' };
  if (saysSealed(firstOf(head, 'content-type') ?? '')) return { kind: 'sealed' };
  const anonymous = !state.loggedIn && request.session === null && request.attempts.length === 0;
  return { kind: 'content', free: 0, beforeLogin: anonymous && isOfLogin(request.path, head) };
}

/** Content for a request that shows nobody, on a connection where others had to show who they are with each of theirs. */
function isForNobody(request: Request, status: number, head: Head, state: HttpState): boolean {
  const { method, path, sure, bare } = request;
  const asks = status < 300 && method !== 'OPTIONS' && method !== 'HEAD';
  return state.loggedIn && state.byRequest && sure && bare && asks && !isOfLogin(path, head);
}

/** A page that asks for a login, or what it is made up with. */
const isOfLogin = (path: string, head: Head): boolean =>
  /log-?[io]n|sign-?in|^\/owa\/auth\//.test(path) ||
  /^(image\/|font\/|text\/css|(text|application)\/(x-)?javascript)/i.test(firstOf(head, 'content-type') ?? '');
