import type { AuditReport, FlowReport, GroupReport, PathReport } from '../check/audit-report.ts';
import { type CheckName, checkNames } from '../check/pack.ts';
import type { Reference } from '../check/reference.ts';
import type { Result } from '../check/result.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import { limits } from '../limits.ts';
import { Accounts } from './accounts.ts';
import { type Answer, answersOf } from './answers.ts';
import { type Finding, failuresOf, gravityOf } from './finding.ts';
import { Counting, type Statistics } from './statistics.ts';
import { spanOf } from './time.ts';
import { type Task, ToDo } from './to-do.ts';
import type { Words } from './words.ts';

/** What a report for people says first, taken from one walk over the flows; of each list `limits.reportedFlows` are kept. */
export interface Digest {
  /** in pack order */
  failures: Failure[];
  /** flows that make a path fail, each once */
  failed: number;
  /** content in clear that no path answers for: the flow is on none, or on which one is unknown */
  exposures: Exposures;
  /** passwords in clear that made no path fail */
  passwords: Capped;
  /** whose password went in clear, in any flow */
  accounts: Accounts;
  /** flows whose keys went in clear */
  keysInClear: number;
  /** flows of IPsec ESP, which hides the ports that paths are known by, and those of them that only sign what they carry */
  esp: { flows: number; signedOnly: number };
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
  findings: number;
  worst: Worst;
}

/** The finding to look at first: one that nobody accepted, then the gravest, then the first. */
export interface Worst {
  flow: FlowReport;
  finding: Finding;
}

export interface Exposures extends Capped {
  /** the first with a password in clear, else the first; null where there are none */
  worst: FlowReport | null;
}

export interface Capped {
  flows: FlowReport[];
  /** of all, also of those left out */
  count: number;
}

/** What flows belong to, known before any of them is judged. */
export interface Digested {
  captures: Parameters<typeof spanOf>[0];
  groups: readonly Pick<GroupReport, 'id' | 'paths'>[];
  reference: Reference;
}

type Failing = Omit<Failure, 'answer'>;

/**
 * Takes the digest flow by flow, while they are judged, before the results of paths are known: a failing check of a flow
 * makes its path fail, and the group of that.
 */
export class Digesting {
  readonly #answerOf = new Map<string, string>();
  readonly #rowsOf = new Map<string, { id: string }[]>();
  readonly #failing = new Map<string, Failing>();
  #failed = 0;
  readonly #exposures: Exposures = { ...nobody(), worst: null };
  readonly #passwords = nobody();
  readonly #blindSpots = new Map<BlindSpotWhy, number>();
  #keysInClear = 0;
  readonly #esp = { flows: 0, signedOnly: 0 };
  readonly #accounts = new Accounts();
  readonly #counting: Counting;
  readonly #toDo: ToDo;
  readonly #words: Words;

