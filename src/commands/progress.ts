import { isatty } from 'node:tty';
import { SingleBar } from 'cli-progress';

export interface Progress {
  /** bytes read so far */
  at(bytes: number): void;
  stop(): void;
}

/** A progress bar with bytes, rate and time left: on stderr, and only on a terminal. `sizes` in bytes; null where one is not known. */
export function startProgress(sizes: readonly (number | null)[], quiet: boolean): Progress {
  const total = sizes.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0);
  if (quiet || !isatty(2) || total === null || total < 1 << 24) return { at: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
    format: '{bar} {percentage}%  {value}/{total} MB  {rate} MB/s  {eta_formatted} left',
  });
  const started = performance.now();
  bar.start(megabytes(total), 0, { rate: 0 });
  return {
    at(bytes) {
      const seconds = (performance.now() - started) / 1000;
      bar.update(megabytes(bytes), { rate: seconds > 0 ? Math.round(bytes / 1e6 / seconds) : 0 });
    },
    stop: () => bar.stop(),
  };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
