import type { AuditReport, FlowReport } from '../check/audit-report.ts';
import { checkNames } from '../check/pack.ts';
import type { Result } from '../check/result.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import { type Answer, answersOf } from './answers.ts';
import { Counting, type Statistics } from './statistics.ts';
import { spanOf } from './time.ts';

/** What a report for people says first, taken from one walk over the flows; of each list at most `cap` flows are kept. */
export interface Digest {
  /** in pack order */
  failures: { answer: Answer; flows: Capped }[];
  /** content in clear that no path answers for: the flow is on none, or on which one is unknown */
  exposures: Capped;
  /** passwords in clear that made no path fail */
  passwords: Capped;
  /** flows with a blind spot, by kind */
  blindSpots: Map<BlindSpotWhy, number>;
  statistics: Statistics;
}

export interface Capped {
  flows: FlowReport[];
  /** of all, also of those left out */
  count: number;
}

export function digest(report: AuditReport, cap: number): Digest {
  const failures = answersOf(report)
    .filter((answer) => checkNames.some((check) => answer[check].result === 'fail'))
    .map((answer) => ({ answer, flows: nobody() }));
  const exposures = nobody();
  const passwords = nobody();
  const blindSpots = new Map<BlindSpotWhy, number>();
  const counting = new Counting(spanOf(report.captures));
  for (const flow of report.flows) {
    counting.add(flow);
    const failed = failures.filter(({ answer }) => failsOn(flow, answer));
    for (const { flows } of failed) add(flows, flow, cap);
    if (failed.length === 0) {
      if (exposesUnanswered(flow)) add(exposures, flow, cap);
      else if (flow.authentication.credentialsExposed) add(passwords, flow, cap);
    }
    for (const why of new Set(flow.blindSpots.map((spot) => spot.why))) {
      blindSpots.set(why, (blindSpots.get(why) ?? 0) + 1);
    }
  }
  return { failures, exposures, passwords, blindSpots, statistics: counting.statistics };
}

/** Whether a check of the flow is part of why the answer is `fail`; where the rows of a group disagree, it is not. */
function failsOn(flow: FlowReport, answer: Answer): boolean {
  return flow.results.some(
    ({ path, check, result }) => result === 'fail' && answer[check].result === 'fail' && isOf(path, answer),
  );
}

const isOf = (path: string, { rows }: Answer): boolean => rows.some(({ id }) => id === path);

const nobody = (): Capped => ({ flows: [], count: 0 });

function add(list: Capped, flow: FlowReport, cap: number): void {
  list.count++;
  if (list.flows.length < cap) list.flows.push(flow);
}

/** Whether something went in clear and no path says that this is as documented. */
function exposesUnanswered(flow: FlowReport): boolean {
  if (flow.encryption.exposed.length === 0) return false;
  return !flow.results.some(({ check, result }) => check === 'encryption' && documented.has(result));
}

const documented: ReadonlySet<Result> = new Set(['pass', 'informational', 'notapplicable']);
