import { be16, be32 } from '../../bytes/read.ts';
import { looksLikeFrame, looksLikeIp } from '../link/plausible.ts';
import { carry, enter, giveUp, goOn, type Packet } from '../packet.ts';

const flags = { control: 0x8000, length: 0x4000, sequence: 0x0800, offset: 0x0200 } as const;

/** A data message over UDP of version 2 (RFC 2661 §3.1) or 3 (RFC 3931 §4.1.2). What is neither stays a datagram. */
export function decodeL2tp(packet: Packet): void {
  const { bytes, payloadStart: start, payloadEnd: end } = packet;
  if (end - start < 8) return;
  const set = be16(bytes, start);
  if ((set & flags.control) !== 0) return;
  if ((set & 0x0f) === 3) {
    carry(packet, 'udp', 'l2tp-v3', start + 4);
    return;
  }
  // version 2; reserved bits are zero
  if ((set & 0x34ff) !== 0x0002) return;
  const ids = start + ((set & flags.length) !== 0 ? 4 : 2);
  let header = ids + 4 + ((set & flags.sequence) !== 0 ? 4 : 0);
  if ((set & flags.offset) !== 0) header += 2 + (header + 2 <= end ? be16(bytes, header) : 0);
  if (header >= end) return;
  const session = be32(bytes, ids);
  carry(packet, 'udp', 'ppp', header);
  enter(packet, 'l2tp', session, true);
}

/**
 * Version 3: a session, then a cookie and perhaps four bytes of a sublayer, whose lengths only the two ends know: where a
 * frame or packet begins that makes sense is where it begins.
 */
export function decodeL2tpV3(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  const session = end - at >= 4 ? be32(bytes, at) : 0;
  for (let begins = at + 4; session !== 0 && begins <= at + 16; begins += 4) {
    const next = carried(packet, begins);
    if (next === null) continue;
    if (enter(packet, 'l2tp', session, true)) goOn(packet, next, begins);
    return;
  }
  giveUp(packet, 'unknown-link', 'l2tp v3', at, 0, end - at);
}

function carried(packet: Packet, at: number): 'ip' | 'ethernet' | 'ppp' | null {
  const { bytes, reading } = packet;
  if (looksLikeIp(packet, at)) return 'ip';
  const isPpp = reading.end - at >= 4 && be32(bytes, at) >>> 8 === 0xff0300;
  if (isPpp) return 'ppp';
  return looksLikeFrame(packet, at) ? 'ethernet' : null;
}
