import { utf8 } from '../../bytes/text.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { readToken } from '../parts/gssapi.ts';
import { decodeBase64, saslFact, saslResponse, startSasl } from '../parts/sasl.ts';
import { type Head, type Recipient, valuesOf } from './head.ts';
import type { Attempt, Exchange, HttpState } from './state.ts';

const CREDENTIALS_FIELD: Record<Recipient, string> = { server: 'authorization', proxy: 'proxy-authorization' };
const SASL_NAMES: Record<string, string> = { ntlm: 'NTLM', negotiate: 'GSS-SPNEGO', kerberos: 'GSSAPI' };

/** The credentials that a request's head carries. What shows a password or a token is stated at once: no answer takes that back. */
export function readCredentials(head: Head, state: HttpState, out: Out): Attempt[] {
  const attempts: Attempt[] = [];
  for (const to of ['server', 'proxy'] as const) {
    const values = valuesOf(head, CREDENTIALS_FIELD[to]).slice(0, limits.mechanisms);
    if (values.length > 1) out.blind('malformed', 'http: credentials twice in one request');
    for (const value of values) {
      const parts = /^(\S+)(?:[ \t]+(.*))?$/s.exec(value);
      if (parts) attempts.push(readOne(to, parts[1]!.toLowerCase(), parts[2] ?? '', state, out));
    }
  }
  return attempts;
}

function readOne(to: Recipient, scheme: string, rest: string, state: HttpState, out: Out): Attempt {
  switch (scheme) {
    case 'basic': {
      if (rest !== '') out.fact({ kind: 'exposed', content: 'credentials' });
      const principal = basicUser(rest);
      return { to, scheme, exchange: null, who: { mechanism: 'basic', ...principal, protected: false } };
    }
    case 'bearer':
      if (rest !== '') out.fact({ kind: 'exposed', content: 'credentials' });
      return { to, scheme, exchange: null, who: { mechanism: 'bearer', protected: false } };
    case 'digest':
      return { to, scheme, exchange: null, who: { mechanism: 'digest', ...digestUser(rest), protected: true } };
    case 'ntlm':
    case 'negotiate':
    case 'kerberos':
      return { to, scheme, exchange: step(to, scheme, rest, state, out), who: null };
    default:
      return {
        to,
        scheme,
        exchange: null,
        who: { mechanism: 'unknown', version: scheme.slice(0, 32), protected: true },
      };
  }
}

/** RFC 7617 §2: everything up to the first colon. */
function basicUser(rest: string): { principal?: string } {
  const bytes = decodeBase64(rest.trim());
  if (bytes === null) return {};
  const colon = bytes.indexOf(0x3a);
  return colon < 1 ? {} : { principal: utf8(bytes.subarray(0, colon)) };
}

/** RFC 7616 §3.4: the name, unless it is hashed (§3.4.4). */
function digestUser(rest: string): { principal?: string } {
  if (/(?:^|,)\s*userhash\s*=\s*"?true/i.test(rest)) return {};
  const quoted = /(?:^|,)\s*username\s*=\s*"((?:[^"\\]|\\.)*)"/is.exec(rest)?.[1]?.replace(/\\(.)/g, '$1');
  const name = quoted ?? /(?:^|,)\s*username\*?\s*=\s*(?:UTF-8'\w*')?([^",\s]+)/i.exec(rest)?.[1];
  return name ? { principal: name.slice(0, limits.text) } : {};
}

function step(to: Recipient, scheme: string, rest: string, state: HttpState, out: Out): Exchange {
  const bytes = decodeBase64(rest.trim());
  const token = readToken(bytes ?? new Uint8Array(0));
  const opens = token.ntlm?.type === 1 || token.offered.length > 0 || token.kerberos?.kind === 'ap-req';
  let exchange = state.exchanges[to];
  if (exchange === null || exchange.scheme !== scheme || !exchange.waiting || opens) {
    leaveExchange(to, state, out);
    exchange = {
      scheme,
      sasl: startSasl(SASL_NAMES[scheme]!),
      proves: false,
      challenged: false,
      waiting: false,
    };
    state.exchanges[to] = exchange;
  }
  exchange.waiting = false;
  saslResponse(exchange.sasl, bytes);
  const named = token.mechanism === 'ntlm' || token.mechanism === 'kerberos';
  exchange.proves =
    token.ntlm?.type === 3 ||
    token.kerberos?.kind === 'ap-req' ||
    (!named && token.offered.length === 0 && bytes !== null && bytes.length > 0);
  const ticket = token.kerberos?.ticket;
  if (ticket) {
    const { service, realm, etype } = ticket;
    out.fact({ kind: 'described', what: 'ticket-shown', service, realm, etype });
  }
  nameComputer('client', exchange, out);
  return exchange;
}

export function nameComputer(of: 'client' | 'server', { sasl }: Exchange, out: Out): void {
  const name = sasl.computers[of];
  if (name) out.fact({ kind: 'described', what: 'peer-name', of, name });
}

/** Nobody goes on with the negotiation that the server has asked to go on with. */
export function leaveExchange(to: Recipient, state: HttpState, out: Out): void {
  const exchange = state.exchanges[to];
  state.exchanges[to] = null;
  if (exchange?.waiting) out.fact(exchangeFact(exchange, 'unfinished'));
}

export function exchangeFact({ scheme, sasl }: Exchange, outcome: Authenticated['outcome']): Authenticated {
  const fact = saslFact(sasl, outcome);
  if (scheme !== 'negotiate') return fact;
  // Windows puts NTLMSSP into Negotiate unwrapped ([MS-SPNG] §3.2.5.2)
  if (fact.mechanism === 'negotiate') delete fact.inside;
  else fact.inside = 'negotiate';
  return fact;
}
