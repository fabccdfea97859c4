import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { refusal } from '../../src/capture/capture-error.ts';
import { filler, joined, pcapFile, pcapngFile, section } from '../support/build-capture.ts';
import { readBytes, readPath } from './reading.ts';

const folder = mkdtempSync(join(tmpdir(), 'capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

const erfRecord = (seconds: number) => [1, 2, 3, 4, seconds, 0, 0, 0x5e, 2, 4, 0, 96, 0, 0, 0, 60, ...filler(80)];

describe('files that are no capture', () => {
  test.each([
    ['empty', new Uint8Array(0), 'empty', 'empty'],
    ['one byte', Uint8Array.of(0xd4), 'not-a-capture', 'pcapng'],
    ['three bytes of a magic', Uint8Array.of(0xd4, 0xc3, 0xb2), 'not-a-capture', 'pcapng'],
    ['text', Buffer.from('hello, world'.repeat(9)), 'not-a-capture', 'capinfos'],
    ['zeros', new Uint8Array(4096), 'not-a-capture', 'pcapng'],
    ['a pcap header cut off', pcapFile().subarray(0, 23), 'not-a-capture', 'cut short'],
    ['a pcapng header cut off', pcapngFile([section()]).subarray(0, 27), 'not-a-capture', 'cut short'],
    [
      'a pcapng header without byte order',
      new Uint8Array([0xa, 0xd, 0xd, 0xa, ...filler(40)]),
      'not-a-capture',
      'byte order',
    ],
    ['snoop', Buffer.from('snoop\0\0\0\0\0\0\x02\0\0\0\x04'), 'unsupported-format', 'editcap -F pcapng'],
    ['Network Monitor 1', Buffer.from('RTSS\x01\x01\0\0'), 'unsupported-format', 'editcap -F pcapng'],
    ['Network Monitor 2', Buffer.from('GMBU\0\x02\x01\0'), 'unsupported-format', 'Network Monitor 2'],
    ['ERF', joined([erfRecord(1), erfRecord(2), erfRecord(2)]), 'unsupported-format', 'ERF'],
    ['btsnoop', Buffer.from('btsnoop\0\0\0\0\x01'), 'unsupported-format', 'Bluetooth'],
    ['OmniPeek', Buffer.from('\x7fver\0\0\0'), 'unsupported-format', 'OmniPeek'],
    [
      'what tshark -x prints',
      Buffer.from(`0000  ${'0a '.repeat(16)}  ................\n`),
      'unsupported-format',
      'text2pcap',
    ],
    [
      'what tcpdump -x prints',
      Buffer.from(`12:00:00.1 IP a > b: ...\n\t0x0000:  ${'4500 '.repeat(8)}\n`),
      'unsupported-format',
      'text2pcap',
    ],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'unsupported-format', 'bzip2 -d'],
    ['xz', Buffer.from('\xfd7zXZ\0\0\x04', 'latin1'), 'unsupported-format', 'xz -d'],
    ['lz4', Uint8Array.of(4, 0x22, 0x4d, 0x18, 0x64), 'unsupported-format', 'lz4 -d'],
    ['zip', Buffer.from('PK\x03\x04\x14\0'), 'unsupported-format', 'unzip'],
  ])('%s', async (_, bytes, kind, says) => {
    const error = await readBytes(bytes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'CaptureError', kind });
    const { message } = error as Error;
    expect(message).toContain(says);
    expect(message).toMatch(/^built: .+; .+/);
    expect(message).not.toContain('\n');
  });

  test('an event trace is told by its name', async () => {
    const path = join(folder, 'trace.ETL');
    writeFileSync(path, filler(100));
    await expect(readPath(path)).rejects.toMatchObject({
      kind: 'unsupported-format',
      message: expect.stringContaining('etl2pcapng'),
    });
  });
});

describe('paths that cannot be read', () => {
  test('missing', async () => {
    await expect(readPath(join(folder, 'none.pcap'))).rejects.toMatchObject({ kind: 'missing' });
  });

  test('a folder', async () => {
    await expect(readPath(folder)).rejects.toMatchObject({ kind: 'unreadable' });
  });

  test('not permitted, or a bad disk: what the system said, in words', () => {
    const said = (code: string) => refusal('x.pcap', Object.assign(new Error(code), { code }));
    expect(said('EACCES')).toMatchObject({ kind: 'unreadable', message: expect.stringMatching(/permission denied; /) });
    expect(said('EIO')).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('EIO') });
    expect(said('ENOENT')).toMatchObject({ kind: 'missing' });
  });

  test('a bug stays a bug', () => {
    const bug = new TypeError('undefined is not a function');
    expect(refusal('x.pcap', bug)).toBe(bug);
  });
});
