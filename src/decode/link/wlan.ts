import { le16, le32 } from '../../bytes/read.ts';
import { giveUp, goOn, type Packet, shortHeader, stop } from '../packet.ts';

/** IEEE 802.11 §9.2: data frames that nothing protects carry LLC; what else there is carries no IP. */
export function decodeWlan(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 2) {
    shortHeader(packet, '802.11', at, 2);
    return;
  }
  const control = le16(bytes, at);
  const isData = (control & 0x0c) === 0x08;
  const isEmpty = (control & 0x40) !== 0;
  if (!isData || isEmpty) {
    stop(packet);
    return;
  }
  const hasQos = (control & 0x80) !== 0;
  const qos = at + 24 + ((control & 0x0300) === 0x0300 ? 6 : 0);
  let header = qos;
  if (hasQos) header += (control & 0x8000) !== 0 ? 6 : 2;
  if (end < header) {
    shortHeader(packet, '802.11', at, header - at);
    return;
  }
  const isFragment = (control & 0x0400) !== 0 || (bytes[at + 22]! & 0x0f) !== 0;
  const isAggregate = hasQos && (bytes[qos]! & 0x80) !== 0;
  if ((control & 0x4000) !== 0) giveUp(packet, 'encrypted', '802.11 protected frame', header, 0, end - header);
  else if (isFragment) giveUp(packet, 'unknown-link', '802.11 fragment', header, 0, end - header);
  else if (isAggregate) giveUp(packet, 'unknown-link', '802.11 aggregate', header, 0, end - header);
  else goOn(packet, 'llc', padded(packet, header));
}

/** Some drivers fill up to four bytes between header and content; what follows is LLC, which shows where it begins. */
function padded(packet: Packet, at: number): number {
  const { bytes, reading } = packet;
  const begins = reading.end - at >= 4 && bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 0xaa;
  return begins ? at + 2 : at;
}

/** Radiotap (radiotap.org): version, pad, length in little endian, then fields that only a radio needs. */
export function decodeRadiotap(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 8) shortHeader(packet, 'radiotap', at, 8);
  else if (bytes[at] !== 0 || le16(bytes, at + 2) < 8) {
    giveUp(packet, 'malformed', 'radiotap', at, 8, le16(bytes, at + 2));
  } else {
    reading.at = at + le16(bytes, at + 2);
    decodeWlan(packet);
  }
}

/** Prism's header of 144 bytes, or AVS's, which says how long it is. */
export function decodePrism(packet: Packet): void {
  const { bytes, reading } = packet;
  const { at, end } = reading;
  if (end - at < 8) {
    shortHeader(packet, 'prism', at, 8);
    return;
  }
  // AVS: magic 0x80211001 and length, both big endian; Prism: message code and length in the byte order of the host
  const avs = bytes[at] === 0x80 && bytes[at + 1] === 0x21;
  const length = avs ? (bytes[at + 6]! << 8) | bytes[at + 7]! : Math.min(le32(bytes, at + 4), 144);
  reading.at = at + length;
  decodeWlan(packet);
}
