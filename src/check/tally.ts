import type { CheckReport, Counts, FlowReport, GroupReport, PathReport, RowCheckReport } from './audit-report.ts';
import { Acceptance } from './exceptions.ts';
import { FlowIds, PathFlows } from './flow-list.ts';
import { pathsInsideOneHost } from './local-only.ts';
import { type CheckName, checkNames, type Pack } from './pack.ts';
import { type Reason, type Result, results } from './result.ts';
import type { Rules } from './rules.ts';

/** Collects flows' results into one result per path, group and check. Of the traffic it keeps nothing but flows' ids. */
export class Tally {
  readonly #pack: Pack;
  readonly #ids = new FlowIds();
  readonly #paths = new Map<string, PathTally>();
  readonly #localOnly: ReadonlySet<string>;

  constructor({ pack, topology }: Pick<Rules, 'pack' | 'topology'>) {
    this.#pack = pack;
    this.#localOnly = topology ? pathsInsideOneHost(pack, topology) : new Set();
    for (const path of pack.paths) this.#paths.set(path.id, startTally(this.#ids));
  }

  add(flow: FlowReport): void {
    const seen = new Set<string>();
    let place: number | null = null;
    for (const row of flow.results) {
      const { path, check, result, reason } = row;
      const tally = this.#paths.get(path);
      if (!tally) continue;
      if (!seen.has(path)) {
        seen.add(path);
        place ??= this.#ids.add(flow.id);
        tally.flows.push(place);
        for (const mechanism of flow.authentication.mechanisms) tally.authentication.add(mechanism);
        const { protection, mechanism } = flow.encryption;
        tally.encryption.add(mechanism ?? protection);
      }
      note(tally.checks[check], result, reason);
      tally.acceptance[check].add(row);
    }
  }

  paths(): PathReport[] {
    return this.#pack.paths.map((path) => {
      const tally = this.#paths.get(path.id)!;
      const group = this.#pack.groups.find((group) => group.paths.includes(path.id));
      const own = this.#settle(path.id);
      const checks = group ? withOwn(this.#groupChecks(group), own) : own;
      const { authentication, encryption } = path;
      const seen = (group?.paths ?? [path.id]).some((id) => this.#paths.get(id)!.flows.length > 0);
      const observed = !seen ? 'no' : group ? 'group' : 'itself';
      return {
        id: path.id,
        title: path.title,
        group: group?.id ?? null,
        observed,
        port: { ...checks.port, flows: tally.flows.length },
        authentication: {
          ...checks.authentication,
          default: authentication?.default ?? [],
          supported: authentication?.supported ?? [],
          observed: [...tally.authentication].sort(),
        },
        encryption: {
          ...checks.encryption,
          byDefault: encryption.byDefault === 'no' ? 'no' : 'yes',
          supported: encryption.supported ? [encryption.mechanism] : [],
          observed: [...tally.encryption].sort(),
        },
        betterThanDocumented: (['authentication', 'encryption'] as const).some(
          (check) => own[check].reason === 'better-than-documented' && checks[check].result === 'pass',
        ),
        flows: tally.flows,
      };
    });
  }

  groups(): GroupReport[] {
    return this.#pack.groups.map((group) => ({ id: group.id, paths: group.paths, ...this.#groupChecks(group) }));
  }

  #settle(path: string): Checks {
    const { checks, acceptance } = this.#paths.get(path)!;
    const settled = (check: CheckName): CheckReport => {
      const report = settle(checks[check]);
      if (report.result === 'notchecked' && this.#localOnly.has(path)) return { ...report, reason: 'local-only' };
      const accepted = report.result === 'fail' ? acceptance[check].settled() : null;
      return accepted ? { ...report, accepted } : report;
    };
    return Object.fromEntries(checkNames.map((check) => [check, settled(check)])) as Checks;
  }

  /** The worst of its rows: where they disagree about a flow, its own results say so already (contract, rule 11). */
  #groupChecks(group: Pack['groups'][number]): Checks {
    const members = group.paths.map((path) => this.#settle(path));
    const worst = (check: CheckName): CheckReport =>
      members
        .map((member) => member[check])
        .sort((a, b) => weight(b) - weight(a) || gravity(a.reason) - gravity(b.reason))[0]!;
    return Object.fromEntries(checkNames.map((check) => [check, worst(check)])) as Checks;
  }
}

