import type { AuditReport } from '../check/audit-report.ts';
import type { CheckName } from '../check/pack.ts';
import type { Reason } from '../check/result.ts';
import { type Answer, answersOf } from './answers.ts';

/** Checks that stayed open for one reason, and the answers they all stayed open for. */
export interface Undecided {
  checks: CheckName[];
  result: 'unknown' | 'error';
  reason: Reason;
  /** what would decide them */
  advice: Reason | 'no-ticket';
  answers: Answer[];
}

/** the question that matters most first */
const order = ['encryption', 'authentication', 'port'] as const satisfies CheckName[];

/** What could not be decided, by reason; checks that stayed open on the same paths are said together. */
export function undecided(report: AuditReport): Undecided[] {
  const found = new Map<string, Undecided>();
  for (const answer of answersOf(report)) {
    for (const { result, reason, checks } of openChecks(answer)) {
      const advice = reason === 'inside-encryption' && !mayHaveTicket(answer, report) ? 'no-ticket' : reason;
      const key = `${result} ${reason} ${advice} ${checks.join()}`;
      const entry = found.get(key);
      if (entry) entry.answers.push(answer);
      else found.set(key, { checks, result, reason, advice, answers: [answer] });
    }
  }
  return [...found.values()];
}

/** Where none of the paths takes Kerberos, no ticket was ever asked for. */
const mayHaveTicket = ({ rows }: Answer, { reference }: AuditReport): boolean =>
  rows.some(({ id }) => reference.paths.get(id)?.ticketAnswers ?? true);

/** The reasons alone, and how many paths stayed open for each. */
export function openFor(found: readonly Undecided[]): Map<Reason, number> {
  const answers = new Map<Reason, Set<Answer>>();
  for (const { reason, answers: open } of found) {
    answers.set(reason, new Set([...(answers.get(reason) ?? []), ...open]));
  }
  return new Map([...answers].map(([reason, { size }]) => [reason, size]));
}

function openChecks(answer: Answer): Omit<Undecided, 'advice' | 'answers'>[] {
  const open: Omit<Undecided, 'advice' | 'answers'>[] = [];
  for (const check of order) {
    const { result, reason } = answer[check];
    if (result !== 'unknown' && result !== 'error') continue;
    const same = open.find((entry) => entry.result === result && entry.reason === reason);
    if (same) same.checks.push(check);
    else open.push({ checks: [check], result, reason });
  }
  return open;
}
