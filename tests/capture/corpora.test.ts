import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { parse } from 'pcap-parser';
import { describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { filesBelow, readBytes, readPath } from './reading.ts';

const root = join(import.meta.dirname, '../..');
const ours = filesBelow(join(root, 'captures')).filter((file) => /\.(pcap|pcapng)(\.gz)?$/.test(file));
const theirs = filesBelow(join(root, '../shared/captures/third-party'));
if (theirs.length === 0) console.warn('no third-party captures in ../shared/captures: they are NOT compared');
const all = [...ours, ...theirs].map((file) => ({ file, name: relative(root, file) }));

const tshark = spawnSync('tshark', ['--version']).status === 0;
if (!tshark) console.warn('no tshark here: frames are NOT compared with what it reads');

/** What an independent reader of classic microsecond pcap sees. */
async function secondReader(file: Uint8Array) {
  const packets: { time: string; wireLength: number; bytes: Uint8Array }[] = [];
  const parser = parse(Readable.from([Buffer.from(file)]));
  parser.on('packet', ({ header, data }) => {
    const time = `${header.timestampSeconds}.${String(header.timestampMicroseconds).padStart(6, '0')}000`;
    packets.push({ time, wireLength: header.originalLength, bytes: Uint8Array.from(data) });
  });
  await once(parser, 'end');
  return packets;
}

const content = (file: string) => (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file));
const classic = all.filter(({ file }) => ['d4c3b2a1', 'a1b2c3d4'].includes(content(file).toString('hex', 0, 4)));

describe('pcap-parser reads the same from every classic capture', () => {
  test('there are some', () => expect(classic.length).toBeGreaterThan(20));

  test.each(classic)('$name', async ({ file }) => {
    const { frames } = await readPath(file);
    expect(frames.map(({ time, wireLength, bytes }) => ({ time, wireLength, bytes }))).toEqual(
      await secondReader(content(file)),
    );
  });
});

describe.skipIf(!tshark)('tshark reads the same from every capture', () => {
  const fields = ['frame.number', 'frame.time_epoch', 'frame.cap_len', 'frame.len'];
  test.each(all)('$name', async ({ file }) => {
    const args = ['-n', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
    const { stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    // a simple packet block has no time: empty there, zero here
    const lines = stdout.split('\n').filter((line) => line !== '');
    const theirFrames = lines.map((line) => line.replace('\t\t', '\t0.000000000\t'));
    if (['.snoop', '.erf'].includes(extname(file)) || isNetworkMonitor(file)) {
      const error = await readPath(file).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CaptureError);
      expect(error).toMatchObject({ kind: 'unsupported-format' });
      return;
    }
    const { frames, summary } = await readPath(file);
    const ourFrames = frames.map(({ number, time, bytes, wireLength }) =>
      [number, time, bytes.length, wireLength].join('\t'),
    );
    expect(ourFrames.slice(0, theirFrames.length)).toEqual(theirFrames);
    const damaged = /damaged or corrupt|cut short/.test(stderr);
    if (!damaged) expect(summary.frames).toBe(theirFrames.length);
    expect(summary.problems.some(({ kind }) => ['cut-short', 'damaged', 'record-too-large'].includes(kind))).toBe(
      damaged,
    );
  });
});

describe('every capture read in small pieces', () => {
  test.each(all.filter(({ file }) => content(file).length < 20_000))('$name', async ({ file }) => {
    if (['.snoop', '.erf'].includes(extname(basename(file))) || isNetworkMonitor(file)) return;
    const bytes = readFileSync(file);
    const whole = await readBytes(bytes);
    for (const size of [1, 1000]) expect(await readBytes(bytes, size)).toEqual(whole);
  });
});

function isNetworkMonitor(file: string): boolean {
  return readFileSync(file).toString('latin1', 0, 4) === 'GMBU';
}
