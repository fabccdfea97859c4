import type { ProtectionLevel } from '../fact.ts';
import { type Element, element } from './der.ts';
import { readTicket, type Ticket } from './kerberos-token.ts';
import { isNtlm, type NtlmMessage, readNtlm } from './ntlmssp.ts';

export type GssMechanism = 'kerberos' | 'ntlm' | 'negotiate' | 'unknown';

/** What a GSS-API context token tells in clear: SPNEGO (RFC 4178), Kerberos (RFC 4121) or NTLMSSP, one inside the other. */
export interface GssToken {
  /** what is really used: the innermost token's; `negotiate` where SPNEGO carries none that is known */
  mechanism: GssMechanism;
  /** the token was wrapped in SPNEGO */
  inside?: 'negotiate';
  /** mechTypes of a NegTokenInit, in order: offers, which prove nothing */
  offered: GssMechanism[];
  /** supportedMech of a NegTokenResp */
  chosen?: GssMechanism;
  /** negState of a NegTokenResp */
  state?: 'accepted' | 'incomplete' | 'rejected' | 'request-mic';
  ntlm?: NtlmMessage;
  kerberos?: KerberosToken;
  /** it ends before its lengths say */
  damaged: boolean;
}

export interface KerberosToken {
  kind: 'ap-req' | 'ap-rep' | 'error' | 'wrap' | 'mic' | 'other';
  /** of an AP-REQ: the ticket's */
  ticket?: Ticket;
}

const OIDS: readonly (readonly [string, GssMechanism])[] = [
  ['2a864886f712010202', 'kerberos'],
  // Microsoft's own: 1.2.840.48018.1.2.2, a mistake in Windows 2000 that stayed ([MS-SPNG] §3.1.5.2)
  ['2a864882f712010202', 'kerberos'],
  ['2a864886f71201020203', 'kerberos'],
  ['2b06010401823702020a', 'ntlm'],
  ['2b0601050502', 'negotiate'],
];

/** mechTypes kept of one NegTokenInit; Windows offers four at most */
const MECHANISMS_KEPT = 16;
const STATES = ['accepted', 'incomplete', 'rejected', 'request-mic'] as const;

/** Reads a token of either side: initial or response, wrapped or not. Never throws: what cannot be read is `unknown` or `damaged`. */
export function readToken(bytes: Uint8Array): GssToken {
  const token: GssToken = { mechanism: 'unknown', offered: [], damaged: false };
  const outer = element(bytes, 0, bytes.length);
  if (isNtlm(bytes)) return inner(bytes, token);
  if (outer === null) return inner(bytes, token);
  if (outer.tag === 0x60) {
    const oid = element(bytes, outer.from, outer.to);
    if (oid?.tag !== 0x06) return { ...token, damaged: true };
    if (mechanismOf(bytes, oid) !== 'negotiate') return inner(bytes, token);
    token.damaged = outer.cut;
    return negotiation(bytes, oid.to, outer.to, token);
  }
  // a NegTokenInit without its GSS header is accepted by Windows; a NegTokenResp never has one
  if (outer.tag === 0xa0 || outer.tag === 0xa1) return negotiation(bytes, 0, bytes.length, token);
  return inner(bytes, token);
}

/** What a per-message token of Kerberos (RFC 4121 §4.2.6, RFC 4757 §7.3, RFC 1964 §1.2.2) does to its content; null where it does not tell, as NTLM's. */
export function wrapLevel(bytes: Uint8Array, start = 0, end = bytes.length): ProtectionLevel | null {
  if (end - start < 8) return null;
  if (bytes[start] === 0x05 && bytes[start + 1] === 0x04 && bytes[start + 3] === 0xff) {
    return (bytes[start + 2]! & 0x02) !== 0 ? 'privacy' : 'integrity';
  }
  if (bytes[start] !== 0x60) return null;
  const outer = element(bytes, start, end);
  if (outer === null) return null;
  const oid = element(bytes, outer.from, end);
  if (oid === null || oid.cut || oid.tag !== 0x06 || mechanismOf(bytes, oid) !== 'kerberos') return null;
  // TOK_ID 02 01, SGN_ALG, SEAL_ALG (FF FF: none)
  const at = oid.to;
  if (at + 6 > end || bytes[at] !== 0x02 || bytes[at + 1] !== 0x01) return null;
  return bytes[at + 4] === 0xff && bytes[at + 5] === 0xff ? 'integrity' : 'privacy';
}

