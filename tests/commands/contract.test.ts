import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownCaptures } from '../support/folders.ts';
import { pcapAudit } from '../support/run-cli.ts';

// Each test cites the sentence of the public contract that it holds the program to, from outside.

const clear = `${ownCaptures}smtp/hub-to-hub-clear.pcap`;
const mutualTls = `${ownCaptures}smtp/hub-to-edge-mtls.pcap`;
const topology = ['--topology', `${ownCaptures}smtp/topology.yaml`];

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('"Times RFC 3339 UTC with nine digits"', () => {
  test('holds for every time of a report, a certificate’s and the report’s own too', () => {
    const { stdout } = pcapAudit(['audit', mutualTls, ...topology, '--stamp', '--format', 'json']);
    const times = stdout.match(/"\d{4}-\d\d-\d\dT[^"]*"/g) ?? [];
    expect(times.length).toBeGreaterThan(8);
    expect(times.filter((time) => !/T\d\d:\d\d:\d\d\.\d{9}Z"$/.test(time))).toEqual([]);
    // openssl printed these days when lab/smtp.sh made the certificate of hub1
    const { flows } = JSON.parse(stdout);
    expect(flows[0].tls.certificates[0].notBefore).toBe('2026-11-24T01:58:12.000000000Z');
  });
});

describe('"the report’s own time stands only with --stamp, so the same inputs give the same bytes"', () => {
  test('in every format that a file can have', () => {
    const endings = ['json', 'html', 'csv', 'md', 'sarif', 'ocsf', 'xml', 'txt'];
    const write = (run: string) => {
      const files = endings.map((ending) => join(folder, `${run}.${ending}`));
      pcapAudit(['audit', clear, ...topology, ...files.flatMap((file) => ['--report', file])]);
      return files.map((file) => readFileSync(file, 'utf8'));
    };
    expect(write('first')).toEqual(write('second'));
  });
});

describe('"the report says which answers a topology would give and how to draft one"', () => {
  test.each(['en', 'ko'])('on the terminal and as a page (%s)', (lang) => {
    const page = join(folder, `${lang}.html`);
    const { code, stdout } = pcapAudit(['audit', clear, '--lang', lang, '--report', page]);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('pcap-audit topology draft CAPTURE > topology.yaml');
    expect(stdout).toContain(lang === 'en' ? 'Paths that this could be' : '허브 전송 서버에서 허브 전송 서버로');
    expect(readFileSync(page, 'utf8')).toContain('pcap-audit topology draft');
  });
});

describe('"2 could not run (usage …)"', () => {
  test('a day that no calendar has is no day to judge at', () => {
    const { code, stdout, stderr } = pcapAudit(['audit', clear, '--as-of', '2026-02-30']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('2026-02-30');
  });
});

describe('"A capture that is cut short or damaged is audited as far as it goes, and says so"', () => {
  test('and nowhere says that nothing is missing', () => {
    // 17 frames; byte 1500 lies in frame 13, behind the MAIL command of frame 11
    const cut = join(folder, 'cut.pcap');
    writeFileSync(cut, readFileSync(clear).subarray(0, 1500));
    const page = join(folder, 'cut.html');
    const { code, stdout } = pcapAudit(['audit', cut, ...topology, '--report', page]);
    expect(code).toBe(1);
    expect(stdout).toContain('frame 11 of cut.pcap');
    expect(stdout).toContain('cut.pcap is cut short');
    expect(stdout).not.toContain('nothing is missing');
    expect(readFileSync(page, 'utf8')).not.toContain('nothing is missing');
  });
});

describe('"--help on every command shows an example"', () => {
  const commands = (words: string[]): string[][] => {
    const { stdout } = pcapAudit([...words, '--help'], { env: { COLUMNS: '80' } });
    const listed = stdout.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
    const names = [...listed.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
    return [words, ...names.flatMap((name) => commands([...words, name]))];
  };
  const all = commands([]);

  test('of all that there are', () => expect(all.length).toBeGreaterThan(17));

  test.each(all.map((words) => [words.join(' ')]))('and reads in 80 columns: %s', (words) => {
    const { code, stdout } = pcapAudit([...words.split(' ').filter(Boolean), '--help'], { env: { COLUMNS: '80' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nExample:\n {2}(?:source <\()?pcap-audit /);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
