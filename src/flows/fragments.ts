import { decodeLayers } from '../decode/layers.ts';
import { readOn } from '../decode/network/ip.ts';
import { createPacket, ipProtocols, type Packet } from '../decode/packet.ts';
import { limits } from '../limits.ts';
import { addressOf, type Flow } from './flow.ts';

/** What becomes of a fragment: it waits, it completed a datagram (in `whole`), or it was left out. */
export type FragmentOutcome = 'waiting' | 'complete' | 'overlap' | 'limit';

interface Datagram {
  bytes: Uint8Array;
  /** [from, to) ranges that have arrived, ascending and apart */
  ranges: [number, number][];
  /** total length once the last fragment was seen; -1 before */
  length: number;
  protocol: number;
  /** seconds; when its first fragment came */
  begun: number;
  /** whose it is */
  hosts: string;
}

/**
 * Puts IP fragments together (RFC 791 §3.2, RFC 8200 §4.5). Overlapping fragments are refused with their datagram, as
 * RFC 5722 asks for IPv6 and as nobody sends in good faith in IPv4. Exact duplicates are fine. A receiver may have read
 * what is left out here: of TCP, it is remembered between which hosts that was.
 */
export class Fragments {
  readonly whole: Packet = createPacket();
  readonly #datagrams = new Map<string, Datagram>();
  /** pairs of hosts of whose TCP something was left out, and those of whose tunnels something may have been */
  readonly #leftOut = new Set<string>();
  readonly #leftOutTunnels = new Set<string>();

  add(packet: Packet): FragmentOutcome {
    const key = fragmentKey(packet);
    const from = packet.fragmentOffset;
    const to = from + packet.payloadLength;
    if (to > limits.datagram || packet.payloadEnd - packet.payloadStart < packet.payloadLength) {
      this.#leaveOut(packet.protocol, hostsOf(packet));
      return 'limit';
    }
    let datagram = this.#datagrams.get(key);
    let outcome: FragmentOutcome = 'waiting';
    if (!datagram) {
      if (this.#datagrams.size >= limits.fragmentedDatagrams) {
        // the oldest has waited longest and goes
        for (const [oldest, { protocol, hosts }] of this.#datagrams) {
          this.#leaveOut(protocol, hosts);
          this.#datagrams.delete(oldest);
          break;
        }
        outcome = 'limit';
      }
      const { protocol, seconds } = packet;
      datagram = { bytes: new Uint8Array(0), ranges: [], length: -1, protocol, begun: seconds, hosts: hostsOf(packet) };
      this.#datagrams.set(key, datagram);
    }
    const piece = packet.bytes.subarray(packet.payloadStart, packet.payloadEnd);
    const repeated = datagram.ranges.some(([a, b]) => from === a && to === b);
    if (repeated && Buffer.compare(datagram.bytes.subarray(from, to), piece) === 0) return outcome;
    const beyond = datagram.length >= 0 && (to > datagram.length || !packet.moreFragments);
    if (beyond || datagram.ranges.some(([a, b]) => from < b && to > a)) {
      this.#leaveOut(packet.protocol, datagram.hosts);
      this.#leaveOut(datagram.protocol, datagram.hosts);
      this.#datagrams.delete(key);
      return 'overlap';
    }
    if (datagram.bytes.length < to) {
      const grown = new Uint8Array(Math.min(limits.datagram, Math.max(to, datagram.bytes.length * 2)));
      grown.set(datagram.bytes);
      datagram.bytes = grown;
    }
    datagram.bytes.set(piece, from);
    datagram.ranges.push([from, to]);
    if (from === 0) datagram.protocol = packet.protocol;
    if (!packet.moreFragments) datagram.length = to;
    const arrived = datagram.ranges.reduce((sum, [a, b]) => sum + b - a, 0);
    if (arrived !== datagram.length) return outcome;
    this.#datagrams.delete(key);
    this.#complete(packet, datagram);
    if (this.whole.kind === 'none') this.#leaveOut(ipProtocols.tcp, datagram.hosts);
    return 'complete';
  }

