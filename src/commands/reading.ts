import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { findCaptures } from '../capture/find-captures.ts';
import { orderCaptures } from '../capture/order.ts';
import type { CaptureSource } from '../capture/source.ts';
import type { Work } from '../pipeline.ts';
import type { StoredCapture } from '../store/store.ts';
import { leaveOutStored } from './already-stored.ts';
import { startProgress } from './progress.ts';

export interface ReadingOptions {
  hash: boolean;
  quiet?: boolean;
}

export const addReadingOptions = (command: Command): Command =>
  command.option('--no-hash', 'leave out the SHA-256 of each capture').option('--quiet', 'no progress and no messages');

/** Finds the captures, puts them in time order, and reads them with progress; an interrupt ends the reading in good order. */
export async function reading<T>(
  names: readonly string[],
  options: ReadingOptions,
  read: (work: Work) => Promise<T>,
  stored: readonly StoredCapture[],
): Promise<T> {
  const found = await orderCaptures(await findCaptures(names, say(options)));
  const captures = leaveOutStored(found, stored, say(options));
  const progress = startProgress(captures.map(sizeOf), options.quiet ?? false);
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.once('SIGINT', interrupt);
  try {
    return await read({ captures, hash: options.hash, onProgress: progress.at, stop: () => interrupted });
  } finally {
    process.removeListener('SIGINT', interrupt);
    progress.stop();
  }
}

/** What is said of an interrupted run: a database holds whole runs only, so that the same command can start again. */
export const nothingAdded = (database: string): string =>
  `${database}: interrupted, so nothing was added; the same command reads it all`;

/** Says which files of a folder were passed over, though captures they are. */
const say =
  ({ quiet }: ReadingOptions) =>
  (file: string, what: string): void => {
    if (!quiet) process.stderr.write(`${file}: left out: ${what}\n`);
  };

/** Bytes, or null where they are not known before the end. */
function sizeOf({ path }: CaptureSource): number | null {
  const stats = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : null;
}
