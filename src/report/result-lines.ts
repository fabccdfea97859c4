import type { AuditReport, FlowReport, FlowResultReport, PathReport } from '../check/audit-report.ts';
import type { Remedy } from '../check/reference.ts';
import { remedyFor } from '../check/remedies.ts';
import { endsOf, expected } from './finding.ts';
import { upgradeWords } from './upgrade.ts';
import type { Words } from './words.ts';

/** One check of one flow on one path, with what other programs want to know of it. */
export interface ResultLine {
  flow: FlowReport;
  path: PathReport;
  row: FlowResultReport;
  /** who, and what was seen, as a sentence */
  message: string;
  expected: string;
  /** of failures */
  remedy: Remedy | null;
}

/** Every result of every flow, one by one, flows by first frame. */
export function* resultLines(report: AuditReport, words: Words): Iterable<ResultLine> {
  const paths = new Map(report.paths.map((path) => [path.id, path]));
  for (const flow of report.flows) {
    for (const row of flow.results) {
      const path = paths.get(row.path);
      if (!path) continue;
      const { check, result, reason } = row;
      const upgrade = check === 'encryption' && flow.encryption.exposed.length > 0 ? upgradeWords(flow, words) : null;
      yield {
        flow,
        path,
        row,
        message: `${endsOf(flow)}: ${words.check[check]}, ${words.result[result]}. ${words.reason[reason]}${upgrade === null ? '' : ` (${upgrade})`}`,
        expected: expected(path, check, words),
        remedy: result === 'fail' ? remedyFor(report.reference, flow, check, reason) : null,
      };
    }
  }
}
