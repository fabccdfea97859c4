import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { joined, pcapFile } from '../support/build-capture.ts';
import { readBytes } from './reading.ts';

// random, so that packing does not shrink it and every cut falls into real data
const records = Array.from({ length: 400 }, (_, index) => ({ bytes: randomBytes(1000), seconds: index }));
const file = pcapFile({ records });
const half = Math.floor(file.length / 2);

describe.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)('%s', (compression, pack) => {
  const packed = pack(file);
  const kinds = (problems: { kind: string }[]) => problems.map(({ kind }) => kind);

  test.each([packed.length, 65_536, 1000, 101])('read %i bytes at once', async (size) => {
    const { frames, summary } = await readBytes(packed, size);
    expect(frames.length).toBe(400);
    expect(frames[399]!.bytes).toEqual(Uint8Array.from(records[399]!.bytes));
    expect(summary).toMatchObject({ compression, format: 'pcap', frames: 400, bytes: packed.length, problems: [] });
    expect(summary.sha256).toBe(createHash('sha256').update(packed).digest('hex'));
  });

  test('several packed parts in a row are one file', async () => {
    const parts = [file.subarray(0, 10), file.subarray(10, half), new Uint8Array(0), file.subarray(half)];
    const packedParts = joined(parts.map((part) => pack(part)));
    for (const size of [packedParts.length, 1000, 64]) {
      const { summary } = await readBytes(packedParts, size);
      expect(summary).toMatchObject({ frames: 400, problems: [] });
    }
  });

  test('a part that ends where a read ends', async () => {
    const first = pack(file.subarray(0, half));
    const { summary } = await readBytes(joined([first, pack(file.subarray(half))]), first.length);
    expect(summary).toMatchObject({ frames: 400, problems: [] });
  });

  test('cut off, it is unpacked as far as it goes', async () => {
    const { frames, summary } = await readBytes(packed.subarray(0, half));
    // zstd unpacks in blocks of 128 KiB
    expect(frames.length).toBeGreaterThan(400 / 2 - 140);
    expect(frames.length).toBeLessThan(210);
    expect(kinds(summary.problems)).toEqual(['cut-short']);
    expect(summary.bytes).toBe(half);
  });

  test('cut off behind the last frame, it still says so', async () => {
    const { summary } = await readBytes(packed.subarray(0, packed.length - 1));
    expect(summary.frames).toBeGreaterThan(compression === 'gzip' ? 399 : 250);
    expect(kinds(summary.problems)).toEqual(['cut-short']);
  });

  test('cut off before the capture begins', async () => {
    await expect(readBytes(packed.subarray(0, 8))).rejects.toMatchObject({ kind: 'not-a-capture' });
  });

  test('damaged inside, it is unpacked up to there', async () => {
    const damaged = Uint8Array.from(packed);
    damaged.fill(0xff, half, half + 200);
    damaged[damaged.length - 4]! ^= 1;
    const { summary } = await readBytes(damaged);
    expect(summary.problems.length).toBeGreaterThan(0);
    expect(summary.bytes).toBe(packed.length);
  });

  test('bytes after the packed data are stated and cost no frame', async () => {
    const { summary } = await readBytes(joined([packed, Buffer.from('something else')]));
    expect(summary).toMatchObject({ frames: 400, bytes: packed.length + 14 });
    expect(kinds(summary.problems)).toEqual(['damaged']);
  });

  test('nothing inside is an empty file', async () => {
    await expect(readBytes(pack(new Uint8Array(0)))).rejects.toMatchObject({ kind: 'empty' });
  });

  test('packed twice is refused by name', async () => {
    await expect(readBytes(gzipSync(packed))).rejects.toMatchObject({ kind: 'unsupported-format' });
  });

  test('something else inside is refused', async () => {
    await expect(readBytes(pack(Buffer.from('hello')))).rejects.toMatchObject({ kind: 'not-a-capture' });
  });
});

describe('gzip headers and trailers', () => {
  /** A member written field by field (RFC 1952 §2.3). */
  const member = (flags: number, fields: Uint8Array) => {
    const plain = gzipSync(file);
    return joined([[0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3], fields, deflateRawSync(file), plain.subarray(-8)]);
  };

  test('all optional fields', async () => {
    const fields = joined([[3, 0, 7, 7, 7], Buffer.from('name.pcap\0'), Buffer.from('a comment\0'), [0x12, 0x34]]);
    const { summary } = await readBytes(member(4 | 8 | 16 | 2, fields), 5);
    expect(summary).toMatchObject({ frames: 400, problems: [] });
  });

  test('a checksum that does not match is stated', async () => {
    const packed = gzipSync(file);
    packed[packed.length - 8]! ^= 1;
    const { summary } = await readBytes(packed);
    expect(summary).toMatchObject({ frames: 400, problems: [{ kind: 'damaged', byte: file.length }] });
  });

  test('zero bytes at the end are padding', async () => {
    const { summary } = await readBytes(joined([gzipSync(file), new Uint8Array(512)]));
    expect(summary).toMatchObject({ frames: 400, problems: [] });
  });
});
