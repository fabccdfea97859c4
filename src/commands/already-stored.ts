import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { refusal } from '../capture/capture-error.ts';
import type { TimedSource } from '../capture/source.ts';
import { limits } from '../limits.ts';
import type { StoredCapture } from '../store/store.ts';

/** The captures that a database does not hold yet: the same command again adds nothing twice. Compared by size, then by SHA-256. */
export function leaveOutStored(
  captures: readonly TimedSource[],
  stored: readonly StoredCapture[],
  say: (file: string, what: string) => void,
): TimedSource[] {
  return captures.filter((capture) => {
    const bytes = capture.path === '-' ? undefined : statSync(capture.path, { throwIfNoEntry: false })?.size;
    const alike = stored.filter((known) => known.bytes === bytes);
    if (alike.length === 0) return true;
    const sha256 = alike.some((known) => known.sha256 !== null) ? hashOf(capture.path) : null;
    const held = alike.some((known) => (known.sha256 === null ? known.file === capture.name : known.sha256 === sha256));
    if (held) say(capture.name, 'already in the database');
    return !held;
  });
}

function hashOf(path: string): string {
  try {
    return hashOfBytes(path);
  } catch (thrown) {
    throw refusal(path, thrown);
  }
}

function hashOfBytes(path: string): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(limits.chunk);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
