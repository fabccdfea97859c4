import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownCaptures } from '../support/folders.ts';
import { pcapAudit, startPcapAudit } from '../support/run-cli.ts';
import { flowsIn } from './flows-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const clear = `${ownCaptures}smtp/hub-to-hub-clear.pcap`;
const bytes = readFileSync(clear);
const large = readFileSync(`${ownCaptures}smtp/hub-to-hub-tls12-offload.pcap`);

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
describe('SIGINT', () => {
  /** interrupts a run that has been given the whole capture, and waits for more */
  async function interrupted(args: string[]) {
    const { child, ended } = startPcapAudit(args);
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
    const { child, ended } = startPcapAudit(['audit', '-', '--format', 'json']);
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
