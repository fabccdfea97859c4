import { createZstdDecompress } from 'node:zlib';
import { decode, type PackedInput, piece, Unpackable } from './packed-input.ts';

/** Unpacks all frames of a zstd file (RFC 8878 §3.1); node's decoder ends with the first one, so each gets its own. */
export async function* unzstd(input: PackedInput): AsyncGenerator<Uint8Array, void> {
  while (await input.more()) {
    const before = input.taken;
    yield* decode(createZstdDecompress({ chunkSize: piece }), input, 'zstd');
    if (input.taken === before) throw new Unpackable('damaged', 'the zstd data cannot be unpacked from here on');
  }
}
