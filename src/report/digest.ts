import type { AuditReport, FlowReport } from '../check/audit-report.ts';
import { type CheckName, checkNames } from '../check/pack.ts';
import type { Result } from '../check/result.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import { limits } from '../limits.ts';
import { type Answer, answersOf } from './answers.ts';
import { Counting, type Statistics } from './statistics.ts';
import { spanOf } from './time.ts';
import { type Task, ToDo } from './to-do.ts';
import type { Words } from './words.ts';

/** What a report for people says first, taken from one walk over the flows; of each list `limits.reportedFlows` are kept. */
export interface Digest {
  /** in pack order */
  failures: Failure[];
  /** content in clear that no path answers for: the flow is on none, or on which one is unknown */
  exposures: Capped;
  /** passwords in clear that made no path fail */
  passwords: Capped;
  /** flows with a blind spot, by kind */
  blindSpots: Map<BlindSpotWhy, number>;
  statistics: Statistics;
  /** the gravest first */
  tasks: Task[];
}

/** An answer that failed, and its flows: of each failing check at least `limits.reportedFlows`, if there are as many. */
export interface Failure {
  answer: Answer;
  flows: Capped;
  /** flows by failing check */
  failing: Record<CheckName, number>;
}

export interface Capped {
  flows: FlowReport[];
  /** of all, also of those left out */
  count: number;
}

export function digest(report: AuditReport, words: Words): Digest {
  const cap = limits.reportedFlows;
  const toDo = new ToDo(report.reference, words);
  const failures: Failure[] = answersOf(report)
    .filter((answer) => checkNames.some((check) => answer[check].result === 'fail'))
    .map((answer) => ({ answer, flows: nobody(), failing: { port: 0, authentication: 0, encryption: 0 } }));
  const exposures = nobody();
  const passwords = nobody();
  const blindSpots = new Map<BlindSpotWhy, number>();
  const counting = new Counting(spanOf(report.captures));
  for (const flow of report.flows) {
    counting.add(flow);
    let failed = false;
    for (const failure of failures) {
      const checks = failingChecks(flow, failure.answer);
      if (checks.length === 0) continue;
      failed = true;
      // a check whose failures come late still shows one of them
      const seldom = checks.some((check) => failure.failing[check] < cap);
      for (const check of checks) failure.failing[check]++;
      add(failure.flows, flow, seldom ? Infinity : 0);
      toDo.add(flow, failure.answer);
    }
    if (!failed) {
      if (exposesUnanswered(flow)) add(exposures, flow, cap);
      else if (flow.authentication.credentialsExposed) add(passwords, flow, cap);
    }
    for (const why of new Set(flow.blindSpots.map((spot) => spot.why))) {
      blindSpots.set(why, (blindSpots.get(why) ?? 0) + 1);
    }
  }
  return { failures, exposures, passwords, blindSpots, statistics: counting.statistics, tasks: toDo.tasks };
}

/** The first flows of a failure: of each failing check at least `most`, if there are as many. */
export function firstOf({ answer, flows }: Failure, most: number): Capped {
  const shown: Record<CheckName, number> = { port: 0, authentication: 0, encryption: 0 };
  const first = flows.flows.filter((flow) => {
    const checks = failingChecks(flow, answer);
    const seldom = checks.some((check) => shown[check] < most);
    for (const check of checks) shown[check]++;
    return seldom;
  });
  return { flows: first, count: flows.count };
}

/** The checks of the flow that are part of why the answer is `fail`; where the rows of a group disagree, none is. */
function failingChecks(flow: FlowReport, answer: Answer): CheckName[] {
  return checkNames.filter(
    (check) =>
      answer[check].result === 'fail' &&
      flow.results.some((found) => found.check === check && found.result === 'fail' && isOf(found.path, answer)),
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
