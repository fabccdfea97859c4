import { randomFrom } from './random.ts';

export interface Packet {
  sequence: number;
  ssrc?: number;
  payloadType?: number;
  payload: Uint8Array;
}

/** An RTP packet (RFC 3550 §5.1); an SRTP packet has the same header. */
export function rtpPacket({ sequence, ssrc = 0x11223344, payloadType = 0, payload }: Packet): Uint8Array {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = payloadType;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE((sequence * 160) >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

/** 20 ms of a tone as PCMU has it: few values, far from random. */
export const sound = (size = 160): Uint8Array => Uint8Array.from({ length: size }, (_, i) => 0x80 + (i % 20));

/** What AES in counter mode makes of anything, and a tag behind it (RFC 3711 §4.1.1, §4.2). */
export function cipher(seed: number, size = 170): Uint8Array {
  const random = randomFrom(seed + 1);
  return Uint8Array.from({ length: size }, () => random(256));
}

const word = (...bytes: number[]) => Uint8Array.from(bytes);
const ssrcBytes = [0x11, 0x22, 0x33, 0x44];
/** a receiver report without blocks (RFC 3550 §6.4.2) */
export const report = word(0x80, 201, 0, 1, ...ssrcBytes);
/** SDES with CNAME `a@b` (§6.5) */
export const names = word(0x81, 202, 0, 3, ...ssrcBytes, 1, 3, 0x61, 0x40, 0x62, 0, 0, 0);
export const goodbye = word(0x81, 203, 0, 1, ...ssrcBytes);
/** APP `PING` with so many words of data (§6.7) */
export const app = (words: number): Uint8Array =>
  word(0x80, 204, 0, 2 + words, ...ssrcBytes, 0x50, 0x49, 0x4e, 0x47, ...Array<number>(4 * words).fill(0x41));

/** An SRTCP packet (RFC 3711 §3.4): eight octets in clear, the rest as given, the index with its E bit, a tag of ten bytes. */
export const srtcp = (body: Uint8Array, encrypted: boolean, index = 1): Uint8Array =>
  Buffer.concat([body, word(encrypted ? 0x80 : 0, 0, 0, index), cipher(index, 10)]);
