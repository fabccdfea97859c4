import { be16 } from '../../bytes/read.ts';
import { giveUp, goOn, type Packet, shortHeader, stop } from '../packet.ts';

/** PPP protocol numbers (IANA). Above 0x4000 they are the link's own. */
const pppProtocols = {
  ipv4: 0x0021,
  ipv6: 0x0057,
  compressedTcp: 0x002d,
  uncompressedTcp: 0x002f,
  bridging: 0x0031,
  multilink: 0x003d,
  encrypted: 0x0053,
  compressedLink: 0x00fb,
  compressed: 0x00fd,
  mpls: 0x0281,
  mplsMulticast: 0x0283,
} as const;

/** RFC 1661 and RFC 1662: address and control may be left out, and so may the upper half of a protocol number. */
export function decodePpp(packet: Packet): void {
  const { bytes, reading } = packet;
  const { end } = reading;
  let { at } = reading;
  if (end - at >= 2 && be16(bytes, at) === 0xff03) at += 2;
  if (end - at < 1) {
    shortHeader(packet, 'ppp', at, 1);
    return;
  }
  let protocol = bytes[at]!;
  if ((protocol & 1) !== 0) at += 1;
  else if (end - at < 2) {
    shortHeader(packet, 'ppp', at, 2);
    return;
  } else {
    protocol = be16(bytes, at);
    at += 2;
  }
  switch (protocol) {
    case pppProtocols.ipv4:
      goOn(packet, 'ipv4', at);
      return;
    case pppProtocols.ipv6:
      goOn(packet, 'ipv6', at);
      return;
    case pppProtocols.mpls:
    case pppProtocols.mplsMulticast:
      goOn(packet, 'mpls', at);
      return;
    case pppProtocols.multilink:
      decodeMultilink(packet, at);
      return;
    case pppProtocols.bridging:
      // RFC 3518 §4.2: flags and pads, then the type of link, of which 1 is Ethernet
      if (end - at >= 2 && bytes[at + 1] === 1) goOn(packet, 'ethernet', at + 2);
      else giveUp(packet, 'unknown-link', 'ppp bridging', at, 2, end - at);
      return;
    case pppProtocols.encrypted:
    case pppProtocols.compressedLink:
    case pppProtocols.compressed:
    case pppProtocols.compressedTcp:
    case pppProtocols.uncompressedTcp:
      giveUp(packet, 'encrypted', 'ppp compression or encryption', at, 0, end - at);
      return;
    default:
      if (protocol < 0x4000) giveUp(packet, 'unknown-link', 'ppp protocol', at, 0, end - at);
      else stop(packet); // control protocols: set-up and login of the link, not of what it carries
  }
}

/** RFC 1990 §3: a fragment that is first and last is whole. With the long sequence number; the short one looks the same up to its length. */
function decodeMultilink(packet: Packet, at: number): void {
  const { bytes, reading } = packet;
  if (reading.end - at < 5) shortHeader(packet, 'ppp multilink', at, 5);
  else if (bytes[at]! >> 6 !== 3) giveUp(packet, 'unknown-link', 'ppp multilink fragment', at, 0, reading.end - at);
  else if ((bytes[at]! & 0x3f) === 0) goOn(packet, 'ppp', at + 4);
  else goOn(packet, 'ppp', at + 2);
}

/** Cisco HDLC: address, 0, then an EtherType; on PPP's own link type both occur. */
export function decodeHdlc(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 4) shortHeader(packet, 'hdlc', at, 4);
  else if (be16(bytes, at) === 0xff03) goOn(packet, 'ppp', at);
  else if ((bytes[at] === 0x0f || bytes[at] === 0x8f) && bytes[at + 1] === 0) {
    goOn(packet, 'ether-type', at + 4, be16(bytes, at + 2));
  } else giveUp(packet, 'malformed', 'hdlc', at, 4, end - at);
}