/** Paths and checks by result; the rows of a group count as one. */
export function summarise(paths: readonly PathReport[], groups: readonly GroupReport[]) {
  const counted: readonly Record<CheckName, CheckReport>[] = [
    ...paths.filter((path) => path.group === null),
    ...groups,
  ];
  const byPath = noCounts();
  const byCheck = noCounts();
  let decided = 0;
  let observed = 0;
  const accepted = { paths: 0, checks: 0 };
  for (const path of counted) {
    const result = overall(path);
    byPath[result]++;
    const failed = checkNames.map((check) => path[check]).filter((check) => check.result === 'fail');
    const answered = failed.filter((check) => check.accepted);
    accepted.checks += answered.length;
    if (result === 'fail' && answered.length === failed.length) accepted.paths++;
    for (const check of checkNames) {
      const { result } = path[check];
      byCheck[result]++;
      if (result === 'notchecked' || result === 'notapplicable') continue;
      observed++;
      if (result !== 'unknown' && result !== 'error') decided++;
    }
  }
  return { paths: byPath, checks: byCheck, decided: { decided, observed }, accepted };
}

type Checks = Record<CheckName, CheckReport>;

/** A group's checks, as a row of it shows them. */
function withOwn(group: Checks, own: Checks): Record<CheckName, RowCheckReport> {
  const shown = (check: CheckName): RowCheckReport => {
    const { result, reason } = own[check];
    return result === 'notchecked' || result === group[check].result
      ? group[check]
      : { ...group[check], alone: { result, reason } };
  };
  return Object.fromEntries(checkNames.map((check) => [check, shown(check)])) as Record<CheckName, RowCheckReport>;
}

interface PathTally {
  flows: PathFlows;
  authentication: Set<string>;
  encryption: Set<string>;
  /** per check: the first reason of each result, the gravest of `fail` */
  checks: Record<CheckName, Map<Result, Reason>>;
  acceptance: Record<CheckName, Acceptance>;
}

const startTally = (ids: FlowIds): PathTally => ({
  flows: new PathFlows(ids),
  authentication: new Set(),
  encryption: new Set(),
  checks: { port: new Map(), authentication: new Map(), encryption: new Map() },
  acceptance: { port: new Acceptance(), authentication: new Acceptance(), encryption: new Acceptance() },
});

/** What weighs most among failures of one check; others as they come. */
const gravest: readonly Reason[] = ['clear-content', 'not-authenticated', 'not-supported', 'integrity-only'];
const gravity = (reason: Reason): number => (gravest.includes(reason) ? gravest.indexOf(reason) : gravest.length);

/** Flows without content are kept apart: they only speak where nobody else does. */
function note(seen: Map<Result, Reason>, result: Result, reason: Reason): void {
  const quiet = result === 'notapplicable' || (result === 'unknown' && reason === 'no-content');
  const kept = quiet ? 'notapplicable' : result;
  const known = seen.get(kept);
  if (known === undefined || (kept === 'fail' && gravity(reason) < gravity(known))) seen.set(kept, reason);
}

/** One result for a path's check (contract, "Results"). */
function settle(seen: ReadonlyMap<Result, Reason>): CheckReport {
  for (const result of ['error', 'fail', 'unknown', 'informational', 'pass'] as const) {
    const reason = seen.get(result);
    if (reason !== undefined) return { result, reason };
  }
  return seen.size > 0 ? { result: 'unknown', reason: 'no-content' } : { result: 'notchecked', reason: 'not-observed' };
}

const order: readonly Result[] = ['notchecked', 'notapplicable', 'pass', 'informational', 'unknown', 'fail', 'error'];
const severity = (result: Result): number => order.indexOf(result);
/** an accepted failure weighs less than one that nobody answers for */
const weight = ({ result, accepted }: CheckReport): number => severity(result) - (accepted ? 0.5 : 0);

function overall(path: Checks): Result {
  return checkNames.map((check) => path[check].result).sort((a, b) => severity(b) - severity(a))[0]!;
}

const noCounts = (): Counts => Object.fromEntries(results.map((result) => [result, 0])) as Counts;
