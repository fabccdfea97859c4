import type { AuditReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { type Digest, digest } from '../digest.ts';
import type { FormatOptions, Sink } from '../format.ts';
import type { Task } from '../to-do.ts';
import { type Verdict, verdictOf } from '../verdict.ts';
import { wordsOf } from '../words/language.ts';
import type { Words } from '../words.ts';
import { writeFirewall, writeRisks } from './beyond-paths.ts';
import { writeCaptures, writeLimits, writeQuality } from './captures.ts';
import { writeExposures, writeFailures } from './failures.ts';
import { type Page, pageOn } from './page.ts';
import { writePaths } from './paths.ts';
import type { Style } from './style.ts';
import { writeAssertions, writeUndecided } from './undecided.ts';

/** flows listed under one heading, and tasks named first, unless `--verbose` asks for more */
const listed = 2;
const tasksNamed = 5;
const hostsNamed = 3;

/** The report for a person at a terminal: the verdict first, then what to do something about, then the rest. */
export function writeTerminal(report: AuditReport, options: FormatOptions, sink: Sink): void {
  const page = pageOn(sink, options);
  const words = wordsOf(options.language);
  const found = options.found ?? digest(report, words);
  const most = options.verbose ? limits.reportedFlows : listed;
  writeVerdict(page, report, found, words);
  writeToDo(page, found.tasks, options, words);
  writeCaptures(page, report, words);
  writeFailures(page, report, found, most, options.language, words);
  writeExposures(page, report, found, most, options.language, words);
  writePaths(page, report, options, words);
  writeUndecided(page, report, options, words);
  writeAssertions(page, report, options.language, words);
  writeQuality(page, report, found, options.verbose, words);
  writeFirewall(page, report, words);
  writeRisks(page, report, words);
  writeLimits(page, report, words);
}

const verdictStyle = {
  failed: 'red',
  undecided: 'yellow',
  'nothing-seen': 'yellow',
  passed: 'green',
} as const satisfies Record<Verdict['kind'], Style>;

function writeVerdict(page: Page, report: AuditReport, found: Digest, words: Words): void {
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
function writeToDo(page: Page, tasks: readonly Task[], { language, verbose }: FormatOptions, words: Words): void {
  if (tasks.length === 0) return;
  page.heading(words.page.heading.todo);
  const shown = verbose ? tasks : tasks.slice(0, tasksNamed);
  for (const [at, { remedy, cases, findings, hosts }] of shown.entries()) {
    page.text(`${at + 1}. ${remedy?.title[language] ?? words.page.otherTodo}`, {
      indent: 2,
      hanging: 3,
      style: 'bold',
    });
    const named = hosts.list.slice(0, hostsNamed).map(({ label }) => label);
    const more = hosts.list.length > named.length ? ` ${words.phrases.more(hosts.list.length - named.length)}` : '';
    const what = cases[0]?.findings[0]?.what ?? '';
    page.text(words.page.todoItem(what, findings, `${named.join(', ')}${more}`), { indent: 5, hanging: 2 });
  }
  if (tasks.length > shown.length) page.text(words.phrases.more(tasks.length - shown.length), { indent: 2 });
}
