import { statSync } from 'node:fs';
import { CaptureError } from './capture-error.ts';
import { readCapture } from './read-capture.ts';
import type { CaptureSource, Moment, TimedSource } from './source.ts';

/**
 * Captures in the order of the times they begin with, so that a flow that runs from one file into the next is read in order.
 * What states no time follows as given, and pipes and standard input come last, as they cannot be looked into beforehand.
 */
export async function orderCaptures(captures: readonly CaptureSource[]): Promise<TimedSource[]> {
  const timed: TimedSource[] = [];
  const timeless: TimedSource[] = [];
  const pipes: TimedSource[] = [];
  for (const capture of captures) {
    if (!isFile(capture)) pipes.push({ ...capture, begins: null });
    else {
      const begins = await beginningOf(capture);
      (begins ? timed : timeless).push({ ...capture, begins });
    }
  }
  timed.sort((one, other) => compare(one.begins!, other.begins!));
  return [...timed, ...timeless, ...pipes];
}

const compare = (one: Moment, other: Moment): number =>
  one.seconds - other.seconds || one.nanoseconds - other.nanoseconds;

/** Whether it can be looked into and read again; what is not there is told of when it is read for good. */
function isFile({ path }: CaptureSource): boolean {
  if (path === '-') return false;
  try {
    return statSync(path).isFile();
  } catch {
    return true;
  }
}

/** The first time in a file, from one chunk of it, or as many as it takes to come to a frame that has one. */
async function beginningOf(capture: CaptureSource): Promise<Moment | null> {
  let earliest: Moment | null = null;
  const note = ({ seconds, nanoseconds }: Moment): void => {
    if (seconds === 0 && nanoseconds === 0) return;
    const moment = { seconds, nanoseconds };
    if (earliest === null || compare(moment, earliest) < 0) earliest = moment;
  };
  try {
    await readCapture(capture, note, { hash: false, stop: () => earliest !== null });
    return earliest;
  } catch (thrown) {
    // reading it for good says what is wrong with it
    const fromTheSystem = thrown instanceof Error && 'code' in thrown;
    if (thrown instanceof CaptureError || fromTheSystem) return null;
    throw thrown;
  }
}
