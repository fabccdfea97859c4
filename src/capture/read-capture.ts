import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../limits.ts';
import type { CaptureFormat, CaptureSummary } from './capture-summary.ts';
import { compressionOf, type Unpacked, unpack } from './compression.ts';
import { createDigest, type Digest } from './digest.ts';
import type { FrameSink } from './frame.ts';
import type { HashThread } from './hash-thread.ts';
import { cutInHeader, headLength, readerFor } from './recognise.ts';
import { type ByteSource, type CaptureSource, fill, openSource } from './source.ts';
import { Tally } from './tally.ts';

export interface ReadOptions {
  /** whether to compute the SHA-256 of the stored file, or the thread that does it while the file is read */
  hash: boolean | HashThread;
  /** called once per chunk with the bytes of the stored file read so far */
  onProgress?(bytesRead: number): void;
  /** asked once per chunk, after its frames; reading goes on once the promise is kept */
  pause?(): Promise<void> | null;
  /** asked once per chunk; true ends the reading: the summary covers what was read, and has no hash */
  stop?(): boolean;
}

/**
 * Reads a capture from front to back and hands every frame to `sink`. What is damaged or missing is stated in the summary;
 * only what is no readable capture at all throws, a `CaptureError`.
 */
export async function readCapture(
  source: CaptureSource,
  sink: FrameSink,
  options: ReadOptions,
): Promise<CaptureSummary> {
  const stored = openSource(source.path);
  try {
    return await readFrames(source.name, stored, sink, options);
  } finally {
    await stored.close();
  }
}

/** As `readCapture`, from bytes that are already open. */
export async function readFrames(
  name: string,
  source: ByteSource,
  sink: FrameSink,
  options: ReadOptions,
): Promise<CaptureSummary> {
  const { hash } = options;
  const digest = hash === false ? null : createDigest(source, hash === true ? null : hash);
  const stored = counted(source, digest, options);
  let window = new Uint8Array(windowFor(source));
  const filled = await fill(stored, window, 0, 4);
  const compression = compressionOf(window, filled);
  const tally = new Tally();
  let outcome: Outcome;
  if (compression === 'none') {
    outcome = await readContent({ name, window, tally, sink, options }, stored, filled);
  } else {
    const unpacked = unpack(stored, window.slice(0, filled), compression);
    window = new Uint8Array(2 * limits.chunk);
    try {
      outcome = await readContent({ name, window, tally, sink, options }, unpacked, 0, unpacked);
    } finally {
      await unpacked.close();
    }
  }
  // what follows damage is not read as a capture, but belongs to the file's size and hash
  while (!outcome.interrupted && (await stored.read(window, 0, Math.min(limits.chunk, window.length))) > 0);
  return {
    file: name,
    sha256: digest && !outcome.interrupted ? await digest.finish() : null,
    format: outcome.format,
    compression,
    linkTypes: [...tally.linkTypes].sort((one, other) => one - other),
    frames: tally.frames,
    bytes: stored.bytesRead(),
    firstSeen: tally.firstSeen,
    lastSeen: tally.lastSeen,
    dropped: tally.dropped,
    problems: tally.statedProblems(),
    names: tally.names,
  };
}

interface Read {
  name: string;
  /** holds the first `filled` bytes of the content when reading begins */
  window: Uint8Array;
  tally: Tally;
  sink: FrameSink;
  options: ReadOptions;
}

interface Outcome {
  format: CaptureFormat;
  /** whether `stop` ended the reading */
  interrupted: boolean;
}

/** Moves the content through a window, chunk by chunk, and its records through the format's reader. */
async function readContent(read: Read, content: ByteSource, already: number, packed?: Unpacked): Promise<Outcome> {
  const { name, tally, options } = read;
  let { window } = read;
  let filled = await fill(content, window, already, headLength);
  const early = filled === 0 ? packed?.trouble() : null;
  if (early) throw cutInHeader(name, early.detail);
  const reader = readerFor(name, window, filled, tally, read.sink);
  // window[0] is byte `base` of the content; the next record begins at window[from], which may not have been read yet
  let base = 0;
  let from = 0;
  let over = false;
  let interrupted = false;
  for (;;) {
    if (from < filled) from = reader.read(window, from, filled, base);
    const waiting = options.pause?.();
    if (waiting) await waiting;
    interrupted = options.stop?.() ?? false;
    if (over || interrupted || reader.stopped) break;
    const gone = Math.min(from, filled);
    window.copyWithin(0, gone, filled);
    filled -= gone;
    from -= gone;
    base += gone;
    // readers want no more than limits.block bytes at once, which bounds this
    if (filled === window.length) window = grown(window);
    const count = content.read(window, filled, Math.min(limits.chunk, window.length - filled));
    if (typeof count === 'number') await turn();
    const got = await count;
    filled += got;
    over = got === 0;
  }
  reader.finish();
  if (over) stateEnd(tally, base + from, filled - from, packed);
  if (interrupted) return { format: reader.format, interrupted };
  if (!reader.headerRead) throw cutInHeader(name, tally.statedProblems()[0]?.detail ?? '');
  if (tally.frames === 0) tally.problem('no-frames', base + from, 'a valid header, but not one frame');
  return { format: reader.format, interrupted };
}

/** States how the content ended where that was not behind a record: at byte `end` of it, with `left` bytes more, or fewer if a skipped block ran past the end. */
function stateEnd(tally: Tally, end: number, left: number, packed: Unpacked | undefined): void {
  const trouble = packed?.trouble();
  if (trouble) tally.problem(trouble.kind, end, trouble.detail);
  else if (left > 0) tally.problem('cut-short', end, `the file ends ${left} bytes into a record`);
  else if (left < 0)
    tally.problem('cut-short', end + left, 'the file ends inside a block that would have been skipped');
}

/** Bytes: two chunks, or a small file whole, and one more to see that it ends there. */
function windowFor({ file }: ByteSource): number {
  return Math.min(2 * limits.chunk, Math.max(headLength, file?.size ?? Number.POSITIVE_INFINITY) + 1);
}

function grown(window: Uint8Array): Uint8Array {
  const larger = new Uint8Array(2 * window.length);
  larger.set(window);
  return larger;
}

/** A source that counts and hashes what is read from it. */
function counted(
  source: ByteSource,
  digest: Digest | null,
  options: ReadOptions,
): ByteSource & { bytesRead(): number } {
  let bytes = 0;
  const note = (into: Uint8Array, at: number, count: number) => {
    if (count === 0) return 0;
    bytes += count;
    digest?.update(into.subarray(at, at + count));
    options.onProgress?.(bytes);
    return count;
  };
  return {
    read(into, at, wanted) {
      const count = source.read(into, at, wanted);
      return typeof count === 'number' ? note(into, at, count) : count.then((got) => note(into, at, got));
    },
    close: () => source.close(),
    bytesRead: () => bytes,
  };
}
