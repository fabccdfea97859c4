import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { type GssToken, readToken } from '../parts/gssapi.ts';
import { decodeBase64, saslChallenge } from '../parts/sasl.ts';
import { type Challenge, readChallenges, stateOffer } from './challenges.ts';
import { stateContentOfLogin, stateHeld } from './content.ts';
import { exchangeFact, nameComputer } from './credentials.ts';
import { formOutcome, leadsToLogin, stateForm } from './form.ts';
import { firstOf, type Head, type Recipient } from './head.ts';
import type { Attempt, Demand, HttpState, Request } from './state.ts';

type Outcome = Authenticated['outcome'];

/** The status with which each of them turns credentials down (RFC 9110 §15.5.2, §15.5.8). */
const REFUSAL: Record<Recipient, number> = { server: 401, proxy: 407 };

/**
 * Statuses that a server gives only once it has let the client in to where it had asked for credentials before. Not 400,
 * 403, 408, 413, 429, 431 or 5xx: those come from before, or beside, the look at the credentials, and 403 may be a refusal.
 */
const BEHIND_THE_DOOR: readonly number[] = [404, 405, 409, 410, 412, 416];

/** What the answer says of the credentials in its request, and what it asks for. */
export function readOutcome(request: Request, status: number, head: Head, state: HttpState, out: Out): void {
  for (const to of ['server', 'proxy'] as const) {
    const challenges = readChallenges(head, to);
    if (status === REFUSAL[to]) {
      stateOffer(challenges, out);
      if (request.sure) demand({ path: request.path, to, schemes: challenges.map(nameOf) }, state);
    }
    for (const attempt of request.attempts) {
      if (attempt.to === to) settle(attempt, request, status, head, challenges, state, out);
    }
  }
  if (request.form) {
    const outcome = request.sure ? formOutcome(status, head) : 'unseen';
    if (outcome === 'accepted') logIn(false, state);
    stateForm(request.form, outcome, out);
  }
  if (state.loggedIn) stateContentOfLogin(state, out);
  else if (request.showed && !asksForLogin(status, state)) stateHeld(state, out);
  if (status < 300 && request.session !== null && request.attempts.length === 0)
    stateSession(request.session, state, out);
}

/** Once somebody was let in for good, others' credentials do not take that back. */
function logIn(byRequest: boolean, state: HttpState): void {
  state.byRequest = byRequest && (state.byRequest || !state.loggedIn);
  state.loggedIn = true;
}

const asksForLogin = (status: number, { exchanges }: HttpState): boolean =>
  status === 401 || status === 407 || exchanges.server?.waiting === true || exchanges.proxy?.waiting === true;

/** A session that lets in who has its cookie was begun by a login, on another connection where none was seen on this one. */
function stateSession(of: 'forms' | 'unknown', state: HttpState, out: Out): void {
  if (state.loggedIn) return;
  const version = of === 'unknown' ? { version: 'cookie' } : {};
  out.fact({ kind: 'authenticated', mechanism: of, outcome: 'unseen', ...version, protected: false });
}

const nameOf = ({ scheme }: Challenge): string => scheme.toLowerCase();

function demand(one: Demand, state: HttpState): void {
  if (state.demands.length < limits.paths) state.demands.push(one);
}

function settle(
  attempt: Attempt,
  request: Request,
  status: number,
  head: Head,
  challenges: readonly Challenge[],
  state: HttpState,
  out: Out,
): void {
  const said = challenges.find((challenge) => nameOf(challenge) === attempt.scheme);
  const { exchange } = attempt;
  const bytes = exchange && said ? decodeBase64(said.rest) : null;
  const token = bytes !== null && bytes.length > 0 ? readToken(bytes) : null;
  if (exchange && token) {
    exchange.challenged = true;
    saslChallenge(exchange.sasl, bytes);
    nameComputer('server', exchange, out);
  }
  const refused = status === REFUSAL[attempt.to];
  if (exchange && token && refused && request.sure && token.state !== 'rejected') {
    exchange.waiting = true;
    return;
  }
  if (exchange && state.exchanges[attempt.to] === exchange) state.exchanges[attempt.to] = null;
  let outcome: Outcome;
  if (!request.sure) outcome = 'unseen';
  else if (refused) outcome = /\bstale\s*=\s*"?true/i.test(said?.rest ?? '') ? 'unfinished' : 'refused';
  else if (exchange) outcome = afterExchange(attempt, token, request, status, head, state);
  else outcome = afterCredentials(attempt, request, status, head, state);
  if (outcome === 'accepted' && attempt.to === 'server') logIn(exchange === null, state);
  stateOutcome(attempt, outcome, state, out);
}

