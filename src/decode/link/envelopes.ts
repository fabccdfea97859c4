import { be16, le16, le32 } from '../../bytes/read.ts';
import { giveUp, goOn, type Packet, shortHeader } from '../packet.ts';

/** PPI (CACE, 2008): version, flags, length and the link type of what follows, in little endian. */
export function decodePpi(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 8) {
    shortHeader(packet, 'ppi', at, 8);
    return;
  }
  const length = le16(bytes, at + 2);
  if (length < 8) giveUp(packet, 'malformed', 'ppi', at, 8, length);
  else goOn(packet, 'link', at + length, le32(bytes, at + 4));
}

/** PKTAP (Apple's bsd/net/pktap.h): length of the header, type of record (1: a packet), link type of what follows. */
export function decodePktap(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 12) {
    shortHeader(packet, 'pktap', at, 12);
    return;
  }
  const length = le32(bytes, at);
  if (length < 12 || le32(bytes, at + 4) !== 1) giveUp(packet, 'malformed', 'pktap', at, 12, length);
  else goOn(packet, 'link', at + length, le32(bytes, at + 8));
}

const nfulaPayload = 9;
/** a type's upper bits are flags (netlink.h) */
const nlaTypeMask = 0x3fff;

/** NFLOG (linktypes/LINKTYPE_NFLOG): family, version, resource, then attributes in the byte order of the host; one holds the IP packet. */
export function decodeNflog(packet: Packet): void {
  const { bytes, reading } = packet;
  const { end } = reading;
  let at = reading.at + 4;
  if (end - at < 4) {
    shortHeader(packet, 'nflog', reading.at, 8);
    return;
  }
  // the first attribute's length tells the order: it is below 256 bytes
  const u16 = bytes[at] === 0 ? be16 : le16;
  while (end - at >= 4) {
    const length = u16(bytes, at);
    if (length < 4) {
      giveUp(packet, 'malformed', 'nflog attribute', at, 4, length);
      return;
    }
    if ((u16(bytes, at + 2) & nlaTypeMask) === nfulaPayload) {
      goOn(packet, 'ip', at + 4);
      return;
    }
    at += (length + 3) & ~3;
  }
  shortHeader(packet, 'nflog payload', at, 4);
}
