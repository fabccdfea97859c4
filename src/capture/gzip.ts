import { crc32, createInflateRaw } from 'node:zlib';
import { le32 } from '../bytes/read.ts';
import { decode, type PackedInput, piece, Unpackable } from './packed-input.ts';

// node's own gunzip loses what it unpacked last when anything but a member follows a member, so members are told apart here

/** Unpacks all members of a gzip file (RFC 1952 §2.2), each checked against its CRC. */
export async function* gunzip(input: PackedInput): AsyncGenerator<Uint8Array, void> {
  for (let members = 0; await startsMember(input, members === 0); members++) {
    await skipHeader(input);
    let crc = 0;
    let size = 0;
    for await (const bytes of decode(createInflateRaw({ chunkSize: piece }), input, 'gzip')) {
      crc = crc32(bytes, crc);
      size = (size + bytes.length) >>> 0;
      yield bytes;
    }
    const trailer = await need(input, 8);
    if (le32(trailer, 0) !== crc || le32(trailer, 4) !== size) {
      throw new Unpackable('damaged', 'the gzip checksum does not match what was unpacked');
    }
  }
}

/** Whether another member follows. Zero bytes are padding; gzip ignores other bytes after the last member, here they are stated. */
async function startsMember(input: PackedInput, first: boolean): Promise<boolean> {
  let padding = 0;
  let byte = await input.byte();
  for (; byte === 0; byte = await input.byte()) padding++;
  if (byte === -1) return false;
  if (byte === 0x1f && padding === 0) {
    const second = await input.byte();
    if (second === 0x8b) return true;
    if (second === -1) throw cutShort();
  }
  throw new Unpackable(
    'damaged',
    first ? 'no gzip member begins here' : 'bytes that are not gzip follow the gzip data',
  );
}

const headerCrc = 2;
const extra = 4;
const name = 8;
const comment = 16;

/** Moves past a member's header (RFC 1952 §2.3), the two magic bytes already taken. */
async function skipHeader(input: PackedInput): Promise<void> {
  const fixed = await need(input, 8);
  if (fixed[0] !== 8) throw new Unpackable('damaged', `gzip compression method ${fixed[0]} is not known`);
  const flags = fixed[1]!;
  if (flags & extra) {
    const length = await need(input, 2);
    await skip(input, length[0]! | (length[1]! << 8));
  }
  if (flags & name) await skipText(input);
  if (flags & comment) await skipText(input);
  if (flags & headerCrc) await skip(input, 2);
}

async function skipText(input: PackedInput): Promise<void> {
  for (;;) {
    const byte = await input.byte();
    if (byte === 0) return;
    if (byte === -1) throw cutShort();
  }
}

async function skip(input: PackedInput, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    if (!(await input.more())) throw cutShort();
    const size = Math.min(left, input.left.length);
    input.take(size);
    left -= size;
  }
}

async function need(input: PackedInput, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const byte = await input.byte();
    if (byte === -1) throw cutShort();
    bytes[i] = byte;
  }
  return bytes;
}

const cutShort = () => new Unpackable('cut-short', 'the gzip data ends before its end');
