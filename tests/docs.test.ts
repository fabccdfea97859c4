import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { loadExceptions } from '../src/check/exceptions.ts';
import { loadTopology } from '../src/check/topology.ts';
import { ownCaptures, rootFolder } from './support/folders.ts';
import { readPack } from './support/read-pack.ts';
import { pcapAudit } from './support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const pages = [
  'README.md',
  ...readdirSync(join(rootFolder, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const text = (page: string) => readFileSync(join(rootFolder, page), 'utf8');
const blocks = (page: string, language: string) =>
  [...text(page).matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block!);

/** What --help says, asked once. */
const help = new Map<string, string>();
const helpOf = (words: string[]): string => {
  const key = words.join(' ');
  if (!help.has(key)) help.set(key, pcapAudit([...words, '--help']).stdout);
  return help.get(key)!;
};

describe.each(pages)('%s', (page) => {
  test('links only to what is there', () => {
    const links = [...text(page).matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, link]) => link!);
    const own = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(own.filter((link) => !existsSync(join(rootFolder, dirname(page), link)))).toEqual([]);
  });

  test('names only commands and options that there are', () => {
    const lines = [...text(page).matchAll(/pcap-audit ([a-z]+(?: [a-z]+)?)((?: [^\n`|)]*)?)/g)];
    for (const [, named, rest] of lines) {
      const [command, sub] = named!.split(' ') as [string, string?];
      if (!new RegExp(`^  ${command}\\b`, 'm').test(helpOf([]))) continue;
      const nested = sub !== undefined && new RegExp(`^  ${sub}\\b`, 'm').test(helpOf([command]));
      const usage = helpOf(nested ? [command, sub] : [command]);
      for (const [option] of rest!.matchAll(/(?<= )--[a-z-]+/g))
        expect([page, named, usage]).toEqual([page, named, expect.stringContaining(option)]);
    }
  });
});

describe('the SELECTs of the documentation', () => {
  const db = join(folder, 'audit.db');
  const queries = [
    ...blocks('docs/database.md', 'sql'),
    ...blocks('README.md', 'sql').flatMap((block) => block.split(';')),
  ].filter((query) => /SELECT/.test(query));
  pcapAudit(['audit', `${ownCaptures}smtp`, '--topology', `${ownCaptures}smtp/topology.yaml`, '--db', db, '--quiet']);

  test('are there', () => expect(queries.length).toBeGreaterThan(5));

  test.each(queries)('%s', (query) => {
    const database = new Database(db, { readonly: true });
    expect(database.prepare(query.trim().replace(/;$/, '')).all().length).toBeGreaterThan(0);
    database.close();
  });
});

describe('the YAML of the documentation', () => {
  const pack = readPack();

  test('is a topology', () => {
    const [topology] = blocks('docs/topology.md', 'yaml');
    expect(loadTopology('docs', topology!, Object.keys(pack.roles), null).hosts).toHaveLength(1);
  });

  test('is a file of accepted risks', () => {
    const risks = blocks('docs/ci.md', 'yaml').find((block) => block.startsWith('exceptions'));
    expect(
      loadExceptions(
        'docs',
        risks!,
        pack.paths.map(({ id }) => id),
      ),
    ).toHaveLength(1);
  });
});

test('the tutorial runs as it is written', () => {
  const commands = blocks('docs/tutorial.md', 'sh').flatMap((block) => block.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(4);
  const codes = commands.map((command) => {
    const words = command.replace(/ > .*/, '').split(' ').slice(1);
    const own = (word: string) => (/^(report|findings)\./.test(word) ? join(folder, word) : word);
    return pcapAudit(words.map(own), { cwd: rootFolder });
  });
  expect(codes.map(({ code }) => code)).toEqual([1, 1, 1, 0, 0]);
  expect(codes[0]!.stdout).toContain('STARTTLS was offered and not used');
  expect(codes[3]!.stdout).toContain('VERIFIED');
  expect(codes[4]!.stdout).toContain('hosts:');
});
