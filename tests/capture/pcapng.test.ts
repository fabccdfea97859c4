import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import {
  type Block,
  type ByteOrder,
  block,
  filler,
  joined,
  networkInterface,
  obsoletePacket,
  packet,
  pcapngFile,
  section,
  simplePacket,
  statistics,
  u64,
} from '../support/build-capture.ts';
import { readBytes } from './reading.ts';

const read = (...blocks: Parameters<typeof pcapngFile>[0][number][]) => readBytes(pcapngFile(blocks));
const some: Block = packet({ bytes: filler(60), time: 1_600_000_000_123_456n });

describe.each<ByteOrder>(['little', 'big'])('packet blocks, %s endian', (order) => {
  test('enhanced, simple and obsolete packets', async () => {
    const { frames, summary } = await read(
      section(order),
      networkInterface({ linkType: 113, snapLength: 40 }),
      packet({ bytes: filler(33), time: 1_600_000_000_123_456n, wireLength: 99, options: [[1, filler(5)]] }),
      simplePacket(filler(40), 60),
      simplePacket(filler(13)),
      obsoletePacket({ bytes: filler(61), time: 1_600_000_001_000_000n }),
    );
    expect(frames).toEqual([
      { number: 1, time: '1600000000.123456000', linkType: 113, wireLength: 99, bytes: filler(33) },
      { number: 2, time: '0.000000000', linkType: 113, wireLength: 60, bytes: filler(40) },
      { number: 3, time: '0.000000000', linkType: 113, wireLength: 13, bytes: filler(13) },
      { number: 4, time: '1600000001.000000000', linkType: 113, wireLength: 61, bytes: filler(61) },
    ]);
    expect(summary).toMatchObject({ format: 'pcapng', linkTypes: [113], frames: 4, dropped: null, problems: [] });
    expect(summary.firstSeen).toBe('2020-09-13T12:26:40.123456000Z');
  });

  // n units after 2020-09-13T12:26:40Z; expected values by exact division
  test.each([
    [undefined, 1_600_000_000_123_456n, '1600000000.123456000'],
    [6, 1_600_000_000_999_999n, '1600000000.999999000'],
    [9, 1_600_000_000_123_456_789n, '1600000000.123456789'],
    [9, 0xffff_ffff_ffff_ffffn, '18446744073.709551615'],
    [3, 1_600_000_000_001n, '1600000000.001000000'],
    [0, 1_600_000_000n, '1600000000.000000000'],
    [7, 16_000_000_001_234_567n, '1600000000.123456700'],
    [12, 1_600_000_123_456_789_012n, '1600000.123456789'],
    [0x80, 1_600_000_000n, '1600000000.000000000'],
    [0x80 | 10, (1_600_000_000n << 10n) | 1n, '1600000000.000976562'],
    [0x80 | 32, (1_600_000_000n << 32n) | 0x8000_0000n, '1600000000.500000000'],
    [127, 5n, '0.000000000'],
    [0, 0xffff_ffff_ffff_ffffn, '253402300799.000000000'],
  ])('resolution %s of time %s is %s', async (resolution, time, expected) => {
    const clock = resolution === undefined ? {} : { resolution };
    const { frames } = await read(section(order), networkInterface(clock), packet({ bytes: filler(1), time }));
    expect(frames[0]!.time).toBe(expected);
  });

  test('seconds are added to an interface that counts from elsewhere', async () => {
    const { frames } = await read(section(order), networkInterface({ offset: -5n }), some);
    expect(frames[0]!.time).toBe('1599999995.123456000');
  });

  test('losses: the larger of what packets and statistics say, interface by interface', async () => {
    const lost = (count: bigint, from: number) =>
      packet({
        bytes: filler(1),
        interface: from,
        options: [
          [2, filler(4)],
          [4, u64(order, count)],
        ],
      });
    const { summary } = await read(
      section(order),
      networkInterface(),
      networkInterface(),
      lost(2n, 0),
      lost(3n, 0),
      lost(100n, 1),
      statistics(0, { ifdrop: 1n, osdrop: 0n }),
      statistics(0, { ifdrop: 6n, osdrop: 1n }),
      statistics(1, { ifdrop: 10n }),
      section(order),
      networkInterface(),
      obsoletePacket({ bytes: filler(1), drops: 4 }),
    );
    expect(summary.dropped).toBe(7 + 100 + 4);
    expect(summary.problems).toMatchObject([{ kind: 'dropped-packets', detail: expect.stringContaining('111') }]);
  });
});

describe('sections and interfaces', () => {
  test('each section has its own byte order and interfaces; numbers run on', async () => {
    const { frames, summary } = await read(
      section('little'),
      networkInterface({ linkType: 1 }),
      networkInterface({ linkType: 101, resolution: 9 }),
      packet({ bytes: filler(8), interface: 1, time: 7_000_000_001n }),
      section('big'),
      networkInterface({ linkType: 276 }),
      packet({ bytes: filler(9), time: 8_000_000n }),
      section('little'),
      networkInterface({ linkType: 1 }),
      packet({ bytes: filler(10), time: 9_000_000n }),
    );
    expect(frames.map(({ number, linkType, time }) => [number, linkType, time])).toEqual([
      [1, 101, '7.000000001'],
      [2, 276, '8.000000000'],
      [3, 1, '9.000000000'],
    ]);
    expect(summary.linkTypes).toEqual([1, 101, 276]);
  });

  test('a packet of an interface that the section does not describe is left out and stated', async () => {
    const { frames, summary } = await read(
      section(),
      networkInterface(),
      some,
      section(),
      some,
      networkInterface(),
      packet({ bytes: filler(1), interface: 0xffff_ffff }),
      some,
    );
    expect(frames.map(({ number }) => number)).toEqual([1, 4]);
    expect(summary.problems).toMatchObject([{ kind: 'unknown-interface', detail: expect.stringMatching(/^2 times/) }]);
  });

  test('more interfaces than are held', async () => {
    const { summary } = await read(section(), ...Array(limits.interfaces + 1).fill(networkInterface()), some);
    expect(summary).toMatchObject({ frames: 1, problems: [{ kind: 'unknown-interface' }] });
  });
});

