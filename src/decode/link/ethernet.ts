// hot: called for every frame
import { be16 } from '../../bytes/read.ts';
import type { Frame } from '../../capture/frame.ts';
import { limits } from '../../limits.ts';
import { decodeIpv4, decodeIpv6 } from '../network/ip.ts';
import { giveUp, type Packet, shortHeader } from '../packet.ts';

/** Ethernet II (IEEE 802.3 length frames carry nothing that an audit could use). */
export function decodeEthernet(frame: Frame, packet: Packet, at: number): void {
  if (frame.end - at < 14) shortHeader(packet, frame, 'ethernet', at, 14);
  else decodeEtherType(frame, packet, be16(frame.bytes, at + 12), at + 14);
}

/** Linux cooked v1: packet type, ARPHRD, address length, address, protocol: 16 bytes (LINKTYPE_LINUX_SLL). */
export function decodeCookedV1(frame: Frame, packet: Packet): void {
  const at = frame.start;
  if (frame.end - at < 16) shortHeader(packet, frame, 'linux cooked v1', at, 16);
  else decodeEtherType(frame, packet, be16(frame.bytes, at + 14), at + 16);
}

/** Linux cooked v2: protocol first, 20 bytes (LINKTYPE_LINUX_SLL2). */
export function decodeCookedV2(frame: Frame, packet: Packet): void {
  const at = frame.start;
  if (frame.end - at < 20) shortHeader(packet, frame, 'linux cooked v2', at, 20);
  else decodeEtherType(frame, packet, be16(frame.bytes, at), at + 20);
}

/** What follows an EtherType, through any number of VLAN tags (802.1Q, 802.1ad, and the older QinQ types) up to the cap. */
function decodeEtherType(frame: Frame, packet: Packet, etherType: number, at: number): void {
  for (let tags = 0; ; tags++) {
    switch (etherType) {
      case 0x0800:
        decodeIpv4(frame, packet, at);
        return;
      case 0x86dd:
        decodeIpv6(frame, packet, at);
        return;
      case 0x8100:
      case 0x88a8:
      case 0x9100:
      case 0x9200:
        if (tags === limits.headers) {
          giveUp(packet, 'limit', 'vlan', at - frame.start, 4, frame.end - at);
          return;
        }
        if (frame.end - at < 4) {
          shortHeader(packet, frame, 'vlan', at, 4);
          return;
        }
        etherType = be16(frame.bytes, at + 2);
        at += 4;
        break;
      default:
        return; // ARP, LLDP and the like: not IP, nothing to audit
    }
  }
}
