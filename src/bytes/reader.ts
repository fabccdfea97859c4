import { Malformed } from './malformed.ts';
import { be16, be24, be32, le16, le32 } from './read.ts';

/** Reads one whole message from front to back. Every read checks its length and throws `Malformed` where the message is shorter than it says. */
export class Reader {
  layer: string;
  bytes: Uint8Array;
  /** where the message starts in `bytes` */
  start: number;
  /** where the next read begins */
  at: number;
  /** where the message ends, exclusive */
  end: number;

  constructor(layer: string, bytes: Uint8Array, start = 0, end = bytes.length) {
    this.layer = layer;
    this.bytes = bytes;
    this.start = start;
    this.at = start;
    this.end = end;
  }

  /** Begins another message, so that one reader can serve many. */
  over(layer: string, bytes: Uint8Array, start: number, end: number): this {
    this.layer = layer;
    this.bytes = bytes;
    this.start = start;
    this.at = start;
    this.end = end;
    return this;
  }

  get remaining(): number {
    return this.end - this.at;
  }

  /** Moves past `count` bytes and returns where they began. */
  skip(count: number): number {
    const from = this.at;
    if (count < 0 || count > this.end - from) {
      throw new Malformed(this.layer, from - this.start, count, this.end - from);
    }
    this.at = from + count;
    return from;
  }

  u8(): number {
    return this.bytes[this.skip(1)]!;
  }
  u16(): number {
    return be16(this.bytes, this.skip(2));
  }
  u24(): number {
    return be24(this.bytes, this.skip(3));
  }
  u32(): number {
    return be32(this.bytes, this.skip(4));
  }
  u16le(): number {
    return le16(this.bytes, this.skip(2));
  }
  u32le(): number {
    return le32(this.bytes, this.skip(4));
  }

  /** The next `count` bytes, uncopied. */
  take(count: number): Uint8Array {
    const from = this.skip(count);
    return this.bytes.subarray(from, from + count);
  }

  /** A reader over the next `count` bytes; this one moves past them. */
  sub(count: number, layer = this.layer): Reader {
    const from = this.skip(count);
    return new Reader(layer, this.bytes, from, from + count);
  }

  /** The next `count` bytes as Latin-1 text: one character a byte, so nothing is lost and nothing fails. */
  text(count: number): string {
    const from = this.skip(count);
    return latin1(this.bytes, from, from + count);
  }
}

/** Bytes as Latin-1 text, one character a byte. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
