// hot: called for every SASL buffer. No allocation but where a fact is stated.
import { be16, be32, le32 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import { NEED_MORE, NOT_THIS_PROTOCOL, type Out } from '../analyzer.ts';
import type { ProtectionLevel } from '../fact.ts';
import { elementLength, headerLength } from '../parts/ber.ts';
import { wrapLevel } from '../parts/gssapi.ts';
import { isReadableWith } from '../parts/randomness.ts';
import { isContent } from './content.ts';
import { beginsMessage, operationAt, SEQUENCE } from './envelope.ts';
import type { LdapState } from './state.ts';

/**
 * The security layer of a SASL bind (RFC 4513 §5.2.1.3, RFC 4422 §3.7): buffers of a u32 BE length and a token. Whether
 * a token hides its content is told by the token, not by the mechanism that was negotiated.
 */

/** bytes that tell all but signed-only content: length 4, GSS-API header up to 19, Kerberos header 32, LDAP envelope 21 */
const HEAD = 80;
/** bytes; a sender fills a buffer before it cuts a message in two, and no negotiated size is this small (Windows, Cyrus: 64 KiB) */
const UNCUT = 4096;
const NTLM_SIGNATURE = 16;
/** DIGEST-MD5 (RFC 2831 §2.3, §2.4): a MAC of 10 bytes, then 00 01, then a u32 sequence number */
const DIGEST_TRAILER = 6;

/** Whether a SASL buffer begins here, judged without any bind seen. */
export function recogniseBuffer(bytes: Uint8Array, start: number, end: number): 'possible' | 'no' | 'more' {
  if (bytes[start] !== 0) return 'no';
  if (end - start < 4) return 'more';
  const length = be32(bytes, start);
  const token = start + 4;
  if (length < NTLM_SIGNATURE) return 'no';
  if (wrapLevel(bytes, token, Math.min(end, token + length)) !== null) return 'possible';
  if (end - token >= 4 && le32(bytes, token) === 1) return 'possible';
  return end - start < Math.min(4 + length, HEAD) ? 'more' : 'no';
}

export function frameBuffer(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  state: LdapState,
): number {
  if (end - start < 4) return NEED_MORE;
  const total = 4 + be32(bytes, start);
  if (total === 4) return NOT_THIS_PROTOCOL;
  const head = Math.min(total, HEAD);
  if (end - start < head) return NEED_MORE;
  if (total > limits.message || !needsWhole(bytes, start, start + head, direction, state)) return head;
  return end - start < total ? NEED_MORE : total;
}

/** What is signed only must be read until it was content; DIGEST-MD5 shows itself at the buffer's end. */
function needsWhole(bytes: Uint8Array, start: number, end: number, direction: Direction, state: LdapState): boolean {
  const level = levelOf(bytes, start, end, direction, state);
  if (level === 'integrity') return !state.stated.integrity;
  return level === null && state.boundBy === 'digest' && !state.stated.privacy;
}

export function readBuffer(reader: Reader, direction: Direction, state: LdapState, out: Out): void {
  const { bytes, at, end } = reader;
  const total = 4 + be32(bytes, at);
  if (total > end - at) out.skip(total - (end - at));
  const level = levelOf(bytes, at, end, direction, state);
  state.beginsMessage[direction] = total < UNCUT;
  switch (level) {
    case null:
      if (!state.stated.untold)
        out.blind('encrypted', 'ldap: a SASL layer that does not tell whether it hides its content');
      state.stated.untold = true;
      return;
    case 'privacy':
      if (isReadableWith(state.sealed[direction], bytes, at + ciphertextAt(bytes[at + 4]!), end)) {
        if (!state.stated.readable) out.blind('left-protocol', 'ldap: what says that it is sealed can be read');
        state.stated.readable = true;
        return;
      }
      if (state.stated.privacy) return;
      state.stated.privacy = true;
      out.fact({ kind: 'secured', mechanism: 'sasl', level });
      return;
    case 'integrity':
      if (state.stated.integrity || !holdsContent(bytes, at + 4, end)) return;
      state.stated.integrity = true;
      out.fact({ kind: 'secured', mechanism: 'sasl', level });
      return;
    default:
      level satisfies never;
  }
}

/** Behind length and header: that of RC4 (RFC 4757 §7.3) has 45 bytes, those of RFC 4121 §4.2.6.2 and NTLM 16. */
const ciphertextAt = (tag: number): number => 4 + (tag === 0x60 ? 45 : 16);

/** What the buffer at `start` does to its content, or null where it does not tell. Sets `signedOnly` where content is readable. */
function levelOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  state: LdapState,
): ProtectionLevel | null {
  const token = start + 4;
  const tokenEnd = token + be32(bytes, start);
  const level = wrapLevel(bytes, token, end);
  if (level !== null) return level;
  const ntlm = tokenEnd - token > NTLM_SIGNATURE && le32(bytes, token) === 1;
  if (isReadable(bytes, ntlm ? token + NTLM_SIGNATURE : token, end, tokenEnd)) state.signedOnly = true;
  if (state.signedOnly) return 'integrity';
  // unreadable is sealed only where a message must begin: it could be the rest of one that was cut
  if (!state.beginsMessage[direction]) return null;
  return ntlm || hasDigestTrailer(bytes, token, tokenEnd, end, state) ? 'privacy' : null;
}

/** An LDAP message begins at `at`, be its operation one that nobody knows, or a SEQUENCE fills the token, however strange it is inside. */
function isReadable(bytes: Uint8Array, at: number, end: number, tokenEnd: number): boolean {
  if (bytes[at] !== SEQUENCE) return false;
  return operationAt(bytes, at, end) > 0 || elementLength(bytes, at, end) === tokenEnd - at;
}

function hasDigestTrailer(bytes: Uint8Array, token: number, tokenEnd: number, end: number, state: LdapState): boolean {
  if (state.boundBy !== 'digest' || tokenEnd - token < 16 || tokenEnd > end) return false;
  return be16(bytes, tokenEnd - DIGEST_TRAILER) === 1;
}

/** Whether a signed-only token holds more than root DSE reads and a farewell. What cannot be read counts as content. */
function holdsContent(bytes: Uint8Array, token: number, end: number): boolean {
  let at = plaintextAt(bytes, token, end);
  if (beginsMessage(bytes, at, end) !== 1) return true;
  // the MAC or padding after the last message is no message
  while (beginsMessage(bytes, at, end) === 1) {
    const length = elementLength(bytes, at, end);
    if (at + length > end || isContent(bytes, operationAt(bytes, at, end), end)) return true;
    at += length;
  }
  return false;
}

/** Where the content of a signed-only token begins. */
function plaintextAt(bytes: Uint8Array, token: number, end: number): number {
  // RFC 4121 §4.2.6.2: header of 16, then content and checksum, rotated right by RRC (§4.2.5)
  if (bytes[token] === 0x05) {
    const length = end - token - 16;
    return token + 16 + (length > 0 ? be16(bytes, token + 6) % length : 0);
  }
  // RFC 1964 §1.2.2, RFC 4757 §7.3: GSS-API header, 8 of algorithms, 8 of sequence, checksum, 8 of confounder
  if (bytes[token] === 0x60) {
    const oid = token + headerLength(bytes, token);
    const header = oid + elementLength(bytes, oid, end);
    // SGN_ALG 04 00: HMAC SHA1 DES3-KD, of 20 bytes
    const checksum = bytes[header + 2] === 0x04 ? 20 : 8;
    return header + 16 + checksum + 8;
  }
  return le32(bytes, token) === 1 ? token + NTLM_SIGNATURE : token;
}
