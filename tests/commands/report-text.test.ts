import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { elementsOf, linesOf, SameAsFile, shortened } from '../../src/commands/report-text.ts';
import { limits } from '../../src/limits.ts';
import { attacks } from '../faults/malice.ts';
import { print } from '../support/print.ts';
import { pcapAudit } from '../support/run-cli.ts';
import { sampleFlow, sampleReport } from '../support/sample-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-report-text-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
/** one that the reader's chunks cut in the middle of lines and of letters */
const wide = '한글'.repeat(100_000);

describe('lines', () => {
  test.each([
    ['no end', 'a\nb', ['a', 'b']],
    ['an end', 'a\n\nb\n', ['a', '', 'b']],
    ['nothing', '', []],
    ['letters across chunks', `x${wide}\n${wide}`, [`x${wide}`, wide]],
  ])('%s', (name, text, lines) => expect([...linesOf(written(name, text))]).toEqual(lines));

  test('end where one is longer than anything that we write', () => {
    const file = written('long', 'x'.repeat(limits.reportText + 1));
    expect(() => [...linesOf(file)]).toThrow(/too large to be read in this layout/);
  });
});

describe('a report without its lists', () => {
  const text = print('json', sampleReport());
  const file = written('report.json', text);
  const parsed = JSON.parse(text);

  test('is the same but for them, and they can be read one by one', () => {
    const { text: short, left } = shortened(file, new Set(['captures']));
    const value = JSON.parse(short);
    expect(value).toMatchObject({ schemaVersion: 1, flows: [], captures: parsed.captures, summary: parsed.summary });
    expect(left).toContain('flows');
    expect([...elementsOf(file, 'flows')]).toEqual(parsed.flows);
    expect([...elementsOf(file, 'hosts')]).toEqual(parsed.hosts);
  });

  test.each([
    ['indented', JSON.stringify(parsed, null, 2)],
    ['on one line', JSON.stringify(parsed)],
    ['with Windows line ends', text.replaceAll('\n', '\r\n')],
  ])('laid out anew, %s, is read whole', (name, other) => {
    const { text: whole, left } = shortened(written(name, other), new Set());
    expect([...left]).toEqual([]);
    expect(JSON.parse(whole)).toEqual(parsed);
  });
});

describe('text held against a file', () => {
  const text = `one\ntwo 둘\n${wide}\nfour`;
  const file = written('same', text);
  const differs = (pieces: string[]): number | null => {
    const same = new SameAsFile(file);
    for (const piece of pieces) same.add(piece);
    same.end();
    return same.differs;
  };

  test.each([
    ['whole', [text], null],
    ['in pieces', [text.slice(0, 5), text.slice(5, 90_000), text.slice(90_000)], null],
    ['changed in its second line', [text.replace('둘', '2')], 2],
    ['changed in its last', [text.replace('four', 'fours')], 4],
    ['cut short', [text.slice(0, -1)], 4],
    ['empty', [], 1],
  ] as const)('%s', (_name, pieces, line) => expect(differs([...pieces])).toBe(line));
});

/** less than the text alone would take, were it kept */
const env = { NODE_OPTIONS: '--max-old-space-size=96' };

test('diff reads a report of 100,000 flows in little memory', () => {
  const text = print('json', sampleReport());
  const at = text.indexOf('\n', text.indexOf('\n  "flows": [') + 1) + 1;
  const line = `    ${JSON.stringify(JSON.parse(print('json', sampleReport({ flows: [sampleFlow()] }))).flows[0])},\n`;
  const file = join(folder, 'large.json');
  const handle = openSync(file, 'w');
  writeSync(handle, text.slice(0, at));
  for (let hundred = 0; hundred < 1000; hundred++) writeSync(handle, line.repeat(100));
  writeSync(handle, text.slice(at));
  closeSync(handle);
  const { code, stdout, stderr } = pcapAudit(['diff', file, file], { env });
  expect(stderr).toBe('');
  expect(stdout).toContain('Nothing got better or worse.');
  expect(code).toBe(0);
}, 120_000);

test('verify repeats an audit of many flows in little memory', async () => {
  const capture = join(folder, 'many.pcap');
  await attacks['flows of one datagram']!(capture, 20_000);
  const report = join(folder, 'many.json');
  expect(pcapAudit(['audit', capture, '--report', report, '--quiet']).code).toBe(0);
  const { code, stdout, stderr } = pcapAudit(['verify', report, capture], { env });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^VERIFIED$/m);
  expect(code).toBe(0);
}, 120_000);
