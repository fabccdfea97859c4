import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import MarkdownIt from 'markdown-it';
import { afterAll, describe, expect, test } from 'vitest';
import { formats } from '../../src/report/formats.ts';
import { nameResolution, networkInterface, packet, pcapngFile, section, text } from '../support/build-capture.ts';
import type { Step } from '../support/play.ts';
import { pcapAudit } from '../support/run-cli.ts';
import { framesOf } from '../support/talk.ts';

/** Text from captures reaches terminal, pages, tables and SQL harmlessly, wherever in a capture it stands. */
const folder = mkdtempSync(join(tmpdir(), 'strings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const control = '\u001b[2J\u001b]0;owned\u0007';
const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const formula = '=HYPERLINK("http://evil.example","click")';
const quotes = `'); DROP TABLE flows; --"`;
const rows = `a|b\`c\`\u202e[x](javascript:alert(3))`;
const hostile = [control, script, formula, quotes, rows];

/** Clear mail whose banner, names and commands are hostile, on a hostile interface, with hostile comments, in a file with a hostile name. */
function capture(word: string): string {
  const steps: Step[] = [
    ['server', `220 ${word} ESMTP ${word}\r\n`],
    ['client', `EHLO ${word}\r\n`],
    ['server', `250-${word}\r\n250 AUTH ${word} LOGIN\r\n`],
    ['client', `MAIL FROM:<${word}@example.com>\r\n`],
    ['server', '250 OK\r\n'],
    ['client', 'DATA\r\n'],
    ['server', '354 Go\r\n'],
    ['client', `Subject: ${word}\r\n\r\n${word}\r\n.\r\n`],
    ['server', '250 OK\r\n'],
  ];
  const frames = framesOf(steps, { port: 25 }).map(({ bytes, time }) =>
    packet({ bytes, time: BigInt(Math.round(time * 1e6)), options: [[1, text(word)]] }),
  );
  const names = nameResolution([{ address: Uint8Array.of(10, 0, 0, 2), names: [word] }]);
  const file = join(folder, `${word.replaceAll('/', '_')}.pcapng`);
  writeFileSync(
    file,
    pcapngFile([section(), networkInterface({ name: word }), networkInterface({ name: word }), names, ...frames]),
  );
  return file;
}

describe.each(hostile.map((word) => ({ word, name: JSON.stringify(word) })))('$name', ({ word }) => {
  const file = capture(word);
  const database = join(folder, 'facts.db');

  test('goes through every report', () => {
    const reports = Object.entries(formats).map(([name, { endings }]) => ({
      name,
      path: join(folder, `report${endings[0]}`),
    }));
    const { code, stderr, stdout } = pcapAudit([
      'audit',
      file,
      '--db',
      database,
      ...reports.flatMap(({ path }) => ['--report', path]),
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('\u001b');
    for (const { name, path } of reports) {
      const written = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      expect(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/.test(written), `${name}: control characters`).toBe(false);
      if (name === 'html') expect(written).not.toMatch(/<script>alert|<img src=x|href="javascript/);
      if (name === 'markdown') {
        const page = new MarkdownIt({ html: true }).render(written);
        expect(page).not.toMatch(/<script>alert|<img src=x|href="javascript/);
      }
      if (name === 'csv') expect(written).not.toMatch(/(^|,)"?[=+@\t]/m);
      if (name === 'junit') expect(written).not.toContain('<script>alert');
      rmSync(path);
    }
  });

  test('goes through lists and explanations, and stays in the database as it was', () => {
    const flows = pcapAudit(['flows', '--db', database]);
    expect(flows).toMatchObject({ code: 0, stderr: '' });
    expect(flows.stdout).not.toContain('\u001b');
    const opened = new Database(database, { readonly: true });
    const [flow] = opened.prepare('SELECT id, facts_json FROM flows').all() as { id: string; facts_json: string }[];
    opened.close();
    const comments = (JSON.parse(flow!.facts_json) as { name?: string; value?: string }[]).filter(
      ({ name }) => name === 'comment',
    );
    expect(comments[0]!.value).toBe(word);
    const explained = pcapAudit(['explain', '--db', database, flow!.id]);
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(explained.stdout).not.toContain('\u001b');
    rmSync(database);
  });
});