/**
 * A request that went through with credentials that nobody asked for proves nothing: the server need not have looked at
 * them. But a password that comes with the first request of a connection, as clients that know the place send it (RFC 7617
 * §2.2), counts as taken where content answers it: a wrong one would have been refused (contract, rule 2).
 */
function afterCredentials(
  attempt: Attempt,
  request: Request,
  status: number,
  head: Head,
  { demands }: HttpState,
): Outcome {
  const asked = demands.some(
    ({ to, path, schemes }) =>
      to === attempt.to && schemes.includes(attempt.scheme) && (to === 'proxy' || isIn(request.path, path)),
  );
  const confirmed = firstOf(head, attempt.to === 'server' ? 'authentication-info' : 'proxy-authentication-info');
  if (confirmed !== undefined && attempt.scheme === 'digest' && /\brspauth\s*=/i.test(confirmed)) return 'accepted';
  const preemptive = attempt.scheme === 'basic' && demands.length === 0 && status >= 200 && status < 300;
  return preemptive || (asked && wentThrough(attempt, status, head)) ? 'accepted' : 'unseen';
}

function afterExchange(
  attempt: Attempt,
  token: GssToken | null,
  request: Request,
  status: number,
  head: Head,
  state: HttpState,
): Outcome {
  const exchange = attempt.exchange!;
  if (token?.state === 'rejected') return 'refused';
  if (token !== null && exchange.proves && endsWell(token)) return 'accepted';
  if (!exchange.proves) return 'unfinished';
  if (token !== null) return 'unseen';
  if (exchange.challenged) return wentThrough(attempt, status, head) ? 'accepted' : 'unseen';
  return afterCredentials(attempt, request, status, head, state);
}

/** Only who has accepted the client's token answers so: SPNEGO says so, or Kerberos proves the server in turn. */
const endsWell = ({ state, kerberos }: GssToken): boolean =>
  state === 'accepted' || (state === undefined && kerberos?.kind === 'ap-rep');

function wentThrough({ to }: Attempt, status: number, head: Head): boolean {
  // whatever the server thinks of the request, the proxy has let it pass
  if (to === 'proxy') return status < 500 && status !== 400 && status !== 403;
  if (status >= 300 && status < 400) return !leadsToLogin(head);
  return status < 300 || BEHIND_THE_DOOR.includes(status);
}

/** The same path, or one below it; what lies below the root is everything, and proves nothing. */
const isIn = (path: string, demanded: string): boolean =>
  path === demanded || (demanded.length > 1 && path.startsWith(`${demanded}/`));

/** An attempt whose answer was not seen, and will not be. */
export function stateUnanswered(attempt: Attempt, state: HttpState, out: Out): void {
  if (attempt.exchange && state.exchanges[attempt.to] === attempt.exchange) state.exchanges[attempt.to] = null;
  stateOutcome(attempt, 'unseen', state, out);
}

function stateOutcome(attempt: Attempt, outcome: Outcome, state: HttpState, out: Out): void {
  if (attempt.exchange) {
    out.fact(exchangeFact(attempt.exchange, outcome));
    return;
  }
  const { who } = attempt;
  if (who === null) return;
  // credentials that come with every request are one login, once they were accepted
  const key = `${attempt.to} ${attempt.scheme} ${who.principal ?? ''}`;
  if (outcome === 'accepted' && state.known.size < limits.paths) state.known.add(key);
  if (outcome === 'unseen' && state.known.has(key)) return;
  out.fact({ kind: 'authenticated', ...who, outcome });
}
