// hot: called for every packet
import { be32 } from '../bytes/read.ts';
import type { Packet } from '../decode/packet.ts';
import type { Flow } from './flow.ts';

/** 32-bit words of a flow's key: low address (4), high address (4), ports, protocol and address family. */
export const keyWords = 10;

/**
 * Writes the key of the packet's flow to `key`, the same for both directions, and returns whether the sender is its low
 * end. The end with the lower address (then the lower port) is the low one.
 */
export function writeKey(packet: Packet, key: Uint32Array): boolean {
  const bytes = packet.bytes;
  const order = compareAddresses(bytes, packet.source, packet.destination, packet.addressLength);
  const icmp = packet.kind === 'other';
  const low = order < 0 || (order === 0 && packet.sourcePort <= packet.destinationPort);
  const first = low ? packet.source : packet.destination;
  const second = low ? packet.destination : packet.source;
  if (packet.addressLength === 4) {
    key[0] = be32(bytes, first);
    key[1] = key[2] = key[3] = 0;
    key[4] = be32(bytes, second);
    key[5] = key[6] = key[7] = 0;
  } else {
    for (let i = 0; i < 4; i++) {
      key[i] = be32(bytes, first + 4 * i);
      key[4 + i] = be32(bytes, second + 4 * i);
    }
  }
  const lowPort = low ? packet.sourcePort : packet.destinationPort;
  const highPort = low ? packet.destinationPort : packet.sourcePort;
  // flows without ports are one per pair of hosts and protocol, whatever their types and codes
  key[8] = icmp ? 0 : (lowPort << 16) | highPort;
  key[9] = (packet.protocol << 8) | packet.addressLength;
  return low;
}

/** The key of a flow again, from its ends. */
export function writeFlowKey(flow: Flow, key: Uint32Array): void {
  const { low, high } = flow;
  key[0] = low.word0;
  key[1] = low.word1;
  key[2] = low.word2;
  key[3] = low.word3;
  key[4] = high.word0;
  key[5] = high.word1;
  key[6] = high.word2;
  key[7] = high.word3;
  key[8] = (low.port << 16) | high.port;
  key[9] = (flow.protocol << 8) | low.length;
}

/** A well-mixed hash of a key (murmur3's steps). */
export function hashKey(key: Uint32Array): number {
  let hash = 0x9747b28c;
  for (let i = 0; i < keyWords; i++) {
    let word = Math.imul(key[i]!, 0xcc9e2d51);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function compareAddresses(bytes: Uint8Array, a: number, b: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = bytes[a + i]! - bytes[b + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
