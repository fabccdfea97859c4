import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { limits } from '../limits.ts';
import { refusal } from './capture-error.ts';

/** A CAPTURE argument, or one file of it. */
export interface CaptureSource {
  /** what to open; `-` is standard input */
  path: string;
  /** its own name, or relative to the folder or pattern that was named */
  name: string;
}

export interface Moment {
  /** since 1970 */
  seconds: number;
  nanoseconds: number;
}

/** A capture with the time of its first frame that has one; null where there is none or it cannot be looked into. */
export interface TimedSource extends CaptureSource {
  begins: Moment | null;
}

/** Bytes from front to back. Pulled, so that a slow reader holds up the writer and nothing piles up. */
export interface ByteSource {
  /** Puts at most `count` bytes into `into` from `at` on and says how many; 0 at the end. A plain number where nothing had to be waited for. */
  read(into: Uint8Array, at: number, count: number): number | Promise<number>;
  close(): void | Promise<void>;
  /** of a file that is read from its first byte on: its descriptor, and its bytes when it was opened */
  readonly file?: { fd: number; size: number };
}

/** Opens a file, pipe or standard input. Throws `CaptureError` where that fails. */
export function openSource(path: string): ByteSource {
  try {
    const fd = path === '-' ? 0 : openSync(path, 'r');
    const stat = fstatSync(fd);
    if (stat.isFile()) return { ...fileSource(path, fd), ...(fd !== 0 && { file: { fd, size: stat.size } }) };
    return pipeSource(path, fd);
  } catch (thrown) {
    throw refusal(path, thrown);
  }
}

/** Reads on until `into` holds `wanted` bytes from its start, or more, or there are no more; returns how many it holds. */
export async function fill(source: ByteSource, into: Uint8Array, already: number, wanted: number): Promise<number> {
  let filled = already;
  while (filled < wanted) {
    const count = await source.read(into, filled, Math.min(limits.chunk, into.length - filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** A regular file: read synchronously, straight into the reader's buffer. */
function fileSource(path: string, fd: number): ByteSource {
  return {
    read(into, at, count) {
      try {
        return readSync(fd, into, at, count, null);
      } catch (thrown) {
        throw refusal(path, thrown);
      }
    },
    close: () => {
      if (fd !== 0) closeSync(fd);
    },
  };
}

/** milliseconds; how long a pipe that has nothing is left alone, where its writer has made reads return at once */
const pause = 5;

/** A pipe: read straight into the reader's buffer too, without holding up the process. */
function pipeSource(path: string, fd: number): ByteSource {
  return {
    async read(into, at, count) {
      for (;;) {
        try {
          return await readSome(fd, into, at, count);
        } catch (thrown) {
          const code = (thrown as NodeJS.ErrnoException).code;
          // how Windows says that a pipe's writer has gone
          if (code === 'EOF') return 0;
          if (code !== 'EAGAIN') throw refusal(path, thrown);
          await setTimeout(pause);
        }
      }
    },
    close: () => {
      if (fd !== 0) closeSync(fd);
    },
  };
}

const readSome = promisify(
  (fd: number, into: Uint8Array, at: number, count: number, done: (error: Error | null, size: number) => void) =>
    read(fd, into, at, count, null, done),
);
