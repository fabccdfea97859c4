import { utf8 } from '../../bytes/text.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Authenticated, AuthenticationMechanism } from '../fact.ts';
import { readToken } from './gssapi.ts';
import type { Ticket } from './kerberos-token.ts';

/**
 * One SASL exchange (RFC 4422), told response by response. Keeps who and how; never a response, a challenge or a password.
 */
export interface Sasl {
  /** the mechanism as asked for, in upper case */
  name: string;
  /** as proven so far; GSSAPI and GSS-SPNEGO are `negotiate` until a token says more */
  mechanism: AuthenticationMechanism;
  inside: 'negotiate' | null;
  /** false where the exchange shows the password or the token itself */
  protected: boolean;
  principal: string | null;
  version: string | null;
  etype: number | null;
  /** the Kerberos ticket last shown, as far as it is readable */
  ticket: Ticket | null;
  /** a password or bearer token went by in clear */
  secretShown: boolean;
  /** what each side's NTLM message says its computer is called */
  computers: Record<Direction, string | null>;
  /** responses read so far */
  responses: number;
  /** LOGIN: the server's prompt was for a password */
  askedForSecret: boolean;
  /** bytes of the client were lost, so that no response can be told for the name any more */
  lost: boolean;
}

const MECHANISMS: Record<string, AuthenticationMechanism> = {
  PLAIN: 'plain',
  LOGIN: 'login',
  NTLM: 'ntlm',
  GSSAPI: 'negotiate',
  'GSS-SPNEGO': 'negotiate',
  'GS2-KRB5': 'kerberos',
  'CRAM-MD5': 'cram-md5',
  'DIGEST-MD5': 'digest',
  EXTERNAL: 'external',
  ANONYMOUS: 'anonymous',
  XOAUTH2: 'bearer',
  OAUTHBEARER: 'bearer',
  EXCHANGEAUTH: 'exchangeauth',
};

/** The client has asked for the mechanism `name`. */
export function startSasl(name: string): Sasl {
  const upper = name.toUpperCase();
  const mechanism = upper.startsWith('SCRAM-') ? 'scram' : (MECHANISMS[upper] ?? 'unknown');
  return {
    name: upper,
    mechanism,
    inside: null,
    protected: mechanism !== 'plain' && mechanism !== 'login' && mechanism !== 'bearer',
    principal: null,
    version: mechanism === 'scram' ? upper.slice(0, 32) : null,
    etype: null,
    ticket: null,
    secretShown: false,
    computers: { client: null, server: null },
    responses: 0,
    askedForSecret: false,
    lost: false,
  };
}

/** The client's next response, initial or not, decoded; null where it could not be. Never throws. */
export function saslResponse(sasl: Sasl, bytes: Uint8Array | null): void {
  const empty = bytes !== null && bytes.length === 0;
  switch (sasl.mechanism) {
    case 'plain':
      readPlain(sasl, bytes);
      break;
    case 'login':
      readLogin(sasl, bytes);
      break;
    case 'bearer':
      if (!empty) sasl.secretShown = true;
      break;
    case 'cram-md5':
      name(sasl, /^(.+) [0-9a-f]{32}$/is, bytes);
      break;
    case 'digest':
      if (sasl.responses === 0 || sasl.principal === null) name(sasl, /(?:^|,)\s*username="((?:[^"\\]|\\.)*)"/s, bytes);
      break;
    case 'scram':
      if (sasl.responses === 0) name(sasl, /^[nyp][^,]*,[^,]*,(?:m=[^,]*,)?n=([^,]*),/s, bytes);
      break;
    case 'external':
      if (sasl.responses === 0) name(sasl, /^(.+)$/s, bytes);
      break;
    case 'negotiate':
    case 'kerberos':
    case 'ntlm':
      if (bytes !== null) readGss(sasl, bytes, 'client');
      break;
    default:
      break;
  }
  sasl.responses++;
}

