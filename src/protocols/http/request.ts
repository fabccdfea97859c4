import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { beginBody } from './body.ts';
import { holdContent, stateHeld } from './content.ts';
import { readCredentials } from './credentials.ts';
import { carriesSession, readForm, stateForm } from './form.ts';
import { type Framing, requestFraming } from './framing.ts';
import { firstOf, type Head, listOf, readHead } from './head.ts';
import { stateUnanswered } from './outcome.ts';
import { readTarget, resourceOf, type Target } from './path.ts';
import { saysSealed } from './sealed.ts';
import { endMessage, type HttpState, lose, type Request, type Use } from './state.ts';

/** The head of a request. */
export function readRequest(bytes: Uint8Array, start: number, end: number, state: HttpState, out: Out): void {
  const head = readHead(bytes, start, end);
  const parts = /^(\S+)[ \t]+(.*?)(?:[ \t]+HTTP\/1\.\d[ \t]*)?$/s.exec(head.start);
  if (!parts || parts[2] === '') {
    lose(state.client, 'a request line that cannot be read', out);
    return;
  }
  if (head.odd) out.blind('malformed', `http: ${head.odd}`);
  const method = parts[1]!.slice(0, 32);
  const target = readTarget(parts[2]!, method);
  describe(method, target, head, state, out);
  const request: Request = {
    method,
    path: (target.path ?? target.authority ?? '').slice(0, limits.text).toLowerCase(),
    sure: false,
    simple: !/HTTP\/1\.\d[ \t]*$/.test(head.start),
    upgrade: upgradeOf(head, method),
    showed: false,
    attempts: readCredentials(head, state, out),
    form: null,
    bare: false,
    session: carriesSession(head),
  };
  request.bare = request.attempts.length === 0 && firstOf(head, 'cookie') === undefined;
  if (request.upgrade && /^TLS\//i.test(request.upgrade)) {
    out.fact({ kind: 'described', what: 'upgrade-asked', verb: 'TLS/1.0' });
  }
  if (request.session !== null) {
    out.fact({ kind: 'described', what: 'property', name: 'session-cookie', value: true });
    request.showed = true;
    holdContent(state, out);
  }
  readQuery(target, request, out);
  push(request, state, out);
  begin(request, head, state, out);
}

function describe(method: string, target: Target, head: Head, state: HttpState, out: Out): void {
  out.fact({ kind: 'described', what: 'property', name: 'http-method', value: method });
  if (target.path !== null) stateResource(resourceOf(target.path), state, out);
  // what is asked of a proxy names another server than this flow's
  const name = target.authority === null ? firstOf(head, 'host')?.replace(/:\d*$/, '') : undefined;
  if (name) out.fact({ kind: 'described', what: 'peer-name', of: 'server', name: name.slice(0, limits.text) });
  if (method === 'CONNECT' && target.authority) {
    out.fact({ kind: 'described', what: 'property', name: 'http-connect', value: target.authority });
  }
  // [MS-RPCH] §2.2.2: /rpc/rpcproxy.dll?host:port
  const proxied = /^\/rpc(withcert)?\/rpcproxy\.dll$/i.test(target.path ?? '')
    ? target.query.slice(0, limits.text)
    : '';
  if (proxied !== '') out.fact({ kind: 'described', what: 'property', name: 'rpc-proxy-target', value: proxied });
}

function stateResource(name: string, state: HttpState, out: Out): void {
  if (state.paths.has(name)) return;
  if (state.paths.size === limits.paths) {
    out.blind('limit', `http: more than ${limits.paths} paths`);
    return;
  }
  state.paths.add(name);
  out.fact({ kind: 'described', what: 'resource', name });
}

/** What the request asks to go over to (RFC 9110 §7.8); CONNECT asks for a tunnel (§9.3.6). */
function upgradeOf(head: Head, method: string): string | null {
  if (method === 'CONNECT') return 'CONNECT';
  if (!listOf(head, 'connection').includes('upgrade')) return null;
  return firstOf(head, 'upgrade')?.slice(0, limits.text) ?? null;
}

/** A password or a token in a query is shown like one in a form (RFC 6750 §2.3). */
function readQuery(target: Target, request: Request, out: Out): void {
  const shown = readForm(target.query.slice(0, limits.form));
  if (shown === null) return;
  out.fact({ kind: 'exposed', content: 'credentials' });
  if (shown.by === 'forms') request.form = { principal: shown.principal };
  else {
    const who = { mechanism: 'bearer', protected: false } as const;
    request.attempts.push({ to: 'server', scheme: 'bearer', exchange: null, who });
    request.bare = false;
  }
}

function push(request: Request, state: HttpState, out: Out): void {
  const { pending } = state;
  if (pending.length === 0 && state.settled && state.server.mode === 'head') state.inStep = true;
  else if (pending.length >= limits.pipelined) {
    dropPending(state, out);
    out.blind('limit', `more than ${limits.pipelined} requests without an answer`);
  }
  request.sure = state.inStep;
  pending.push(request);
}

/** The answers to these requests will not be seen, or not be known for theirs. */
export function dropPending(state: HttpState, out: Out): void {
  for (const request of state.pending) {
    for (const attempt of request.attempts) stateUnanswered(attempt, state, out);
    if (request.form) stateForm(request.form, 'unseen', out);
    if (!request.showed) state.answerMissed = true;
  }
  stateHeld(state, out);
  state.pending = [];
  state.inStep = false;
  state.settled = false;
}

function begin(request: Request, head: Head, state: HttpState, out: Out): void {
  const framing = requestFraming(head);
  if (framing.odd) out.blind('malformed', `http: ${framing.odd}`);
  if (framing.kind === 'unclear') {
    state.client.mode = 'lost';
    return;
  }
  if (isEmpty(framing)) {
    endMessage('client', state);
    return;
  }
  request.showed = true;
  const use = useOf(request, head);
  const waits = listOf(head, 'expect').includes('100-continue') && !state.serverLost;
  beginBody('client', use, framing, waits, state);
}

const isEmpty = ({ kind, length }: Framing): boolean => kind === 'none' || (kind === 'length' && length === 0);

function useOf(request: Request, head: Head): Use {
  const type = firstOf(head, 'content-type') ?? '';
  // [MS-RPCH] §2.1.2.1: the body of these is RPC, and says itself what it shows
  if (request.method === 'RPC_IN_DATA') return { kind: 'stream', channel: 'in' };
  if (request.method === 'RPC_OUT_DATA') return { kind: 'stream', channel: 'out' };
  if (saysSealed(type)) return { kind: 'sealed' };
  const encoded = (firstOf(head, 'content-encoding') ?? 'identity').toLowerCase() !== 'identity';
  if (/^application\/x-www-form-urlencoded\b/i.test(type) && !encoded) return { kind: 'form', request };
  return { kind: 'content', free: 0, beforeLogin: true };
}
