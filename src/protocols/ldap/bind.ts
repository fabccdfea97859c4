import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { asciiOf, contentOf, type Element, expectChild, hasMore, integerOf, readChild, textOf } from '../parts/ber.ts';
import { readToken } from '../parts/gssapi.ts';
import { type Sasl, saslChallenge, saslFact, saslResponse, startSasl } from '../parts/sasl.ts';
import type { Attempt, Bind, LdapState } from './state.ts';

/** BindRequest's choice of authentication (RFC 4511 §4.2; Sicily: [MS-ADTS] §5.1.1.1.3) */
const SIMPLE = 0x80;
const SASL = 0xa3;
const SICILY_DISCOVERY = 0x89;
const SICILY_NEGOTIATE = 0x8a;
const SICILY_RESPONSE = 0x8b;
/** in a Bind's `by` */
const SICILY = 'sicily';

const SERVER_SASL_CREDENTIALS = 0x87;

const SUCCESS = 0;
const SASL_BIND_IN_PROGRESS = 14;

export function readBindRequest(id: number, request: Element, state: LdapState, out: Out): void {
  integerOf(expectChild(request, 0x02));
  const name = expectChild(request, 0x04);
  const choice = readChild(request);
  switch (choice.tag) {
    case SIMPLE:
      simpleBind(id, name, choice, state, out);
      break;
    case SASL: {
      const mechanism = asciiOf(expectChild(choice, 0x04)).toUpperCase();
      exchangeStep(id, mechanism, hasMore(choice) ? contentOf(expectChild(choice, 0x04)) : null, state, out);
      break;
    }
    case SICILY_DISCOVERY:
    case SICILY_NEGOTIATE:
    case SICILY_RESPONSE: {
      const token = contentOf(choice);
      exchangeStep(id, SICILY, token, state, out);
      // the answers to discovery and negotiation say success and carry a list or a challenge
      if (state.bind) state.bind.successContinues = readToken(token).ntlm?.type !== 3;
      break;
    }
    default:
      beginBind(id, 'unknown', { mechanism: 'unknown', protected: true }, state, out);
  }
}

/** RFC 4513 §5.1: without a password nobody proves anything, whether a name is given ("unauthenticated") or not. */
function simpleBind(id: number, name: Element, password: Element, state: LdapState, out: Out): void {
  if (!hasMore(password)) {
    beginBind(id, 'simple', { mechanism: 'anonymous', protected: true }, state, out);
    return;
  }
  const attempt: Attempt = { mechanism: 'simple-bind', protected: false };
  if (hasMore(name)) attempt.principal = textOf(name);
  beginBind(id, 'simple', attempt, state, out);
  out.fact({ kind: 'exposed', content: 'credentials' });
}

function exchangeStep(id: number, by: string, credentials: Uint8Array | null, state: LdapState, out: Out): void {
  state.mayWrap = true;
  // without a mechanism the client gives up the exchange (RFC 4511 §4.2.1)
  if (by === '') {
    abandonBind(state, out);
    return;
  }
  let bind = state.bind;
  if (bind?.by !== by) bind = beginBind(id, by, startSasl(by === SICILY ? 'NTLM' : by), state, out);
  bind.id = id;
  bind.inProgress = false;
  if (credentials === null || !isSasl(bind.attempt)) return;
  const shownBefore = bind.attempt.secretShown;
  saslResponse(bind.attempt, credentials);
  if (bind.attempt.ticket) out.fact({ kind: 'described', what: 'ticket-shown', ...bind.attempt.ticket });
  if (bind.attempt.secretShown && !shownBefore) out.fact({ kind: 'exposed', content: 'credentials' });
}

function beginBind(id: number, by: string, attempt: Attempt | Sasl, state: LdapState, out: Out): Bind {
  abandonBind(state, out);
  state.bind = { id, by, attempt, inProgress: false, successContinues: false };
  return state.bind;
}

export function readBindResponse(id: number, response: Element, state: LdapState, out: Out): void {
  const code = integerOf(expectChild(response, 0x0a));
  // matchedDN; Sicily's challenge comes in its place
  const matched = contentOf(expectChild(response, 0x04));
  let challenge = state.bind?.by === SICILY ? matched : null;
  while (hasMore(response)) {
    const field = readChild(response);
    if (field.tag === SERVER_SASL_CREDENTIALS) challenge = contentOf(field);
  }
  if (challenge !== null) state.mayWrap = true;
  const bind = state.bind ?? (challenge && unseenBind(id, challenge));
  if (bind === null || bind.id !== id) return;
  if (isSasl(bind.attempt)) saslChallenge(bind.attempt, challenge);
  if (code === SASL_BIND_IN_PROGRESS || (code === SUCCESS && bind.successContinues)) {
    bind.inProgress = true;
    return;
  }
  state.bind = null;
  stateOutcome(bind, code === SUCCESS ? 'accepted' : 'refused', out);
  if (code !== SUCCESS) return;
  // what goes by from here on is somebody else's, or nobody's
  if ((state.boundBy === 'anonymous') !== (bind.attempt.mechanism === 'anonymous')) state.stated.directory = false;
  state.boundBy = bind.attempt.mechanism;
  state.beginsMessage = { client: true, server: true };
  state.signedOnly = false;
}

/** A bind whose request was not seen, as far as the server's token tells it. */
function unseenBind(id: number, challenge: Uint8Array): Bind | null {
  const { mechanism, inside } = readToken(challenge);
  if (mechanism !== 'kerberos' && mechanism !== 'ntlm') return null;
  const attempt: Attempt = { mechanism, ...(inside ? { inside } : {}), protected: true };
  return { id, by: 'unknown', attempt, inProgress: false, successContinues: false };
}

/** The open bind, if any, will have no outcome: the server asked for more and got none, or its answer was not seen. */
export function abandonBind(state: LdapState, out: Out): void {
  const { bind } = state;
  if (bind === null) return;
  state.bind = null;
  stateOutcome(bind, bind.inProgress ? 'unfinished' : 'unseen', out);
}

function stateOutcome({ attempt, by }: Bind, outcome: Authenticated['outcome'], out: Out): void {
  if (!isSasl(attempt)) {
    out.fact({ kind: 'authenticated', ...attempt, outcome });
    return;
  }
  for (const side of ['client', 'server'] as const) {
    const name = attempt.computers[side];
    if (name !== null) out.fact({ kind: 'described', what: 'peer-name', of: side, name });
  }
  const fact = saslFact(attempt, outcome);
  // RFC 4752: GSSAPI is Kerberos, whatever its tokens look like
  if (by === 'GSSAPI' && fact.mechanism === 'negotiate' && !fact.inside) fact.mechanism = 'kerberos';
  // Windows puts NTLMSSP into GSS-SPNEGO unwrapped ([MS-SPNG] §3.2.5.2)
  if (by === 'GSS-SPNEGO' && fact.mechanism !== 'negotiate') fact.inside = 'negotiate';
  if (by === 'GSS-SPNEGO' && fact.mechanism === 'negotiate') delete fact.inside;
  if (fact.mechanism === 'scram' || fact.mechanism === 'unknown') fact.version = attempt.name;
  out.fact(fact);
}

function isSasl(attempt: Attempt | Sasl): attempt is Sasl {
  return 'responses' in attempt;
}
