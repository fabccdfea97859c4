import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { limits } from '../limits.ts';
import { refusal } from './capture-error.ts';

/** A CAPTURE argument, or one file of it. */
export interface CaptureSource {
  /** what to open; `-` is standard input */
  path: string;
  /** its own name, or relative to the folder or pattern that was named */
  name: string;
}

/** Bytes from front to back. Pulled, so that a slow reader holds up the writer and nothing piles up. */
export interface ByteSource {
  /** Puts at most `count` bytes into `into` from `at` on and says how many; 0 at the end. A plain number where nothing had to be waited for. */
  read(into: Uint8Array, at: number, count: number): number | Promise<number>;
  close(): void | Promise<void>;
}

/** Opens a file, pipe or standard input. Throws `CaptureError` where that fails. */
export function openSource(path: string): ByteSource {
  try {
    const fd = path === '-' ? 0 : openSync(path, 'r');
    if (fstatSync(fd).isFile()) return fileSource(path, fd);
    return streamSource(path, path === '-' ? process.stdin : createReadStream(path, { fd }));
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

const nothing = new Uint8Array(0);

/** A pipe: what it had already read when it failed is handed out before its error is thrown. */
function streamSource(path: string, stream: Readable): ByteSource {
  let rest: Uint8Array = nothing;
  let error: unknown = null;
  let over = false;
  let wake = () => {};
  stream.on('readable', () => wake());
  stream.once('end', () => {
    over = true;
    wake();
  });
  stream.once('close', () => {
    over = true;
    wake();
  });
  stream.on('error', (thrown) => {
    error ??= thrown;
    wake();
  });
  return {
    async read(into, at, count) {
      for (;;) {
        if (rest.length === 0) rest = (stream.read() as Uint8Array | null) ?? nothing;
        if (rest.length > 0) {
          const size = Math.min(count, rest.length);
          into.set(rest.subarray(0, size), at);
          rest = rest.subarray(size);
          return size;
        }
        if (error !== null) throw refusal(path, error);
        if (over) return 0;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => {
      stream.destroy();
    },
  };
}
