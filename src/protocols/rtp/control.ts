import { be16, be32 } from '../../bytes/read.ts';

/** A compound RTCP packet (RFC 3550 §6.1) as far as it reads in clear. */
export interface Compound {
  /** where reading in clear ends: at the end of the datagram it is all clear */
  at: number;
  /** it names somebody (SDES), or carries an application's data */
  content: boolean;
}

const senderReport = 200;
const receiverReport = 201;
const description = 202;
const goodbye = 203;
const application = 204;
const extendedReport = 207;

/** Reads packet by packet; an SRTCP packet has its first eight octets in clear (RFC 3711 §3.4), so only a whole reading tells. */
export function readCompound(bytes: Uint8Array, start: number, end: number): Compound {
  const compound: Compound = { at: start, content: false };
  // every turn moves on by a packet
  while (end - compound.at >= 4) {
    const { at } = compound;
    const length = 4 + 4 * be16(bytes, at + 2);
    const type = bytes[at + 1]!;
    if (bytes[at]! >> 6 !== 2 || type < senderReport || type > extendedReport || length > end - at) break;
    if (!isWellFormed(bytes, at, at + length, type)) break;
    compound.content ||= type === description || (type === application && length > 16);
    compound.at += length;
  }
  return compound;
}

function isWellFormed(bytes: Uint8Array, at: number, end: number, type: number): boolean {
  const count = bytes[at]! & 31;
  const length = end - at;
  switch (type) {
    // reports may be followed by a profile's own extension
    case senderReport:
      return length >= 28 + 24 * count;
    case receiverReport:
      return length >= 8 + 24 * count;
    case description:
      return isDescription(bytes, at + 4, end, count);
    case goodbye:
      return length >= 4 + 4 * count;
    case application:
      return length >= 12 && isText(bytes, at + 8, at + 12);
    default:
      return length >= 8;
  }
}

/** Chunks of an SSRC and items of text, ended by zeros to a multiple of four (RFC 3550 §6.5). */
function isDescription(bytes: Uint8Array, start: number, end: number, count: number): boolean {
  let at = start;
  for (let chunk = 0; chunk < count; chunk++) {
    at += 4;
    // every turn moves on by an item
    while (at < end && bytes[at] !== 0) {
      const next = at + 2 + (at + 1 < end ? bytes[at + 1]! : 0);
      if (bytes[at]! > 8 || next > end || !isText(bytes, at + 2, next)) return false;
      at = next;
    }
    if (at >= end) return false;
    at += 4 - ((at - start) % 4);
  }
  return count > 0 && at === end;
}

function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! < 0x20 || bytes[at] === 0x7f) return false;
  return true;
}

/** Whether RTCP or SRTCP begins here: the first packet's header in clear, and room for it. */
export function isControl(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 8 || bytes[start]! >> 6 !== 2) return false;
  const type = bytes[start + 1]!;
  return type >= senderReport && type <= extendedReport && 4 + 4 * be16(bytes, start + 2) <= end - start;
}

/**
 * Whether the trailer of an SRTCP packet says that it is encrypted: the E bit before an index that counts packets (RFC 3711
 * §3.4), followed by a tag of ten bytes, or preceded by the tag where an AEAD is used (RFC 7714 §9.2).
 */
export function saysEncrypted(bytes: Uint8Array, start: number, end: number, aead: boolean): boolean {
  const trailer = aead ? end - 4 : end - 14;
  return trailer >= start + 8 && be32(bytes, trailer) >>> 16 === 0x8000;
}
