// hot: called for every frame
import type { Frame } from '../../capture/frame.ts';
import { decodeIp, decodeIpv4, decodeIpv6 } from '../network/ip.ts';
import { giveUp, type Packet, shortHeader } from '../packet.ts';
import { decodeCookedV1, decodeCookedV2, decodeEthernet } from './ethernet.ts';

/** LINKTYPE_ numbers that are decoded (tcpdump.org/linktypes.html). */
export const linkTypes = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  cookedV1: 113,
  ipv4: 228,
  ipv6: 229,
  cookedV2: 276,
} as const;

export function decodeLink(frame: Frame, packet: Packet): void {
  switch (frame.linkType) {
    case linkTypes.ethernet:
      decodeEthernet(frame, packet, frame.start);
      return;
    case linkTypes.cookedV1:
      decodeCookedV1(frame, packet);
      return;
    case linkTypes.cookedV2:
      decodeCookedV2(frame, packet);
      return;
    case linkTypes.null:
    case linkTypes.loop:
      // a 4-byte address family in the byte order of whoever captured it: the IP version nibble says the same without doubt
      if (frame.end - frame.start < 5) shortHeader(packet, frame, 'loopback', frame.start, 5);
      else decodeIp(frame, packet, frame.start + 4);
      return;
    case linkTypes.raw:
    case linkTypes.rawBsd:
    case linkTypes.rawOpenBsd:
      decodeIp(frame, packet, frame.start);
      return;
    case linkTypes.ipv4:
      decodeIpv4(frame, packet, frame.start);
      return;
    case linkTypes.ipv6:
      decodeIpv6(frame, packet, frame.start);
      return;
    default:
      giveUp(packet, 'unknown-link', 'link', 0, 0, frame.end - frame.start);
  }
}
