import type { AuditReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { type Digest, digest } from '../digest.ts';
import type { FormatOptions, Sink } from '../format.ts';
import { plural, type Verdict, verdictOf } from '../verdict.ts';
import { wordsOf } from '../words/language.ts';
import type { Words } from '../words.ts';
import { writeCaptures, writeLimits, writeQuality } from './captures.ts';
import { writeExposures, writeFailures } from './failures.ts';
import { type Page, pageOn } from './page.ts';
import { writePaths } from './paths.ts';
import type { Style } from './style.ts';
import { writeAssertions, writeUndecided } from './undecided.ts';

/** flows listed under one heading unless `--verbose` asks for more */
const listed = 10;

/** The report for a person at a terminal: the verdict first, then what to do something about, then the rest. */
export function writeTerminal(report: AuditReport, options: FormatOptions, sink: Sink): void {
  const page = pageOn(sink, options);
  const words = wordsOf(options.language);
  const found = digest(report, options.verbose ? limits.reportedFlows : listed);
  writeVerdict(page, report, found, words);
  writeCaptures(page, report, words);
  writeFailures(page, found, options.language, words);
  writeExposures(page, report, found, words);
  writePaths(page, report, options, words);
  writeUndecided(page, report, options, words);
  writeAssertions(page, report, words);
  writeQuality(page, report, found, options.verbose, words);
  writeLimits(page, report);
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
    page.text(`${plural(found.exposures.count, 'flow')} with content in clear that no path answers for, see below`, {
      style: 'yellow',
    });
  }
  if (report.partial) {
    page.text('The audit was interrupted: what follows covers only what had been read.', { style: 'yellow' });
  }
}
