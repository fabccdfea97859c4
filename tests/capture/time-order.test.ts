import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { orderCaptures } from '../../src/capture/order.ts';
import { readInTimeOrder } from '../../src/capture/time-order.ts';
import { pcapFile } from '../support/build-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'time-order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A capture whose packets come at these times, in microseconds; each packet's bytes say its own time. */
function capture(name: string, times: readonly number[], size = 8): string {
  const path = join(folder, name);
  const records = times.map((time) => {
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, time);
    return { bytes, seconds: Math.floor(time / 1e6), fraction: time % 1e6 };
  });
  writeFileSync(path, pcapFile({ records }));
  return path;
}

async function readAll(paths: readonly string[], stop?: () => boolean) {
  const frames: { time: number; capture: number; number: number }[] = [];
  const ended: string[] = [];
  const captures = await orderCaptures(paths.map((path) => ({ path, name: path.slice(folder.length + 1) })));
  const sinks = {
    frame: ({ bytes, start, number }: { bytes: Uint8Array; start: number; number: number }, index: number) => {
      frames.push({ time: new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0), capture: index, number });
    },
    ended: ({ file, frames: count }: { file: string; frames: number }) => ended.push(`${file} ${count}`),
  };
  const waited = await readInTimeOrder(captures, sinks, { hash: true, ...(stop && { stop }) });
  return { frames, ended, waited };
}

describe('several captures', () => {
  test('one after the other are read through', async () => {
    const second = capture('b', [4e6, 5e6]);
    const { frames, ended } = await readAll([second, capture('a', [1e6, 2e6, 3e6])]);
    expect(frames.map(({ time }) => time)).toEqual([1e6, 2e6, 3e6, 4e6, 5e6]);
    expect(ended).toEqual(['a 3', 'b 2']);
  });

  test('of two taps are read in turn, each frame with its own file and number', async () => {
    const { frames } = await readAll([capture('in', [1e6, 3e6, 5e6]), capture('out', [2e6, 4e6, 6e6])]);
    expect(frames).toEqual([
      { time: 1e6, capture: 0, number: 1 },
      { time: 2e6, capture: 1, number: 1 },
      { time: 3e6, capture: 0, number: 2 },
      { time: 4e6, capture: 1, number: 2 },
      { time: 5e6, capture: 0, number: 3 },
      { time: 6e6, capture: 1, number: 3 },
    ]);
  });

  test('in any number and overlap come out as one in time order, with nothing lost', async () => {
    const sorted = fc
      .array(fc.nat(4_000_000), { minLength: 1, maxLength: 200 })
      .map((times) => times.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(
        fc.array(sorted, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(8, 20_000),
        async (files, size) => {
          // from 1: time 0 stands for none
          const paths = files.map((times, index) =>
            capture(
              `f${index}`,
              times.map((time) => time + 1),
              size,
            ),
          );
          const { frames } = await readAll(paths);
          const all = files.flat().map((time) => time + 1);
          expect(frames.map(({ time }) => time)).toEqual(all.sort((a, b) => a - b));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('keep frames that are out of order in their file where they are', async () => {
    const { frames } = await readAll([capture('a', [1e6, 9e6, 2e6, 10e6]), capture('b', [3e6, 9.5e6])]);
    expect(frames.map(({ time }) => time)).toEqual([1e6, 3e6, 9e6, 2e6, 9.5e6, 10e6]);
  });

  test('a hundred that overlap are not all open at once, which is said', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => capture(`t${index}`, [1e6 + index, 5e6 + index]));
    const { frames, waited } = await readAll(paths);
    expect(frames).toHaveLength(200);
    expect(waited).toBe(68);
  });

  test('one that cannot be read ends the reading of all', async () => {
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'nothing of a capture');
    const reading = readAll([capture('a', [1e6, 3e6]), capture('b', [2e6, 4e6]), broken]);
    await expect(reading).rejects.toThrow(CaptureError);
  });

  test('stop where they are told to', async () => {
    const { frames } = await readAll([capture('a', [1e6, 3e6]), capture('b', [2e6, 4e6])], () => true);
    expect(frames).toEqual([]);
  });
});
