import { X509Certificate } from 'node:crypto';

/** Builds records and messages field by field, as RFC 5246 and RFC 8446 lay them out. */

export const u8 = (value: number): Uint8Array => Uint8Array.of(value);
export const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 255);
export const u24 = (value: number): Uint8Array => Uint8Array.of(value >> 16, (value >> 8) & 255, value & 255);
export const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const sized8 = (body: Uint8Array): Uint8Array => join(u8(body.length), body);
const sized16 = (body: Uint8Array): Uint8Array => join(u16(body.length), body);
const sized24 = (body: Uint8Array): Uint8Array => join(u24(body.length), body);

export const record = (type: number, body: Uint8Array, version = 0x0303): Uint8Array =>
  join(u8(type), u16(version), sized16(body));
export const message = (type: number, body: Uint8Array): Uint8Array => join(u8(type), sized24(body));
export const extension = (type: number, body: Uint8Array): Uint8Array => join(u16(type), sized16(body));

export interface HelloFields {
  version?: number;
  random?: Uint8Array;
  sessionId?: Uint8Array;
  suites?: number[];
  extensions?: Uint8Array[];
}

/** `extensions` left out: a hello that ends before them */
export function clientHello({
  version = 0x0303,
  sessionId = hex(''),
  suites = [0xc02f],
  extensions,
}: HelloFields = {}) {
  const fixed = join(u16(version), new Uint8Array(32).fill(7), sized8(sessionId));
  const offered = join(sized16(join(...suites.map(u16))), sized8(u8(0)));
  return message(1, join(fixed, offered, extensions ? sized16(join(...extensions)) : hex('')));
}

export function serverHello({
  version = 0x0303,
  random,
  sessionId = hex(''),
  suites = [0xc02f],
  extensions,
}: HelloFields = {}) {
  const fixed = join(u16(version), random ?? new Uint8Array(32).fill(9), sized8(sessionId), u16(suites[0]!), u8(0));
  return message(2, join(fixed, extensions ? sized16(join(...extensions)) : hex('')));
}

export const supportedVersions = (...versions: number[]): Uint8Array =>
  extension(43, sized8(join(...versions.map(u16))));
export const selectedVersion = (version: number): Uint8Array => extension(43, u16(version));
export const serverName = (name: string): Uint8Array =>
  extension(0, sized16(join(u8(0), sized16(Buffer.from(name, 'latin1')))));

export const certificate = (...chain: Uint8Array[]): Uint8Array =>
  message(11, sized24(join(...chain.map((der) => sized24(der)))));
export const serverHelloDone = message(14, hex(''));
export const certificateRequest = message(13, hex('01 01 0000'));
export const clientKeyExchange = message(16, new Uint8Array(66).fill(3));
export const certificateVerify = message(15, new Uint8Array(72).fill(4));

export const handshake = (...messages: Uint8Array[]): Uint8Array => record(22, join(...messages));
export const changeCipherSpec = record(20, u8(1));
/** an encrypted record of this length, of bytes that no key explains */
export const encrypted = (type: number, length: number): Uint8Array => record(type, noise(length, length));
export const finished = encrypted(22, 40);
export const content = (length: number): Uint8Array => encrypted(23, length);
export const alert = (level: number, code: number): Uint8Array => record(21, Uint8Array.of(level, code));

/** Bytes without order, the same every time (xorshift32). */
export function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state = (state ^ (state << 13)) >>> 0;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    bytes[i] = state >>> 11;
  }
  return bytes;
}

export const derOf = (pem: string): Uint8Array => Uint8Array.from(new X509Certificate(pem).raw);

export const retryRandom = hex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');

/** The opening of a TLS 1.2 handshake without certificates of the client, up to both Finished. */
export const tls12Handshake = (suite = 0xc02f, chain: Uint8Array[] = []) =>
  [
    ['client', handshake(clientHello({ suites: [suite] }))],
    ['server', handshake(serverHello({ suites: [suite] }), certificate(...chain), serverHelloDone)],
    ['client', join(handshake(clientKeyExchange), changeCipherSpec, finished)],
    ['server', join(changeCipherSpec, finished)],
  ] as const;

/** RFC 8448 §3, "Simple 1-RTT Handshake": the records of both hellos, and the lengths of those that follow. */
export const rfc8448 = {
  clientHello:
    hex(`16030100c4010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302
    010000910000000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024
    001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e040305030603020308
    04080508060401050106010201040205020602020 2002d00020101001c00024001`),
  serverHello:
    hex(`160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e0033
    0024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304`),
  serverFlight: content(0x2a2),
  clientFinished: content(0x35),
  serverTicket: content(0xde),
  applicationData: content(0x43),
  closeNotify: content(0x13),
};
