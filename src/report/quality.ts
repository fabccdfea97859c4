import type { CaptureQuality } from '../check/audit-report.ts';
import { plural, thousands } from './verdict.ts';

/** What a person must know of the captures before trusting the results; what is nought is left out. */
export function qualityLines(quality: CaptureQuality): string[] {
  const { flows, midstream, oneDirection, truncated, gaps, duplicates, droppedFrames, unreadFrames } = quality;
  const lines = [plural(flows, 'flow')];
  const say = (count: number, text: string) => {
    if (count > 0) lines.push(`${text}: ${thousands(count)}`);
  };
  say(midstream, 'flows already open when the capture began');
  say(oneDirection, 'flows seen in one direction only (check where the capture was taken)');
  say(truncated, 'flows with frames cut while recording (record whole frames, snap length 0)');
  say(gaps, 'flows with bytes missing from the capture');
  say(duplicates, 'segments that came twice, counted once');
  say(droppedFrames, 'frames lost by the recording machine');
  say(unreadFrames, 'frames that could not be read');
  if (lines.length === 1) lines.push('nothing is missing, as far as the captures tell');
  return lines;
}
