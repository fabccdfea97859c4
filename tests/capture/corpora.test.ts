import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { parse } from 'pcap-parser';
import { afterAll, describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { filesBelow, readBytes, readPath } from './reading.ts';

const root = join(import.meta.dirname, '../..');
const ours = filesBelow(join(root, 'captures')).filter((file) => /\.(pcap|pcapng)(\.gz)?$/.test(file));
const theirs = filesBelow(join(root, '../shared/captures/third-party'));
if (theirs.length === 0) console.warn('no third-party captures in ../shared/captures: they are NOT compared');
const all = [...ours, ...theirs].map((file) => ({ file, name: relative(root, file) }));

const editcap = spawnSync('editcap', ['--version']).status === 0;
if (!editcap) console.warn('no editcap (Wireshark) here: frames are NOT compared with what it reads');

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

/** Wireshark's own reader, without its dissectors, which take a quarter of a second to start: it writes what it reads plainly. */
describe.skipIf(!editcap)('Wireshark reads the same from every capture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corpora-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(all)('$name', async ({ file }) => {
    const { frames: theirFrames, stderr } = readByWireshark(file, join(folder, 'read.pcap'));
    if (['.snoop', '.erf'].includes(extname(file)) || isNetworkMonitor(file)) {
      const error = await readPath(file).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CaptureError);
      expect(error).toMatchObject({ kind: 'unsupported-format' });
      return;
    }
    const { frames, summary } = await readPath(file);
    const ourFrames = frames.map(({ time, bytes, wireLength }) => describeFrame(time, bytes.length, wireLength));
    expect(ourFrames.slice(0, theirFrames.length)).toEqual(theirFrames);
    const damaged = /damaged or corrupt|cut short/.test(stderr);
    if (!damaged) expect(summary.frames).toBe(theirFrames.length);
    expect(summary.problems.some(({ kind }) => ['cut-short', 'damaged', 'record-too-large'].includes(kind))).toBe(
      damaged,
    );
  });
});

const describeFrame = (time: string, captured: number, wire: number): string => [time, captured, wire].join('\t');

/** A file of one link type is copied to a plain one; what is in others, tshark prints. */
function readByWireshark(file: string, copy: string): { frames: string[]; stderr: string } {
  rmSync(copy, { force: true });
  const copied = spawnSync('editcap', ['-F', 'nsecpcap', file, copy], { encoding: 'utf8' });
  if (copied.status === 0) return { frames: plainFrames(readFileSync(copy)), stderr: copied.stderr };
  const fields = ['frame.time_epoch', 'frame.cap_len', 'frame.len'];
  const args = ['-n', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const { stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  // a simple packet block has no time: empty there, zero here
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { frames: lines.map((line) => line.replace(/^\t/, '0.000000000\t')), stderr };
}

/** The records of a pcap file with nanoseconds, as this machine writes it. */
function plainFrames(file: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 24; at < file.length; at += 16 + file.readUInt32LE(at + 8)) {
    const time = `${file.readUInt32LE(at)}.${String(file.readUInt32LE(at + 4)).padStart(9, '0')}`;
    frames.push(describeFrame(time, file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)));
  }
  return frames;
}

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
