import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated, AuthenticationMechanism } from '../fact.ts';
import { readToken } from '../parts/gssapi.ts';
import type { Ticket } from '../parts/kerberos-token.ts';
import { decodeBase64 } from '../parts/sasl.ts';
import type { SipMessage } from './message.ts';

/** What a request shows of who sends it (RFC 3261 §22, [MS-SIPAE]). Never a response or a token. */
export interface Attempt {
  /** in lower case */
  scheme: string;
  mechanism: AuthenticationMechanism;
  inside: 'negotiate' | null;
  principal: string | null;
  version: string | null;
  /** the Kerberos ticket that it shows, as far as that is readable */
  ticket: Ticket | null;
  /** what its NTLM message calls the sender's computer */
  computer: string | null;
  /** false where it shows the password or token itself */
  protected: boolean;
  /** it proves something: a first step, or a digest without a response, does not */
  proves: boolean;
}

const SCHEMES: Record<string, AuthenticationMechanism> = {
  digest: 'digest',
  basic: 'basic',
  bearer: 'bearer',
  ntlm: 'ntlm',
  kerberos: 'kerberos',
  negotiate: 'negotiate',
  'tls-dsk': 'certificate',
};

/** The challenges of an answer: schemes in lower case, with their parameters. */
export function challengesOf(message: SipMessage): { scheme: string; text: string }[] {
  const all = [...valuesOf(message, 'www-authenticate'), ...valuesOf(message, 'proxy-authenticate')];
  return all.map((text) => ({ scheme: schemeOf(text), text })).filter(({ scheme }) => scheme !== '');
}

export function attemptsOf(message: SipMessage): Attempt[] {
  const all = [...valuesOf(message, 'authorization'), ...valuesOf(message, 'proxy-authorization')];
  return all.slice(0, limits.mechanisms).map(readAttempt);
}

export function isStale(challenges: readonly { text: string }[]): boolean {
  return challenges.some(({ text }) => /^true$/i.test(parameter(text, 'stale') ?? ''));
}

/** The answer asks for another step of this exchange, instead of turning it down. */
export function goesOn({ scheme, proves }: Attempt, challenges: readonly { scheme: string; text: string }[]): boolean {
  const asked = challenges.find((challenge) => challenge.scheme === scheme);
  return !proves && asked !== undefined && (parameter(asked.text, 'gssapi-data') ?? '') !== '';
}

export function stateAttempt(attempt: Attempt, outcome: Authenticated['outcome'], out: Out): void {
  const { mechanism, inside, principal, version, ticket } = attempt;
  out.fact({
    kind: 'authenticated',
    mechanism,
    ...(inside === null ? {} : { inside }),
    outcome: attempt.proves ? outcome : 'unfinished',
    ...(principal === null ? {} : { principal }),
    protected: attempt.protected,
    ...(version === null ? {} : { version }),
    ...(ticket === null ? {} : { etype: ticket.etype }),
  });
}

/** The name that a challenge's NTLM message gives the server's computer. */
export function challengerOf(challenges: readonly { text: string }[]): string | null {
  const tokens = challenges.map(({ text }) => decodeBase64(parameter(text, 'gssapi-data') ?? ''));
  return tokens.map((bytes) => (bytes ? readToken(bytes).ntlm?.computer : null)).find((name) => !!name) ?? null;
}

function readAttempt(text: string): Attempt {
  const scheme = schemeOf(text);
  const attempt: Attempt = {
    scheme,
    mechanism: SCHEMES[scheme] ?? 'unknown',
    inside: null,
    principal: null,
    version: scheme === 'tls-dsk' ? scheme : null,
    ticket: null,
    computer: null,
    protected: scheme !== 'basic' && scheme !== 'bearer',
    proves: true,
  };
  if (scheme === 'digest') readDigest(text, attempt);
  else if (scheme === 'basic') readBasic(text, attempt);
  else if (scheme === 'bearer') attempt.proves = /^bearer +\S/i.test(text);
  else readGss(text, attempt);
  return attempt;
}

/** RFC 8760, 7616: a hashed name names nobody; without a response nothing is proven (RFC 3310 §3.4 begins so). */
function readDigest(text: string, attempt: Attempt): void {
  const name = parameter(text, 'username');
  if (name && !/^true$/i.test(parameter(text, 'userhash') ?? '')) attempt.principal = name.slice(0, limits.text);
  attempt.proves = (parameter(text, 'response') ?? '') !== '';
}

function readBasic(text: string, attempt: Attempt): void {
  const pair = Buffer.from(decodeBase64(text.slice(6).trim()) ?? []).toString();
  const colon = pair.indexOf(':');
  attempt.proves = colon >= 0;
  if (colon > 0) attempt.principal = pair.slice(0, Math.min(colon, limits.text));
}

/** [MS-SIPAE] §2.2.2: `gssapi-data` while the security association is set up; after that a `response` signs each message. */
function readGss(text: string, attempt: Attempt): void {
  const data = parameter(text, 'gssapi-data');
  if (data === null) {
    attempt.proves = (parameter(text, 'response') ?? '') !== '';
    return;
  }
  const bytes = decodeBase64(data);
  attempt.proves = false;
  if (bytes === null || bytes.length === 0 || attempt.scheme === 'tls-dsk') {
    // what a TLS-DSK handshake comes to only the messages signed after it tell
    return;
  }
  const token = readToken(bytes);
  if (token.mechanism !== 'unknown') attempt.mechanism = token.mechanism;
  if (token.inside) attempt.inside = token.inside;
  attempt.computer = token.ntlm?.computer ?? null;
  if (token.ntlm?.type === 3) {
    attempt.proves = !token.ntlm.anonymous;
    if (token.ntlm.anonymous) attempt.mechanism = 'anonymous';
    attempt.principal = token.ntlm.principal;
    attempt.version = token.ntlm.version;
  } else if (token.kerberos?.kind === 'ap-req') {
    attempt.proves = true;
    attempt.ticket = token.kerberos.ticket ?? null;
  }
}

const schemeOf = (text: string): string => /^[A-Za-z][A-Za-z0-9-]{0,31}(?= |$)/.exec(text)?.[0].toLowerCase() ?? '';

/** A parameter's value, quoted or not; null where it is not there. */
function parameter(text: string, name: string): string | null {
  // sticky: a name inside another parameter's quotes is none
  const pattern = /[\s,]*([A-Za-z0-9_*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;
  pattern.lastIndex = text.search(/ |$/);
  // every turn moves on by a parameter
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    if (found[1]!.toLowerCase() === name) return found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? '';
  }
  return null;
}

const valuesOf = ({ headers }: SipMessage, name: string): string[] => headers.get(name) ?? [];
