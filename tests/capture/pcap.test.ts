import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { type ByteOrder, filler, joined, type PcapOptions, pcapFile } from '../support/build-capture.ts';
import { readBytes } from './reading.ts';

const records = [
  { bytes: filler(60), seconds: 1_600_000_000, fraction: 123_456 },
  { bytes: filler(0), seconds: 1_600_000_001, fraction: 0 },
  { bytes: filler(33, 9), seconds: 4_294_967_295, fraction: 999_999, wireLength: 1500 },
];

describe.each<ByteOrder>(['little', 'big'])('classic pcap, %s endian', (order) => {
  test.each([
    ['microseconds', {}, 'pcap', '123456000'],
    ['nanoseconds', { nanoseconds: true }, 'pcap-nanosecond', '000123456'],
    ['modified', { modified: true }, 'pcap-modified', '123456000'],
  ] as const)('%s', async (_, options, format, fraction) => {
    const { frames, summary } = await readBytes(pcapFile({ order, records, ...options }));
    expect(summary).toMatchObject({ format, frames: 3, linkTypes: [1], dropped: null, problems: [] });
    expect(frames.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(frames.map(({ bytes }) => bytes)).toEqual(records.map(({ bytes }) => bytes));
    expect(frames.map(({ wireLength }) => wireLength)).toEqual([60, 0, 1500]);
    expect(frames[0]!.time).toBe(`1600000000.${fraction}`);
    expect(summary.firstSeen).toBe(`2020-09-13T12:26:40.${fraction}Z`);
    expect(summary.lastSeen).toMatch(/^2106-02-07T06:28:15\./);
  });

  test('the upper half of the link type field says only how frames end', async () => {
    const { frames, summary } = await readBytes(pcapFile({ order, records, linkType: 0x2400_0069 }));
    expect(summary.linkTypes).toEqual([105]);
    expect(frames[0]!.linkType).toBe(105);
  });
});

describe('odd records', () => {
  const read = (options: PcapOptions) => readBytes(pcapFile(options));

  test('a fraction of more than a second is carried', async () => {
    const { frames } = await read({ records: [{ bytes: filler(1), seconds: 5, fraction: 2_500_000 }] });
    expect(frames[0]!.time).toBe('7.500000000');
  });

  test('a wire length below the captured length is not believed', async () => {
    const { frames } = await read({ records: [{ bytes: filler(60), wireLength: 20 }] });
    expect(frames[0]!.wireLength).toBe(60);
  });

  test('version 2.2 has the lengths the other way round', async () => {
    const file = pcapFile({ version: [2, 2], records: [{ bytes: filler(4), wireLength: 4 }] });
    file.set([9, 0, 0, 0], 24 + 8);
    file.set([4, 0, 0, 0], 24 + 12);
    const { frames } = await readBytes(file);
    expect(frames).toMatchObject([{ wireLength: 9, bytes: filler(4) }]);
  });

  test('version 2.3 was written both ways', async () => {
    const file = pcapFile({ version: [2, 3], records: [{ bytes: filler(4) }, { bytes: filler(5), wireLength: 9 }] });
    file.set([9, 0, 0, 0], 24 + 8);
    const { frames } = await readBytes(file);
    expect(frames).toMatchObject([
      { wireLength: 9, bytes: filler(4) },
      { wireLength: 9, bytes: filler(5) },
    ]);
  });

  test('a record larger than any is stated and ends the reading', async () => {
    const large = { bytes: filler(limits.record + 1) };
    const { summary } = await read({ records: [{ bytes: filler(60) }, large, { bytes: filler(60) }] });
    expect(summary.frames).toBe(1);
    expect(summary.problems).toMatchObject([{ kind: 'record-too-large', byte: 24 + 76 }]);
  });

  test('the largest record is read', async () => {
    const { summary } = await read({ records: [{ bytes: filler(limits.record) }, { bytes: filler(60) }] });
    expect(summary).toMatchObject({ frames: 2, problems: [] });
  });

  test('what comes after damage still counts for size and hash', async () => {
    const file = joined([pcapFile({ records: [{ bytes: filler(60) }] }), new Uint8Array(200).fill(0xff)]);
    const whole = await readBytes(file);
    const inPieces = await readBytes(file, 7);
    expect(whole.summary).toEqual(inPieces.summary);
    expect(whole.summary.bytes).toBe(file.length);
  });

  test('frames out of order are counted, and first and last seen are the extremes', async () => {
    const at = (seconds: number) => ({ bytes: filler(1), seconds });
    const { summary } = await read({ records: [at(10), at(12), at(11), at(11), at(9), at(20)] });
    expect(summary.firstSeen).toBe('1970-01-01T00:00:09.000000000Z');
    expect(summary.lastSeen).toBe('1970-01-01T00:00:20.000000000Z');
    expect(summary.problems).toMatchObject([{ kind: 'not-in-time-order', byte: 24 + 2 * 17 }]);
    expect(summary.problems[0]!.detail).toMatch(/^2 /);
  });
});
