import { describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import {
  type ByteOrder,
  block,
  filler,
  networkInterface,
  obsoletePacket,
  packet,
  pcapFile,
  pcapngFile,
  section,
  simplePacket,
  statistics,
} from '../support/build-capture.ts';
import { readBytes } from './reading.ts';

/** Built capture files of every kind, with where each of their frames ends. */
const kinds: { name: string; file: Uint8Array; header: number; ends: number[] }[] = [];
for (const order of ['little', 'big'] as const satisfies ByteOrder[]) {
  const sizes = [20, 0, 33, 5];
  for (const options of [{}, { nanoseconds: true }, { modified: true }]) {
    const recordHeader = 'modified' in options ? 24 : 16;
    let end = 24;
    const ends = sizes.map((size) => {
      end += recordHeader + size;
      return end;
    });
    const records = sizes.map((size, index) => ({ bytes: filler(size), seconds: index + 1 }));
    kinds.push({
      name: `pcap ${order} ${JSON.stringify(options)}`,
      file: pcapFile({ order, records, ...options }),
      header: 24,
      ends,
    });
  }
  const blocks = [
    section(order),
    networkInterface({ resolution: 9 }),
    block(4, ({ u16 }) => [u16(0), u16(0)]),
    packet({ bytes: filler(21), time: 1_000_000_001n, options: [[1, filler(3)]] }),
    simplePacket(filler(7)),
    statistics(0, { ifdrop: 0n }),
    section(order === 'little' ? 'big' : 'little'),
    networkInterface(),
    obsoletePacket({ bytes: filler(18), time: 2_000_000n }),
    packet({ bytes: filler(4), time: 3_000_000n }),
  ];
  const upTo = (count: number) => pcapngFile(blocks.slice(0, count)).length;
  kinds.push({ name: `pcapng ${order}`, file: pcapngFile(blocks), header: upTo(1), ends: [4, 5, 9, 10].map(upTo) });
}

describe.each(kinds)('$name', ({ file, header, ends }) => {
  test('the size of what is read at once changes nothing', async () => {
    const whole = await readBytes(file);
    expect(whole.frames.length).toBe(ends.length);
    for (let size = 1; size <= file.length; size++) expect(await readBytes(file, size)).toEqual(whole);
  });

  test('cut off anywhere, it is read to its last whole record, and says so', async () => {
    const { frames } = await readBytes(file);
    for (let length = 1; length < file.length; length++) {
      const cut = file.subarray(0, length);
      if (length < header) {
        const error = await readBytes(cut).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(CaptureError);
        expect(error).toMatchObject({ kind: 'not-a-capture' });
        continue;
      }
      const whole = ends.filter((end) => end <= length).length;
      for (const size of [length, 3]) {
        const read = await readBytes(cut, size);
        expect(read.frames).toEqual(frames.slice(0, whole));
        expect(read.summary.frames).toBe(whole);
        expect(read.summary.problems.some(({ kind }) => kind === 'no-frames')).toBe(whole === 0);
        for (const { kind, byte } of read.summary.problems) {
          if (kind === 'cut-short') expect(byte).toBeLessThan(length);
          if (kind === 'cut-short') expect(byte).toBeGreaterThanOrEqual(ends[whole - 1] ?? header);
        }
      }
    }
  });

  test('where it is cut between two records nothing is missing', async () => {
    for (const end of ends) {
      const { summary } = await readBytes(file.subarray(0, end));
      expect(summary.problems).toEqual([]);
      const cut = await readBytes(file.subarray(0, end - 1));
      expect(cut.summary.problems.map(({ kind }) => kind)).toContain('cut-short');
    }
  });
});

test('a header alone is a capture without frames', async () => {
  for (const file of [pcapFile({ linkType: 113 }), pcapngFile([section(), networkInterface({ linkType: 113 })])]) {
    const { summary } = await readBytes(file);
    expect(summary).toMatchObject({ frames: 0, linkTypes: [113], firstSeen: null, lastSeen: null });
    expect(summary.problems).toMatchObject([{ kind: 'no-frames', byte: file.length }]);
  }
});
