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

export function verdictOf(report: AuditReport, words: Words): Verdict {
  const { paths, decided, accepted } = report.summary;
  const open = paths.fail - accepted.paths;
  const kind = kindOf(paths);
  const strict = report.options.strict === true && open + paths.error === 0 && paths.unknown > 0;
  return {
    kind,
    word: { failed: 'FAIL', undecided: 'UNDECIDED', 'nothing-seen': 'NOTHING TO JUDGE', passed: 'PASS' }[kind],
    counts: `${countsLine(paths, words)}${accepted.paths > 0 ? `; of those that fail, ${thousands(accepted.paths)} accepted` : ''}`,
    exit: strict
      ? 'exit 1: nothing failed, but --strict counts unknown as failed'
      : open > 0
        ? 'exit 1: at least one path failed'
        : paths.error > 0
          ? 'exit 1: at least one path could not be evaluated'
          : accepted.paths > 0
            ? 'exit 0: every failure is an accepted risk'
            : 'exit 0: nothing failed',
    decided: `${decided.decided} of ${plural(decided.observed, 'check')} with traffic decided`,
  };
}

/** Silence is never a pass: PASS takes at least one path that passed, and none undecided. */
function kindOf(paths: AuditReport['summary']['paths']): Verdict['kind'] {
  if (paths.fail > 0) return 'failed';
  if (paths.unknown > 0 || paths.error > 0) return 'undecided';
  return paths.pass + paths.informational > 0 ? 'passed' : 'nothing-seen';
}

const order: readonly Result[] = ['fail', ...results.filter((result) => result !== 'fail')];

function countsLine(paths: AuditReport['summary']['paths'], words: Words): string {
  const parts = order.filter((result) => paths[result] > 0).map((result) => ({ result, count: paths[result] }));
  return parts
    .map(({ result, count }, at) => {
      const subject = at === 0 ? plural(count, 'path') : thousands(count);
      return `${subject} ${verb(result, count, words)}`;
    })
    .join(', ');
}

function verb(result: Result, count: number, words: Words): string {
  if (result !== 'fail' && result !== 'pass') return words.result[result];
  return count === 1 ? `${words.result[result]}${result === 'pass' ? 'es' : 's'}` : words.result[result];
}

/** `1 path`, `1,200 paths` */
export function plural(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1,234,567` in every locale */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
