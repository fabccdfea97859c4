// hot: called for every frame
import { be16, be32 } from '../../bytes/read.ts';
import { carry, enter, giveUp, ipProtocols, type Packet, shortHeader, stop } from '../packet.ts';
import { mayCarry } from '../tunnels/udp-ports.ts';

/** IP protocols that carry packets or frames (IANA protocol numbers). */
const ipInIp = 4;
const ipv6InIp = 41;
const gre = 47;
const etherIp = 97;
const l2tpV3 = 115;
const mplsInIp = 137;

/** The transport header at `packet.payloadStart`; the payload fields move past it. */
export function decodeTransport(packet: Packet): void {
  switch (packet.protocol) {
    case ipProtocols.tcp:
      decodeTcp(packet);
      return;
    case ipProtocols.udp:
      decodeUdp(packet);
      return;
    case ipProtocols.icmp:
    case ipProtocols.icmp6:
      // an error quotes the packet that it is about, which is not in this frame
      if (packet.payloadEnd - packet.payloadStart >= 2) {
        packet.sourcePort = packet.bytes[packet.payloadStart]!;
        packet.destinationPort = packet.bytes[packet.payloadStart + 1]!;
      }
      break;
    case ipInIp:
    case ipv6InIp:
      carry(packet, 'other', packet.protocol === ipInIp ? 'ipv4' : 'ipv6', packet.payloadStart);
      enter(packet, 'ip-in-ip', null, true);
      return;
    case gre:
      carry(packet, 'other', 'gre', packet.payloadStart);
      return;
    case l2tpV3:
      carry(packet, 'other', 'l2tp-v3', packet.payloadStart);
      return;
    case etherIp:
      // RFC 3378: a version nibble of 3 and 12 bits that are zero
      if (packet.payloadEnd - packet.payloadStart < 2 || be16(packet.bytes, packet.payloadStart) !== 0x3000) break;
      carry(packet, 'other', 'ethernet', packet.payloadStart + 2);
      enter(packet, 'etherip', null, true);
      return;
    case mplsInIp:
      carry(packet, 'other', 'mpls', packet.payloadStart);
      return;
    default:
  }
  packet.kind = 'other';
  stop(packet);
}

/** RFC 9293 §3.1 */
function decodeTcp(packet: Packet): void {
  const bytes = packet.bytes;
  const at = packet.payloadStart;
  const available = packet.payloadEnd - at;
  if (available < 20) {
    shortTransport(packet, 'tcp', 20, available);
    return;
  }
  const headerLength = (bytes[at + 12]! >> 4) * 4;
  if (headerLength < 20 || headerLength > packet.payloadLength) {
    giveUp(packet, 'malformed', 'tcp data offset', at, headerLength, packet.payloadLength);
    return;
  }
  packet.sourcePort = be16(bytes, at);
  packet.destinationPort = be16(bytes, at + 2);
  packet.sequence = be32(bytes, at + 4);
  packet.acknowledgment = be32(bytes, at + 8);
  packet.flags = bytes[at + 13]!;
  packet.payloadStart = Math.min(at + headerLength, packet.payloadEnd);
  packet.payloadLength -= headerLength;
  packet.kind = 'tcp';
  stop(packet);
}

/** RFC 768; a length of 0 is a jumbogram's (RFC 2675), one that exceeds the IP payload is cut to it. */
function decodeUdp(packet: Packet): void {
  const bytes = packet.bytes;
  const at = packet.payloadStart;
  const available = packet.payloadEnd - at;
  if (available < 8) {
    shortTransport(packet, 'udp', 8, available);
    return;
  }
  const length = be16(bytes, at + 4) || packet.payloadLength;
  if (length < 8) {
    giveUp(packet, 'malformed', 'udp length', at, 8, length);
    return;
  }
  packet.sourcePort = be16(bytes, at);
  packet.destinationPort = be16(bytes, at + 2);
  packet.payloadStart = at + 8;
  packet.payloadLength = Math.min(length, packet.payloadLength) - 8;
  packet.payloadEnd = Math.min(packet.payloadStart + packet.payloadLength, packet.payloadEnd);
  packet.kind = 'udp';
  stop(packet);
  if (mayCarry(packet.sourcePort) || mayCarry(packet.destinationPort)) packet.reading.next = 'udp-payload';
}

/** A transport header that does not fit. What the IP header claims may be shorter than the frame, so `shortHeader` cannot tell what there is. */
function shortTransport(packet: Packet, layer: string, needed: number, available: number): void {
  shortHeader(packet, layer, packet.payloadStart, needed);
  packet.trouble.available = available;
}