/** The server's next challenge, decoded; null where it could not be. Never throws. */
export function saslChallenge(sasl: Sasl, bytes: Uint8Array | null): void {
  if (bytes === null) return;
  if (sasl.mechanism === 'login') {
    sasl.askedForSecret = /pass/i.test(utf8(bytes));
  } else if (sasl.mechanism === 'negotiate' || sasl.mechanism === 'kerberos' || sasl.mechanism === 'ntlm') {
    readGss(sasl, bytes, 'server');
  }
}

/** What the exchange comes to. */
export function saslFact(sasl: Sasl, outcome: Authenticated['outcome']): Authenticated {
  return {
    kind: 'authenticated',
    // an optimistic Kerberos token may have been turned down in what was lost (RFC 4178 §4.2.2)
    ...(sasl.inside && sasl.lost && sasl.mechanism === 'kerberos'
      ? { mechanism: 'negotiate' as const }
      : { mechanism: sasl.mechanism, ...(sasl.inside ? { inside: sasl.inside } : {}) }),
    outcome,
    ...(sasl.principal === null ? {} : { principal: sasl.principal }),
    protected: sasl.protected,
    ...(sasl.version === null ? {} : { version: sasl.version }),
    ...(sasl.etype === null ? {} : { etype: sasl.etype }),
  };
}

/** Base64 (RFC 4648 §4) decoded, padding optional; `=` alone is empty (RFC 4954 §4); null where it is none. */
export function decodeBase64(value: string): Uint8Array | null {
  if (value === '' || value === '=') return new Uint8Array(0);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return null;
  return new Uint8Array(Buffer.from(value, 'base64'));
}

/** RFC 4616: authorisation identity NUL name NUL password. */
function readPlain(sasl: Sasl, bytes: Uint8Array | null): void {
  if (bytes === null) {
    sasl.secretShown = true;
    return;
  }
  const first = bytes.indexOf(0);
  const second = first < 0 ? -1 : bytes.indexOf(0, first + 1);
  if (second < 0) {
    if (bytes.length > 0) sasl.secretShown = true;
    return;
  }
  if (second > first + 1) sasl.principal = utf8(bytes.subarray(first + 1, second));
  if (second + 1 < bytes.length) sasl.secretShown = true;
}

/** The name, then the password. Only the first response can be the name, and not if the server asked for something else: clients may not heed prompts. */
function readLogin(sasl: Sasl, bytes: Uint8Array | null): void {
  const isName = sasl.responses === 0 && !sasl.lost && !sasl.askedForSecret;
  if (!isName) {
    if (bytes === null || bytes.length > 0) sasl.secretShown = true;
  } else if (bytes !== null && bytes.length > 0) sasl.principal = utf8(bytes);
}

/** The last token with a mechanism in it decides: a server may turn an optimistic Kerberos token down for NTLM. */
function readGss(sasl: Sasl, bytes: Uint8Array, from: Direction): void {
  const token = readToken(bytes);
  if (token.inside) sasl.inside = token.inside;
  if (token.ntlm) sasl.computers[from] = token.ntlm.computer ?? sasl.computers[from];
  // who is challenged by NTLM will answer by it, though the answer may be lost
  if (from === 'server' && token.ntlm?.type === 2 && sasl.mechanism !== 'ntlm') {
    sasl.mechanism = 'ntlm';
    sasl.etype = null;
  }
  if (from === 'server' || (token.mechanism !== 'kerberos' && token.mechanism !== 'ntlm')) return;
  if (token.kerberos?.kind === 'error') return;
  if (token.ntlm?.type === 3) {
    sasl.mechanism = token.ntlm.anonymous ? 'anonymous' : 'ntlm';
    sasl.version = token.ntlm.version;
    sasl.principal = token.ntlm.principal;
    sasl.etype = null;
    return;
  }
  if (sasl.mechanism !== token.mechanism) sasl.etype = null;
  sasl.mechanism = token.mechanism;
  if (!token.kerberos?.ticket) return;
  sasl.ticket = token.kerberos.ticket;
  sasl.etype = sasl.ticket.etype;
}

function name(sasl: Sasl, pattern: RegExp, bytes: Uint8Array | null): void {
  if (bytes === null) return;
  const found = pattern.exec(utf8(bytes, bytes.length))?.[1];
  if (found) sasl.principal = found.slice(0, limits.text);
}
