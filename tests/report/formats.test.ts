import { expect, test } from 'vitest';
import { formatByEnding, formatNames, formats } from '../../src/report/formats.ts';
import { english } from '../../src/report/words/english.ts';
import { wordsOf } from '../../src/report/words/language.ts';
import { everythingReport } from '../support/everything-report.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { hidden, print } from '../support/print.ts';

test.each([
  ['report.json', 'json'],
  ['out/Report.HTML', 'html'],
  ['report.htm', 'html'],
  ['report.txt', 'terminal'],
  ['report.md', 'markdown'],
  ['findings.csv', 'csv'],
  ['audit.sarif', 'sarif'],
  ['audit.sarif.json', 'sarif'],
  ['audit.ocsf.json', 'ocsf'],
  ['audit.jsonl', 'ocsf'],
  ['TEST-audit.xml', 'junit'],
])('%s is %s', (path, format) => {
  expect(formatByEnding(path)).toEqual({ format });
});

test.each(['report', 'report.docx', 'json', 'a.json/b'])('%s is none, and the choices are named', (path) => {
  const found = formatByEnding(path);
  expect(found).toEqual({
    choices: expect.stringMatching(/^terminal \(\.txt\), json \(\.json\), html \(\.html, \.htm\), csv/),
  });
});

test('no ending means two formats', () => {
  const endings = formatNames.flatMap((name) => formats[name].endings);
  expect(new Set(endings).size).toBe(endings.length);
});

test('every reason and blind spot is a sentence', () => {
  for (const sentence of [...Object.values(english.reason), ...Object.values(english.blindSpot)]) {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});

test('short words fit their column', () => {
  for (const word of Object.values(wordsOf('en').shortResult)) expect(word.length).toBeLessThanOrEqual(5);
});

test.each(formatNames)(
  '%s is the same bytes for the same report, ends with a line, and walks the flows anew each time',
  (format) => {
    const text = print(format, everythingReport());
    expect(print(format, everythingReport())).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
  },
);

test.each(formatNames)('%s lets nothing act on a terminal, whatever a capture holds', (format) => {
  for (const hostile of Object.values(hostileText)) {
    const text = print(format, hostileReport(hostile), { verbose: true });
    expect(text.replaceAll('\r\n', '\n')).not.toMatch(hidden);
  }
});
