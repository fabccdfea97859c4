// hot: asked for every datagram
import { be16, be32 } from '../bytes/read.ts';
import type { Packet } from '../decode/packet.ts';
import { limits } from '../limits.ts';

/**
 * Knows datagrams again that a mirror port or two taps recorded twice: the same identification, ends and payload, to the last
 * byte, within a short time. Of TCP nothing is dropped here: there the sequence numbers tell, and a copy that differs matters.
 */
export class Repeats {
  /** places of `limits.repeated` bytes each */
  #slab: Uint8Array = nothing;
  readonly #lengths = new Int32Array(limits.repeats);
  readonly #hashes = new Uint32Array(limits.repeats);
  readonly #seconds = new Float64Array(limits.repeats);
  readonly #nanoseconds = new Float64Array(limits.repeats);

  /** Whether this datagram was seen a moment ago; if not, it is remembered. */
  seen(packet: Packet): boolean {
    const { bytes, payloadStart, payloadEnd, addressLength, source, seconds, nanoseconds } = packet;
    const length = payloadEnd - payloadStart;
    if (length === 0 || length > limits.repeated - headLength) return false;
    if (this.#slab.length === 0) this.#slab = new Uint8Array(limits.repeats * limits.repeated);
    // a reassembled datagram has its addresses only
    const identification = addressLength === 4 && source >= 12 ? be16(bytes, source - 8) : 0;
    const hash = hashOf(packet, identification, length);
    const place = hash % limits.repeats;
    const at = place * limits.repeated;
    const milliseconds = (seconds - this.#seconds[place]!) * 1000 + (nanoseconds - this.#nanoseconds[place]!) / 1e6;
    const recent = Math.abs(milliseconds) <= limits.repeatWindow;
    if (recent && this.#hashes[place] === hash && this.#lengths[place] === length && this.#isSame(packet, at))
      return true;
    this.#lengths[place] = length;
    this.#hashes[place] = hash;
    this.#seconds[place] = seconds;
    this.#nanoseconds[place] = nanoseconds;
    this.#keep(packet, at);
    return false;
  }

  #isSame(
    { bytes, source, destination, addressLength: n, sourcePort, destinationPort, ...packet }: Packet,
    at: number,
  ): boolean {
    const slab = this.#slab;
    if (be16(slab, at) !== sourcePort || be16(slab, at + 2) !== destinationPort) return false;
    for (let i = 0; i < n; i++) {
      if (slab[at + 4 + i] !== bytes[source + i] || slab[at + 20 + i] !== bytes[destination + i]) return false;
    }
    const length = packet.payloadEnd - packet.payloadStart;
    for (let i = 0; i < length; i++) if (slab[at + headLength + i] !== bytes[packet.payloadStart + i]) return false;
    return true;
  }

  #keep(packet: Packet, at: number): void {
    const { bytes, source, destination, addressLength: n, sourcePort, destinationPort } = packet;
    const slab = this.#slab;
    slab[at] = sourcePort >> 8;
    slab[at + 1] = sourcePort;
    slab[at + 2] = destinationPort >> 8;
    slab[at + 3] = destinationPort;
    for (let i = 0; i < n; i++) {
      slab[at + 4 + i] = bytes[source + i]!;
      slab[at + 20 + i] = bytes[destination + i]!;
    }
    slab.set(bytes.subarray(packet.payloadStart, packet.payloadEnd), at + headLength);
  }
}

/** ports, and two addresses of up to 16 bytes */
const headLength = 36;
const nothing = new Uint8Array(0);

/** Of the ends, the identification, the length and some of the payload (murmur3's steps). */
function hashOf(packet: Packet, identification: number, length: number): number {
  const { bytes, source, destination, addressLength, payloadStart, payloadEnd } = packet;
  let hash = mix(identification ^ (packet.protocol << 16), (packet.sourcePort << 16) | packet.destinationPort);
  hash = mix(hash, length);
  hash = mix(hash, be32(bytes, source + addressLength - 4));
  hash = mix(hash, be32(bytes, destination + addressLength - 4));
  const last = payloadEnd - 4;
  for (let i = 0, at = payloadStart; i < 4 && at <= last; i++, at += 4) hash = mix(hash, be32(bytes, at));
  if (last >= payloadStart) hash = mix(hash, be32(bytes, last));
  return hash >>> 0;
}

function mix(hash: number, word: number): number {
  let value = Math.imul(word, 0xcc9e2d51);
  value = Math.imul((value << 15) | (value >>> 17), 0x1b873593);
  const mixed = hash ^ value;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
