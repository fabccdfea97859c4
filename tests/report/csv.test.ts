import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { everythingReport } from '../support/everything-report.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { print } from '../support/print.ts';
import { sampleReport } from '../support/sample-report.ts';

const rows = (text: string): Record<string, string>[] => parse(text, { columns: true, relax_column_count: false });

describe('the CSV report', () => {
  test('has a row for each check of each flow, and one for a flow on no path', () => {
    const all = rows(print('csv', sampleReport()));
    // 3 checks of the failing flow, 6 of the passing one on two paths, 3 undecided, 1 on no path
    expect(all).toHaveLength(13);
    expect(all.filter(({ result }) => result === 'fail').map(({ check }) => check)).toEqual([
      'authentication',
      'encryption',
    ]);
    expect(all[2]).toMatchObject({
      client: '10.0.0.11:51012',
      client_name: 'hub1',
      server: '10.0.0.12:25',
      protocol: 'smtp',
      path: 'hub-to-hub',
      check: 'encryption',
      result: 'fail',
      reason: 'clear-content',
      evidence_file: 'hub.pcapng',
      evidence_frame: '17',
    });
    expect(all.at(-1)).toMatchObject({ flow: 'f0000000000000004', unexpected: 'no-path', result: '' });
  });

  test('ends lines with CR LF (RFC 4180), and every line has as many cells as the first', () => {
    const text = print('csv', everythingReport());
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(() => rows(text)).not.toThrow();
  });

  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '  =1',
    '\r=1',
    '＝1',
    '|cmd',
    '%0A',
    ...Object.values(hostileText),
  ];
  test.each(formulas)('makes a formula inert: %j', (text) => {
    const printed = print('csv', hostileReport(text));
    for (const row of rows(printed)) {
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@\t\r|%＝＋－＠]/);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
    expect(printed.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u001f\u007f]/);
  });
});
