// hot: asked for every packet of a flow
import { type Packet, tcpFlags } from '../decode/packet.ts';
import { limits } from '../limits.ts';
import type { Flow } from './flow.ts';
import { distance } from './stream.ts';

/** Seconds without a packet after which a UDP flow is over (contract, rule 16); media and IPsec never are. */
const udpIdle = 120;
/** Seconds without a packet after which a UDP flow that has to make room is over without a doubt: no question waits as long for its answer. */
const udpQuiet = 10;
/** Seconds for which the stragglers of a closed TCP flow still belong to it: TIME-WAIT of common systems. */
const tcpLinger = 60;

/** Whether the packet no longer belongs to this flow of the same endpoints (contract, rule 16). */
export function isOver(flow: Flow, side: 0 | 1, packet: Packet): boolean {
  if (flow.transport !== 'tcp') return hasRunOut(flow, packet.seconds);
  if (flow.closed && (hasRunOut(flow, packet.seconds) || isStranger(flow, side, packet))) return true;
  const opens = (packet.flags & (tcpFlags.syn | tcpFlags.ack)) === tcpFlags.syn;
  if (!opens || (side === 0 && packet.sequence === flow.initialSequence)) return false;
  if (flow.closed || (side === 0 && flow.initialSequence >= 0)) return true;
  // no SYN of this side yet: it may have been captured late, if all that is known of the side lies just behind it; of the
  // server it is a simultaneous or a split opening (RFC 9293 §3.5)
  const stream = flow.streams[side];
  const start = (packet.sequence + 1) >>> 0;
  if (stream.known) return stream.first !== start;
  return stream.held.some(
    (held) => distance(held.sequence, start) < 0 || distance(held.sequence, start) > limits.outOfOrderBytes,
  );
}

/** Whether the flow is over by time alone, of which frames that are out of order can lie on either side. */
export function hasRunOut({ transport, lasting, closed, last }: Flow, seconds: number): boolean {
  const away = Math.abs(seconds - last.seconds);
  if (transport === 'udp') return away > udpIdle && !lasting;
  return transport === 'tcp' && closed && away > tcpLinger;
}

/** Whether a packet that comes after the end has numbers that no straggler could have: another connection, whose SYN was not captured. */
function isStranger(flow: Flow, side: 0 | 1, packet: Packet): boolean {
  const stream = flow.streams[side];
  const speaks = packet.payloadLength > 0 || (packet.flags & tcpFlags.syn) !== 0;
  if (!speaks || !stream.known || (packet.flags & tcpFlags.rst) !== 0) return false;
  const away = Math.abs(distance(packet.sequence, stream.next));
  return away > stream.position + limits.outOfOrderBytes;
}

/**
 * Whether a flow that has to make room can end without a doubt: what asked and was answered long ago hides nothing. Should
 * more come, it is a flow of its own.
 */
export function isQuiet({ transport, lasting, last }: Flow, seconds: number): boolean {
  return transport === 'udp' && !lasting && seconds - last.seconds >= udpQuiet;
}
