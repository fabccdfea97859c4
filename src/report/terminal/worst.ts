import type { FlowReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { type Failure, rankOf } from '../digest.ts';
import { exposureOf, findingLine } from '../finding.ts';
import { writeRow, writeRowHeads } from './paths.ts';
import type { Printing } from './printing.ts';

/** paths whose worst finding is told; of the others the results are */
const told = 7;

/** Of each failing path its results, how many findings, and the worst of them; the paths with the gravest first. */
export function writeWorst(printing: Printing): void {
  const { page, found, words } = printing;
  const { failures, failed } = found;
  if (failures.length === 0) return;
  const { terminal } = words.phrases;
  page.heading(terminal.heading.worst(failures.length, sumOf(failures), failed));
  writeRowHeads(printing);
  const gravestFirst = [...failures].sort((a, b) => rankOf(a.worst) - rankOf(b.worst));
  for (const failure of gravestFirst.slice(0, told)) {
    writeRow(failure.answer, printing);
    writeFailure(failure, printing);
  }
  const others = gravestFirst.slice(told);
  if (others.length > 0) page.text(terminal.alsoFail(others.length, sumOf(others)), { indent: 2 });
  for (const { answer } of others) writeRow(answer, printing);
}

function writeFailure({ findings, worst }: Failure, { page, words: { phrases }, words }: Printing): void {
  const { accepted } = worst.finding;
  const line = phrases.terminal.worst(findings, findingLine(worst.flow, worst.finding, words));
  page.text(line, { indent: 4, hanging: 2, style: 'red' });
  if (accepted === null) return;
  const by = phrases.acceptedBy(accepted.by, accepted.until, accepted.reason);
  page.text(by, { indent: 6, hanging: 2, style: 'yellow' });
}

/** What else was in clear or on no path: how many flows, and the worst. */
export function writeWorstExposures(printing: Printing): void {
  const { page, report, found, words } = printing;
  const { phrases } = words;
  const { exposures, passwords } = found;
  const { besides, unexpected } = phrases.terminal.heading;
  if (report.unexpected.length + exposures.count + passwords.count + found.keysInClear === 0) return;
  page.heading(found.failures.length > 0 ? besides : unexpected);
  const outside = report.unexpected.filter(({ why }) => why === 'outside-reference').length;
  if (report.unexpected.length > 0)
    page.text(phrases.unexpectedFlows(report.unexpected.length, outside), { indent: 2, hanging: 2 });
  const write = (what: string, flows: number, worst: FlowReport | null | undefined) => {
    if (!worst) return;
    const line = findingLine(worst, exposureOf(worst, words), words);
    page.text(phrases.terminal.worstOf(what, flows, line), { indent: 2, hanging: 2, style: 'red' });
  };
  write(phrases.exposures, exposures.count, exposures.worst);
  if (found.keysInClear > 0) page.text(phrases.keysInClear(found.keysInClear), { indent: 2, hanging: 2 });
  write(phrases.passwords, passwords.count, passwords.flows[0]);
}

/** What `--verbose` would tell. */
export function writeMore(flows: number, { page, found, words }: Printing): void {
  const { failures, exposures, passwords } = found;
  const { verbose, verboseUpTo } = words.phrases.terminal;
  const findings = sumOf(failures) + exposures.count + passwords.count;
  const lists = [...failures.map((failure) => failure.flows), exposures, passwords];
  const all = lists.every((list) => list.flows.length === list.count);
  page.heading(all ? verbose(findings, flows) : verboseUpTo(findings, flows, limits.reportedFlows));
}

const sumOf = (failures: readonly Failure[]): number => failures.reduce((sum, { findings }) => sum + findings, 0);
