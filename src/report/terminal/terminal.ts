import type { AuditReport } from '../../check/audit-report.ts';
import { digest } from '../digest.ts';
import type { FormatOptions, Sink } from '../format.ts';
import { type Verdict, verdictOf } from '../verdict.ts';
import { wordsOf } from '../words/language.ts';
import { writeFirewall, writeRisks } from './beyond-paths.ts';
import { writeCaptures, writeLimits, writeQuality } from './captures.ts';
import { writeExposures, writeFailures } from './failures.ts';
import { pageOn } from './page.ts';
import { writePaths } from './paths.ts';
import { type Printing, shownOf } from './printing.ts';
import type { Style } from './style.ts';
import { writeAssertions, writeUndecided } from './undecided.ts';
import { writeMore, writeWorst, writeWorstExposures } from './worst.ts';

/** failing flows that are told whole without `--verbose` */
const fewFlows = 3;
const tasksNamed = 5;
const hostsNamed = 3;

/** The report for a person at a terminal: the verdict first, then what to do something about, then the rest. */
export function writeTerminal(report: AuditReport, options: FormatOptions, sink: Sink): void {
  const words = wordsOf(options.language);
  const found = options.found ?? digest(report, words);
  const failing = found.failed + found.exposures.count + found.passwords.count;
  const whole = options.verbose || failing <= fewFlows;
  const printing: Printing = { page: pageOn(sink, options), report, found, options, words, whole };
  writeVerdict(printing);
  writeToDo(printing);
  writeCaptures(printing);
  if (whole) {
    writeFailures(printing);
    writeExposures(printing);
  } else {
    writeWorst(printing);
    writeWorstExposures(printing);
  }
  writePaths(printing);
  writeUndecided(printing);
  writeAssertions(printing);
  writeQuality(printing);
  writeFirewall(printing);
  writeRisks(printing);
  writeLimits(printing);
  if (whole) return;
  writeMore(failing, printing);
}

const verdictStyle = {
  failed: 'red',
  undecided: 'yellow',
  'nothing-seen': 'yellow',
  passed: 'green',
} as const satisfies Record<Verdict['kind'], Style>;

function writeVerdict({ page, report, found, words }: Printing): void {
  const verdict = verdictOf(report, words);
  page.text(`${verdict.word}: ${verdict.counts}`, { style: verdictStyle[verdict.kind] });
  page.text(`${verdict.decided}; ${verdict.exit}`);
  if (found.exposures.count > 0) {
    page.text(words.phrases.terminal.exposed(found.exposures.count), {
      style: 'yellow',
    });
  }
  if (report.partial) {
    page.text(words.phrases.interrupted, { style: 'yellow' });
  }
}

/** What to do, the gravest first, and where: the one screen for who reads no further. */
function writeToDo(printing: Printing): void {
  const { page, found, options, words } = printing;
  if (found.tasks.length === 0) return;
  page.heading(words.page.heading.todo);
  const { shown, left } = shownOf(found.tasks, tasksNamed, printing);
  for (const [at, { remedy, cases, findings, hosts }] of shown.entries()) {
    page.text(`${at + 1}. ${remedy?.title[options.language] ?? words.page.otherTodo}`, {
      indent: 2,
      hanging: 3,
      style: 'bold',
    });
    const named = shownOf(hosts.list, hostsNamed, printing);
    const more = named.left > 0 ? ` ${words.phrases.more(named.left)}` : '';
    const what = cases[0]?.findings[0]?.what ?? '';
    const where = `${named.shown.map(({ name }) => name).join(', ')}${more}`;
    page.text(words.page.todoItem(what, findings, where), { indent: 5, hanging: 2 });
  }
  if (left > 0) page.text(words.phrases.more(left), { indent: 2 });
}
