import type { AuditReport } from '../check/audit-report.ts';
import { type Result, results } from '../check/result.ts';
import type { Words } from './words.ts';

/** What the whole report comes to, as its summary counts it. */
export interface Verdict {
  kind: 'failed' | 'undecided' | 'nothing-seen' | 'passed';
  /** `FAIL` */
  word: string;
  /** `3 paths fail, 41 pass, 2 unknown, 9 not observed` */
  counts: string;
  /** what the exit code says, with the code */
  exit: string;
  /** `12 of 15 checks with traffic were decided` */
  decided: string;
}

export function verdictOf(report: AuditReport, { phrases }: Words): Verdict {
  const { paths, decided, accepted } = report.summary;
  const kind = kindOf(paths);
  const counts = phrases.results(
    order.map((result) => ({ result, count: paths[result] })).filter(({ count }) => count > 0),
  );
  return {
    kind,
    word: phrases.verdict[kind],
    counts: accepted.paths > 0 ? `${counts}; ${phrases.accepted(accepted.paths)}` : counts,
    exit: phrases.exit[exitOf(report)],
    decided: phrases.decided(decided.decided, decided.observed),
  };
}

/** Why the program exits as it does. */
function exitOf({ summary: { paths, accepted }, options }: AuditReport): keyof Words['phrases']['exit'] {
  if (paths.fail > accepted.paths) return 'failed';
  if (paths.error > 0) return 'error';
  if (options.strict === true && paths.unknown > 0) return 'strict';
  return accepted.paths > 0 ? 'accepted' : 'none';
}

/** Silence is never a pass: PASS takes at least one path that passed, and none undecided. */
function kindOf(paths: AuditReport['summary']['paths']): Verdict['kind'] {
  if (paths.fail > 0) return 'failed';
  if (paths.unknown > 0 || paths.error > 0) return 'undecided';
  return paths.pass + paths.informational > 0 ? 'passed' : 'nothing-seen';
}

const order: readonly Result[] = ['fail', ...results.filter((result) => result !== 'fail')];
