import type { AuditReport, CaptureQuality } from '../check/audit-report.ts';
import { thousands } from './number.ts';
import { addressesOf, otherNames } from './other-names.ts';
import type { Words } from './words.ts';

const kinds = [
  'midstream',
  'oneDirection',
  'truncated',
  'gaps',
  'duplicates',
  'droppedFrames',
  'unreadFrames',
] as const satisfies (keyof CaptureQuality)[];

/** What a person must know of the captures before trusting the results; what is nought is left out. */
export function qualityLines(report: AuditReport, { phrases }: Words): string[] {
  const { captureQuality: quality, captures } = report;
  const found = kinds.filter((kind) => quality[kind] > 0);
  const lines = found.map((kind) => `${phrases.quality[kind]}: ${thousands(quality[kind])}`);
  const whole = lines.length === 0 && captures.every(({ problems }) => problems.length === 0);
  const others = addressesOf(otherNames(report));
  if (others > 0) lines.push(`${phrases.quality.otherNames}: ${thousands(others)}`);
  return [phrases.count(quality.flows, 'flow'), ...lines, ...(whole ? [phrases.quality.nothing] : [])];
}
