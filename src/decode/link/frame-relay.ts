import { be16, be24 } from '../../bytes/read.ts';
import { giveUp, goOn, type Packet, shortHeader, stop } from '../packet.ts';

/** Network layer protocol identifiers (ISO/IEC TR 9577) that carry IP. */
const nlpid = { snap: 0x80, ipv6: 0x8e, ipv4: 0xcc, ppp: 0xcf } as const;

/**
 * Q.922 address of two to four bytes, then RFC 2427's control and protocol identifier, perhaps behind a pad byte. Cisco's
 * own encapsulation has an EtherType there.
 */
export function decodeFrameRelay(packet: Packet): void {
  const { bytes, reading } = packet;
  const { end } = reading;
  let { at } = reading;
  for (let address = 0; address < 4; address++) {
    if (at >= end) break;
    if ((bytes[at++]! & 1) !== 0) break;
  }
  if (end - at < 4) {
    shortHeader(packet, 'frame relay', at, 4);
    return;
  }
  if (bytes[at] !== 0x03) {
    goOn(packet, 'ether-type', at + 2, be16(bytes, at));
    return;
  }
  at += bytes[at + 1] === 0 ? 2 : 1;
  switch (bytes[at]) {
    case nlpid.ipv4:
      goOn(packet, 'ipv4', at + 1);
      return;
    case nlpid.ipv6:
      goOn(packet, 'ipv6', at + 1);
      return;
    case nlpid.ppp:
      goOn(packet, 'ppp', at + 1);
      return;
    case nlpid.snap:
      if (end - at < 6) shortHeader(packet, 'frame relay', at, 6);
      else if (be24(bytes, at + 1) === 0) goOn(packet, 'ether-type', at + 6, be16(bytes, at + 4));
      else if (be24(bytes, at + 1) === 0x0080c2 && (be16(bytes, at + 4) & 0xff) === 7) goOn(packet, 'ethernet', at + 6);
      else stop(packet);
      return;
    case 0x08: // Q.933, the link's own
    case 0xb1:
      stop(packet);
      return;
    default:
      giveUp(packet, 'unknown-link', 'frame relay protocol', at, 0, end - at);
  }
}
