import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotationsOf } from '../../src/report/annotations.ts';
import { writeExplanation } from '../../src/report/explain.ts';
import type { FormatName } from '../../src/report/formats.ts';
import { wordsOf } from '../../src/report/words/language.ts';
import { type Audited, auditCapture } from '../support/audit-capture.ts';
import { organisation } from '../support/organisation.ts';
import { print } from '../support/print.ts';
import { entries } from './manifest.ts';

/** Names in small letters: settings, commands, options, services. */
const names = /RPC over HTTP|security mode|inspect esmtp|--format html|topology draft CAPTURE|pcap-audit test/g;

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-korean-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let report: Audited;
let data: string[];

/** Strings that came out of captures, file names and the topology. */
function dataOf({ records, captures }: Audited): string[] {
  const found = new Set(captures.map(({ file }) => file));
  const collect = (value: unknown): void => {
    if (typeof value === 'string') found.add(value);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner);
  };
  for (const { facts } of records) collect(facts);
  return [...found].filter((text) => / /.test(text)).sort((a, b) => b.length - a.length);
}

const shown = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<script>.*?<\/script>|<head>.*?<\/head>|<code[^>]*>.*?<\/code>/gs, '')
    .replace(/<[^>]+>/g, '\n');

/** Words in a row, one of them in small letters, that nothing else explains: sentences have them, names of products do not. */
function english(text: string): string[] {
  const left = text.split('\n').map((line) => {
    const own = data.reduce((rest, item) => rest.replaceAll(item, ' '), line);
    return own.replace(names, '·');
  });
  const runs = left.flatMap((line) => line.match(/\b[A-Za-z]{2,}(?: [A-Za-z]{2,})+/g) ?? []);
  return [...new Set(runs.filter((run) => /\b[a-z]{2,}\b/.test(run)))];
}

beforeAll(async () => {
  const topology = organisation(entries, folder);
  const captures = entries.filter((entry) => basename(entry.folder) !== 'tunnels');
  report = await auditCapture(
    captures.map((entry) => `${entry.folder}/${entry.file}`),
    topology,
  );
  data = dataOf(report);
}, 120_000);

describe('the reports of all captures of the lab, in Korean, say nothing in English', () => {
  test.each(['html', 'terminal', 'sarif'] as FormatName[])('%s', (format) => {
    const text = print(format, report, { language: 'ko', verbose: true, width: 500 });
    expect(english(format === 'html' ? shown(text) : text.replaceAll('\\\\', '\\'))).toEqual([]);
  });

  test('junit, in the names of cases and what is said of them', () => {
    const text = print('junit', report, { language: 'ko' });
    const said = text.matchAll(/ (?:name|message)="([^"]*)"|>([^<]+)</g);
    expect(english([...said].map(([, attribute, inside]) => attribute ?? inside).join('\n'))).toEqual([]);
  });

  test('markdown, but for commands', () => {
    const text = print('markdown', report, { language: 'ko' }).replace(/^ {4}.*$/gm, '');
    expect(english(text.replaceAll('\\', ''))).toEqual([]);
  });

  test('comments of an annotated capture', () => {
    const { comments } = annotationsOf(report, 'ko', wordsOf('ko'));
    const texts = [...comments.values()].flatMap((file) => [...file.values()].flatMap((note) => note.texts));
    expect(texts.length).toBeGreaterThan(100);
    expect(english(texts.join('\n'))).toEqual([]);
  });

  test('explain, of every flow', () => {
    let text = '';
    for (const flow of report.flows) {
      const { facts } = report.records.find(({ id }) => id === flow.id)!;
      const fileName = (capture: number) => report.captures[capture]!.file;
      const options = { language: 'ko', color: false, width: 500, verbose: false } as const;
      writeExplanation({ flow, facts, fileName }, options, (chunk) => {
        if (!/tshark -r|&& !icmp/.test(chunk)) text += chunk;
      });
    }
    expect(text.length).toBeGreaterThan(100_000);
    expect(english(text)).toEqual([]);
  });
});
