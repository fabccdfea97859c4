import { createPacket, type Packet } from '../decode/packet.ts';
import { decodeTransport } from '../decode/transport/transport.ts';
import { limits } from '../limits.ts';

/** What becomes of a fragment: it waits, it completed a datagram (in `whole`), or it was left out. */
export type FragmentOutcome = 'waiting' | 'complete' | 'overlap' | 'limit';

interface Datagram {
  bytes: Uint8Array;
  /** [from, to) ranges that have arrived, ascending and apart */
  ranges: [number, number][];
  /** total length once the last fragment was seen; -1 before */
  length: number;
  protocol: number;
}

/**
 * Puts IP fragments together (RFC 791 §3.2, RFC 8200 §4.5). Overlapping fragments are refused with their datagram, as
 * RFC 5722 asks for IPv6 and as nobody sends in good faith in IPv4. Exact duplicates are fine.
 */
export class Fragments {
  readonly whole: Packet = createPacket();
  readonly #datagrams = new Map<string, Datagram>();

  add(packet: Packet): FragmentOutcome {
    const key = fragmentKey(packet);
    const from = packet.fragmentOffset;
    const to = from + packet.payloadLength;
    if (to > limits.datagram || packet.payloadEnd - packet.payloadStart < packet.payloadLength) return 'limit';
    let datagram = this.#datagrams.get(key);
    let outcome: FragmentOutcome = 'waiting';
    if (!datagram) {
      if (this.#datagrams.size >= limits.fragmentedDatagrams) {
        // the oldest has waited longest and goes
        const oldest = this.#datagrams.keys().next().value;
        if (oldest !== undefined) this.#datagrams.delete(oldest);
        outcome = 'limit';
      }
      datagram = { bytes: new Uint8Array(0), ranges: [], length: -1, protocol: packet.protocol };
      this.#datagrams.set(key, datagram);
    }
    if (datagram.ranges.some(([a, b]) => from === a && to === b)) return outcome;
    if (datagram.ranges.some(([a, b]) => from < b && to > a) || (datagram.length >= 0 && to > datagram.length)) {
      this.#datagrams.delete(key);
      return 'overlap';
    }
    if (datagram.bytes.length < to) {
      const grown = new Uint8Array(Math.min(limits.datagram, Math.max(to, datagram.bytes.length * 2)));
      grown.set(datagram.bytes);
      datagram.bytes = grown;
    }
    datagram.bytes.set(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd), from);
    datagram.ranges.push([from, to]);
    if (from === 0) datagram.protocol = packet.protocol;
    if (!packet.moreFragments) datagram.length = to;
    const arrived = datagram.ranges.reduce((sum, [a, b]) => sum + b - a, 0);
    if (arrived !== datagram.length) return outcome;
    this.#datagrams.delete(key);
    this.#complete(packet, datagram);
    return 'complete';
  }

  /** How many datagrams are still incomplete. */
  get incomplete(): number {
    return this.#datagrams.size;
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
    decodeTransport(whole, 0, false);
  }
}

/** RFC 791: source, destination, identification and (IPv4 only) protocol. */
function fragmentKey(packet: Packet): string {
  const n = packet.addressLength;
  const source = packet.bytes.subarray(packet.source, packet.source + n);
  const destination = packet.bytes.subarray(packet.destination, packet.destination + n);
  return `${source.join('.')}>${destination.join('.')}#${packet.fragmentId}${n === 4 ? `/${packet.protocol}` : ''}`;
}
