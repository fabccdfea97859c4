import { statSync } from 'node:fs';
import { CaptureError } from './capture-error.ts';
import { readCapture } from './read-capture.ts';
import type { CaptureSource } from './source.ts';

/**
 * Captures in the order of their first frames' times, so that a flow that runs from one file into the next is read in order.
 * What has no such time follows as given, and pipes and standard input come last, as they cannot be looked into beforehand.
 */
export async function orderCaptures(captures: readonly CaptureSource[]): Promise<CaptureSource[]> {
  const timed: { capture: CaptureSource; at: FirstTime }[] = [];
  for (const capture of captures) timed.push({ capture, at: await firstTime(capture) });
  return timed.sort((one, other) => compare(one.at, other.at)).map(({ capture }) => capture);
}

/** seconds and nanoseconds, or why there are none */
type FirstTime = readonly [seconds: number, nanoseconds: number] | 'none' | 'pipe';

/** Reads one chunk of a regular file, or as many as it takes to come to a frame. */
async function firstTime(capture: CaptureSource): Promise<FirstTime> {
  if (capture.path === '-') return 'pipe';
  let first: FirstTime = 'none';
  try {
    if (!statSync(capture.path).isFile()) return 'pipe';
    await readCapture(
      capture,
      ({ seconds, nanoseconds }) => {
        if (first === 'none') first = [seconds, nanoseconds];
      },
      { hash: false, stop: () => first !== 'none' },
    );
  } catch (thrown) {
    // reading it for good says what is wrong with it
    const system = thrown instanceof Error && 'code' in thrown;
    if (!(thrown instanceof CaptureError) && !system) throw thrown;
  }
  return first;
}

function compare(one: FirstTime, other: FirstTime): number {
  if (typeof one === 'string' || typeof other === 'string') return rank(one) - rank(other);
  return one[0] - other[0] || one[1] - other[1];
}

const rank = (at: FirstTime) => (at === 'pipe' ? 2 : at === 'none' ? 1 : 0);