  constructor({ captures, groups, reference }: Digested, words: Words) {
    this.#words = words;
    this.#counting = new Counting(spanOf(captures), reference.unnamedRoles);
    this.#toDo = new ToDo(reference, words);
    for (const { id, paths } of groups) {
      this.#rowsOf.set(
        id,
        paths.map((path) => ({ id: path })),
      );
      for (const path of paths) this.#answerOf.set(path, id);
    }
  }

  add(flow: FlowReport): void {
    this.#counting.add(flow);
    this.#accounts.add(flow);
    if (flow.keysInClear) this.#keysInClear++;
    if (flow.protocolPath.includes('esp')) this.#addEsp(flow);
    if (isPasswordUnjudged(flow)) this.#addPassword(flow);
    const failed = flow.results.some(({ result }) => result === 'fail') && this.#addFailures(flow);
    if (failed) this.#failed++;
    else {
      if (exposesUnanswered(flow)) addExposure(this.#exposures, flow);
      else if (flow.authentication.credentialsExposed) add(this.#passwords, flow);
    }
    if (flow.blindSpots.length === 0) return;
    for (const why of new Set(flow.blindSpots.map((spot) => spot.why))) {
      this.#blindSpots.set(why, (this.#blindSpots.get(why) ?? 0) + 1);
    }
  }

  #addEsp({ encryption }: FlowReport): void {
    this.#esp.flows++;
    if (encryption.protection === 'integrity') this.#esp.signedOnly++;
  }

  finish(report: Pick<AuditReport, 'paths' | 'groups'>): Digest {
    const answers = new Map(answersOf(report).map((answer) => [this.#nameOf(answer.rows[0].id), answer]));
    const failures = [...answers].flatMap(([name, answer]) => {
      const failing = this.#failing.get(name);
      return failing ? [{ answer, ...failing }] : [];
    });
    return {
      failures,
      failed: this.#failed,
      exposures: this.#exposures,
      passwords: this.#passwords,
      accounts: this.#accounts,
      keysInClear: this.#keysInClear,
      esp: this.#esp,
      blindSpots: this.#blindSpots,
      statistics: this.#counting.statistics,
      tasks: this.#toDo.tasks(answers),
    };
  }

  #addFailures(flow: FlowReport): true {
    const failed = flow.results.filter(({ result }) => result === 'fail');
    for (const name of new Set(failed.map(({ path }) => this.#nameOf(path)))) {
      const rows = this.#rowsOf.get(name) ?? [{ id: name }];
      const checks = failingChecks(flow, rows);
      const findings = failuresOf(flow, rows, this.#words);
      const worst = worstOf(flow, findings);
      const failing = this.#failing.get(name) ?? { flows: nobody(), failing: noFlows(), findings: 0, worst };
      this.#failing.set(name, failing);
      failing.findings += findings.length;
      if (rankOf(worst) < rankOf(failing.worst)) failing.worst = worst;
      // a check whose failures come late still shows one of them
      const seldom = checks.some((check) => failing.failing[check] < limits.reportedFlows);
      for (const check of checks) failing.failing[check]++;
      failing.flows.count++;
      if (seldom) failing.flows.flows.push(flow);
      this.#toDo.add(flow, name, findings);
    }
    return true;
  }

  #addPassword(flow: FlowReport): void {
    const names = [...new Set(flow.results.map(({ path }) => this.#nameOf(path)))];
    this.#toDo.addPassword(flow, names.length === 1 ? names[0]! : null);
  }

  /** What a path answers under: its group, or itself. */
  #nameOf(path: string): string {
    return this.#answerOf.get(path) ?? path;
  }
}

/** The digest of a report whose flows are walked for it. */
export function digest(report: AuditReport, words: Words): Digest {
  const digesting = new Digesting(report, words);
  for (const flow of report.flows) digesting.add(flow);
  return digesting.finish(report);
}

/** The checks of the flow that fail on one of these paths. */
function failingChecks({ results }: FlowReport, paths: readonly Pick<PathReport, 'id'>[]): CheckName[] {
  return checkNames.filter((check) =>
    results.some(
      (found) => found.check === check && found.result === 'fail' && paths.some(({ id }) => id === found.path),
    ),
  );
}

const noFlows = (): Record<CheckName, number> => ({ port: 0, authentication: 0, encryption: 0 });

const nobody = (): Capped => ({ flows: [], count: 0 });

function add(list: Capped, flow: FlowReport): void {
  list.count++;
  if (list.flows.length < limits.reportedFlows) list.flows.push(flow);
}

function addExposure(list: Exposures, flow: FlowReport): void {
  add(list, flow);
  const graver = flow.authentication.credentialsExposed && !list.worst?.authentication.credentialsExposed;
  if (list.worst === null || graver) list.worst = flow;
}

function worstOf(flow: FlowReport, findings: readonly Finding[]): Worst {
  const [first, ...others] = findings.map((finding) => ({ flow, finding }));
  return others.reduce((worst, other) => (rankOf(other) < rankOf(worst) ? other : worst), first!);
}

/** the least is the worst */
export const rankOf = ({ flow, finding }: Worst): number =>
  gravityOf(finding, flow) + (finding.accepted === null ? 0 : 10);

/** Whether something went in clear and no path says that this is as documented. */
function exposesUnanswered(flow: FlowReport): boolean {
  if (flow.encryption.exposed.length === 0) return false;
  return !flow.results.some(({ check, result }) => check === 'encryption' && documented.has(result));
}

/** Whether a password went in clear and no path fails for that. */
const isPasswordUnjudged = ({ authentication, results }: FlowReport): boolean =>
  authentication.credentialsExposed &&
  !results.some(({ check, result }) => check === 'encryption' && result === 'fail');

const documented: ReadonlySet<Result> = new Set(['pass', 'informational', 'notapplicable']);
