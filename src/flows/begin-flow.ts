import { ipProtocols, type Packet, tcpFlags } from '../decode/packet.ts';
import { createFlow, type Flow, type FlowTransport, flowEnd } from './flow.ts';

/**
 * A flow from its first packet. `fromLow`: its sender is the end with the lower key; `captures`: what its flow shares with
 * others of the same capture.
 */
export function beginFlow(
  packet: Packet,
  fromLow: boolean,
  captures: readonly number[],
  isServicePort: (port: number) => boolean,
): Flow {
  const n = packet.addressLength;
  const ported = packet.kind !== 'other';
  const address = (at: number) => packet.bytes.subarray(at, at + n);
  const source = flowEnd(address(packet.source), ported ? packet.sourcePort : 0);
  const destination = flowEnd(address(packet.destination), ported ? packet.destinationPort : 0);
  const transport = transportOf(packet);
  const flow = fromLow
    ? createFlow(transport, packet.protocol, source, destination)
    : createFlow(transport, packet.protocol, destination, source);
  for (const moment of [flow.first, flow.last]) {
    moment.seconds = packet.seconds;
    moment.nanoseconds = packet.nanoseconds;
    moment.capture = packet.capture;
    moment.frame = packet.frame;
    moment.order = packet.order;
  }
  flow.interfaceName = packet.interfaceName;
  if (packet.outer.count > 0) flow.outer = packet.outer.list();
  flow.captures = captures;
  flow.atCapture = packet.capture;
  flow.atFrame = packet.frame;
  flow.atOrder = packet.order;
  const syn = packet.kind === 'tcp' && (packet.flags & tcpFlags.syn) !== 0;
  flow.opened = syn;
  flow.midstream = packet.kind === 'tcp' && !syn;
  const senderOpens = syn ? (packet.flags & tcpFlags.ack) === 0 : senderIsClient(packet, isServicePort);
  flow.clientIsLow = fromLow === senderOpens;
  return flow;
}

/** Nobody was seen to open: a service's port tells the server; else, for TCP, the lower system port; else the first to speak is the client. */
function senderIsClient(packet: Packet, isServicePort: (port: number) => boolean): boolean {
  if (packet.kind === 'other') return true;
  const from = packet.sourcePort;
  const to = packet.destinationPort;
  const fromService = isServicePort(from);
  if (fromService !== isServicePort(to)) return !fromService;
  if (packet.kind === 'tcp' && from < 1024 !== to < 1024) return to < 1024;
  return true;
}

function transportOf(packet: Packet): FlowTransport {
  switch (packet.protocol) {
    case ipProtocols.tcp:
      return 'tcp';
    case ipProtocols.udp:
      return 'udp';
    case ipProtocols.icmp:
    case ipProtocols.icmp6:
      return 'icmp';
    case ipProtocols.esp:
      return 'esp';
    case ipProtocols.ah:
      return 'ah';
    case ipProtocols.sctp:
      return 'sctp';
    default:
      return 'ip';
  }
}
