import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import {
  filler,
  networkInterface,
  packet,
  pcapFile,
  pcapngFile,
  section,
  simplePacket,
  statistics,
} from '../support/build-capture.ts';
import { type ReadOut, readBytes } from './reading.ts';

const records = [1, 2, 3].map((seconds) => ({ bytes: filler(20 * seconds), seconds }));
const pcapng = pcapngFile([
  section(),
  networkInterface({ resolution: 0x94, offset: 7n }),
  packet({ bytes: filler(33), time: 5n, options: [[4, filler(8)]] }),
  statistics(0, { ifdrop: 3n }),
  section('big'),
  networkInterface({ resolution: 30 }),
  packet({ bytes: filler(9), time: -1n & 0xffff_ffff_ffff_ffffn }),
  simplePacket(filler(11)),
]);
const seeds = {
  pcap: pcapFile({ records }),
  'pcap, modified': pcapFile({ records, order: 'big', modified: true }),
  pcapng,
  gzip: gzipSync(pcapng),
  zstd: zstdCompressSync(pcapng),
};

/** Every byte sequence gives frames within their buffer and finite times, or a refusal, the same in whatever pieces it comes. */
async function survives(bytes: Uint8Array): Promise<void> {
  const outcome = await readBytes(bytes).catch((thrown: unknown) => thrown);
  const inPieces = await readBytes(bytes, 5).catch((thrown: unknown) => thrown);
  if (outcome instanceof Error) {
    expect(outcome).toBeInstanceOf(CaptureError);
    expect((inPieces as Error).message).toBe(outcome.message);
    return;
  }
  const { frames, summary } = outcome as ReadOut;
  for (const { time, wireLength, bytes: captured } of frames) {
    expect(time).toMatch(/^-?\d+\.\d{9}$/);
    expect(wireLength).toBeGreaterThanOrEqual(captured.length);
  }
  expect(summary.frames).toBeGreaterThanOrEqual(frames.length);
  expect(summary.bytes).toBe(bytes.length);
  expect(inPieces).toEqual(outcome);
}

describe.each(Object.entries(seeds))('%s with bytes changed', (_, seed) => {
  test('is read as far as it goes, or refused', async () => {
    const change = fc.record({ at: fc.nat(seed.length - 1), to: fc.oneof(fc.nat(255), fc.constantFrom(0, 255, 128)) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Uint8Array.from(seed);
        for (const { at, to } of changes) bytes[at] = to;
        await survives(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
