import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDigest } from '../../src/capture/digest.ts';
import { HashThread } from '../../src/capture/hash-thread.ts';
import { limits } from '../../src/limits.ts';
import { randomFrom } from '../support/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'digest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const below = randomFrom(1);
const content = Uint8Array.from({ length: limits.hashedWithReading + 12_345 }, () => below(256));
const expected = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a large file', () => {
  const path = join(folder, 'large');
  let thread: HashThread;
  let fd: number;
  beforeEach(() => {
    writeFileSync(path, content);
    thread = new HashThread();
    fd = openSync(path, 'r');
  });
  afterEach(async () => {
    closeSync(fd);
    await thread.close();
  });

  const source = () => ({ read: () => 0, close: () => {}, file: { fd, size: content.length } });
  /** Reads on as a reader does, in pieces that fit nothing. */
  const read = (update: (bytes: Uint8Array) => void, until = content.length): void => {
    const piece = new Uint8Array(999_999);
    for (let at = 0; at < until; ) {
      const count = readSync(fd, piece, 0, Math.min(piece.length, until - at), null);
      update(piece.subarray(0, count));
      at += count;
    }
  };

  test('is hashed by the thread as by the reader', async () => {
    const digest = createDigest(source(), thread);
    read(digest.update);
    expect(await digest.finish()).toBe(expected(content));
  });

  test('several at once, each as far as it was read', async () => {
    const [one, other] = [createDigest(source(), thread), createDigest(source(), thread)];
    read((bytes) => {
      one.update(bytes);
      if (bytes.length === 999_999) other.update(bytes);
    });
    const whole = Math.floor(content.length / 999_999) * 999_999;
    expect(await other.finish()).toBe(expected(content.subarray(0, whole)));
    expect(await one.finish()).toBe(expected(content));
  });

  test('of which nothing was read', async () => {
    expect(await createDigest(source(), thread).finish()).toBe(expected(new Uint8Array(0)));
  });

  test('that became shorter has the hash of what is there', async () => {
    const digest = createDigest(source(), thread);
    truncateSync(path, 1000);
    digest.update(new Uint8Array(5000));
    expect(await digest.finish()).toBe(expected(content.subarray(0, 1000)));
  });

  test('is hashed also where the thread has ended', async () => {
    const digest = createDigest(source(), thread);
    const later = createDigest(source(), thread);
    await thread.close();
    read(digest.update);
    expect(await digest.finish()).toBe(expected(content));
    expect(await later.finish()).toBe(expected(new Uint8Array(0)));
    expect(await createDigest(source(), thread).finish()).toBe(expected(new Uint8Array(0)));
  });
});

test('small files and pipes are hashed by who reads them', async () => {
  const thread = {
    start: () => {
      throw new Error('asked');
    },
  } as unknown as HashThread;
  for (const file of [{ fd: 99, size: limits.hashedWithReading - 1 }, null]) {
    const digest = createDigest({ read: () => 0, close: () => {}, ...(file && { file }) }, thread);
    digest.update(content.subarray(0, 10));
    digest.update(content.subarray(10, 30));
    expect(await digest.finish()).toBe(expected(content.subarray(0, 30)));
  }
});
