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
  let next = 0;
  const late = new Set<number>();
  const openNext = (): void => {
    const index = next++;
    const onProgress = (read: number): void => {
      bytes[index] = read;
      options.onProgress?.(bytes.reduce((sum, count) => sum + count, 0));
    };
    open.push(new Tap(captures[index]!, index, sinks, { ...options, onProgress }));
  };
  try {
    for (;;) {
      if (open.length === 0) {
        if (next === captures.length || options.stop?.()) return late.size;
        openNext();
      }
      const isFull = open.length === limits.taps;
      const begins = captures[next]?.begins ?? null;
      for (const tap of open) await tap.more(open.length === 1 ? begins : 'hold');
      for (const tap of open.filter((one) => one.isOver)) {
        open.splice(open.indexOf(tap), 1);
        sinks.ended(tap.summary!, tap.index);
      }
      const [first, second] = open.toSorted((one, other) => one.compare(other));
      if (!first) continue;
      const isDue = begins !== null && !first.isBefore(begins) && !options.stop?.();
      if (isDue && !isFull) {
        openNext();
        continue;
      }
      if (isDue) late.add(next);
      first.handOn(second ?? null, isFull ? null : begins);
    }
  } finally {
    await Promise.all(open.map((tap) => tap.abandon()));
  }
}
