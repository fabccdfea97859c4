import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureSummary } from '../../src/capture/capture-summary.ts';
import type { FrameSink } from '../../src/capture/frame.ts';
import { readCapture, readFrames } from '../../src/capture/read-capture.ts';
import type { ByteSource } from '../../src/capture/source.ts';

/** A frame that outlives the reading. */
export interface KeptFrame {
  number: number;
  time: string;
  linkType: number;
  wireLength: number;
  bytes: Uint8Array;
}

export interface ReadOut {
  frames: KeptFrame[];
  summary: CaptureSummary;
}

/** Reads a file's bytes, at most `size` at a time. */
export async function readBytes(bytes: Uint8Array, size = bytes.length + 1): Promise<ReadOut> {
  const { frames, keep } = keeper();
  const summary = await readFrames('built', inPieces(bytes, size), keep, { hash: true });
  return { frames, summary };
}

export async function readPath(path: string): Promise<ReadOut> {
  const { frames, keep } = keeper();
  const summary = await readCapture({ path, name: path }, keep, { hash: true });
  return { frames, summary };
}

function keeper() {
  const frames: KeptFrame[] = [];
  const keep: FrameSink = ({ number, seconds, nanoseconds, linkType, wireLength, bytes, start, end }) => {
    const time = `${seconds}.${String(nanoseconds).padStart(9, '0')}`;
    frames.push({ number, time, linkType, wireLength, bytes: bytes.slice(start, end) });
  };
  return { frames, keep };
}

function inPieces(bytes: Uint8Array, size: number): ByteSource {
  let done = 0;
  return {
    read(into, at, count) {
      const piece = bytes.subarray(done, done + Math.min(size, count));
      into.set(piece, at);
      done += piece.length;
      return piece.length;
    },
    close: () => {},
  };
}

/** All files of a folder and below; none where it is missing. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
