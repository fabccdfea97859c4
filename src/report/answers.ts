import type { AuditReport, CheckReport, PathReport } from '../check/audit-report.ts';
import type { CheckName } from '../check/pack.ts';

/** The results of one path, or of the rows of a group that answer together. */
export interface Answer extends Record<CheckName, CheckReport> {
  /** in pack order */
  rows: readonly [PathReport, ...PathReport[]];
  flows: number;
  observed: boolean;
}

/** Every answer of a report in pack order, a group where its first row stands; a row that was seen by itself answers by itself. */
export function answersOf({ paths, groups }: Pick<AuditReport, 'paths' | 'groups'>): Answer[] {
  const answers: Answer[] = [];
  const done = new Set<string>();
  for (const path of paths) {
    const group = path.observed === 'itself' ? undefined : groups.find(({ id }) => id === path.group);
    if (!group) {
      answers.push(answer([path], path));
    } else if (!done.has(group.id)) {
      done.add(group.id);
      const others = paths.filter((other) => other !== path && other.group === group.id && other.observed !== 'itself');
      answers.push(answer([path, ...others], group));
    }
  }
  return answers;
}

function answer(rows: Answer['rows'], { port, authentication, encryption }: Record<CheckName, CheckReport>): Answer {
  return {
    rows,
    port,
    authentication,
    encryption,
    flows: Math.max(...rows.map((row) => row.flows.length)),
    observed: rows.some((row) => row.observed !== 'no'),
  };
}
