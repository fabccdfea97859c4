import { be32 } from '../../bytes/read.ts';
import { decodeLayers } from '../layers.ts';
import { readOn } from '../network/ip.ts';
import { enter, ipProtocols, type Packet } from '../packet.ts';

/**
 * What an authentication header guards, and leaves readable (RFC 4302 §2): the packet becomes what is inside, a transport or
 * a whole packet. False where it guards nothing that could be read.
 */
export function openAuthenticated(packet: Packet): boolean {
  const { bytes, payloadStart: at, payloadEnd: end, carrier, reading } = packet;
  if (packet.protocol !== ipProtocols.ah || end - at < 12) return false;
  const length = (bytes[at + 1]! + 2) * 4;
  if (length < 12 || length > end - at) return false;
  carrier.kind = 'none';
  packet.kind = 'none';
  packet.trouble.why = 'nothing';
  if (!enter(packet, 'ah', be32(bytes, at + 4), true)) return false;
  packet.protocol = bytes[at]!;
  packet.payloadStart += length;
  packet.payloadLength -= length;
  reading.end = end;
  reading.wireEnd = packet.payloadStart + packet.payloadLength;
  readOn(packet);
  decodeLayers(packet);
  return packet.kind !== 'none';
}
