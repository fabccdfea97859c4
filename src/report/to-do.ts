import type { AuditReport, FlowReport } from '../check/audit-report.ts';
import type { Remedy } from '../check/reference.ts';
import { remedyFor } from '../check/remedies.ts';
import type { Answer } from './answers.ts';
import type { Digest } from './digest.ts';
import { type Finding, failuresOf } from './finding.ts';
import type { Words } from './words.ts';

/** Findings that one remedy would end. */
export interface Task {
  /** null where no pack says what to do */
  remedy: Remedy | null;
  items: Item[];
  /** what has to be changed: names, or addresses where there is none, each once */
  hosts: string[];
  findings: number;
  accepted: number;
}

export interface Item {
  answer: Answer;
  flow: FlowReport;
  findings: Finding[];
}

/** The failures of a digest by what one would do about them: most findings first, accepted ones last, those without remedy at the end. */
export function tasksOf(report: AuditReport, found: Digest, words: Words): Task[] {
  const tasks = new Map<string, Task>();
  for (const { answer, flows } of found.failures) {
    for (const flow of flows.flows) {
      const findings = failuresOf(flow, answer, words);
      const remedies = findings.map(({ check, reason }) => remedyFor(report.reference, flow, check, reason));
      for (const remedy of new Set(remedies)) {
        const own = findings.filter((_, at) => remedies[at] === remedy);
        add(tasks, remedy, { answer, flow, findings: own });
      }
    }
  }
  const open = (task: Task) => task.findings - task.accepted;
  return [...tasks.values()].sort((a, b) => Number(a.remedy === null) - Number(b.remedy === null) || open(b) - open(a));
}

function add(tasks: Map<string, Task>, remedy: Remedy | null, item: Item): void {
  const key = remedy?.id ?? '';
  let task = tasks.get(key);
  if (!task) {
    task = { remedy, items: [], hosts: [], findings: 0, accepted: 0 };
    tasks.set(key, task);
  }
  task.items.push(item);
  task.findings += item.findings.length;
  task.accepted += item.findings.filter(({ accepted }) => accepted !== null).length;
  for (const host of hostsOf(remedy, item.flow)) if (!task.hosts.includes(host)) task.hosts.push(host);
}

function hostsOf(remedy: Remedy | null, { client, server }: FlowReport): string[] {
  const [from, to] = [client, server].map(({ name, address }) =>
    name === null ? address : `${name} (${address})`,
  ) as [string, string];
  switch (remedy?.at) {
    case 'client':
      return [from];
    case 'server':
      return [to];
    case 'between':
      return [`${from} ↔ ${to}`];
    default:
      return [from, to];
  }
}
