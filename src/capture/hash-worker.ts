import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { limits } from '../limits.ts';

/** A file to hash through the reader's own descriptor. */
export interface HashJob {
  id: number;
  fd: number;
  /** shared: bytes that the reader has read, and 1 once there will be no more */
  progress: BigInt64Array;
}

export interface HashAnswer {
  id: number;
  /** null where it could not be read */
  sha256: string | null;
}

interface Hashing extends HashJob {
  hash: Hash;
  done: number;
}

/** as much as the reader reads at once: what it has read is still in the processor's cache */
const piece = new Uint8Array(limits.chunk);
const signal = workerData as Int32Array;
const jobs = new Map<number, Hashing>();

// until the thread is ended: a wait is over when the reader has read on or has another file
for (;;) {
  const seen = Atomics.load(signal, 0);
  for (let message = receiveMessageOnPort(parentPort!); message; message = receiveMessageOnPort(parentPort!)) {
    const job = message.message as HashJob;
    jobs.set(job.id, { ...job, hash: createHash('sha256'), done: 0 });
  }
  let moved = false;
  for (const job of jobs.values()) moved = advance(job) || moved;
  if (!moved) Atomics.wait(signal, 0, seen);
}

/** Hashes a piece; whether there was anything to do. */
function advance(job: Hashing): boolean {
  const { id, fd, progress, hash, done } = job;
  // in this order: the last bytes are there before the end is told
  const isOver = Atomics.load(progress, 1) === 1n;
  const ready = Number(Atomics.load(progress, 0)) - done;
  if (ready === 0 && !isOver) return false;
  try {
    const count = ready === 0 ? 0 : readSync(fd, piece, 0, Math.min(piece.length, ready), done);
    hash.update(piece.subarray(0, count));
    job.done += count;
    // a file that became shorter meanwhile ends here
    if (count < ready && count > 0) return true;
    if (count === ready && !isOver) return true;
    answer({ id, sha256: count === ready ? hash.digest('hex') : null });
  } catch {
    answer({ id, sha256: null });
  }
  return true;
}

function answer(said: HashAnswer): void {
  jobs.delete(said.id);
  parentPort!.postMessage(said);
}
