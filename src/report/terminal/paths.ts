import type { AuditReport } from '../../check/audit-report.ts';
import type { Result } from '../../check/result.ts';
import { type Answer, answersOf } from '../answers.ts';
import type { FormatOptions, Language } from '../format.ts';
import { thousands } from '../number.ts';
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
  { name: 'authentication', width: 5 },
  { name: 'encryption', width: 10 },
] as const;

/** One line for each path that was seen, and for each group of rows that answer together. */
export function writePaths(page: Page, report: AuditReport, options: FormatOptions, words: Words): void {
  const { language } = options;
  const { terminal } = words.phrases;
  const seen = answersOf(report).filter(({ observed }) => observed);
  if (seen.length > 0) {
    page.heading(report.reference.lacksTopology ? terminal.heading.possiblePaths : terminal.heading.paths);
    page.row(
      cells(
        page,
        terminal.columns.path,
        columns.map(({ name }) => terminal.columns[name]),
        [],
      ),
    );
  }
  for (const { rows, flows, port, authentication, encryption } of seen) {
    const results = [port.result, authentication.result, encryption.result];
    const texts = [thousands(flows), ...results.map((result) => words.shortResult[result])];
    const styles = results.map((result) => resultStyle[result]);
    page.row(cells(page, titleOf(rows, language, words), texts, styles));
  }
  if (seen.some(({ rows }) => rows.length > 1)) {
    page.text(terminal.alikeNote, {
      indent: 2,
      style: 'dim',
    });
  }
  writeNotSeen(page, report, options.verbose, language, words);
}

/** The first row's title, and how many more it speaks for: in front, as a long title is cut at its end. */
export function titleOf(rows: Answer['rows'], language: Language, { phrases }: Words): string {
  const title = rows[0].title[language];
  return rows.length === 1 ? title : phrases.terminal.alike(rows.length, title);
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

function writeNotSeen(
  page: Page,
  report: AuditReport,
  verbose: boolean,
  language: Language,
  { phrases: { terminal } }: Words,
): void {
  const notSeen = report.paths.filter(({ observed }) => observed === 'no');
  if (notSeen.length === 0) return;
  if (!verbose) {
    const counted = report.summary.paths.notchecked;
    const rows = counted === notSeen.length ? null : notSeen.length;
    page.text(terminal.notObserved(counted, rows), { indent: 2, hanging: 2 });
    return;
  }
  page.heading(terminal.notObservedHeading(notSeen.length));
  for (const { id, title } of notSeen) page.text(`${title[language]} (${id})`, { indent: 2, hanging: 2 });
}
