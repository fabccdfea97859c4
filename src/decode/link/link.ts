// hot: called for every frame
import { be16 } from '../../bytes/read.ts';
import { giveUp, goOn, type Packet, shortHeader, stop } from '../packet.ts';
import { decodeNflog, decodePktap, decodePpi } from './envelopes.ts';
import { decodeFrameRelay } from './frame-relay.ts';
import { decodeHdlc } from './ppp.ts';
import { decodePrism, decodeRadiotap, decodeWlan } from './wlan.ts';

/** LINKTYPE_ numbers that are decoded (tcpdump.org/linktypes.html). */
export const linkTypes = {
  null: 0,
  ethernet: 1,
  slip: 8,
  ppp: 9,
  rawBsd: 12,
  rawOpenBsd: 14,
  pppHdlc: 50,
  pppoe: 51,
  atmLlc: 100,
  raw: 101,
  hdlc: 104,
  wlan: 105,
  frameRelay: 107,
  loop: 108,
  openBsdEncapsulation: 109,
  cookedV1: 113,
  pflog: 117,
  prism: 119,
  radiotap: 127,
  appleFirewire: 138,
  avs: 163,
  pppd: 166,
  ppi: 192,
  pppWithDirection: 204,
  hdlcWithDirection: 205,
  frameRelayWithDirection: 206,
  mpls: 219,
  ipnet: 226,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  netAnalyzer: 240,
  netAnalyzerTransparent: 241,
  pktap: 258,
  ethernetPreamble: 274,
  cookedV2: 276,
} as const;

export function decodeLink(packet: Packet): void {
  const { at, end, type } = packet.reading;
  switch (type) {
    case linkTypes.ethernet:
      goOn(packet, 'ethernet', at);
      return;
    case linkTypes.cookedV1:
      // packet type, ARPHRD, address length, address, protocol; 4 stands for LLC
      if (end - at < 16) shortHeader(packet, 'linux cooked v1', at, 16);
      else goOnCooked(packet, be16(packet.bytes, at + 14), at + 16);
      return;
    case linkTypes.cookedV2:
      // protocol first, 20 bytes
      if (end - at < 20) shortHeader(packet, 'linux cooked v2', at, 20);
      else goOnCooked(packet, be16(packet.bytes, at), at + 20);
      return;
    case linkTypes.null:
    case linkTypes.loop:
      // a 4-byte address family in the byte order of whoever captured it: the IP version nibble says the same without doubt
      goOnBehind(packet, 4, 'ip', 'loopback');
      return;
    case linkTypes.raw:
    case linkTypes.rawBsd:
    case linkTypes.rawOpenBsd:
      goOn(packet, 'ip', at);
      return;
    case linkTypes.ipv4:
      goOn(packet, 'ipv4', at);
      return;
    case linkTypes.ipv6:
      goOn(packet, 'ipv6', at);
      return;
    default:
      decodeRareLink(packet);
  }
}

/** Linux's ETH_P_ numbers below 1536: 1 is a frame with an 802.3 length, 4 one that begins with LLC. */
function goOnCooked(packet: Packet, protocol: number, at: number): void {
  if (protocol === 4) goOn(packet, 'llc', at);
  else if (protocol < 1536) stop(packet);
  else goOn(packet, 'ether-type', at, protocol);
}

function decodeRareLink(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end, type } = reading;
  switch (type) {
    case linkTypes.ppp:
      goOn(packet, 'ppp', at);
      return;
    case linkTypes.pppHdlc:
    case linkTypes.hdlc:
      decodeHdlc(packet);
      return;
    case linkTypes.pppd:
      // the direction in place of the address, then control
      if (end - at >= 2 && bytes[at + 1] === 0x03) goOn(packet, 'ppp', at + 2);
      else goOn(packet, 'ppp', at);
      return;
    case linkTypes.pppWithDirection:
      goOnBehind(packet, 1, 'ppp', 'ppp');
      return;
    case linkTypes.hdlcWithDirection:
      reading.at = at + 1;
      decodeHdlc(packet);
      return;
    case linkTypes.pppoe:
      goOn(packet, 'ether-type', at, 0x8864);
      return;
    case linkTypes.frameRelay:
      decodeFrameRelay(packet);
      return;
    case linkTypes.frameRelayWithDirection:
      reading.at = at + 1;
      decodeFrameRelay(packet);
      return;
    case linkTypes.slip:
      decodeSlip(packet);
      return;
    case linkTypes.atmLlc:
      goOn(packet, 'llc', at);
      return;
    case linkTypes.mpls:
      goOn(packet, 'mpls', at);
      return;
    case linkTypes.openBsdEncapsulation: // address family, SPI and flags
      goOnBehind(packet, 12, 'ip', 'enc');
      return;
    case linkTypes.pflog: // says how long it is, and is padded
      goOnBehind(packet, at < end ? (bytes[at]! + 3) & ~3 : 4, 'ip', 'pflog');
      return;
    case linkTypes.ipnet:
      goOnBehind(packet, 24, 'ip', 'ipnet');
      return;
    case linkTypes.appleFirewire: // two addresses of 8 bytes, EtherType
      if (end - at < 18) shortHeader(packet, 'firewire', at, 18);
      else goOn(packet, 'ether-type', at + 18, be16(bytes, at + 16));
      return;
    case linkTypes.netAnalyzer:
      goOnBehind(packet, 4, 'ethernet', 'netanalyzer');
      return;
    case linkTypes.netAnalyzerTransparent: // its header, preamble and start of frame
      goOnBehind(packet, 12, 'ethernet', 'netanalyzer');
      return;
    case linkTypes.ethernetPreamble:
      goOnBehind(packet, 8, 'ethernet', 'preamble');
      return;
    case linkTypes.wlan:
      decodeWlan(packet);
      return;
    case linkTypes.radiotap:
      decodeRadiotap(packet);
      return;
    case linkTypes.prism:
    case linkTypes.avs:
      decodePrism(packet);
      return;
    case linkTypes.ppi:
      decodePpi(packet);
      return;
    case linkTypes.pktap:
      decodePktap(packet);
      return;
    case linkTypes.nflog:
      decodeNflog(packet);
      return;
    default:
      giveUp(packet, 'unknown-link', 'link', at, 0, end - at);
  }
}

function goOnBehind(packet: Packet, length: number, next: 'ip' | 'ethernet' | 'ppp', layer: string): void {
  const { at, end } = packet.reading;
  if (end - at <= length) shortHeader(packet, layer, at, length + 1);
  else goOn(packet, next, at + length);
}

/** Direction, then 15 bytes that hold the compressed header, whose first byte says whether there is one (RFC 1144). */
function decodeSlip(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  const isCompressed = end - at > 1 && (bytes[at + 1]! & 0x80) !== 0;
  if (isCompressed) giveUp(packet, 'encrypted', 'slip compression', at, 0, end - at);
  else goOnBehind(packet, 16, 'ip', 'slip');
}
