import { writeFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

/**
 * Loaded into the program before it starts. Where KILL_AT is `phase:milliseconds`, the process is killed so long after the
 * phase began, whatever it is doing; where MEASURE names a file, how long each phase took is written there.
 */
export const phases = ['start', 'read', 'index', 'commit', 'check', 'save', 'commit the check', 'report'] as const;

/** what the program says to its database, and the phase that begins with it */
const begins: readonly (readonly [from: number, sql: string, to: number])[] = [
  [0, 'BEGIN IMMEDIATE', 1],
  [1, 'CREATE INDEX', 2],
  [2, 'COMMIT', 3],
  [4, 'BEGIN IMMEDIATE', 5],
  [5, 'COMMIT', 6],
];

if (!isMainThread) {
  const { phase, milliseconds, shared } = workerData as { phase: number; milliseconds: number; shared: Int32Array };
  for (let now = 0; now < phase; now = Atomics.load(shared, 0)) Atomics.wait(shared, 0, now);
  Atomics.wait(shared, 1, 0, milliseconds);
  process.kill(process.pid, 'SIGKILL');
} else if (process.env.KILL_AT || process.env.MEASURE) {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const [phase, milliseconds] = (process.env.KILL_AT ?? '').split(':').map(Number);
  if (process.env.KILL_AT) {
    const worker = new Worker(import.meta.filename, { workerData: { phase, milliseconds, shared }, execArgv: [] });
    await new Promise((resolve) => worker.once('online', resolve));
    worker.unref();
  }
  const begun = [performance.now()];
  const enter = (next: number): void => {
    begun[next] = performance.now();
    Atomics.store(shared, 0, next);
    Atomics.notify(shared, 0);
  };
  const { exec } = Database.prototype;
  Database.prototype.exec = function (sql) {
    const now = Atomics.load(shared, 0);
    const next = begins.find(([from, start]) => from === now && sql.startsWith(start))?.[2];
    if (next !== undefined) enter(next);
    const result = exec.call(this, sql);
    if (sql === 'COMMIT') enter((next ?? now) + 1);
    return result;
  };
  process.on('exit', () => {
    begun.push(performance.now());
    const took = phases.map((_, index) => begun[index + 1]! - begun[index]!);
    if (process.env.MEASURE) writeFileSync(process.env.MEASURE, JSON.stringify(took));
  });
}
