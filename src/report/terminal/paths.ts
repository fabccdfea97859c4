import type { AuditReport } from '../../check/audit-report.ts';
import type { Result } from '../../check/result.ts';
import { type Answer, answersOf } from '../answers.ts';
import type { FormatOptions, Language } from '../format.ts';
import { plural, thousands } from '../verdict.ts';
import type { Words } from '../words.ts';
import type { Cell, Page } from './page.ts';
import type { Style } from './style.ts';

const resultStyle: Record<Result, Style> = {
  pass: 'green',
  fail: 'red',
  unknown: 'yellow',
  notchecked: 'dim',
  notapplicable: 'dim',
  informational: 'cyan',
  error: 'red',
};

const columns = [
  { name: 'flows', width: 6 },
  { name: 'port', width: 5 },
  { name: 'auth', width: 5 },
  { name: 'encryption', width: 10 },
] as const;

/** One line for each path that was seen, and for each group of rows that answer together. */
export function writePaths(page: Page, report: AuditReport, options: FormatOptions, words: Words): void {
  const { language } = options;
  const seen = answersOf(report).filter(({ observed }) => observed);
  if (seen.length > 0) {
    page.heading(report.topology === null ? 'Paths that this could be' : 'Paths seen');
    page.row(
      cells(
        page,
        'path',
        columns.map(({ name }) => name),
        [],
      ),
    );
  }
  for (const { rows, flows, port, authentication, encryption } of seen) {
    const results = [port.result, authentication.result, encryption.result];
    const texts = [thousands(flows), ...results.map((result) => words.shortResult[result])];
    const styles = results.map((result) => resultStyle[result]);
    page.row(cells(page, titleOf(rows, language), texts, styles));
  }
  if (seen.some(({ rows }) => rows.length > 1)) {
    page.text('alike: rows that no capture can tell apart, so one result answers for them', {
      indent: 2,
      style: 'dim',
    });
  }
  writeNotSeen(page, report, options.verbose, language);
}

/** The first row's title, and how many more it speaks for: in front, as a long title is cut at its end. */
export function titleOf(rows: Answer['rows'], language: Language): string {
  const title = rows[0].title[language];
  return rows.length === 1 ? title : `(${rows.length} alike) ${title}`;
}

function cells(page: Page, title: string, texts: string[], styles: Style[]): Cell[] {
  const used = columns.reduce((sum, { width }) => sum + width + 1, 2);
  return [
    { text: '', width: 1 },
    { text: title, width: page.width - used },
    ...texts.map((text, at) => ({
      text,
      width: columns[at]!.width,
      side: at === 0 ? ('right' as const) : ('left' as const),
      style: styles[at - 1],
    })),
  ];
}

function writeNotSeen(page: Page, report: AuditReport, verbose: boolean, language: Language): void {
  const notSeen = report.paths.filter(({ observed }) => observed === 'no');
  if (notSeen.length === 0) return;
  if (!verbose) {
    const counted = report.summary.paths.notchecked;
    const rows = counted === notSeen.length ? '' : `; ${notSeen.length} rows, as some answer together`;
    page.text(`${plural(counted, 'path')} not observed (--verbose lists them${rows})`, { indent: 2, hanging: 2 });
    return;
  }
  page.heading(`${plural(notSeen.length, 'path')} not observed`);
  for (const { id, title } of notSeen) page.text(`${title[language]} (${id})`, { indent: 2, hanging: 2 });
}
