import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { pcapFile } from '../support/build-capture.ts';
import { tcpFrame } from '../support/build-packets.ts';
import { randomFrom } from '../support/random.ts';
import { pcapAudit, pcapAuditBin } from '../support/run-cli.ts';

/** Killed at any moment, a database opens, is consistent, holds whole runs only, and the same command finishes the job. `KILL_POINTS=100` for the full number. */
const points = Number(process.env.KILL_POINTS ?? 10);
const folder = mkdtempSync(join(tmpdir(), 'kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** so many flows of one packet */
function capture(name: string, flows: number, port: number): string {
  const path = join(folder, name);
  const records = Array.from({ length: flows }, (_, index) => {
    const from = `10.1.${index >> 8}.${index & 255}`;
    const { bytes } = tcpFrame({ from, to: '10.9.9.9', fromPort: 2000, toPort: port, flags: 'S' });
    return { bytes, seconds: 1000 + index };
  });
  writeFileSync(path, pcapFile({ records }));
  return path;
}

/** Runs until it ends or the time is up, and then no longer; says whether it was killed. */
function killedAfter(milliseconds: number, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [pcapAuditBin, ...args], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    child.on('exit', (_code, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

function held(database: string): { check: string; captures: number; flows: number; ids: number } {
  const opened = new Database(database);
  try {
    const count = (sql: string) => opened.prepare(sql).pluck().get() as number;
    return {
      check: opened.pragma('integrity_check', { simple: true }) as string,
      captures: count('SELECT count(*) FROM captures'),
      flows: count('SELECT count(*) FROM flows'),
      ids: count('SELECT count(DISTINCT id) FROM flows'),
    };
  } finally {
    opened.close();
  }
}

test(
  `killed at ${points} random points, nothing is lost, doubled or half there`,
  async () => {
    const random = randomFrom(7);
    const first = capture('first.pcap', 500, 25);
    const second = capture('second.pcap', 20_000, 389);
    const whole = join(folder, 'whole.db');
    // how long a whole run takes changes with what else the machine does: the last one tells
    let takes = 0;
    const timed = (command: string[]) => {
      const begun = performance.now();
      const { code, stderr } = pcapAudit(command);
      takes = performance.now() - begun;
      return { code, stderr };
    };
    expect(timed(['ingest', second, '--db', whole, '--quiet']).code).toBe(0);
    let killed = 0;
    for (let point = 0; point < points; point++) {
      const database = join(folder, `${point}.db`);
      const isThere = point % 2 === 0;
      if (isThere)
        expect(spawnSync(process.execPath, [pcapAuditBin, 'ingest', first, '--db', database, '--quiet']).status).toBe(
          0,
        );
      const command = ['ingest', second, '--db', database, '--quiet'];
      const wasKilled = await killedAfter(takes * (0.2 + (0.8 * random(1000)) / 1000), command);
      if (wasKilled) killed++;
      const before = isThere ? 500 : 0;
      if (isThere) expect([before, before + 20_000]).toContain(held(database).flows);
      // where it had ended, the same command has nothing to do
      expect(wasKilled ? timed(command) : pcapAudit(command)).toMatchObject({ code: 0, stderr: '' });
      expect(held(database)).toEqual({
        check: 'ok',
        captures: isThere ? 2 : 1,
        flows: before + 20_000,
        ids: before + 20_000,
      });
      rmSync(database);
    }
    console.log(`killed ${killed} of ${points} times before the end`);
    expect(killed).toBeGreaterThan(points / 4);
  },
  points * 60_000,
);
