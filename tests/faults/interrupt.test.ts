import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { pcapFile } from '../support/build-capture.ts';
import { tcpFrame } from '../support/build-packets.ts';
import { ownCaptures } from '../support/folders.ts';
import { pcapAudit, pcapAuditBin } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const clear = `${ownCaptures}smtp/hub-to-hub-clear.pcap`;
const bytes = readFileSync(clear);
const large = readFileSync(`${ownCaptures}smtp/hub-to-hub-tls12-offload.pcap`);

interface Running {
  child: ChildProcess;
  /** once it has ended */
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function run(args: string[]): Running {
  const child = spawn(process.execPath, [pcapAuditBin, ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const flowsIn = (database: string): number => {
  const opened = new Database(database);
  const count = opened.prepare('SELECT count(*) FROM flows').pluck().get() as number;
  opened.close();
  return count;
};

describe('SIGINT', () => {
  /** interrupts a run that has been given the whole capture, and waits for more */
  async function interrupted(args: string[]) {
    const { child, ended } = run(args);
    // more than a pipe holds: once all is written, it is being read
    await new Promise((resolve) => child.stdin!.write(large, resolve));
    child.kill('SIGINT');
    await pause(100);
    child.stdin!.end();
    return ended;
  }

  test('ends an audit with a report of what was read, marked partial', async () => {
    const { code, stdout, stderr } = await interrupted(['audit', '-', '--format', 'json']);
    expect(stderr).toBe('');
    expect([0, 1]).toContain(code);
    const report = JSON.parse(stdout);
    expect(report.partial).toBe(true);
    expect(report.captures[0].sha256).toBeNull();
  }, 60_000);

  test('leaves a database as it was, and says so', async () => {
    const database = at('interrupted.db');
    expect(pcapAudit(['ingest', clear, '--db', database, '--quiet']).code).toBe(0);
    const { code, stderr } = await interrupted(['ingest', '-', '--db', database, '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\S+: interrupted, so nothing was added; the same command reads it all\n$/);
    expect(flowsIn(database)).toBe(1);
  }, 60_000);
});

describe('a capture that is still being written', () => {
  test('is read from a pipe until its end', async () => {
    const { child, ended } = run(['audit', '-', '--format', 'json']);
    for (let from = 0; from < bytes.length; from += 700) {
      child.stdin!.write(bytes.subarray(from, from + 700));
      await pause(10);
    }
    child.stdin!.end();
    const report = JSON.parse((await ended).stdout);
    expect(report.captures[0]).toMatchObject({ frames: 17, problems: [] });
    expect(report.partial).toBe(false);
  }, 60_000);

  test('as a file is read as far as it has come, and said to be cut short', () => {
    writeFileSync(at('growing.pcap'), bytes.subarray(0, 1000));
    const report = JSON.parse(pcapAudit(['audit', at('growing.pcap'), '--format', 'json']).stdout);
    expect(report.captures[0].problems).toMatchObject([{ kind: 'cut-short' }]);
    expect(report.captures[0].frames).toBeGreaterThan(5);
  });
});

describe('one line, exit 2, and nothing lost that was there', () => {
  test('where a capture vanishes between two others', () => {
    const { code, stderr } = pcapAudit(['audit', clear, at('gone.pcap')]);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('where another process holds the database', async () => {
    const database = at('locked.db');
    pcapAudit(['ingest', clear, '--db', database, '--quiet']);
    const other = new Database(database);
    other.exec('BEGIN IMMEDIATE');
    const { code, stderr } = await run(['ingest', `${ownCaptures}smtp/smtp-on-2525.pcap`, '--db', database]).ended;
    other.exec('ROLLBACK');
    other.close();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^\S+: another process is using this database.*\n$/)]);
    expect(flowsIn(database)).toBe(1);
  }, 60_000);

  test('where a size limit stands in for a full disk', async () => {
    const database = at('full.db');
    pcapAudit(['ingest', clear, '--db', database, '--quiet']);
    const records = Array.from({ length: 20_000 }, (_, index) => {
      const from = `10.1.${index >> 8}.${index & 255}`;
      const { bytes: frame } = tcpFrame({ from, to: '10.9.9.9', fromPort: 2000, toPort: 25, flags: 'S' });
      return { bytes: frame, seconds: index };
    });
    writeFileSync(at('many.pcap'), pcapFile({ records }));
    const child = spawn('sh', [
      '-c',
      `ulimit -f 2000; exec "$0" "$@"`,
      process.execPath,
      pcapAuditBin,
      'ingest',
      at('many.pcap'),
      '--db',
      database,
    ]);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^\S+: (the disk|another|cannot).*\n$/)]);
    expect(flowsIn(database)).toBe(1);
  }, 60_000);

  test.skipIf(process.getuid?.() === 0)('where the folder cannot be written', () => {
    mkdirSync(at('shut'));
    chmodSync(at('shut'), 0o500);
    const { code, stderr } = pcapAudit(['ingest', clear, '--db', at('shut/facts.db')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot be written; check the permissions/)]);
  });

  test('where the folder of the database does not exist', () => {
    const { code, stderr } = pcapAudit(['ingest', clear, '--db', at('nowhere/facts.db')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/the folder does not exist/)]);
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});
