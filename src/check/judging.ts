import type { FlowRecord } from '../protocols/flow-record.ts';
import type { AuditOptions, Observed } from './audit-input.ts';
import type { FlowReport } from './audit-report.ts';
import { AcceptedRisks } from './exceptions.ts';
import { createJudge, type Judging, reportFlow } from './flow-report.ts';
import { inferFrom, noInference } from './inference.ts';
import { Knowledge, tellingFacts } from './knowledge.ts';
import type { Rules } from './rules.ts';

/** Ready to judge flow after flow, with what they say of each other. */
export interface JudgingStarted {
  judging: Judging;
  risks: AcceptedRisks;
  fileName(capture: number): string;
  /** what the audit says of one flow */
  report(flow: FlowRecord): FlowReport;
}

export function startJudging(observed: Observed, options: AuditOptions): JudgingStarted {
  const knowledge = new Knowledge();
  for (const record of observed.flowsStating(tellingFacts)) knowledge.add(record);
  const infer = (rules: Rules) => (options.inference ? inferFrom(knowledge, rules) : noInference);
  const files = new Map(observed.captures.map(({ capture, file }) => [capture, file]));
  const judging: Judging = {
    judges: options.rules.map((rules) => createJudge(rules, infer(rules))),
    files,
    reused: observed.reusedCommunityIds(),
    knowledge,
  };
  const risks = new AcceptedRisks(options.exceptions?.list ?? [], asOf(observed, options));
  return {
    judging,
    risks,
    fileName: (capture) => files.get(capture) ?? `capture ${capture}`,
    report: (flow) => risks.accept(reportFlow(flow, judging)),
  };
}

/** The moment at which expiry is judged: as asked for, else that of the last frame. */
function asOf({ captures }: Observed, { options }: AuditOptions): string | null {
  if (typeof options.asOf === 'string') return options.asOf;
  const times = captures.flatMap(({ lastSeen }) => lastSeen ?? []);
  return times.sort().at(-1) ?? null;
}
