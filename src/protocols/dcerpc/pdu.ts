// hot: called for every PDU.
import { Malformed } from '../../bytes/malformed.ts';
import { be16, be32, le16, le32 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';

/** The header of every connection-oriented PDU ([C706] §12.6.3.1), and the verifier at its end ([MS-RPCE] §2.2.2.11). */

export const HEADER = 16;
const SEC_TRAILER = 8;

/** packet types ([C706] §12.6.4; AUTH3: [MS-RPCE] §2.2.2.5; RTS: [MS-RPCH] §2.2.3) */
export const Ptype = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
  alterContext: 14,
  alterContextResponse: 15,
  auth3: 16,
  shutdown: 17,
  cancel: 18,
  orphaned: 19,
  rts: 20,
} as const;

/** pfc_flags ([C706] §12.6.3.1) */
export const FIRST_FRAGMENT = 0x01;
export const LAST_FRAGMENT = 0x02;
/** in binds and their answers ([MS-RPCE] §2.2.2.3) */
export const HEADER_SIGNING = 0x04;
export const OBJECT_UUID = 0x80;

/** The shortest PDU of each type: what follows is optional, or as long as the rest says. */
const shortest: Readonly<Record<number, number>> = {
  [Ptype.request]: 24,
  [Ptype.response]: 24,
  [Ptype.fault]: 28,
  [Ptype.bind]: 28,
  [Ptype.bindAck]: 26,
  [Ptype.bindNak]: 18,
  [Ptype.alterContext]: 28,
  [Ptype.alterContextResponse]: 26,
  [Ptype.auth3]: HEADER,
  [Ptype.shutdown]: HEADER,
  [Ptype.cancel]: HEADER,
  [Ptype.orphaned]: HEADER,
  [Ptype.rts]: HEADER,
};

/** Who sends a PDU of this type; RTS goes both ways. */
export function senderOf(type: number): Direction | 'both' {
  switch (type) {
    case Ptype.response:
    case Ptype.fault:
    case Ptype.bindAck:
    case Ptype.bindNak:
    case Ptype.alterContextResponse:
    case Ptype.shutdown:
      return 'server';
    case Ptype.rts:
      return 'both';
    default:
      return 'client';
  }
}

export const isLittleEndian = (bytes: Uint8Array, at: number): boolean => (bytes[at + 4]! & 0xf0) !== 0;

export const lengthAt = (bytes: Uint8Array, at: number): number =>
  isLittleEndian(bytes, at) ? le16(bytes, at + 8) : be16(bytes, at + 8);

/** Whether these bytes can be the beginning of a header, as far as they go; with all 16 of them, whether they are one. */
export function looksLikeHeader(bytes: Uint8Array, at: number, end: number): boolean {
  const there = Math.min(end - at, HEADER);
  if (there > 0 && bytes[at] !== 5) return false;
  if (there > 1 && bytes[at + 1]! > 1) return false;
  if (there > 2 && shortest[bytes[at + 2]!] === undefined) return false;
  // integers little or big-endian, characters ASCII or EBCDIC; floats IEEE, VAX, Cray or IBM; two reserved octets
  if (there > 4 && (bytes[at + 4]! & 0xee) !== 0) return false;
  if (there > 5 && bytes[at + 5]! > 3) return false;
  if (there > 6 && bytes[at + 6] !== 0) return false;
  if (there > 7 && bytes[at + 7] !== 0) return false;
  if (there < HEADER) return true;
  const length = lengthAt(bytes, at);
  const verifier = isLittleEndian(bytes, at) ? le16(bytes, at + 10) : be16(bytes, at + 10);
  if (verifier > 0 && length < HEADER + SEC_TRAILER + verifier) return false;
  return length >= shortest[bytes[at + 2]!]!;
}

/** What the PDU's verifier says of itself. */
export interface Verifier {
  authType: number;
  authLevel: number;
  /** which security context of the connection: auth_context_id */
  contextId: number;
  token: Uint8Array;
}

export interface Pdu {
  type: number;
  flags: number;
  littleEndian: boolean;
  callId: number;
  /** where the body ends: before the verifier and its padding */
  bodyEnd: number;
  verifier: Verifier | null;
}

/** The header and the verifier of the PDU that fills `reader`, which is left at the body. */
export function readPdu(reader: Reader): Pdu {
  const { bytes, start, end } = reader;
  const littleEndian = isLittleEndian(bytes, start);
  const authLength = littleEndian ? le16(bytes, start + 10) : be16(bytes, start + 10);
  reader.skip(HEADER);
  const pdu: Pdu = {
    type: bytes[start + 2]!,
    flags: bytes[start + 3]!,
    littleEndian,
    callId: littleEndian ? le32(bytes, start + 12) : be32(bytes, start + 12),
    bodyEnd: end,
    verifier: null,
  };
  if (authLength === 0) return pdu;
  const trailer = end - authLength - SEC_TRAILER;
  const padding = bytes[trailer + 2]!;
  if (trailer - padding < reader.at)
    throw new Malformed('dcerpc verifier', trailer - start, padding, trailer - reader.at);
  pdu.bodyEnd = trailer - padding;
  pdu.verifier = {
    authType: bytes[trailer]!,
    authLevel: bytes[trailer + 1]!,
    contextId: littleEndian ? le32(bytes, trailer + 4) : be32(bytes, trailer + 4),
    token: bytes.subarray(trailer + SEC_TRAILER, end),
  };
  return pdu;
}
