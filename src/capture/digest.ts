import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { limits } from '../limits.ts';
import type { HashThread } from './hash-thread.ts';
import type { ByteSource } from './source.ts';

/** SHA-256 over what is read from a source, piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** lower-case hexadecimal */
  finish(): Promise<string>;
}

/** Large files are hashed beside the reading where there is a thread for it; all else with it. */
export function createDigest({ file }: ByteSource, thread: HashThread | null): Digest {
  return file && thread && file.size >= limits.hashedWithReading ? apart(file.fd, thread) : together();
}

function together(): Digest {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    finish: async () => hash.digest('hex'),
  };
}

/** The thread reads the same open file, as far as it has been read here. */
function apart(fd: number, thread: HashThread): Digest {
  const job = thread.start(fd);
  let length = 0;
  return {
    update: (bytes) => {
      length += bytes.length;
      job.advance(length);
    },
    finish: async () => (await job.finish()) ?? hashOf(fd, length),
  };
}

/** The thread could not: the file is read once more. */
function hashOf(fd: number, length: number): string {
  const hash = createHash('sha256');
  const piece = new Uint8Array(limits.chunk);
  for (let at = 0; at < length; ) {
    const count = readSync(fd, piece, 0, Math.min(piece.length, length - at), at);
    if (count === 0) break;
    hash.update(piece.subarray(0, count));
    at += count;
  }
  return hash.digest('hex');
}
