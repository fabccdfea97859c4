import type { EndReport } from '../check/audit-report.ts';
import { type CheckName, checkNames } from '../check/pack.ts';
import type { Reason, Result } from '../check/result.ts';

/** What comparing needs of a report, whether printed as JSON or made anew. */
export interface Comparable {
  packs: string[];
  captures: string[];
  paths: ComparablePath[];
  findings: ComparableFinding[];
}

export type ComparablePath = { id: string; title: string } & Record<
  CheckName,
  { result: Result; reason: Reason; accepted: boolean }
>;

/** A failure, whichever flow it was seen in: ids of flows are never the same in another capture. */
export interface ComparableFinding {
  path: string;
  check: CheckName;
  reason: Reason;
  client: string;
  server: string;
  flows: number;
}

export interface Change {
  path: string;
  title: string;
  check: CheckName;
  from: Result;
  to: Result;
  /** why it is as it is now */
  reason: Reason;
}

export interface Comparison {
  worse: Change[];
  better: Change[];
  newlySeen: Change[];
  noLongerSeen: Change[];
  newFindings: ComparableFinding[];
  /** findings of a check that was observed both times, and no longer fails for these hosts */
  goneFindings: ComparableFinding[];
  /** findings that nothing was seen of any more: no reason to think them fixed */
  unseenFindings: ComparableFinding[];
  acceptedSince: Change[];
}

/** What changed from one report to a later one. A path that is not seen any more got neither better nor worse. */
export function compare(before: Comparable, after: Comparable): Comparison {
  const changes: Comparison = {
    worse: [],
    better: [],
    newlySeen: [],
    noLongerSeen: [],
    newFindings: [],
    goneFindings: [],
    unseenFindings: [],
    acceptedSince: [],
  };
  const old = new Map(before.paths.map((path) => [path.id, path]));
  for (const path of after.paths) {
    const known = old.get(path.id);
    for (const check of checkNames) {
      const from = known?.[check].result ?? 'notchecked';
      const { result: to, reason, accepted } = path[check];
      const change = { path: path.id, title: path.title, check, from, to, reason };
      if (accepted && !known?.[check].accepted) changes.acceptedSince.push(change);
      if (from === to) continue;
      if (from === 'notchecked') changes.newlySeen.push(change);
      else if (to === 'notchecked') changes.noLongerSeen.push(change);
      else if (rank(to) < rank(from)) changes.worse.push(change);
      else changes.better.push(change);
    }
  }
  const had = new Set(before.findings.map(keyOf));
  const has = new Set(after.findings.map(keyOf));
  const seen = new Map(after.paths.map((path) => [path.id, path]));
  changes.newFindings = after.findings.filter((finding) => !had.has(keyOf(finding)));
  for (const finding of before.findings.filter((finding) => !has.has(keyOf(finding)))) {
    const now = seen.get(finding.path)?.[finding.check].result ?? 'notchecked';
    (now === 'notchecked' ? changes.unseenFindings : changes.goneFindings).push(finding);
  }
  return changes;
}

/** Whether something got worse, or fails that did not fail before. */
export const isWorse = ({ worse, newFindings, newlySeen }: Comparison): boolean =>
  worse.length + newFindings.length > 0 || newlySeen.some(({ to }) => to === 'fail' || to === 'error');

const order: readonly Result[] = ['error', 'fail', 'unknown', 'informational', 'notapplicable', 'pass', 'notchecked'];
const rank = (result: Result): number => order.indexOf(result);

const keyOf = ({ path, check, reason, client, server }: ComparableFinding): string =>
  JSON.stringify([path, check, reason, client, server]);

/** A host by the name that people gave it; else by its address. */
export const hostOf = ({ name, address }: Pick<EndReport, 'name' | 'address'>): string => name ?? address;

/** Findings of flows, those alike counted together. */
export class FindingTally {
  readonly #found = new Map<string, ComparableFinding>();

  add(finding: Omit<ComparableFinding, 'flows'>): void {
    const key = keyOf({ ...finding, flows: 0 });
    const known = this.#found.get(key);
    if (known) known.flows++;
    else this.#found.set(key, { ...finding, flows: 1 });
  }

  list(): ComparableFinding[] {
    return [...this.#found.values()];
  }
}
