import type { AuditReport } from '../check/audit-report.ts';

/** RFC 3339 to the second, as a person writes it. */
export const second = (time: string): string => time.slice(0, 19).replace('T', ' ');

/** The time of a second since 1970, as a person writes it. */
export const secondOf = (seconds: number): string => second(new Date(seconds * 1000).toISOString());

export interface Span {
  first: string;
  last: string;
}

/** From the first frame of any capture to the last, RFC 3339; null without frames. Times of one format and zone sort as text. */
export function spanOf(
  captures: readonly Pick<AuditReport['captures'][number], 'firstSeen' | 'lastSeen'>[],
): Span | null {
  const first = captures.flatMap(({ firstSeen }) => firstSeen ?? []).sort()[0];
  const last = captures
    .flatMap(({ lastSeen }) => lastSeen ?? [])
    .sort()
    .at(-1);
  return first === undefined || last === undefined ? null : { first, last };
}
