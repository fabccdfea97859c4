import { be16, be32 } from '../../bytes/read.ts';
import { limits } from '../../limits.ts';
import { enter, giveUp, goOn, type Packet, shortHeader, stop } from '../packet.ts';
import { looksLikeFrame, looksLikeIp } from './plausible.ts';

/** RFC 3032: labels up to the one that says it is the last. What follows says nothing of itself, so its content tells. */
export function decodeMpls(packet: Packet): void {
  const { bytes, reading } = packet;
  let { at } = reading;
  for (let labels = 0; ; labels++) {
    if (labels === limits.headers) {
      giveUp(packet, 'limit', 'mpls', at, 4, reading.end - at);
      return;
    }
    if (reading.end - at < 4) {
      shortHeader(packet, 'mpls', at, 4);
      return;
    }
    const entry = be32(bytes, at);
    at += 4;
    if ((entry & 0x100) === 0) continue;
    if (!enter(packet, 'mpls', entry >>> 12, false)) return;
    decodeLabelled(packet, at);
    return;
  }
}

/** IP, or an Ethernet pseudowire with a control word or without (RFC 4448, RFC 4385 §3: its first nibble is 0; 1 is a channel). */
function decodeLabelled(packet: Packet, at: number): void {
  const { bytes, reading } = packet;
  if (reading.end - at < 4) {
    shortHeader(packet, 'mpls payload', at, 4);
    return;
  }
  const nibble = bytes[at]! >> 4;
  if (looksLikeIp(packet, at)) goOn(packet, 'ip', at);
  else if (nibble === 0 && looksLikeFrame(packet, at + 4)) goOn(packet, 'ethernet', at + 4);
  else if (looksLikeFrame(packet, at)) goOn(packet, 'ethernet', at);
  else if (nibble === 4 || nibble === 6) goOn(packet, 'ip', at);
  else if (nibble === 1) stop(packet);
  else giveUp(packet, 'unknown-link', 'mpls payload', at, be16(bytes, at), reading.end - at);
}
