import { Worker } from 'node:worker_threads';
import { beside } from '../beside.ts';
import type { HashAnswer, HashJob } from './hash-worker.ts';

/** A file that is being hashed. */
export interface HashProgress {
  /** so many of its bytes may be hashed now */
  advance(bytes: number): void;
  /** no more will come: SHA-256 in lower-case hexadecimal, or null where the thread could not */
  finish(): Promise<string | null>;
}

/**
 * A thread that hashes files while they are read. It reads them itself, through the same descriptor and never further than
 * they have been read here: the system has those bytes at hand, and nothing needs to be copied or waited for. Started with
 * the first file; to be closed.
 */
export class HashThread {
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting = new Map<number, (sha256: string | null) => void>();
  #worker: Worker | null = null;
  #failed = false;
  #jobs = 0;

  start(fd: number): HashProgress {
    this.#worker ??= this.#startWorker();
    const id = this.#jobs++;
    const progress = new BigInt64Array(new SharedArrayBuffer(16));
    const job: HashJob = { id, fd, progress };
    const answer = new Promise<string | null>((resolve) => {
      if (this.#failed) resolve(null);
      else this.#waiting.set(id, resolve);
    });
    this.#worker.postMessage(job);
    this.#wake();
    return {
      advance: (bytes) => {
        Atomics.store(progress, 0, BigInt(bytes));
        this.#wake();
      },
      finish: () => {
        Atomics.store(progress, 1, 1n);
        this.#wake();
        return answer;
      },
    };
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #wake(): void {
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
  }

  #startWorker(): Worker {
    const script = beside(`./capture/hash-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`);
    // without our own flags: some of them, as of code given on the command line, no thread takes
    const worker = new Worker(script, { workerData: this.#signal, execArgv: [] });
    worker.on('message', ({ id, sha256 }: HashAnswer) => {
      this.#waiting.get(id)?.(sha256);
      this.#waiting.delete(id);
    });
    const giveUp = () => {
      this.#failed = true;
      for (const resolve of this.#waiting.values()) resolve(null);
      this.#waiting.clear();
    };
    worker.on('error', giveUp);
    worker.on('exit', giveUp);
    return worker;
  }
}
