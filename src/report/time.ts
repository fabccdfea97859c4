import type { AuditReport } from '../check/audit-report.ts';

/** RFC 3339 to the second, as a person writes it. */
export const second = (time: string): string => time.slice(0, 19).replace('T', ' ');

/** From one time to another; said once where they are the same second. */
export function span(first: string, last: string): string {
  const [from, to] = [second(first), second(last)];
  return from === to ? `${from} UTC` : `${from} to ${to} UTC`;
}

/** From the first frame of any capture to the last; null without frames. Times of one format and zone sort as text. */
export function spanOf(captures: AuditReport['captures']): string | null {
  const first = captures.flatMap(({ firstSeen }) => firstSeen ?? []).sort()[0];
  const last = captures
    .flatMap(({ lastSeen }) => lastSeen ?? [])
    .sort()
    .at(-1);
  return first === undefined || last === undefined ? null : span(first, last);
}
