// hot: called for every frame
import { be16, be32 } from '../../bytes/read.ts';
import { limits } from '../../limits.ts';
import { giveUp, goOn, type Packet, shortHeader, stop } from '../packet.ts';
import { decodeTransport } from '../transport/transport.ts';

/** IP of whichever version its first nibble says. */
export function decodeIp(packet: Packet): void {
  const { at, end } = packet.reading;
  const version = at < end ? packet.bytes[at]! >> 4 : 0;
  if (version === 4) decodeIpv4(packet);
  else if (version === 6) decodeIpv6(packet);
  else giveUp(packet, 'malformed', 'ip', at, 1, end - at);
}

/** RFC 791. A total length of 0 is what segmentation offload leaves: the packet then reaches to the end of the frame. */
export function decodeIpv4(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 20) {
    shortHeader(packet, 'ipv4', at, 20);
    return;
  }
  const headerLength = (bytes[at]! & 0x0f) * 4;
  if (bytes[at]! >> 4 !== 4 || headerLength < 20) {
    giveUp(packet, 'malformed', 'ipv4', at, 20, headerLength);
    return;
  }
  if (end - at < headerLength) {
    shortHeader(packet, 'ipv4 options', at, headerLength);
    return;
  }
  const totalLength = be16(bytes, at + 2) || reading.wireEnd - at;
  if (totalLength < headerLength) {
    giveUp(packet, 'malformed', 'ipv4 total length', at, headerLength, totalLength);
    return;
  }
  packet.addressLength = 4;
  packet.source = at + 12;
  packet.destination = at + 16;
  packet.protocol = bytes[at + 9]!;
  const fragment = be16(bytes, at + 6);
  packet.fragmentOffset = (fragment & 0x1fff) * 8;
  packet.moreFragments = (fragment & 0x2000) !== 0;
  packet.payloadStart = at + headerLength;
  packet.payloadLength = totalLength - headerLength;
  packet.payloadEnd = Math.min(at + totalLength, end);
  if (packet.moreFragments || packet.fragmentOffset > 0) {
    packet.fragmentId = be16(bytes, at + 4);
    packet.kind = 'fragment';
    stop(packet);
    return;
  }
  decodeTransport(packet);
}

/** RFC 8200. */
export function decodeIpv6(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 40) {
    shortHeader(packet, 'ipv6', at, 40);
    return;
  }
  if (bytes[at]! >> 4 !== 6) {
    giveUp(packet, 'malformed', 'ipv6', at, 40, end - at);
    return;
  }
  // 0 is a jumbogram or segmentation offload: the packet then reaches to the end of the frame
  const length = be16(bytes, at + 4) || reading.wireEnd - at - 40;
  packet.addressLength = 16;
  packet.source = at + 8;
  packet.destination = at + 24;
  packet.protocol = bytes[at + 6]!;
  packet.payloadStart = at + 40;
  packet.payloadLength = Math.max(0, length);
  packet.payloadEnd = Math.min(at + 40 + packet.payloadLength, end);
  decodeIpPayload(packet);
}

/**
 * What an IP packet carries: in IPv6 hop-by-hop, routing, destination, mobility, HIP, shim6 and fragment headers up to the
 * cap, also in what was put together from fragments (RFC 8200 §4.5) or authenticated; then the transport.
 */
export function decodeIpPayload(packet: Packet): void {
  const { bytes } = packet;
  for (let headers = 0; packet.addressLength === 16 && isExtension(packet.protocol); headers++) {
    const { payloadStart: at, payloadEnd: end } = packet;
    const available = Math.max(0, end - at);
    if (headers === limits.headers) {
      giveUp(packet, 'limit', 'ipv6 extension headers', at, 8, available);
      return;
    }
    if (available < 8) {
      shortHeader(packet, 'ipv6 extension header', at, 8);
      return;
    }
    const next = bytes[at]!;
    const length = packet.protocol === 44 ? 8 : (bytes[at + 1]! + 1) * 8;
    if (length > available) {
      shortHeader(packet, 'ipv6 extension header', at, length);
      return;
    }
    const isFragment = packet.protocol === 44;
    packet.protocol = next;
    packet.payloadStart += length;
    packet.payloadLength -= length;
    if (!isFragment) continue;
    const fragment = be16(bytes, at + 2);
    packet.fragmentOffset = fragment & 0xfff8;
    packet.moreFragments = (fragment & 1) !== 0;
    if (packet.moreFragments || packet.fragmentOffset > 0) {
      packet.fragmentId = be32(bytes, at + 4);
      packet.kind = 'fragment';
      stop(packet);
      return;
    }
  }
  decodeTransport(packet);
}

/** Extension headers of 8-byte units (RFC 7045); AH is kept as a protocol of its own, as it says that IPsec is in use. */
function isExtension(next: number): boolean {
  return next === 0 || next === 43 || next === 44 || next === 60 || next === 135 || next === 139 || next === 140;
}

/** Goes on with a packet whose payload was put together or uncovered. */
export function readOn(packet: Packet): void {
  goOn(packet, 'ip-payload', packet.payloadStart);
}
