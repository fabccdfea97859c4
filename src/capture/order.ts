import { statSync } from 'node:fs';
import { CaptureError } from './capture-error.ts';
import { readCapture } from './read-capture.ts';
import type { CaptureSource } from './source.ts';

/**
 * Captures in the order of the times they begin with, so that a flow that runs from one file into the next is read in order.
 * What states no time follows as given, and pipes and standard input come last, as they cannot be looked into beforehand.
 */
export async function orderCaptures(captures: readonly CaptureSource[]): Promise<CaptureSource[]> {
  const timed: { capture: CaptureSource; begins: string }[] = [];
  for (const capture of captures) timed.push({ capture, begins: await beginningOf(capture) });
  return timed
    .sort((one, other) => (one.begins < other.begins ? -1 : one.begins > other.begins ? 1 : 0))
    .map(({ capture }) => capture);
}

// they sort behind every time as text, and in this order
const timeless = 'no time';
const pipe = 'pipe';

/** The first time of a regular file, from one chunk of it, or as many as it takes to come to a frame that has one. */
async function beginningOf(capture: CaptureSource): Promise<string> {
  if (capture.path === '-') return pipe;
  try {
    if (!statSync(capture.path).isFile()) return pipe;
    let seen = false;
    const note = ({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }) => {
      seen ||= seconds !== 0 || nanoseconds !== 0;
    };
    const { firstSeen } = await readCapture(capture, note, { hash: false, stop: () => seen });
    return firstSeen ?? timeless;
  } catch (thrown) {
    // reading it for good says what is wrong with it
    const fromTheSystem = thrown instanceof Error && 'code' in thrown;
    if (thrown instanceof CaptureError || fromTheSystem) return timeless;
    throw thrown;
  }
}
