// hot: called for every frame
import { be16, be32 } from '../../bytes/read.ts';
import type { Frame } from '../../capture/frame.ts';
import { limits } from '../../limits.ts';
import { giveUp, type Packet, shortHeader } from '../packet.ts';
import { decodeTransport } from '../transport/transport.ts';

/** IP of whichever version its first nibble says. */
export function decodeIp(frame: Frame, packet: Packet, at: number): void {
  const version = at < frame.end ? frame.bytes[at]! >> 4 : 0;
  if (version === 4) decodeIpv4(frame, packet, at);
  else if (version === 6) decodeIpv6(frame, packet, at);
  else giveUp(packet, 'malformed', 'ip', at - frame.start, 1, frame.end - at);
}

/** RFC 791. A total length of 0 is what segmentation offload leaves: the packet then reaches to the end of the frame. */
export function decodeIpv4(frame: Frame, packet: Packet, at: number): void {
  const bytes = frame.bytes;
  if (frame.end - at < 20) {
    shortHeader(packet, frame, 'ipv4', at, 20);
    return;
  }
  const headerLength = (bytes[at]! & 0x0f) * 4;
  if (bytes[at]! >> 4 !== 4 || headerLength < 20) {
    giveUp(packet, 'malformed', 'ipv4', at - frame.start, 20, headerLength);
    return;
  }
  if (frame.end - at < headerLength) {
    shortHeader(packet, frame, 'ipv4 options', at, headerLength);
    return;
  }
  const wireLeft = frame.wireLength - (at - frame.start);
  const totalLength = be16(bytes, at + 2) || wireLeft;
  if (totalLength < headerLength) {
    giveUp(packet, 'malformed', 'ipv4 total length', at - frame.start, headerLength, totalLength);
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
  packet.payloadEnd = Math.min(at + totalLength, frame.end);
  if (packet.moreFragments || packet.fragmentOffset > 0) {
    packet.fragmentId = be16(bytes, at + 4);
    packet.kind = 'fragment';
    return;
  }
  decodeTransport(packet, frame.start, frame.end - frame.start < frame.wireLength);
}

/** RFC 8200, through hop-by-hop, routing, destination, mobility, HIP, shim6 and fragment headers up to the cap. */
export function decodeIpv6(frame: Frame, packet: Packet, at: number): void {
  const bytes = frame.bytes;
  if (frame.end - at < 40) {
    shortHeader(packet, frame, 'ipv6', at, 40);
    return;
  }
  if (bytes[at]! >> 4 !== 6) {
    giveUp(packet, 'malformed', 'ipv6', at - frame.start, 40, frame.end - at);
    return;
  }
  // 0 is a jumbogram or segmentation offload: the packet then reaches to the end of the frame
  const length = be16(bytes, at + 4) || frame.wireLength - (at - frame.start) - 40;
  const end = at + 40 + length;
  packet.addressLength = 16;
  packet.source = at + 8;
  packet.destination = at + 24;
  let next = bytes[at + 6]!;
  let header = at + 40;
  for (let headers = 0; isExtension(next); headers++) {
    if (headers === limits.headers) {
      giveUp(packet, 'limit', 'ipv6 extension headers', header - frame.start, 8, frame.end - header);
      return;
    }
    if (Math.min(end, frame.end) - header < 8) {
      shortHeader(packet, frame, 'ipv6 extension header', header, 8);
      return;
    }
    const following = bytes[header]!;
    if (next === 44) {
      const fragment = be16(bytes, header + 2);
      packet.fragmentOffset = fragment & 0xfff8;
      packet.moreFragments = (fragment & 1) !== 0;
      if (packet.moreFragments || packet.fragmentOffset > 0) {
        packet.fragmentId = be32(bytes, header + 4);
        packet.protocol = following;
        packet.payloadStart = header + 8;
        packet.payloadLength = Math.max(0, end - header - 8);
        packet.payloadEnd = Math.min(end, frame.end);
        packet.kind = 'fragment';
        return;
      }
      header += 8;
    } else {
      header += (bytes[header + 1]! + 1) * 8;
    }
    next = following;
  }
  if (header > end || header > frame.end) {
    shortHeader(packet, frame, 'ipv6 extension header', Math.min(header, frame.end), 8);
    return;
  }
  packet.protocol = next;
  packet.payloadStart = header;
  packet.payloadLength = end - header;
  packet.payloadEnd = Math.min(end, frame.end);
  decodeTransport(packet, frame.start, frame.end - frame.start < frame.wireLength);
}

/** What was put together from fragments: in IPv6 further extension headers may come before the transport's (RFC 8200 §4.5). */
export function decodeFragmentable(packet: Packet): void {
  for (let headers = 0; packet.addressLength === 16 && isExtension(packet.protocol); headers++) {
    const { bytes, payloadStart: at, payloadLength: available } = packet;
    if (headers === limits.headers || packet.protocol === 44) {
      giveUp(packet, 'limit', 'ipv6 extension headers', at, 8, available);
      return;
    }
    const needed = available < 8 ? 8 : (bytes[at + 1]! + 1) * 8;
    if (needed > available) {
      giveUp(packet, 'malformed', 'ipv6 extension header', at, needed, available);
      return;
    }
    packet.protocol = bytes[at]!;
    packet.payloadStart += needed;
    packet.payloadLength -= needed;
  }
  decodeTransport(packet, 0, false);
}

/** Extension headers of 8-byte units (RFC 7045); AH is kept as a protocol of its own, as it says that IPsec is in use. */
function isExtension(next: number): boolean {
  return next === 0 || next === 43 || next === 44 || next === 60 || next === 135 || next === 139 || next === 140;
}
