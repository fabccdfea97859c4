import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { readToken } from '../parts/gssapi.ts';
import { type Sasl, saslChallenge, saslFact, saslResponse, startSasl } from '../parts/sasl.ts';
import { property } from './content.ts';
import { type Exchange, type Pending, remember, type SmbState, startPending } from './state.ts';

/** What a server says of a session that it has let in ([MS-SMB2] §2.2.6, [MS-CIFS] §2.2.4.53.2). */
export interface Admission {
  guest: boolean;
  anonymous: boolean;
}

const startExchange = (mechanism: string): Exchange => ({
  sasl: startSasl(mechanism),
  waiting: false,
  proven: false,
});

/** The login that a client's message goes on with, or a new one. */
export function nextStep(session: string | null, state: SmbState): Exchange {
  const goesOn = session === null ? undefined : state.exchanges.get(session);
  if (session !== null) state.exchanges.delete(session);
  const exchange = goesOn ?? startExchange('GSS-SPNEGO');
  exchange.waiting = false;
  return exchange;
}

export function waitForAnswer(exchange: Exchange, request: number, command: number, state: SmbState, out: Out): void {
  const unanswered = state.pending.get(request)?.exchange;
  if (unanswered && unanswered !== exchange) abandon(unanswered, out);
  remember(state.pending, request, { ...startPending(command), exchange }, out);
}

/** The login that a server's message answers: by its request, or by the session where that was not seen. */
export function answered(session: string, pending: Pending | null, state: SmbState, out: Out): Exchange {
  const left = state.exchanges.get(session);
  state.exchanges.delete(session);
  if (left && pending?.exchange) abandon(left, out);
  return pending?.exchange ?? left ?? startExchange('GSS-SPNEGO');
}

/** The flow has ended with these logins under way. */
export function abandonLogins(state: SmbState, out: Out): void {
  for (const exchange of state.exchanges.values()) abandon(exchange, out);
  for (const { exchange } of state.pending.values()) if (exchange) abandon(exchange, out);
}

/** The client's next token: SPNEGO, or NTLMSSP as it is. */
export function clientToken(exchange: Exchange, token: Uint8Array, out: Out): void {
  saslResponse(exchange.sasl, token);
  const { ntlm, kerberos } = readToken(token);
  exchange.proven ||= ntlm?.type === 3 || kerberos?.kind === 'ap-req';
  const { ticket } = exchange.sasl;
  if (ticket) out.fact({ kind: 'described', what: 'ticket-shown', ...ticket });
}

/** The server's next token. An AP-REP is an answer to Kerberos, whether or not the AP-REQ was seen. */
export function serverToken({ sasl }: Exchange, token: Uint8Array): void {
  saslChallenge(sasl, token);
  const { mechanism, inside, kerberos } = readToken(token);
  if (kerberos?.kind !== 'ap-rep' || sasl.mechanism !== 'negotiate') return;
  sasl.mechanism = mechanism;
  sasl.inside = inside ?? null;
}

/** The mechanisms of a server's first token ([MS-SMB2] §2.2.4): offers, which prove nothing. */
export function stateOffer(token: Uint8Array, out: Out): void {
  const mechanisms = readToken(token).offered.filter((name) => name !== 'unknown');
  if (mechanisms.length > 0) out.fact({ kind: 'offered', what: 'authentication', mechanisms });
}

/** The server has let somebody in; a session of a guest or of nobody has no key to sign with. */
export function admit(exchange: Exchange, session: string, by: Admission, state: SmbState, out: Out): boolean {
  // a server that lets in who has not proven anything has authenticated nobody
  const proven = exchange.proven || !state.complete;
  const fact = factOf(exchange.sasl, proven ? 'accepted' : 'unfinished');
  if (by.guest) fact.mechanism = 'guest';
  if (by.anonymous) fact.mechanism = 'anonymous';
  if (by.guest || by.anonymous) {
    fact.outcome = 'accepted';
    delete fact.inside;
    delete fact.etype;
    delete fact.version;
  }
  stateLogin(exchange.sasl, fact, out);
  const keyed = fact.mechanism !== 'guest' && fact.mechanism !== 'anonymous' && fact.protected && proven;
  // the key of a session stays the one of its first login ([MS-SMB2] §3.3.5.5.3)
  const known = state.sessions.get(session);
  if (known) known.keyed ||= keyed;
  return keyed;
}

export function refuse({ sasl }: Exchange, out: Out): void {
  stateLogin(sasl, factOf(sasl, 'refused'), out);
}

/** No answer will be seen any more, or the client gave up. */
function abandon({ sasl, waiting }: Exchange, out: Out): void {
  stateLogin(sasl, factOf(sasl, waiting ? 'unfinished' : 'unseen'), out);
}

function factOf(sasl: Sasl, outcome: Authenticated['outcome']): Authenticated {
  const fact = saslFact(sasl, outcome);
  if (fact.mechanism === 'negotiate') delete fact.inside;
  return fact;
}

function stateLogin(sasl: Sasl, fact: Authenticated, out: Out): void {
  for (const side of ['client', 'server'] as const) {
    const name = sasl.computers[side];
    if (name !== null) out.fact({ kind: 'described', what: 'peer-name', of: side, name });
  }
  out.fact(fact);
}

/** Which side says that it does without no signature (SecurityMode, [MS-SMB2] §2.2.3 and §2.2.4). */
export function stateSigningRequired(by: 'client' | 'server', out: Out): void {
  property(out, 'smb-signing-required', by);
}
