// hot: called for every packet of an association that is still in question
import { be16 } from '../../bytes/read.ts';

/** What a payload shows of being this protocol in clear. */
export const NOT_READABLE = 0;
/** as it should, in few bits: TCP, whose checksum needs addresses */
export const PERHAPS_READABLE = 1;
/** in a length or checksum that chance does not meet */
export const READABLE = 2;

const ICMP = 1;
const IPV4 = 4;
const TCP = 6;
const UDP = 17;
const IPV6 = 41;

/** Whether a payload of this IP protocol number can be read between `start` and `end`, which it must fill. */
export function readability(protocol: number, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  switch (protocol) {
    case IPV4: {
      if (length < 20 || bytes[start]! >> 4 !== 4 || be16(bytes, start + 2) !== length) return NOT_READABLE;
      const header = (bytes[start]! & 0x0f) * 4;
      return header >= 20 && header <= length && checksumHolds(bytes, start, start + header) ? READABLE : NOT_READABLE;
    }
    case IPV6:
      return length >= 40 && bytes[start]! >> 4 === 6 && be16(bytes, start + 4) + 40 === length
        ? READABLE
        : NOT_READABLE;
    case UDP:
      return length >= 8 && be16(bytes, start + 4) === length ? READABLE : NOT_READABLE;
    case TCP:
      return looksLikeTcp(bytes, start, end) ? PERHAPS_READABLE : NOT_READABLE;
    case ICMP:
      return length >= 8 && checksumHolds(bytes, start, end) ? READABLE : NOT_READABLE;
    default:
      return NOT_READABLE;
  }
}

/** Whether a payload carries more than headers: bytes of TCP or UDP, or anything of a protocol that is not ICMP. */
export function hasContent(protocol: number, bytes: Uint8Array, start: number, end: number): boolean {
  switch (protocol) {
    case ICMP:
    case 58:
    case 59:
      return false;
    case TCP:
      return end - start > 20 && start + (bytes[start + 12]! >> 4) * 4 < end;
    case UDP:
      return end - start > 8;
    case IPV4: {
      const inside = start + (bytes[start]! & 0x0f) * 4;
      return end - start > 20 && bytes[start + 9] !== IPV4 && hasContent(bytes[start + 9]!, bytes, inside, end);
    }
    case IPV6:
      return end - start > 40 && bytes[start + 6] !== IPV6 && hasContent(bytes[start + 6]!, bytes, start + 40, end);
    default:
      return end > start;
  }
}

/** RFC 9293 §3.1: the header fits, reserved bits are zero, and the flags are some that go together. */
function looksLikeTcp(bytes: Uint8Array, start: number, end: number): boolean {
  const header = (bytes[start + 12]! >> 4) * 4;
  if (end - start < 20 || header < 20 || header > end - start || (bytes[start + 12]! & 0x0e) !== 0) return false;
  const flags = bytes[start + 13]! & 0x3f;
  const opensAndEnds = (flags & 0x02) !== 0 && (flags & 0x05) !== 0;
  return flags !== 0 && !opensAndEnds && be16(bytes, start) !== 0 && be16(bytes, start + 2) !== 0;
}

/** RFC 1071: the one's complement sum of the bytes, checksum included, is all ones. */
function checksumHolds(bytes: Uint8Array, start: number, end: number): boolean {
  let sum = 0;
  for (let at = start; at < end; at += 2) sum += (bytes[at]! << 8) | (at + 1 < end ? bytes[at + 1]! : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}
