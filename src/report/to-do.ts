import type { FlowReport, PathReport } from '../check/audit-report.ts';
import type { Reference, Remedy } from '../check/reference.ts';
import { remedyFor } from '../check/remedies.ts';
import { limits } from '../limits.ts';
import { Accounts } from './accounts.ts';
import type { Answer } from './answers.ts';
import { exposureOf, type Finding, type Gravity, gravityOf } from './finding.ts';
import { Hosts } from './hosts-to-change.ts';
import { passwordRemedy } from './password-remedy.ts';
import type { Words } from './words.ts';

/** flows of a case named beside the one that tells it */
const othersKept = 9;

/** Findings that one remedy would end, counted over all flows. */
export interface Task {
  /** null where no pack says what to do */
  remedy: Remedy | null;
  gravity: Gravity;
  cases: Case[];
  /** what has to be changed, with its addresses */
  hosts: Hosts;
  /** whose passwords crossed in clear */
  accounts: Accounts;
  findings: number;
  accepted: number;
  flows: number;
  /** flows of cases past the cap */
  flowsLeft: number;
}

/** The same findings between the same two ends on the same path: the first flow tells them. */
export interface Case {
  /** the paths that it is about; none where no path answers for the flow */
  rows: readonly PathReport[];
  flow: FlowReport;
  findings: Finding[];
  gravity: Gravity;
  others: OtherFlow[];
  /** all flows of the case */
  flows: number;
}

/** While flows are taken, an answer has no results yet, only a name. */
type OpenCase = Omit<Case, 'rows'> & { answer: string | null };
type OpenTask = Omit<Task, 'cases'> & { cases: OpenCase[] };

export type OtherFlow = Pick<FlowReport, 'id' | 'firstSeen'> & Pick<Finding, 'where'>;

/** What there is to do, taken flow by flow; of each task at most `limits.reportedFlows` cases are kept, the rest is counted. */
export class ToDo {
  readonly #tasks = new Map<string, OpenTask>();
  readonly #cases = new Map<string, OpenCase>();
  readonly #reference: Reference;
  readonly #words: Words;

  constructor(reference: Reference, words: Words) {
    this.#reference = reference;
    this.#words = words;
  }

  /** @param answer what the flow makes fail, by name */
  add(flow: FlowReport, answer: string, findings: readonly Finding[]): void {
    const remedies = findings.map(({ check, reason }) => remedyFor(this.#reference, flow, check, reason));
    for (const remedy of new Set(remedies)) {
      const own = findings.filter((_, at) => remedies[at] === remedy);
      this.#count(this.#taskOf(remedy), flow, answer, own);
    }
  }

  /** @param answer what the flow belongs to, by name, where that is known */
  addPassword(flow: FlowReport, answer: string | null): void {
    const exposed = exposureOf(flow, this.#words);
    const where = exposed.evidence.find(({ fact }) => fact === 'credentials in clear') ?? exposed.where;
    this.#count(this.#taskOf(passwordRemedy), flow, answer, [{ ...exposed, where }]);
  }

  /** The gravest first, then those with most findings; accepted ones last, and those without remedy at the end. */
  tasks(answers: ReadonlyMap<string, Answer>): Task[] {
    const open = (task: OpenTask) => task.findings - task.accepted;
    const rank = (task: OpenTask) => [
      Number(task.remedy === null),
      Number(open(task) === 0),
      task.gravity,
      -open(task),
    ];
    const tasks = [...this.#tasks.values()].sort((a, b) => compare(rank(a), rank(b)));
    for (const task of tasks) task.cases.sort((a, b) => a.gravity - b.gravity || b.flows - a.flows);
    const answered = ({ answer, ...found }: OpenCase): Case => ({
      ...found,
      rows: answer === null ? [] : (answers.get(answer)?.rows ?? []),
    });
    return tasks.map((task) => ({ ...task, cases: task.cases.map(answered) }));
  }

  #taskOf(remedy: Remedy | null): OpenTask {
    const key = remedy?.id ?? '';
    let task = this.#tasks.get(key);
    if (!task) {
      const [hosts, accounts] = [new Hosts(), new Accounts()];
      task = { remedy, gravity: 4, cases: [], hosts, accounts, findings: 0, accepted: 0, flows: 0, flowsLeft: 0 };
      this.#tasks.set(key, task);
    }
    return task;
  }

  #count(task: OpenTask, flow: FlowReport, answer: string | null, findings: Finding[]): void {
    const open = findings.filter(({ accepted }) => accepted === null);
    const gravity = Math.min(4, ...findings.map((finding) => gravityOf(finding, flow))) as Gravity;
    task.flows++;
    task.findings += findings.length;
    task.accepted += findings.length - open.length;
    task.gravity = Math.min(task.gravity, gravity) as Gravity;
    task.accounts.add(flow);
    task.hosts.add(task.remedy, flow, open.length, gravity);
    const { client, server } = flow;
    const said = findings.map(({ check, what, because, accepted }) => [check, what, because, accepted?.reason]);
    const ends = [client.name ?? client.address, server.name ?? server.address, server.port];
    const key = JSON.stringify([task.remedy?.id, answer, ends, flow.tunnels?.[0], flow.virtualDirectories, said]);
    const known = this.#cases.get(key);
    if (known) {
      known.flows++;
      const where = findings[0]?.where ?? null;
      if (known.others.length < othersKept) known.others.push({ id: flow.id, firstSeen: flow.firstSeen, where });
    } else if (task.cases.length < limits.reportedFlows) {
      const first = { answer, flow, findings, gravity, others: [], flows: 1 };
      this.#cases.set(key, first);
      task.cases.push(first);
    } else {
      task.flowsLeft++;
    }
  }
}

/** All hosts of all tasks, the one to begin with first. */
export function hostsOf(tasks: readonly Task[]): Hosts {
  const hosts = new Hosts();
  for (const [at, task] of tasks.entries()) hosts.absorb(task.hosts, at);
  return hosts;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, place) => value !== b[place]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
