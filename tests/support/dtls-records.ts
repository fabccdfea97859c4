import { Buffer } from 'node:buffer';

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const u24 = (value: number) => Uint8Array.of(value >> 16, (value >> 8) & 255, value & 255);
const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** A record (RFC 6347 §4.1). */
export const record = (type: number, body: Uint8Array, epoch = 0, version = 0xfefd): Uint8Array =>
  join(Uint8Array.of(type), u16(version), u16(epoch), new Uint8Array(6), u16(body.length), body);

/** One fragment of a handshake message (§4.2.2), all of it unless said otherwise. */
export const handshake = (type: number, sequence: number, body: Uint8Array, from = 0, to = body.length): Uint8Array =>
  record(
    22,
    join(Uint8Array.of(type), u24(body.length), u16(sequence), u24(from), u24(to - from), body.subarray(from, to)),
  );

const extension = (type: number, body: Uint8Array) => join(u16(type), u16(body.length), body);
/** use_srtp (RFC 5764 §4.1.1) */
export const useSrtp = (profile: number): Uint8Array => extension(14, join(u16(2), u16(profile), Uint8Array.of(0)));
export const supports13 = (by: 'client' | 'server'): Uint8Array =>
  extension(43, by === 'client' ? join(Uint8Array.of(2), u16(0xfefc)) : u16(0xfefc));

const extensions = (all: Uint8Array[]) =>
  all.length === 0 ? new Uint8Array(0) : join(u16(join(...all).length), ...all);

export const clientHello = (sequence: number, cookie: Uint8Array, ...all: Uint8Array[]): Uint8Array =>
  handshake(
    1,
    sequence,
    join(
      u16(0xfefd),
      new Uint8Array(32).fill(7),
      Uint8Array.of(0, cookie.length),
      cookie,
      u16(2),
      u16(0xc02f),
      Uint8Array.of(1, 0),
      extensions(all),
    ),
  );

export const serverHello = (sequence: number, suite: number, ...all: Uint8Array[]): Uint8Array =>
  handshake(
    2,
    sequence,
    join(u16(0xfefd), new Uint8Array(32).fill(9), Uint8Array.of(0), u16(suite), Uint8Array.of(0), extensions(all)),
  );

export const helloVerify = handshake(3, 0, join(u16(0xfefd), Uint8Array.of(4, 1, 2, 3, 4)));
/** an encrypted Finished: a handshake record of epoch 1 */
export const finished = record(22, new Uint8Array(40).fill(0xab), 1);
export const data = (size: number, epoch = 1): Uint8Array => record(23, new Uint8Array(size).fill(0xcd), epoch);
