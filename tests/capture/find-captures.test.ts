import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { findCaptures } from '../../src/capture/find-captures.ts';
import { orderCaptures } from '../../src/capture/order.ts';
import {
  filler,
  networkInterface,
  packet,
  pcapFile,
  pcapngFile,
  section,
  simplePacket,
} from '../support/build-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'find-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (seconds: number) => pcapFile({ records: [{ bytes: filler(9), seconds }] });
const put = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
mkdirSync(join(folder, 'day', 'deep'), { recursive: true });
mkdirSync(join(folder, 'other'));
put('day/b.pcap', at(30));
put('day/a', gzipSync(at(20)));
put('day/deep/c.zst', zstdCompressSync(at(10)));
put('day/README.md', Buffer.from('# not a capture'));
put('day/notes.gz', gzipSync(Buffer.from('no capture in here')));
put('day/empty', new Uint8Array(0));
put('day/broken.gz', gzipSync(at(1)).subarray(0, 12));
put('day/none.pcap', new Uint8Array(0));
put('day/old.snoop', Buffer.from('snoop\0\0\0\0\0\0\x02\0\0\0\x04'));
put('other/notes.txt', Buffer.from('nothing here'));
put('z.pcapng', pcapngFile([section(), networkInterface(), packet({ bytes: filler(9), time: 15_000_001n })]));
put('y.pcap', at(15));
put('untimed.pcapng', pcapngFile([section(), simplePacket(filler(3))]));
put('headeronly.pcap', pcapFile());
symlinkSync(join(folder, 'day', 'b.pcap'), join(folder, 'day', 'link.pcap'));
symlinkSync(folder, join(folder, 'day', 'loop'));

const under = (...names: string[]) => names.map((name) => join(folder, name));

describe('what CAPTURE arguments name', () => {
  test('a file is taken as it stands, whatever is in it', async () => {
    const [path] = under('other/notes.txt');
    expect(await findCaptures([path!])).toEqual([{ path, name: 'notes.txt' }]);
  });

  test('standard input', async () => {
    expect(await findCaptures(['-', '-'])).toEqual([{ path: '-', name: '-' }]);
  });

  test('a folder: the captures in it and below, sorted, each once, named from the folder', async () => {
    const leftOut: [string, string][] = [];
    const found = await findCaptures(under('day'), (...one) => leftOut.push(one));
    expect(found.map(({ name }) => name)).toEqual(['a', 'b.pcap', 'deep/c.zst']);
    expect(found[2]!.path).toBe(join(folder, 'day', 'deep', 'c.zst'));
    expect(leftOut).toEqual([
      ['broken.gz', 'gzip data that cannot be unpacked'],
      ['none.pcap', 'an empty file'],
      ['old.snoop', 'a Sun snoop capture'],
    ]);
  });

  test('a glob: the captures that it matches, named as a shell would', async () => {
    const found = await findCaptures(under('day/*'));
    expect(found.map(({ name }) => name)).toContain(join(folder, 'day', 'b.pcap'));
    expect(found.map(({ name }) => name)).not.toContain(join(folder, 'day', 'README.md'));
  });

  test('files of one name keep their paths, so that evidence cannot be mistaken', async () => {
    const [first, second] = under('day/b.pcap', 'other/b.pcap');
    writeFileSync(second!, readFileSync(first!));
    const found = await findCaptures([first!, second!]);
    rmSync(second!);
    expect(found.map(({ name }) => name)).toEqual([first, second]);
  });

  test('a file named twice is taken once', async () => {
    const found = await findCaptures(under('day/b.pcap', 'day', 'day/*.pcap'));
    expect(found.map(({ name }) => name)).toEqual(['b.pcap', 'a', 'deep/c.zst']);
  });

  test.each([
    ['other', 'no-captures'],
    ['none.pcap', 'missing'],
    ['*.nothing', 'missing'],
    ['other/*', 'no-captures'],
    ['y.pcap/inside', 'missing'],
  ])('%s: %s', async (name, kind) => {
    await expect(findCaptures(under(name))).rejects.toMatchObject({ name: 'CaptureError', kind });
  });
});

describe('the order of several captures', () => {
  test('by the time of their first frame; those without one after them, standard input last', async () => {
    const names = [
      '-',
      'headeronly.pcap',
      'untimed.pcapng',
      'day/b.pcap',
      'missing.pcap',
      'z.pcapng',
      'y.pcap',
      'day/a',
      'other/notes.txt',
      'day/deep/c.zst',
    ];
    const captures = names.map((name) => ({ name, path: name === '-' ? '-' : join(folder, name) }));
    const ordered = await orderCaptures(captures);
    expect(ordered.map(({ name }) => name)).toEqual([
      'day/deep/c.zst',
      'y.pcap',
      'z.pcapng',
      'day/a',
      'day/b.pcap',
      'headeronly.pcap',
      'untimed.pcapng',
      'missing.pcap',
      'other/notes.txt',
      '-',
    ]);
  });
});
