import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pcapFile } from '../support/build-capture.ts';
import { tcpFrame } from '../support/build-packets.ts';
import { randomFrom } from '../support/random.ts';
import { pcapAudit, pcapAuditBin } from '../support/run-cli.ts';
import { flowsIn } from './flows-in.ts';
import { phases } from './kill-at.ts';

/**
 * Killed at any moment of any phase, a database opens, is consistent and holds whole runs only, a report is there whole or
 * not at all, and the same command finishes the job as if nothing had happened. `KILL_POINTS=100` for the full number.
 */
const points = Number(process.env.KILL_POINTS ?? 8);
const folder = mkdtempSync(join(tmpdir(), 'kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

/** so many flows of one packet */
function capture(name: string, flows: number, from: number): string {
  const records = Array.from({ length: flows }, (_, index) => {
    const client = `10.1.${index >> 8}.${index & 255}`;
    const { bytes } = tcpFrame({ from: client, to: '10.9.9.9', fromPort: 2000, toPort: 389, flags: 'S' });
    return { bytes, seconds: from + index };
  });
  writeFileSync(at(name), pcapFile({ records }));
  return at(name);
}

const few = 500;
const many = 10_000;
const first = capture('first.pcap', few, 1000);
const second = capture('second.pcap', many, 5000);
writeFileSync(
  at('topology.yaml'),
  'hosts: [{ name: dc1, addresses: [10.9.9.9], roles: [dc] }]\nnetworks: [{ cidr: 10.1.0.0/16, roles: [hub] }]\n',
);
const preload = ['--import', join(import.meta.dirname, 'kill-at.ts')];
const commandFor = (database: string, report: string) =>
  ['audit', second, '--db', database, '--topology', at('topology.yaml'), '--report', report, '--quiet'] as const;

/** what an undisturbed run leaves: into a database that holds something, and into a new one */
const whole: Record<'added' | 'new', { report: string; results: number }> = {
  added: { report: '', results: 0 },
  new: { report: '', results: 0 },
};
/** milliseconds, of the last run that was not killed: how long they are changes with what else the machine does */
let took: number[] = [];

function undisturbed(database: string, report: string) {
  const { code, stderr } = pcapAudit(commandFor(database, report), { node: preload, env: { MEASURE: at('took') } });
  expect([code, stderr]).toEqual([0, '']);
  took = JSON.parse(readFileSync(at('took'), 'utf8'));
  return { report: readFileSync(report, 'utf8'), results: resultsIn(database) };
}

/** How many results a database holds; whoever opens it first puts right what a killed process has left half done. */
function resultsIn(path: string): number {
  const database = new Database(path);
  const count = database.prepare('SELECT count(*) FROM results').pluck().get() as number;
  database.close();
  return count;
}

beforeAll(() => {
  expect(pcapAudit(['ingest', first, '--db', at('first.db'), '--quiet']).code).toBe(0);
  copyFileSync(at('first.db'), at('added.db'));
  whole.added = undisturbed(at('added.db'), at('added.json'));
  whole.new = undisturbed(at('new.db'), at('new.json'));
  expect(whole.new.results).toBeGreaterThanOrEqual(many);
}, 120_000);

test(
  `killed at ${points} random points, nothing is lost, doubled or half there`,
  async () => {
    const random = randomFrom(7);
    const killedIn = phases.map(() => 0);
    for (let point = 0; point < points; point++) {
      const phase = point % phases.length;
      const isThere = (phase + Math.floor(point / phases.length)) % 2 === 0;
      const database = at(`${point}.db`);
      const report = at(`${point}.json`);
      if (isThere) copyFileSync(at('first.db'), database);
      const killAt = `${phase}:${(took[phase]! * random(1000)) / 1000}`;
      const child = spawn(process.execPath, [...preload, pcapAuditBin, ...commandFor(database, report)], {
        stdio: 'ignore',
        env: { ...process.env, KILL_AT: killAt },
      });
      const [, signal] = await once(child, 'exit');
      if (signal === 'SIGKILL') killedIn[phase]!++;

      const before = isThere ? few : 0;
      const expected = isThere ? whole.added : whole.new;
      // where there was none, a new database may not be there yet, or be empty
      if (isThere || phase > phases.indexOf('commit')) {
        expect([0, expected.results]).toContain(resultsIn(database));
        expect([before, before + many]).toContain(flowsIn(database));
      }
      if (existsSync(report)) expect(readFileSync(report, 'utf8')).toBe(expected.report);
      const finished = undisturbed(database, report);
      expect(finished.results).toBe(expected.results);
      expect(finished.report === expected.report, `the report after a kill at ${killAt}`).toBe(true);
      expect(flowsIn(database)).toBe(before + many);
      rmSync(database);
    }
    const said = phases.map((name, phase) => `${name} ${killedIn[phase]}`).join(', ');
    console.log(`killed before the end of ${points}: ${said}`);
    const killed = killedIn.reduce((sum, count) => sum + count, 0);
    expect(killed).toBeGreaterThan(points / 2);
    if (points >= 100) expect(Math.min(...killedIn)).toBeGreaterThan(0);
  },
  points * 60_000,
);
