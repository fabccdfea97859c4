import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { parse } from 'pcap-parser';
import type { CaptureSummary } from './capture-summary.ts';
import type { Frame } from './frame.ts';
import { readCapture } from './read-capture.ts';
import type { CaptureSource } from './source.ts';

/** What one reader saw of a capture: how many frames, and a digest over every frame's time, lengths and bytes. */
export interface Reading {
  frames: number;
  digest: string;
}

/** Whether the independent reader can read a capture: classic, in microseconds, and undamaged. It trusts every length that a file claims. */
export const hasSecondReader = ({ format, problems }: Pick<CaptureSummary, 'format' | 'problems'>): boolean =>
  format === 'pcap' && problems.every(({ kind }) => kind === 'not-in-time-order' || kind === 'no-frames');

/** Reads a capture with our own reader. */
export async function firstReading(capture: CaptureSource): Promise<{ reading: Reading; summary: CaptureSummary }> {
  const seen = new Seen();
  const summary = await readCapture(
    capture,
    ({ bytes, start, end, wireLength, seconds, nanoseconds }: Frame) =>
      seen.add(seconds, Math.floor(nanoseconds / 1000), wireLength, bytes.subarray(start, end)),
    { hash: true },
  );
  return { reading: seen.reading(), summary };
}

/** Reads the same with pcap-parser, which shares no code with ours. */
export function secondReading(capture: CaptureSource, compression: CaptureSummary['compression']): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const seen = new Seen();
    const stored = createReadStream(capture.path);
    const unpack = { none: null, gzip: createGunzip, zstd: createZstdDecompress }[compression];
    const content = unpack === null ? stored : stored.on('error', reject).pipe(unpack()).on('error', reject);
    parse(content)
      .on('packet', ({ header, data }) =>
        seen.add(header.timestampSeconds, header.timestampMicroseconds, header.originalLength, data),
      )
      .on('error', reject)
      .on('end', () => resolve(seen.reading()));
  });
}

class Seen {
  readonly #hash = createHash('sha256');
  readonly #numbers = new Uint32Array(4);
  #frames = 0;

  add(seconds: number, microseconds: number, wireLength: number, data: Uint8Array): void {
    this.#frames++;
    this.#numbers.set([seconds, microseconds, data.length, wireLength]);
    this.#hash.update(this.#numbers).update(data);
  }

  reading(): Reading {
    return { frames: this.#frames, digest: this.#hash.digest('hex') };
  }
}
