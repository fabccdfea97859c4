import { be16, be24, be32 } from '../../bytes/read.ts';
import { looksLikeFrame, looksLikeIp } from '../link/plausible.ts';
import { carry, enter, type Packet, stop } from '../packet.ts';
import { decodeL2tp } from './l2tp.ts';
import { tunnelPorts } from './udp-ports.ts';

/** A datagram on a port of tunnels: if its content is one, what it carries is read; if not, it is a datagram like others. */
export function decodeUdpPayload(packet: Packet): void {
  const { reading } = packet;
  reading.end = packet.payloadEnd;
  reading.wireEnd = packet.payloadStart + packet.payloadLength;
  stop(packet);
  open(packet, packet.destinationPort);
  if (reading.next === 'done' && packet.kind === 'udp') open(packet, packet.sourcePort);
}

function open(packet: Packet, port: number): void {
  switch (port) {
    case tunnelPorts.vxlan:
    case tunnelPorts.oldVxlan:
      decodeVxlan(packet);
      return;
    case tunnelPorts.geneve:
      decodeGeneve(packet);
      return;
    case tunnelPorts.gtpU:
      decodeGtpU(packet);
      return;
    case tunnelPorts.l2tp:
      decodeL2tp(packet);
      return;
    case tunnelPorts.teredo:
      decodeTeredo(packet);
      return;
    default:
  }
}

/** RFC 7348 §5: of the flags only "network identifier is valid"; with a group policy extension also 0x80 and its bits. */
function decodeVxlan(packet: Packet): void {
  const { bytes, payloadStart: at, payloadEnd: end } = packet;
  if (end - at < 8 || (bytes[at]! & 0x7f) !== 0x08 || bytes[at + 7] !== 0) return;
  const plain = bytes[at] === 0x08;
  if (plain && be24(bytes, at + 1) !== 0) return;
  if (!looksLikeFrame(packet, at + 8)) return;
  const network = be24(bytes, at + 4);
  carry(packet, 'udp', 'ethernet', at + 8);
  enter(packet, 'vxlan', network, true);
}

/** RFC 8926 §3.4: version 0, options in words, protocol type, network identifier, a zero. */
function decodeGeneve(packet: Packet): void {
  const { bytes, payloadStart: at, payloadEnd: end } = packet;
  if (end - at < 8 || bytes[at]! >> 6 !== 0 || (bytes[at + 1]! & 0x3f) !== 0 || bytes[at + 7] !== 0) return;
  const begins = at + 8 + (bytes[at]! & 0x3f) * 4;
  if (begins > end) return;
  const network = be24(bytes, at + 4);
  const type = be16(bytes, at + 2);
  if (type === 0x6558) carry(packet, 'udp', 'ethernet', begins);
  else if (type === 0x0800 || type === 0x86dd || type === 0x8847) carry(packet, 'udp', 'ether-type', begins, type);
  else return;
  enter(packet, 'geneve', network, true);
}

/** 3GPP TS 29.281 §5: version 1, a G-PDU; then sequence, N-PDU and extension headers, each of which says how long it is and what follows. */
function decodeGtpU(packet: Packet): void {
  const { bytes, payloadStart: start, payloadEnd: end } = packet;
  if (end - start < 8 || (bytes[start]! & 0xf0) !== 0x30 || bytes[start + 1] !== 0xff) return;
  if (be16(bytes, start + 2) > packet.payloadLength - 8) return;
  let at = start + 8;
  if ((bytes[start]! & 0x07) !== 0) {
    let next = (bytes[start]! & 0x04) !== 0 && at + 4 <= end ? bytes[at + 3]! : 0;
    at += 4;
    while (next !== 0) {
      const length = at < end ? bytes[at]! * 4 : 0;
      if (length === 0 || at + length > end) return;
      next = bytes[at + length - 1]!;
      at += length;
    }
  }
  const version = at < end ? bytes[at]! >> 4 : 0;
  if (version !== 4 && version !== 6) return;
  const endpoint = be32(bytes, start + 4);
  carry(packet, 'udp', 'ip', at);
  enter(packet, 'gtp-u', endpoint, true);
}

/** RFC 4380 §5.1.1: authentication and origin may come before the IPv6 packet, which fills the datagram. */
function decodeTeredo(packet: Packet): void {
  const { bytes, payloadStart, payloadEnd: end } = packet;
  let at = payloadStart;
  if (end - at >= 13 && be16(bytes, at) === 1) at += 13 + bytes[at + 2]! + bytes[at + 3]!;
  if (end - at >= 8 && be16(bytes, at) === 0) at += 8;
  if (end - at < 40 || bytes[at]! >> 4 !== 6 || !looksLikeIp(packet, at)) return;
  carry(packet, 'udp', 'ipv6', at);
  enter(packet, 'teredo', null, true);
}
