import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPack } from '../../src/check/load-pack.ts';
import { ownCaptures, rootFolder } from '../support/folders.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-package-'));
const empty = join(folder, 'empty');
const prefix = join(folder, 'prefix');
let files: string[] = [];

/** npm of this Node.js, without a word to anybody but the registry. */
const npm = (args: string[], cwd: string) =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    timeout: 240_000,
  });

describe('the package', () => {
  beforeAll(() => {
    // packed from a copy: building here would change what other tests run
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    for (const name of [
      'bin',
      'src',
      'rules',
      'docs',
      'scripts',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ]) {
      cpSync(join(rootFolder, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(rootFolder, 'node_modules'), join(copy, 'node_modules'));
    const [packed] = JSON.parse(npm(['pack', '--json'], copy).replace(/^[\s\S]*?(?=^\[)/m, ''));
    files = packed.files.map(({ path }: { path: string }) => path);
    mkdirSync(empty);
    npm(['install', '--global', '--prefix', prefix, join(copy, packed.filename)], empty);
  }, 280_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds each rule pack as it parses, by the SHA-256 of its text', () => {
    for (const file of readdirSync(join(rootFolder, 'rules')).filter((name) => name.endsWith('.yaml'))) {
      const text = readFileSync(join(rootFolder, 'rules', file), 'utf8');
      const name = `dist/rules/${createHash('sha256').update(text).digest('hex')}.json`;
      expect(files).toContain(name);
      const parsed = JSON.parse(readFileSync(join(folder, 'copy', name), 'utf8'));
      expect(loadPack(file, 'not: a pack', parsed)).toEqual(loadPack(file, text));
    }
  });

  test('holds the licence of every library that was built in', () => {
    const licences = readFileSync(join(folder, 'copy', 'dist/LICENSES.txt'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8'));
    const builtIn = Object.keys(dependencies).filter((name) => name !== 'better-sqlite3');
    for (const name of builtIn) expect(licences).toMatch(new RegExp(`^${name} [\\d.]+ \\(\\w+\\)\n\n`, 'm'));
    expect(licences.match(/Permission (is hereby granted|to use, copy)/g)?.length).toBeGreaterThanOrEqual(
      builtIn.length,
    );
  });

  test('holds what is run, rules and docs, and nothing else', () => {
    expect(files).toEqual(
      expect.arrayContaining(['bin/pcap-audit.js', 'dist/cli.js', 'dist/store/schema.sql', 'rules/exchange-2010.yaml']),
    );
    expect(
      files.filter((file) => !/^(bin|dist|rules|docs)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(file)),
    ).toEqual([]);
    // what npm links into a shell has to end its lines as Unix does
    expect(readFileSync(join(rootFolder, 'bin/pcap-audit.js'), 'utf8')).not.toContain('\r');
  });

  test('installs globally from an empty folder, and audits a capture', () => {
    const bin = join(prefix, process.platform === 'win32' ? 'pcap-audit.cmd' : 'bin/pcap-audit');
    const sample = `${ownCaptures}smtp/hub-to-hub-offered-not-used.pcap`;
    const args = [
      'audit',
      sample,
      '--topology',
      `${ownCaptures}smtp/topology.yaml`,
      '--report',
      'report.html',
      '--report',
      'report.sarif',
    ];
    const ran = spawnSync(process.execPath, [bin, ...args], { cwd: empty, encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toContain('STARTTLS was offered and not used');
    expect(ran.status).toBe(1);
    for (const name of ['report.html', 'report.sarif']) expect(existsSync(join(empty, name))).toBe(true);
    const version = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' }).stdout.trim();
    expect(version).toBe(JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')).version);
  });
});