  /** Leaves out the datagrams that began before a time, all without one, and says how many there were. */
  giveUp(before = Number.POSITIVE_INFINITY): number {
    let given = 0;
    for (const [key, { begun, protocol, hosts }] of this.#datagrams) {
      if (begun >= before) break;
      this.#datagrams.delete(key);
      this.#leaveOut(protocol, hosts);
      given++;
    }
    return given;
  }

  /** Whether a receiver may have read more of a TCP flow than came through here. */
  leftOutBetween(flow: Flow): boolean {
    if (this.#leftOutTunnels.size === 0) return false;
    if (this.#leftOut.has(pairOf(addressOf(flow.low), addressOf(flow.high)))) return true;
    const outer = flow.outer.flatMap(({ source, destination }) =>
      source && destination ? [pairOf(source, destination)] : [],
    );
    return outer.some((pair) => this.#leftOutTunnels.has(pair)) || this.#isFull(outer.length > 0);
  }

  /** So much was left out that it is no longer known of whom. */
  #isFull(tunnelled: boolean): boolean {
    const known = tunnelled ? this.#leftOutTunnels : this.#leftOut;
    return known.size >= limits.fragmentedDatagrams;
  }

  #leaveOut(protocol: number, between: string): void {
    if (this.#leftOutTunnels.size < limits.fragmentedDatagrams) this.#leftOutTunnels.add(between);
    if (protocol === ipProtocols.udp || protocol === ipProtocols.icmp || protocol === ipProtocols.icmp6) return;
    if (protocol === ipProtocols.esp || protocol === ipProtocols.ah) return;
    if (this.#leftOut.size < limits.fragmentedDatagrams) this.#leftOut.add(between);
  }

  /** The datagram as a packet of its own: addresses first, then the payload, in one buffer. */
  #complete(packet: Packet, datagram: Datagram): void {
    const whole = this.whole;
    const n = packet.addressLength;
    const bytes = new Uint8Array(2 * n + datagram.length);
    bytes.set(packet.bytes.subarray(packet.source, packet.source + n), 0);
    bytes.set(packet.bytes.subarray(packet.destination, packet.destination + n), n);
    bytes.set(datagram.bytes.subarray(0, datagram.length), 2 * n);
    whole.capture = packet.capture;
    whole.frame = packet.frame;
    whole.order = packet.order;
    whole.comment = packet.comment;
    whole.interfaceName = packet.interfaceName;
    whole.seconds = packet.seconds;
    whole.nanoseconds = packet.nanoseconds;
    whole.bytes = bytes;
    whole.kind = 'none';
    whole.trouble.why = 'nothing';
    whole.flags = 0;
    whole.sourcePort = 0;
    whole.destinationPort = 0;
    whole.addressLength = n;
    whole.source = 0;
    whole.destination = n;
    whole.protocol = datagram.protocol;
    whole.payloadStart = 2 * n;
    whole.payloadEnd = bytes.length;
    whole.payloadLength = datagram.length;
    whole.outer.copyFrom(packet.outer);
    whole.carrier.kind = 'none';
    const { reading } = whole;
    reading.start = 0;
    reading.end = reading.wireEnd = bytes.length;
    reading.cut = false;
    readOn(whole);
    decodeLayers(whole);
  }
}

/** RFC 791: source, destination, identification and (IPv4 only) protocol. */
function fragmentKey(packet: Packet): string {
  const n = packet.addressLength;
  const source = packet.bytes.subarray(packet.source, packet.source + n);
  const destination = packet.bytes.subarray(packet.destination, packet.destination + n);
  return `${source.join('.')}>${destination.join('.')}#${packet.fragmentId}${n === 4 ? `/${packet.protocol}` : ''}`;
}

const hostsOf = ({ bytes, source, destination, addressLength: n }: Packet): string =>
  pairOf(bytes.subarray(source, source + n), bytes.subarray(destination, destination + n));

/** A pair of hosts as text, the same both ways. */
const pairOf = (a: Uint8Array, b: Uint8Array): string => [a.join('.'), b.join('.')].sort().join(' ');
