import { be16 } from '../../bytes/read.ts';
import type { Packet } from '../packet.ts';

/** Whether an IP header begins here whose length fits what is there and, in IPv4, whose checksum is right. */
export function looksLikeIp(packet: Packet, at: number): boolean {
  const { bytes, reading } = packet;
  const left = reading.wireEnd - at;
  if (reading.end - at < 20) return false;
  const first = bytes[at]!;
  if (first >> 4 === 6) return be16(bytes, at + 4) + 40 <= left;
  const headerLength = (first & 0x0f) * 4;
  if (first >> 4 !== 4 || headerLength < 20 || headerLength > reading.end - at) return false;
  return be16(bytes, at + 2) >= headerLength && be16(bytes, at + 2) <= left && isSummed(bytes, at, headerLength);
}

/** RFC 1071: the ones' complement sum of a header with its checksum is all ones. */
function isSummed(bytes: Uint8Array, at: number, length: number): boolean {
  let sum = 0;
  for (let i = 0; i < length; i += 2) sum += be16(bytes, at + i);
  sum = (sum & 0xffff) + (sum >>> 16);
  return (sum & 0xffff) + (sum >>> 16) === 0xffff;
}

/** Whether an Ethernet frame begins here that carries something known. */
export function looksLikeFrame(packet: Packet, at: number): boolean {
  const { bytes, reading } = packet;
  if (reading.end - at < 14) return false;
  const etherType = be16(bytes, at + 12);
  switch (etherType) {
    case 0x0800:
    case 0x86dd:
      return reading.end - at >= 15 && bytes[at + 14]! >> 4 === (etherType === 0x0800 ? 4 : 6);
    case 0x0806:
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
    case 0x8847:
    case 0x8848:
    case 0x8863:
    case 0x8864:
    case 0x88cc:
    case 0x88e5:
    case 0x9000:
    case 0x6558:
      return true;
    default:
      return etherType >= 3 && etherType <= 1500 && etherType <= reading.wireEnd - at - 14;
  }
}
