import { createCipheriv, createHash, createHmac } from 'node:crypto';

/** Builds ESP and AH packets for tests from RFC 4303 §2, RFC 4302 §2 and RFC 3602. */

const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const packet = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const bytesOf = (seed: string, length: number) => createHash('sha512').update(seed).digest().subarray(0, length);

export const protocols = { ipv4: 4, tcp: 6, udp: 17, esp: 50, none: 59 } as const;

export const tcp = (data: string, ports: [number, number] = [40_123, 25], flags = 0x18): Buffer =>
  Buffer.concat([
    u16(ports[0]),
    u16(ports[1]),
    u32(77),
    u32(88),
    Buffer.from([0x50, flags]),
    u16(8192),
    u32(0),
    Buffer.from(data),
  ]);

export const udp = (data: string): Buffer => {
  const content = Buffer.from(data);
  return Buffer.concat([u16(40_123), u16(53), u16(8 + content.length), u16(0), content]);
};

export function ipv4(protocol: number, payload: Uint8Array): Buffer {
  const header = Buffer.concat([
    Buffer.from([0x45, 0]),
    u16(20 + payload.length),
    u32(0x10000),
    Buffer.from([64, protocol, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2]),
  ]);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  header.writeUInt16BE(~sum & 0xffff, 10);
  return Buffer.concat([header, payload]);
}

/** RFC 4303 §2.4; `pad` gives other bytes than it asks for. */
function padded(payload: Uint8Array, next: number, block: number, pad = (index: number) => index + 1): Buffer {
  const count = (block - ((payload.length + 2) % block)) % block;
  const padding = Buffer.from(Array.from({ length: count }, (_, index) => pad(index)));
  return Buffer.concat([payload, padding, Buffer.from([count, next])]);
}

export interface Null {
  spi?: number;
  icv?: number;
  /** AES-GMAC's nonce */
  iv?: number;
  pad?: (index: number) => number;
}

export function espNull(number: number, payload: Uint8Array, next: number, is: Null = {}): Uint8Array {
  const { spi = 0x1000, icv = 12, iv = 0, pad } = is;
  const nonce = Buffer.alloc(iv);
  if (iv > 0) nonce.writeUInt32BE(number, iv - 4);
  const value = createHmac('sha512', 'Lab-Key').update(u32(number)).update(payload).digest().subarray(0, icv);
  return packet(u32(spi), u32(number), nonce, padded(payload, next, 4, pad), value);
}

export function espSealed(number: number, payload: Uint8Array, next: number, spi = 0x2000): Uint8Array {
  const iv = bytesOf(`iv ${spi} ${number}`, 16);
  const cipher = createCipheriv('aes-128-cbc', bytesOf(`key ${spi}`, 16), iv).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(padded(payload, next, 16)), cipher.final()]);
  return packet(u32(spi), u32(number), iv, sealed, bytesOf(`icv ${spi} ${number}`, 12));
}

export const ah = (number: number, payload: Uint8Array, next: number): Uint8Array =>
  packet(Buffer.from([next, 4, 0, 0]), u32(0x3000), u32(number), bytesOf(`ah ${number}`, 12), payload);

export interface Ike {
  version?: 1 | 2;
  exchange?: number;
  flags?: number;
  responder?: boolean;
  /** type and content */
  payloads?: [number, Uint8Array][];
}

/** RFC 7296 §3.1 and RFC 2408 §3.1. */
export function ike({ version = 2, exchange = 34, flags = 0x08, responder = false, payloads = [] }: Ike): Uint8Array {
  const chain = payloads.map(([, content], i) =>
    Buffer.concat([Buffer.from([payloads[i + 1]?.[0] ?? 0, 0]), u16(4 + content.length), content]),
  );
  const length = 28 + chain.reduce((sum, part) => sum + part.length, 0);
  const cookies = Buffer.concat([Buffer.alloc(8, 0xa1), Buffer.alloc(8, responder ? 0xb2 : 0)]);
  const header = Buffer.from([payloads[0]?.[0] ?? 0, version << 4, exchange, flags]);
  return packet(cookies, header, u32(0), u32(length), ...chain);
}

/** One IKEv2 proposal (RFC 7296 §3.3) with these ENCR transforms; protocol 1 is IKE, 3 ESP. */
export function proposal2(protocol: number, ciphers: number[], last = true): Buffer {
  const transforms = ciphers.map((cipher, i) =>
    Buffer.concat([Buffer.from([i + 1 < ciphers.length ? 3 : 0, 0]), u16(8), Buffer.from([1, 0]), u16(cipher)]),
  );
  const length = 8 + 8 * transforms.length;
  return Buffer.concat([
    Buffer.from([last ? 0 : 2, 0]),
    u16(length),
    Buffer.from([1, protocol, 0, ciphers.length]),
    ...transforms,
  ]);
}

/** An IKEv1 SA (RFC 2408 §3.4 to §3.6) with one transform, whose encryption algorithm is this one. */
export function proposal1(cipher: number): Buffer {
  const attributes = Buffer.concat([u16(0x8001), u16(cipher), u16(0x8002), u16(2)]);
  const transform = Buffer.concat([
    Buffer.from([0, 0]),
    u16(8 + attributes.length),
    Buffer.from([1, 1, 0, 0]),
    attributes,
  ]);
  const proposal = Buffer.concat([
    Buffer.from([0, 0]),
    u16(8 + transform.length),
    Buffer.from([1, 1, 0, 1]),
    transform,
  ]);
  return Buffer.concat([u32(1), u32(1), proposal]);
}
