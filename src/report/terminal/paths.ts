import type { Result } from '../../check/result.ts';
import { type Answer, answersOf } from '../answers.ts';
import type { Language } from '../format.ts';
import { thousands } from '../number.ts';
import type { Words } from '../words.ts';
import type { Cell, Page } from './page.ts';
import type { Printing } from './printing.ts';
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

/** One line for each path that was seen, and for each group of rows that answer together, but for those already shown. */
export function writePaths(printing: Printing): void {
  const { page, report, found, words, whole } = printing;
  const { terminal } = words.phrases;
  const answers = answersOf(report).filter(({ observed }) => observed);
  const shown = new Set(whole ? [] : found.failures.map(({ answer }) => answer.rows[0].id));
  const seen = answers.filter(({ rows }) => !shown.has(rows[0].id));
  if (seen.length > 0) {
    const { possiblePaths, otherPaths, paths } = terminal.heading;
    page.heading(report.reference.lacksTopology ? possiblePaths : shown.size > 0 ? otherPaths : paths);
    writeRowHeads(printing);
    for (const answer of seen) writeRow(answer, printing);
  }
  if (answers.some(({ rows }) => rows.length > 1)) {
    page.text(terminal.alikeNote, {
      indent: 2,
      style: 'dim',
    });
  }
  writeNotSeen(printing);
}

export function writeRowHeads({ page, words: { phrases } }: Printing): void {
  const { columns: heads } = phrases.terminal;
  page.row(
    cells(
      page,
      heads.path,
      columns.map(({ name }) => heads[name]),
      [],
    ),
  );
}

/** A path, its flows, and its three results. */
export function writeRow({ rows, flows, ...answer }: Answer, { page, options, words }: Printing): void {
  const results = [answer.port.result, answer.authentication.result, answer.encryption.result];
  const texts = [thousands(flows), ...results.map((result) => words.shortResult[result])];
  const styles = results.map((result) => resultStyle[result]);
  page.row(cells(page, titleOf(rows, options.language, words), texts, styles));
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

function writeNotSeen({ page, report, options, words }: Printing): void {
  const { terminal } = words.phrases;
  const notSeen = report.paths.filter(({ observed }) => observed === 'no');
  if (notSeen.length === 0) return;
  if (!options.verbose) {
    const counted = report.summary.paths.notchecked;
    const rows = counted === notSeen.length ? null : notSeen.length;
    page.text(terminal.notObserved(counted, rows), { indent: 2, hanging: 2 });
    return;
  }
  page.heading(terminal.notObservedHeading(notSeen.length));
  for (const { id, title } of notSeen) page.text(`${title[options.language]} (${id})`, { indent: 2, hanging: 2 });
}
