import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readCapture } from '../../src/capture/read-capture.ts';
import { filler, pcapFile } from '../support/build-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-'));
afterAll(() => rmSync(folder, { recursive: true }));

// four chunks and a bit
const records = Array.from({ length: 3000 }, (_, index) => ({ bytes: filler(1484, index), seconds: index }));
const file = pcapFile({ records });
const path = join(folder, 'some.pcap');
writeFileSync(path, file);
const source = { path, name: 'some.pcap' };

describe('reading a file', () => {
  test('hash, size and progress are of the stored file', async () => {
    const progress: number[] = [];
    const summary = await readCapture(source, () => {}, { hash: true, onProgress: (bytes) => progress.push(bytes) });
    expect(summary).toMatchObject({ file: 'some.pcap', frames: 3000, bytes: file.length, compression: 'none' });
    expect(summary.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect(progress.at(-1)).toBe(file.length);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
  });

  test('without a hash', async () => {
    const summary = await readCapture(source, () => {}, { hash: false });
    expect(summary.sha256).toBeNull();
  });

  test('one frame object and few buffers are used throughout', async () => {
    const frames = new Set<unknown>();
    const buffers = new Set<unknown>();
    await readCapture(
      source,
      (frame) => {
        frames.add(frame);
        buffers.add(frame.bytes);
      },
      { hash: false },
    );
    expect(frames.size).toBe(1);
    expect(buffers.size).toBe(1);
  });

  test('it can be stopped after a chunk: what was read stands, without a hash', async () => {
    let seen = 0;
    const summary = await readCapture(source, () => seen++, { hash: true, stop: () => seen > 0 });
    expect(summary.frames).toBe(seen);
    expect(seen).toBeLessThan(1000);
    expect(summary).toMatchObject({ sha256: null, problems: [] });
  });

  test('what the sink throws comes through', async () => {
    const bug = new Error('a bug');
    const sink = () => {
      throw bug;
    };
    await expect(readCapture(source, sink, { hash: true })).rejects.toBe(bug);
  });
});

describe('standard input and pipes', () => {
  const program = `
    import { readCapture } from ${JSON.stringify(join(import.meta.dirname, '../../src/capture/read-capture.ts'))};
    const summary = await readCapture({ path: process.argv[1], name: '-' }, () => {}, { hash: true });
    console.log(JSON.stringify(summary));`;
  const command = [process.execPath, ['--input-type=module', '-e', program, '--']] as const;
  const expected = { file: '-', frames: 3000, linkTypes: [1], problems: [] };

  test('a pipe', () => {
    const out = execFileSync(command[0], [...command[1], '-'], { input: file });
    expect(JSON.parse(out.toString())).toMatchObject({ ...expected, bytes: file.length });
  });

  test('a packed pipe', () => {
    const packed = gzipSync(file);
    const out = execFileSync(command[0], [...command[1], '-'], { input: packed });
    expect(JSON.parse(out.toString())).toMatchObject({
      ...expected,
      compression: 'gzip',
      sha256: createHash('sha256').update(packed).digest('hex'),
    });
  });

  test('a redirected file', () => {
    const { stdout } = spawnSync(command[0], [...command[1], '-'], { stdio: [openSync(path, 'r'), 'pipe', 'inherit'] });
    expect(JSON.parse(stdout.toString())).toMatchObject({ ...expected, bytes: file.length });
  });

  test.skipIf(process.platform === 'win32')('a named pipe', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const script = 'cat "$1" > "$2" & shift 2; "$@"';
    const out = execFileSync('sh', ['-c', script, 'sh', path, pipe, command[0], ...command[1], pipe]);
    expect(JSON.parse(out.toString())).toMatchObject({ ...expected, bytes: file.length });
  });
});
