import type { CaptureQuality } from '../check/audit-report.ts';
import { thousands } from './number.ts';
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
export function qualityLines(quality: CaptureQuality, { phrases }: Words): string[] {
  const found = kinds.filter((kind) => quality[kind] > 0);
  const lines = found.map((kind) => `${phrases.quality[kind]}: ${thousands(quality[kind])}`);
  return [phrases.count(quality.flows, 'flow'), ...(lines.length === 0 ? [phrases.quality.nothing] : lines)];
}
