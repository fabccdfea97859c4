import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownCaptures, rootFolder } from '../support/folders.ts';
import { pcapAudit } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string) => join(folder, name);
const topology = `${ownCaptures}smtp/topology.yaml`;
// two classic captures, and one that no second reader knows
const captures = ['hub-to-hub-clear.pcap', 'hub-to-hub-tls13.pcap.gz', 'hub-to-hub-tls12.pcapng'].map(
  (name) => `${ownCaptures}smtp/${name}`,
);
const otherPack = inFolder('own.yaml');
const pack = readFileSync(`${rootFolder}rules/exchange-2010.yaml`, 'utf8');
writeFileSync(otherPack, pack.replace('version: 1.0.0', 'version: 1.0.1'));
const report = inFolder('report.json');
pcapAudit(['audit', ...captures, '--topology', topology, '--report', report, '--quiet']);

const verify = (file: string, given: string[], ...options: string[]) =>
  pcapAudit(['verify', file, ...given, ...options]);

describe('verify', () => {
  test('says that captures and report belong together, that a second reader saw the same, and that all comes out the same', () => {
    const { code, stdout, stderr } = verify(report, captures, '--topology', topology);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^VERIFIED$/m);
    // 17 and 24 frames, by capinfos
    expect(stdout).toContain('✓ hub-to-hub-clear.pcap: pcap-parser saw the same 17 frames, byte for byte');
    expect(stdout).toContain('✓ hub-to-hub-tls13.pcap.gz: pcap-parser saw the same 24 frames, byte for byte');
    expect(stdout).toMatch(/hub-to-hub-tls12\.pcapng: not read a second time: pcap-parser knows only classic captures/);
    expect(stdout).toMatch(/comes out the same, byte for byte/);
    expect(code).toBe(0);
  });

  test('takes the command that an HTML report shows, for few captures and for many', () => {
    const names =
      'clear offered-not-used pipelined-bdat refused tls12-offload x-anonymoustls x-anonymoustls-ticket x-exps-gssapi-clear';
    const few = [...names.split(' ').map((name) => `hub-to-hub-${name}.pcap`)];
    for (const files of [few, [...few, 'smtp-on-2525.pcap']]) {
      const own = inFolder(`captures-${files.length}`);
      mkdirSync(own);
      for (const name of files) copyFileSync(`${ownCaptures}smtp/${name}`, join(own, name));
      const [page, json] = [inFolder(`${files.length}.html`), inFolder(`${files.length}.json`)];
      pcapAudit(['audit', own, '--topology', topology, '--report', page, '--report', json, '--quiet']);
      const shown = /<code class="copy">pcap-audit (verify [^<]*)<\/code>/.exec(readFileSync(page, 'utf8'))![1]!;
      const words = shown.replaceAll('&#39;', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').split(' ');
      expect(words.includes('<folder>')).toBe(files.length > 8);
      const put: Record<string, string> = { 'report.json': json, '<folder>': own, '<topology.yaml>': topology };
      const { code, stdout } = pcapAudit(
        words.map((word) => put[word] ?? word),
        { cwd: own },
      );
      expect(stdout).toMatch(/^VERIFIED$/m);
      expect(code).toBe(0);
    }
  });

  test('knows a renamed capture by its hash', () => {
    const renamed = inFolder('other-name.pcap');
    copyFileSync(captures[0]!, renamed);
    const { code, stdout } = verify(report, [renamed, ...captures.slice(1)], '--topology', topology);
    expect(stdout).toContain('where it is called hub-to-hub-clear.pcap');
    expect(code).toBe(0);
  });

  test('finds one changed byte in a capture', () => {
    const bytes = readFileSync(captures[0]!);
    bytes[bytes.length - 5]! ^= 1;
    const changed = inFolder('hub-to-hub-clear.pcap');
    writeFileSync(changed, bytes);
    const { code, stdout } = verify(report, [changed, ...captures.slice(1)], '--topology', topology);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^NOT VERIFIED$/m);
    expect(stdout).toContain('✗ hub-to-hub-clear.pcap: is no capture of the report');
    expect(stdout).toContain('✗ hub-to-hub-clear.pcap: a capture of the report that was not given');
  });

  test('finds one changed word in a report', () => {
    const changed = inFolder('changed.json');
    const text = readFileSync(report, 'utf8');
    writeFileSync(
      changed,
      text.replace('"result":"fail","reason":"clear-content"', '"result":"pass","reason":"as-expected"'),
    );
    expect(readFileSync(changed, 'utf8')).not.toBe(text);
    const { code, stdout } = verify(changed, captures, '--topology', topology);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ the audit of these captures comes out otherwise, from line \d+ of the report on/);
  });

  test.each([
    [[], /made with a topology; give it with --topology/],
    [['--topology', `${ownCaptures}directory/topology.yaml`], /a topology: not the one of the report/],
    [['--topology', topology, '--rules', otherPack], /another rule pack; give it with --rules/],
  ])('leaves open what it was not given the means to prove: %j', (options, message) => {
    const { code, stdout } = verify(report, captures, ...options);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^NOT WHOLLY VERIFIED$/m);
    expect(stdout).toMatch(message);
  });

  test('refuses what is no report', () => {
    const { code, stderr } = verify(topology, captures);
    expect(code).toBe(2);
    expect(stderr).toMatch(/topology\.yaml: is no JSON report; make one with/);
  });

  test('in Korean', () => {
    expect(verify(report, captures, '--topology', topology, '--lang', 'ko').stdout).toMatch(/^검증됨$/m);
  });
});

describe('diff', () => {
  const json = (name: string, capture: string, ...options: string[]) => {
    const file = inFolder(`${name}.json`);
    pcapAudit([
      'audit',
      `${ownCaptures}smtp/${capture}`,
      '--topology',
      topology,
      '--report',
      file,
      '--quiet',
      ...options,
    ]);
    return file;
  };
  const clear = json('clear', 'hub-to-hub-clear.pcap');
  const tls = json('tls', 'hub-to-hub-x-anonymoustls.pcap');

  test('says what got worse, names the hosts, and exits 1', () => {
    const { code, stdout } = pcapAudit(['diff', tls, clear]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /Worse\n(?: {2}.*\n)* {2}.*\(hub-to-hub\), Encryption: pass → fail: Content travelled in clear\./,
    );
    expect(stdout).toMatch(/New findings\n {2}hub1 → hub2 \(hub-to-hub\)/);
  });

  test('says what got better, and exits 0', () => {
    const { code, stdout } = pcapAudit(['diff', clear, tls]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Better\n {2}.*\(hub-to-hub\).*fail → /);
    expect(stdout).toMatch(/Findings that are gone, though the path was seen/);
  });

  test('what is no longer seen got no better', () => {
    const other = json('other', 'hub-to-edge-mtls.pcap');
    const { stdout } = pcapAudit(['diff', clear, other, '--json']);
    const found = JSON.parse(stdout);
    expect(found.better).toEqual([]);
    expect(found.goneFindings).toEqual([]);
    expect(found.noLongerSeen.map(({ path }: { path: string }) => path)).toContain('hub-to-hub');
    expect(found.unseenFindings.length).toBeGreaterThan(0);
    expect(found.newlySeen.map(({ path }: { path: string }) => path)).toContain('hub-to-edge');
  });

  test('reads databases as well, and finds nothing between a report and its database', () => {
    const db = inFolder('clear.db');
    json('with-db', 'hub-to-hub-clear.pcap', '--db', db);
    const { code, stdout } = pcapAudit(['diff', clear, db]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing got better or worse.');
  });
});
