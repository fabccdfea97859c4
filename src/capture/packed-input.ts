import type { Transform } from 'node:stream';
import { limits } from '../limits.ts';
import type { ByteSource } from './source.ts';

/** bytes that a decoder takes, and hands out, at once; a damaged stream loses at most one of them */
export const piece = limits.chunk >> 2;

export interface Trouble {
  kind: 'cut-short' | 'damaged';
  detail: string;
}

/** Packed data that cannot be unpacked any further; what came before has been handed out. */
export class Unpackable extends Error {
  override readonly name = 'Unpackable';
  readonly trouble: Trouble;

  constructor(kind: Trouble['kind'], detail: string) {
    super(detail);
    this.trouble = { kind, detail };
  }
}

/** Packed bytes in pieces that do not depend on how they arrive, as what a damaged stream still gives depends on them. */
export class PackedInput {
  private readonly source: ByteSource;
  private readonly buffer = new Uint8Array(piece);
  /** what had been read before, as far as it has not gone into the buffer */
  private head: Uint8Array;
  /** the bytes not yet taken; a decoder may leave some for the next one */
  left: Uint8Array = new Uint8Array(0);
  /** how many were taken */
  taken = 0;

  constructor(source: ByteSource, head: Uint8Array) {
    this.source = source;
    this.head = head;
  }

  /** Whether there is anything left; waits for it. */
  async more(): Promise<boolean> {
    if (this.left.length > 0) return true;
    const { buffer } = this;
    let filled = Math.min(this.head.length, buffer.length);
    buffer.set(this.head.subarray(0, filled));
    this.head = this.head.subarray(filled);
    while (filled < buffer.length) {
      const count = await this.source.read(buffer, filled, buffer.length - filled);
      if (count === 0) break;
      filled += count;
    }
    this.left = buffer.subarray(0, filled);
    return filled > 0;
  }

  take(count: number): void {
    this.left = this.left.subarray(count);
    this.taken += count;
  }

  /** The next byte, or -1 at the end. */
  async byte(): Promise<number> {
    if (!(await this.more())) return -1;
    const value = this.left[0]!;
    this.take(1);
    return value;
  }
}

/** A decoder of node:zlib; `bytesWritten` is what it took of what it was given. */
export type Decoder = Transform & { readonly bytesWritten: number };

/** Runs one decoder until its member or frame ends, or the input does; takes no more of the input than it used. */
export async function* decode(decoder: Decoder, input: PackedInput, format: string): AsyncGenerator<Uint8Array, void> {
  let failure: (Error & { code?: string }) | null = null;
  let over = false;
  let wake = () => {};
  decoder.on('readable', () => wake());
  for (const event of ['end', 'close'] as const) {
    decoder.on(event, () => {
      over = true;
      wake();
    });
  }
  decoder.on('error', (error) => {
    failure ??= error;
    wake();
  });
  try {
    for (let ended = false; !ended; ) {
      const given = (await input.more()) ? input.left : null;
      const before = decoder.bytesWritten;
      let taken = false;
      const done = () => {
        taken = true;
        wake();
      };
      if (given) decoder.write(given, done);
      else decoder.end();
      for (;;) {
        const out = decoder.read() as Uint8Array | null;
        if (out) yield out;
        else if (taken || over || failure) break;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      if (failure) throw unpackable(failure, format);
      const used = decoder.bytesWritten - before;
      input.take(used);
      ended = given === null || used < given.length;
    }
  } finally {
    decoder.destroy();
  }
}

function unpackable(error: Error & { code?: string }, format: string): Error {
  if (error.code === 'Z_BUF_ERROR') return new Unpackable('cut-short', `the ${format} data ends before its end`);
  return new Unpackable('damaged', `the ${format} data cannot be unpacked from here on (${error.message})`);
}
