// hot: called for every frame
import { be16, be32 } from '../../bytes/read.ts';
import { giveUp, ipProtocols, type Packet } from '../packet.ts';

/**
 * The transport header at `packet.payloadStart`; the payload fields move past it. `frameStart` is what offsets in
 * trouble count from; `cut` says that the frame was captured short.
 */
export function decodeTransport(packet: Packet, frameStart: number, cut: boolean): void {
  switch (packet.protocol) {
    case ipProtocols.tcp:
      decodeTcp(packet, frameStart, cut);
      return;
    case ipProtocols.udp:
      decodeUdp(packet, frameStart, cut);
      return;
    case ipProtocols.icmp:
    case ipProtocols.icmp6:
      if (packet.payloadEnd - packet.payloadStart >= 2) {
        packet.sourcePort = packet.bytes[packet.payloadStart]!;
        packet.destinationPort = packet.bytes[packet.payloadStart + 1]!;
      }
      packet.kind = 'other';
      return;
    default:
      packet.kind = 'other';
  }
}

/** RFC 9293 §3.1 */
function decodeTcp(packet: Packet, frameStart: number, cut: boolean): void {
  const bytes = packet.bytes;
  const at = packet.payloadStart;
  const available = packet.payloadEnd - at;
  if (available < 20) {
    giveUp(packet, cut ? 'truncated-capture' : 'malformed', 'tcp', at - frameStart, 20, available);
    return;
  }
  const headerLength = (bytes[at + 12]! >> 4) * 4;
  if (headerLength < 20 || headerLength > packet.payloadLength) {
    giveUp(packet, 'malformed', 'tcp data offset', at - frameStart, headerLength, packet.payloadLength);
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
}

/** RFC 768; a length of 0 is a jumbogram's (RFC 2675), one that exceeds the IP payload is cut to it. */
function decodeUdp(packet: Packet, frameStart: number, cut: boolean): void {
  const bytes = packet.bytes;
  const at = packet.payloadStart;
  const available = packet.payloadEnd - at;
  if (available < 8) {
    giveUp(packet, cut ? 'truncated-capture' : 'malformed', 'udp', at - frameStart, 8, available);
    return;
  }
  const length = be16(bytes, at + 4) || packet.payloadLength;
  if (length < 8) {
    giveUp(packet, 'malformed', 'udp length', at - frameStart, 8, length);
    return;
  }
  packet.sourcePort = be16(bytes, at);
  packet.destinationPort = be16(bytes, at + 2);
  packet.payloadStart = at + 8;
  packet.payloadLength = Math.min(length, packet.payloadLength) - 8;
  packet.payloadEnd = Math.min(packet.payloadStart + packet.payloadLength, packet.payloadEnd);
  packet.kind = 'udp';
}