/** Whether a Kerberos signature begins here, which stands apart from what it signs (RFC 4121 §4.2.6.1, RFC 1964 §1.2.1). */
export function isMic(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  if (end - start < 8) return false;
  if (bytes[start] === 0x04 && bytes[start + 1] === 0x04) return bytes[start + 3] === 0xff;
  const outer = bytes[start] === 0x60 ? element(bytes, start, end) : null;
  const oid = outer && element(bytes, outer.from, end);
  if (!oid || oid.cut || oid.tag !== 0x06 || mechanismOf(bytes, oid) !== 'kerberos') return false;
  return oid.to + 2 <= end && bytes[oid.to] === 0x01 && bytes[oid.to + 1] === 0x01;
}

/** NegTokenInit [0] or NegTokenResp [1], RFC 4178 §4.2. */
function negotiation(bytes: Uint8Array, from: number, to: number, token: GssToken): GssToken {
  token.inside = 'negotiate';
  token.mechanism = 'negotiate';
  const choice = element(bytes, from, to);
  const sequence = choice && element(bytes, choice.from, choice.to);
  if (choice === null || sequence?.tag !== 0x30) return { ...token, damaged: true };
  const initial = choice.tag === 0xa0;
  for (let at = sequence.from; at < sequence.to; ) {
    const tagged = element(bytes, at, sequence.to);
    const value = tagged && element(bytes, tagged.from, tagged.to);
    if (tagged === null || value === null) return { ...token, damaged: true };
    if (tagged.cut || value.cut) token.damaged = true;
    if (initial && tagged.tag === 0xa0) token.offered = mechanisms(bytes, value);
    if (!initial && tagged.tag === 0xa0) token.state = STATES[bytes[value.from]!] ?? 'incomplete';
    if (!initial && tagged.tag === 0xa1) token.chosen = mechanismOf(bytes, value);
    if (tagged.tag === 0xa2 && value.tag === 0x04) {
      inner(bytes.subarray(value.from, value.to), token);
    }
    at = tagged.to;
  }
  return token;
}

/** A mechanism's own token: NTLMSSP, Kerberos with its GSS header, or a bare Kerberos message (DCE style, [MS-KILE] §3.4.5). */
function inner(bytes: Uint8Array, token: GssToken): GssToken {
  const ntlm = readNtlm(bytes);
  if (ntlm !== null) {
    token.mechanism = 'ntlm';
    token.ntlm = ntlm;
    if (ntlm.damaged) token.damaged = true;
    return token;
  }
  const kerberos = kerberosToken(bytes);
  if (kerberos === null) return token;
  token.kerberos = kerberos;
  // a request for a user-to-user ticket (TOK_ID 04 00) comes before Kerberos, if that is what comes
  if (kerberos.kind !== 'other') token.mechanism = 'kerberos';
  return token;
}

function kerberosToken(bytes: Uint8Array): KerberosToken | null {
  const level = wrapLevel(bytes);
  if (level !== null) return { kind: 'wrap' };
  if (bytes.length >= 16 && bytes[0] === 0x04 && bytes[1] === 0x04 && bytes[3] === 0xff) return { kind: 'mic' };
  const outer = element(bytes, 0, bytes.length);
  if (outer === null) return null;
  if (outer.tag !== 0x60) return bareKerberos(bytes, 0, outer);
  const oid = element(bytes, outer.from, outer.to);
  if (oid === null || mechanismOf(bytes, oid) !== 'kerberos') return null;
  const message = element(bytes, oid.to + 2, outer.to);
  if (bytes[oid.to + 1] !== 0x00) return { kind: 'other' };
  return (message && bareKerberos(bytes, oid.to + 2, message)) ?? { kind: 'other' };
}

/** An AP-REQ, AP-REP or KRB-ERROR: APPLICATION 14, 15, 30 with a SEQUENCE inside. */
function bareKerberos(bytes: Uint8Array, at: number, message: Element): KerberosToken | null {
  if (bytes[message.from] !== 0x30) return null;
  if (message.tag === 0x6f) return { kind: 'ap-rep' };
  if (message.tag === 0x7e) return { kind: 'error' };
  if (message.tag !== 0x6e) return null;
  const ticket = readTicket(bytes.subarray(at));
  return ticket === null ? { kind: 'ap-req' } : { kind: 'ap-req', ticket };
}

function mechanisms(bytes: Uint8Array, list: Element): GssMechanism[] {
  const found: GssMechanism[] = [];
  for (let at = list.from; at < list.to && found.length < MECHANISMS_KEPT; ) {
    const oid = element(bytes, at, list.to);
    if (oid === null) break;
    const mechanism = mechanismOf(bytes, oid);
    if (!found.includes(mechanism)) found.push(mechanism);
    at = oid.to;
  }
  return found;
}

function mechanismOf(bytes: Uint8Array, oid: Element): GssMechanism {
  if (oid.to - oid.from > 16) return 'unknown';
  const hex = Buffer.from(bytes.subarray(oid.from, oid.to)).toString('hex');
  return OIDS.find(([known]) => known === hex)?.[1] ?? 'unknown';
}
