// hot: called for every request and response. No allocation.
import { le32 } from '../../bytes/read.ts';
import { wrapLevel } from '../parts/gssapi.ts';
import { netlogonLevel } from './netlogon-token.ts';
import type { Verifier } from './pdu.ts';
import type { RpcState, SecurityContext } from './state.ts';

/** auth_type ([MS-RPCE] §2.2.1.1.7) */
export const AuthType = { spnego: 9, ntlm: 10, schannel: 14, kerberos: 16, netlogon: 68, default: 255 } as const;

/** auth_level ([MS-RPCE] §2.2.1.1.8); levels below `integrity` leave the content as it is */
export const INTEGRITY = 5;
export const PRIVACY = 6;

/** bytes; the signature of NTLM is the shortest there is ([MS-NLMP] §2.2.2.9) */
const SHORTEST_TOKEN = 16;

/** What is known of how a PDU's content went. */
export type Protection = 'none' | 'integrity' | 'privacy' | 'untold';

/**
 * What a verifier does to the content before it. It claims a level; the token must bear it out where its mechanism shows
 * what it did, and so must the content.
 */
export function protectionOf(
  verifier: Verifier,
  state: RpcState,
  bytes: Uint8Array,
  start: number,
  end: number,
): Protection {
  const context = state.security.get(verifier.contextId);
  const level = context ? Math.min(context.authLevel, verifier.authLevel) : verifier.authLevel;
  // what no level has a name for promises nothing
  if (level < INTEGRITY || verifier.authLevel > PRIVACY || verifier.token.length < SHORTEST_TOKEN) return 'none';
  if (level === INTEGRITY) return 'integrity';
  // a level that is claimed and plainly not kept
  if (isReadable(bytes, start, end, state.sealed)) return 'none';
  return hasKey(context, verifier, state.partial) ? shownBy(verifier, context) : 'untold';
}

/** Nobody seals without a key that a login has made, unless that was not seen. */
function hasKey(context: SecurityContext | undefined, { authType }: Verifier, partial: boolean): boolean {
  if (context === undefined) return partial;
  return context.authType === authType && (context.proven || partial);
}

/** What the token itself shows: how far it can be believed. */
function shownBy({ authType, token }: Verifier, context: SecurityContext | undefined): Protection {
  switch (authType) {
    case AuthType.netlogon:
      return netlogonLevel(token) ?? 'untold';
    case AuthType.kerberos:
      return kerberosLevel(token);
    case AuthType.ntlm:
    case AuthType.default:
      return isNtlmSignature(token) ? ntlmLevel(context) : 'untold';
    case AuthType.spnego:
      return isNtlmSignature(token) ? ntlmLevel(context) : kerberosLevel(token);
    case AuthType.schannel:
      // TLS hides and shows nothing of which of the two it did
      return 'privacy';
    default:
      return 'untold';
  }
}

const isNtlmSignature = (token: Uint8Array): boolean => token.length === SHORTEST_TOKEN && le32(token, 0) === 1;

/** NTLM seals only what was negotiated to be sealed; the signature does not say. */
const ntlmLevel = (context: SecurityContext | undefined): Protection =>
  context?.seals === false ? 'untold' : 'privacy';

/** A MIC (RFC 4121 §4.2.6.1, RFC 1964 §1.2.1) guards, a wrap token says what it does. */
function kerberosLevel(token: Uint8Array): Protection {
  const level = wrapLevel(token);
  if (level !== null) return level;
  if (token[0] === 0x04 && token[1] === 0x04 && token[3] === 0xff) return 'integrity';
  return isOldMic(token) ? 'integrity' : 'untold';
}

/** 60 length, the OID of Kerberos, TOK_ID 01 01. */
function isOldMic(token: Uint8Array): boolean {
  const oid = token.indexOf(0x06, 2);
  if (token[0] !== 0x60 || oid < 0 || oid > 4) return false;
  const id = oid + 2 + token[oid + 1]!;
  return token[id] === 0x01 && token[id + 1] === 0x01;
}

/**
 * Of ciphertext every other byte has its high bit set. Seven standard deviations less, which the least that is looked at
 * must have, come by chance once in 10^12 times: content that is marshalled as NDR, full of zeros and text, is that far away.
 * Calls too short to tell alone tell together, a stretch of them after the other.
 */
function isReadable(bytes: Uint8Array, start: number, end: number, short: RpcState['sealed']): boolean {
  const count = Math.max(0, Math.min(end - start, 512));
  let high = 0;
  for (let at = start; at < start + count; at++) if (bytes[at]! >= 0x80) high++;
  if (isFarFromRandom(high, count)) return true;
  if (count > SHORT) return false;
  if (short.bytes >= STRETCH) {
    short.bytes = 0;
    short.high = 0;
  }
  short.bytes += count;
  short.high += high;
  return isFarFromRandom(short.high, short.bytes);
}

/** bytes of a call that text of the same length would be told from ciphertext by, with some to spare */
const SHORT = 128;
/** bytes of short calls that are looked at together */
const STRETCH = 1024;

const isFarFromRandom = (high: number, count: number): boolean => high < count / 2 - 3.5 * Math.sqrt(count);
