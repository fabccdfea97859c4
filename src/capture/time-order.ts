import { limits } from '../limits.ts';
import type { ReadOptions } from './read-capture.ts';
import type { TimedSource } from './source.ts';
import { type Sinks, Tap } from './tap.ts';

/**
 * Reads captures as one, in time order. They are given by the times they begin with; where one begins before another has
 * ended, such as those of two taps, their frames are handed on in turn. Otherwise nothing is held, and each is read through.
 * Returns how many had to wait for others to end, as more overlap than are read at once.
 */
export async function readInTimeOrder(
  captures: readonly TimedSource[],
  sinks: Sinks,
  options: ReadOptions,
): Promise<number> {
  const open: Tap[] = [];
  const bytes = captures.map(() => 0);
  let total = 0;
  let next = 0;
  // those before it were to be opened while no more could be
  let blocked = 0;
  let waited = 0;
  const openNext = (): void => {
    const index = next++;
    if (index < blocked) waited++;
    const onProgress = (read: number): void => {
      total += read - bytes[index]!;
      bytes[index] = read;
      options.onProgress?.(total);
    };
    open.push(new Tap(captures[index]!, index, sinks, { ...options, onProgress }));
  };
  try {
    for (;;) {
      if (open.length === 0) {
        if (next === captures.length || options.stop?.()) return waited;
        openNext();
      }
      const isFull = open.length === limits.taps;
      const begins = captures[next]?.begins ?? null;
      for (const tap of open) if (tap.isEmpty) await tap.more(open.length === 1 ? begins : 'hold');
      for (const tap of open.filter((one) => one.isOver)) {
        open.splice(open.indexOf(tap), 1);
        sinks.ended(tap.summary!, tap.index);
      }
      const first = earliest(open, null);
      if (first === null) continue;
      const isDue = (index: number): boolean => {
        const moment = captures[index]?.begins ?? null;
        return moment !== null && !first.isBefore(moment);
      };
      if (isDue(next) && !isFull && !options.stop?.()) openNext();
      else {
        blocked = Math.max(blocked, next);
        while (isFull && isDue(blocked)) blocked++;
        first.handOn(earliest(open, first), isFull ? null : begins);
      }
    }
  } finally {
    await Promise.all(open.map((tap) => tap.abandon()));
  }
}

/** Whose next frame is the earliest, of all but one. */
function earliest(taps: readonly Tap[], but: Tap | null): Tap | null {
  let found: Tap | null = null;
  for (const tap of taps) if (tap !== but && (found === null || tap.compare(found) < 0)) found = tap;
  return found;
}
