// hot: called for every frame
import { be16, be24, be32 } from '../../bytes/read.ts';
import { limits } from '../../limits.ts';
import { enter, giveUp, goOn, type Packet, shortHeader, stop } from '../packet.ts';

export function decodeEthernet(packet: Packet): void {
  const { at, end } = packet.reading;
  if (end - at < 14) shortHeader(packet, 'ethernet', at, 14);
  else goOnWith(packet, be16(packet.bytes, at + 12), at + 14);
}

/** What follows an EtherType that a header before it has named. */
export const decodeEtherType = (packet: Packet): void => goOnWith(packet, packet.reading.type, packet.reading.at);

/**
 * What follows an EtherType, or an IEEE 802.3 length, through any number of VLAN tags (802.1Q, 802.1ad, and the older QinQ
 * types) up to the cap.
 */
function goOnWith(packet: Packet, etherType: number, at: number): void {
  for (let tags = 0; tags <= limits.headers; tags++) {
    if (etherType === 0x0800) {
      goOn(packet, 'ipv4', at);
      return;
    }
    if (etherType === 0x86dd) {
      goOn(packet, 'ipv6', at);
      return;
    }
    const tag = lengthOfTag(etherType);
    if (tag === 0) {
      beyondIp(packet, etherType, at);
      return;
    }
    if (packet.reading.end - at < tag) {
      shortHeader(packet, 'tag', at, tag);
      return;
    }
    etherType = be16(packet.bytes, at + tag - 2);
    at += tag;
  }
  giveUp(packet, 'limit', 'vlan', at, 4, packet.reading.end - at);
}

/** Bytes of a tag that ends in the EtherType of what follows; 0 for what is no such tag. */
function lengthOfTag(etherType: number): number {
  switch (etherType) {
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
      return 4;
    case 0x8926: // VN-Tag
      return 6;
    case 0x893f: // E-Tag (802.1BR)
      return 8;
    default:
      return 0;
  }
}

function beyondIp(packet: Packet, etherType: number, at: number): void {
  switch (etherType) {
    case 0x8847:
    case 0x8848:
      goOn(packet, 'mpls', at);
      return;
    case 0x8864:
      decodePppoe(packet, at);
      return;
    case 0x6558: // transparent Ethernet bridging
      goOn(packet, 'ethernet', at);
      return;
    case 0x88e7: // 802.1ah: flags and service identifier, then the customer's frame
      goOn(packet, 'ethernet', at + 4);
      return;
    case 0x880b:
      goOn(packet, 'ppp', at);
      return;
    case 0x88e5:
      decodeMacsec(packet, at);
      return;
    case 0x894f: // network service header
    case 0x22f3: // TRILL
    case 0x8903: // FabricPath
      giveUp(packet, 'unknown-link', 'ether type', at, 0, packet.reading.end - at);
      return;
    default:
      if (etherType <= 1500) goOn(packet, 'llc', at);
      else stop(packet); // ARP, LLDP and the like: not IP, nothing to audit
  }
}

/** RFC 2516 §4: version and type 1, code 0 for session data, session, length. */
function decodePppoe(packet: Packet, at: number): void {
  const { bytes, reading } = packet;
  if (reading.end - at < 6) {
    shortHeader(packet, 'pppoe', at, 6);
    return;
  }
  if (bytes[at] !== 0x11 || bytes[at + 1] !== 0) {
    giveUp(packet, 'malformed', 'pppoe', at, 6, reading.end - at);
    return;
  }
  goOn(packet, 'ppp', at + 6);
  enter(packet, 'pppoe', be16(bytes, at + 2), false);
}

/** IEEE 802.1AE: what is only integrity-protected is readable. */
function decodeMacsec(packet: Packet, at: number): void {
  const { bytes, reading } = packet;
  const flags = at < reading.end ? bytes[at]! : 0;
  const header = (flags & 0x20) !== 0 ? 14 : 6;
  if (reading.end - at < header + 2) shortHeader(packet, 'macsec', at, header + 2);
  else if ((flags & 0x0c) !== 0) giveUp(packet, 'encrypted', 'macsec', at, 0, reading.end - at);
  else goOn(packet, 'ether-type', at + header + 2, be16(bytes, at + header));
}

/** IEEE 802.2: IP comes behind SNAP (RFC 1042), or with a service point of its own (RFC 948). */
export function decodeLlc(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 3) {
    shortHeader(packet, 'llc', at, 3);
    return;
  }
  if (be24(bytes, at) === 0x060603) {
    goOn(packet, 'ipv4', at + 3);
    return;
  }
  if (be24(bytes, at) !== 0xaaaa03) {
    stop(packet);
    return;
  }
  if (end - at < 8) {
    shortHeader(packet, 'snap', at, 8);
    return;
  }
  const organisation = be24(bytes, at + 3);
  const etherType = be16(bytes, at + 6);
  // encapsulated Ethernet, also as bridges tunnel it (RFC 1042, 802.1H); RFC 2684 §5.2: bridged frames without their check sequence
  if (organisation === 0 || organisation === 0x0000f8) goOn(packet, 'ether-type', at + 8, etherType);
  else if (be32(bytes, at + 4) === 0x80c20007) goOn(packet, 'ethernet', at + 8);
  else stop(packet);
}
