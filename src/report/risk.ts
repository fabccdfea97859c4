import type { ExceptionReport } from '../check/audit-report.ts';

/** `hub-to-hub encryption, hub1 → *` */
export function patternOf({ path, check, client, server }: ExceptionReport): string {
  const what = [path, check].filter((part) => part !== null).join(' ');
  const ends = client === null && server === null ? '' : `${client ?? '*'} → ${server ?? '*'}`;
  return [what, ends].filter((part) => part !== '').join(', ');
}
