// hot: called for every frame
import { limits } from '../limits.ts';
import { decodeEthernet, decodeEtherType, decodeLlc } from './link/ethernet.ts';
import { decodeLink } from './link/link.ts';
import { decodeMpls } from './link/mpls.ts';
import { decodePpp } from './link/ppp.ts';
import { decodeIp, decodeIpPayload, decodeIpv4, decodeIpv6 } from './network/ip.ts';
import { fallBack, giveUp, type Packet } from './packet.ts';
import { decodeGre } from './tunnels/gre.ts';
import { decodeL2tpV3 } from './tunnels/l2tp.ts';
import { decodeUdpPayload } from './tunnels/over-udp.ts';

/**
 * Reads one layer after the other, each of which says which is next, until the innermost packet is found: that is what the
 * frame counts as. What carries it is in `packet.outer`. Where what is carried cannot be read, or is nothing to audit, the frame is its carrier.
 */
export function decodeLayers(packet: Packet): void {
  const { reading } = packet;
  for (let layers = 0; reading.next !== 'done'; layers++) {
    if (layers === limits.layers) {
      giveUp(packet, 'limit', 'layers', reading.at, 0, 0);
      return;
    }
    decodeLayer(packet);
  }
  const isCarried = packet.carrier.kind !== 'none';
  if (packet.kind === 'none' && isCarried && packet.trouble.why !== 'limit') fallBack(packet);
}

function decodeLayer(packet: Packet): void {
  switch (packet.reading.next) {
    case 'link':
      decodeLink(packet);
      return;
    case 'ethernet':
      decodeEthernet(packet);
      return;
    case 'ether-type':
      decodeEtherType(packet);
      return;
    case 'ipv4':
      decodeIpv4(packet);
      return;
    case 'ipv6':
      decodeIpv6(packet);
      return;
    case 'ip-payload':
      decodeIpPayload(packet);
      return;
    case 'udp-payload':
      decodeUdpPayload(packet);
      return;
    case 'ip':
      decodeIp(packet);
      return;
    case 'llc':
      decodeLlc(packet);
      return;
    case 'ppp':
      decodePpp(packet);
      return;
    case 'mpls':
      decodeMpls(packet);
      return;
    case 'gre':
      decodeGre(packet);
      return;
    case 'l2tp-v3':
      decodeL2tpV3(packet);
      return;
    case 'done':
      return;
    default:
      packet.reading.next satisfies never;
  }
}
