import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { readCapture, readFrames } from '../../src/capture/read-capture.ts';
import type { ByteSource } from '../../src/capture/source.ts';
import { limits } from '../../src/limits.ts';
import { filler, pcapFile } from '../support/build-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'changing-'));
afterAll(() => rmSync(folder, { recursive: true }));

// two chunks and a bit
const frames = 1500;
const records = Array.from({ length: frames }, (_, index) => ({ bytes: filler(1484, index), seconds: index }));
const file = pcapFile({ records });
const record = 16 + 1484;
const path = join(folder, 'changing.pcap');
beforeEach(() => writeFileSync(path, file));

/** reads the file, which something happens to once its first frames have been read */
async function readWhile(happens: () => void) {
  let seen = 0;
  const sink = () => {
    if (seen++ === 0) happens();
  };
  const summary = await readCapture({ path, name: 'changing.pcap' }, sink, { hash: true });
  return { seen, summary };
}

describe('a file that changes while it is read', () => {
  test('grows: it is read up to where it ends by then, and the hash is of that', async () => {
    const more = pcapFile({ records: records.slice(0, 700) }).subarray(24);
    const { seen, summary } = await readWhile(() => appendFileSync(path, more));
    expect([seen, summary.bytes]).toEqual([frames + 700, file.length + more.length]);
    expect(summary.problems.map(({ kind }) => kind)).toEqual(['not-in-time-order']);
    expect(summary.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
  });

  test('grows by half a record: the rest is read, and said to be cut short', async () => {
    const { seen, summary } = await readWhile(() => appendFileSync(path, file.subarray(24, 24 + 400)));
    expect(seen).toBe(frames);
    expect(summary.problems).toMatchObject([{ kind: 'cut-short', byte: file.length }]);
  });

  test('shrinks: the rest is read, and said to be cut short', async () => {
    const cut = 24 + 1400 * record + 10;
    const { seen, summary } = await readWhile(() => truncateSync(path, cut));
    expect(seen).toBe(1400);
    expect(summary.problems).toMatchObject([{ kind: 'cut-short', byte: 24 + 1400 * record }]);
  });

  test.skipIf(process.platform === 'win32')('vanishes: it is read to its end', async () => {
    const { seen, summary } = await readWhile(() => rmSync(path));
    expect(seen).toBe(frames);
    expect(summary).toMatchObject({ problems: [], sha256: createHash('sha256').update(file).digest('hex') });
  });
});

describe('a disk that fails', () => {
  /** gives the first `readable` of the bytes, and then what a failing disk gives */
  function failing(bytes: Uint8Array, readable: number): ByteSource {
    let done = 0;
    return {
      read(into, at, count) {
        if (done === readable) throw new CaptureError('unreadable', 'f.pcap: cannot be read (EIO)');
        const piece = bytes.subarray(done, Math.min(done + count, readable));
        into.set(piece, at);
        done += piece.length;
        return piece.length;
      },
      close: () => {},
    };
  }
  const packed = gzipSync(file);

  test.each([
    ['at once', file, 0],
    ['in the header', file, 10],
    ['in a record', file, limits.chunk + 77],
    ['in a packed file', packed, packed.length >> 1],
  ])('%s: the capture is refused, never taken for a shorter one', async (_, bytes, readable) => {
    const reading = readFrames('f.pcap', failing(bytes, readable), () => {}, { hash: true });
    await expect(reading).rejects.toThrow('f.pcap: cannot be read (EIO)');
  });
});