describe('blocks that hold no packet', () => {
  test('statistics without losses say that nothing was lost', async () => {
    const { summary } = await read(section(), networkInterface(), some, statistics(0, { ifdrop: 0n }));
    expect(summary).toMatchObject({ dropped: 0, problems: [] });
  });

  test('a counter of all ones is not known', async () => {
    const { summary } = await read(section(), networkInterface(), some, statistics(0, { ifdrop: -1n }));
    expect(summary).toMatchObject({ dropped: null, problems: [] });
  });

  test('secrets are stated, not read out', async () => {
    const keys = Buffer.from('CLIENT_RANDOM 00112233 445566778899');
    const secrets = block(10, ({ u32 }) => [u32(0x544c534b), u32(keys.length), keys, [0]]);
    const { summary } = await read(section(), secrets, networkInterface(), some);
    expect(summary).toMatchObject({ frames: 1, problems: [{ kind: 'secrets-present', byte: 28 }] });
    expect(JSON.stringify(summary)).not.toContain('001122');
  });

  // tshark 4.0 -T fields -e frame.number: the packet behind such a block is frame 3
  test.each([9, 0xbad, 0x40000bad, 0x204, 0x216, 0x221])('Wireshark numbers block type %i', async (type) => {
    const other = block(type, ({ u32 }) => [u32(12345), new Uint8Array(60)]);
    const { frames } = await read(section(), networkInterface(), some, other, some);
    expect(frames.map(({ number }) => number)).toEqual([1, 3]);
  });

  test('name resolution and unknown blocks are skipped, whatever their size', async () => {
    const names = block(4, ({ u16 }) => [u16(1), u16(8), [10, 0, 0, 1, 97, 98, 99, 0], u16(0), u16(0)]);
    const huge = block(0x1234, () => [new Uint8Array(limits.block)]);
    const file = pcapngFile([section(), networkInterface(), names, some, huge, some]);
    for (const size of [file.length, 65_537]) {
      const { summary } = await readBytes(file, size);
      expect(summary).toMatchObject({ frames: 2, problems: [], bytes: file.length });
    }
  });

  test('a huge block that the file does not hold whole', async () => {
    const huge = block(0x1234, () => [new Uint8Array(limits.block)]);
    const file = pcapngFile([section(), networkInterface(), some, huge]);
    const { summary } = await readBytes(file.subarray(0, file.length - 1000));
    expect(summary).toMatchObject({ frames: 1, problems: [{ kind: 'cut-short' }] });
  });
});

describe('damage ends the reading, and says where', () => {
  const start = pcapngFile([section(), networkInterface(), some]);
  const length = (value: number) => Uint8Array.of(0x34, 0x12, 0, 0, value, 0, 0, 0, 0, 0, 0, 0);
  const wrong = pcapngFile([some]);
  wrong[wrong.length - 4]! ^= 4;
  test.each([
    ['the two lengths differ', wrong],
    ['a length below 12', length(8)],
    ['a length of zero', new Uint8Array(64)],
    ['a length that is no multiple of 4', length(17)],
    [
      'a packet longer than its block',
      block(6, ({ u32 }) => [u32(0), u32(0), u32(0), u32(100), u32(100), filler(60)])('little'),
    ],
    ['a packet block without its fields', block(6, ({ u32 }) => [u32(0)])('little')],
    ['a simple packet longer than its block', simplePacket(filler(40), 60)('little')],
    ['an interface without its fields', block(1, () => [])('little')],
    [
      'a section without byte order',
      block(0x0a0d0d0a, ({ u32 }) => [u32(0x11111111), u32(1), u32(0), u32(0)])('little'),
    ],
    [
      'a section of version 3',
      block(0x0a0d0d0a, ({ u16, u32 }) => [u32(0x1a2b3c4d), u16(3), u16(0), u32(0), u32(0)])('little'),
    ],
  ])('%s', async (_, bad) => {
    const { summary } = await readBytes(joined([start, bad, pcapngFile([some])]));
    expect(summary.frames).toBe(1);
    expect(summary.problems).toMatchObject([{ kind: 'damaged', byte: start.length }]);
  });

  test('a packet larger than any', async () => {
    const { summary } = await readBytes(
      joined([start, pcapngFile([packet({ bytes: filler(limits.record + 1) }), some])]),
    );
    expect(summary).toMatchObject({ frames: 1, problems: [{ kind: 'record-too-large', byte: start.length }] });
  });

  test('options that run out of their block only lose their meaning', async () => {
    const bad = block(6, ({ u16, u32 }) => [u32(0), u32(0), u32(0), u32(4), u32(4), filler(4), u16(4), u16(600)]);
    const { summary } = await read(section(), networkInterface(), bad, some);
    expect(summary).toMatchObject({ frames: 2, problems: [] });
  });
});
