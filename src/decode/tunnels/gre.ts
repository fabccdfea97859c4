import { be16, be32 } from '../../bytes/read.ts';
import { enter, giveUp, goOn, type Packet, shortHeader } from '../packet.ts';

const protocolTypes = { erspan: 0x88be, erspan3: 0x22eb, ppp: 0x880b, wccp: 0x883e } as const;

const flags = { checksum: 0x8000, routing: 0x4000, key: 0x2000, sequence: 0x1000, acknowledgment: 0x0080 } as const;

/** RFC 2784 and RFC 2890, with RFC 1701's routing; version 1 is PPTP's (RFC 2637 §4.1), where the key holds a call. */
export function decodeGre(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 4) {
    shortHeader(packet, 'gre', at, 4);
    return;
  }
  const set = be16(bytes, at);
  const version = set & 7;
  const type = be16(bytes, at + 2);
  const keyAt = at + 4 + (version === 0 && (set & (flags.checksum | flags.routing)) !== 0 ? 4 : 0);
  let header = keyAt + ((set & flags.key) !== 0 ? 4 : 0);
  if ((set & flags.sequence) !== 0) header += 4;
  if (version === 1 && (set & flags.acknowledgment) !== 0) header += 4;
  if (version === 0 && (set & flags.routing) !== 0) header = behindRoutes(packet, header);
  if (version > 1 || header < 0) {
    giveUp(packet, 'malformed', 'gre', at, 4, version);
    return;
  }
  if (end < header) {
    shortHeader(packet, 'gre', at, header - at);
    return;
  }
  const key = (set & flags.key) === 0 ? null : version === 1 ? be16(bytes, keyAt + 2) : be32(bytes, keyAt);
  const inSequence = (set & flags.sequence) !== 0;
  if (type === protocolTypes.erspan || type === protocolTypes.erspan3) decodeErspan(packet, header, type, inSequence);
  else if (version === 1 && !inSequence) {
    // a PPTP acknowledgment carries nothing: the frame stays what it is
    giveUp(packet, 'unknown-link', 'gre', header, 0, 0);
  } else if (enter(packet, 'gre', key, true)) decodeCarried(packet, type, header);
}

/** Source routes, up to one that is empty; -1 where they run past the end. */
function behindRoutes(packet: Packet, from: number): number {
  const { bytes, reading } = packet;
  let at = from;
  while (reading.end - at >= 4) {
    const length = bytes[at + 3]!;
    at += 4 + length;
    if (length === 0) return at;
  }
  return -1;
}

function decodeCarried(packet: Packet, type: number, at: number): void {
  const { bytes, reading } = packet;
  if (type === protocolTypes.ppp) goOn(packet, 'ppp', at);
  else if (type === protocolTypes.wccp) {
    // version 2 puts four bytes in front, whose first nibble is not IP's
    goOn(packet, 'ip', at < reading.end && bytes[at]! >> 4 === 4 ? at : at + 4);
  } else if (isCarrier(type)) goOn(packet, 'ether-type', at, type);
  else giveUp(packet, 'unknown-link', 'gre', at, 0, reading.end - at);
}

/** EtherTypes in GRE behind which IP can come. */
const isCarrier = (type: number): boolean =>
  type === 0x0800 || type === 0x86dd || type === 0x6558 || type === 0x8847 || type === 0x8848 || type === 0x8100;

/** Type I has no header of its own and no sequence numbers (draft-foschiano-erspan §4); type II has 8 bytes, type III 12 or 20. */
function decodeErspan(packet: Packet, at: number, type: number, inSequence: boolean): void {
  const { bytes, reading } = packet;
  if (type === protocolTypes.erspan && !inSequence) {
    if (enter(packet, 'erspan', null, true)) goOn(packet, 'ethernet', at);
    return;
  }
  const version = at < reading.end ? bytes[at]! >> 4 : 0;
  let length = version === 2 ? 12 : 8;
  // type III: the last bit says that a platform's own 8 bytes follow
  if (version === 2 && at + 12 <= reading.end && (bytes[at + 11]! & 1) !== 0) length = 20;
  if (reading.end - at < length) {
    shortHeader(packet, 'erspan', at, length);
    return;
  }
  if (version !== 1 && version !== 2) {
    giveUp(packet, 'malformed', 'erspan', at, length, version);
    return;
  }
  if (!enter(packet, 'erspan', be16(bytes, at + 2) & 0x3ff, true)) return;
  // type III: frame type 0 is Ethernet, 2 an IP packet
  const frameType = version === 2 ? (bytes[at + 10]! >> 2) & 0x1f : 0;
  goOn(packet, frameType === 2 ? 'ip' : 'ethernet', at + length);
}
