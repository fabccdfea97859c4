import type { AuditReport } from '../../check/audit-report.ts';
import type { Digest } from '../digest.ts';
import { qualityLines } from '../quality.ts';
import { span } from '../time.ts';
import { plural, thousands } from '../verdict.ts';
import type { Words } from '../words.ts';
import type { Page } from './page.ts';

/** captures named one by one; a file set can have thousands */
const named = 5;

export function writeCaptures(page: Page, report: AuditReport, words: Words): void {
  const packs = report.rulePacks.map(({ id, version }) => `${id} ${version}`).join(', ');
  page.heading(`Captures, checked against ${packs}`);
  for (const { file, frames, firstSeen, lastSeen } of report.captures.slice(0, named)) {
    const when = firstSeen === null || lastSeen === null ? '' : `, ${span(firstSeen, lastSeen)}`;
    page.text(`${file}: ${plural(frames, 'frame')}${when}`, { indent: 2, hanging: 2 });
  }
  const more = report.captures.slice(named);
  if (more.length > 0) {
    const frames = more.reduce((sum, capture) => sum + capture.frames, 0);
    page.text(`and ${plural(more.length, 'more file')} with ${plural(frames, 'frame')}`, { indent: 2 });
  }
  for (const { file, problems } of report.captures) {
    for (const { kind, byte, detail } of problems) {
      const text = `${file} ${words.captureProblem[kind]} (byte ${thousands(byte)}): ${detail}`;
      page.text(text, { indent: 2, hanging: 2, style: 'yellow' });
    }
  }
  if (report.topology === null) {
    page.text('Without a topology roles are unknown: name the hosts in one (pcap-audit topology schema says how)', {
      indent: 2,
      hanging: 2,
      style: 'yellow',
    });
  }
}

export function writeQuality(page: Page, report: AuditReport, found: Digest, verbose: boolean, words: Words): void {
  page.heading('Capture quality');
  for (const line of qualityLines(report.captureQuality)) page.text(line, { indent: 2, hanging: 2 });
  if (!verbose) return;
  for (const [why, flows] of found.blindSpots) {
    page.text(`${plural(flows, 'flow')}: ${words.blindSpot[why]}`, { indent: 2, hanging: 2 });
  }
}

export function writeLimits(page: Page, report: AuditReport): void {
  if (report.limits.length === 0) return;
  page.heading('Limits that were reached');
  for (const { name, cap, hit, detail } of report.limits) {
    const text = `${name}: the limit of ${thousands(cap)} was reached ${plural(hit, 'time')}; ${detail}`;
    page.text(text, { indent: 2, hanging: 2, style: 'yellow' });
  }
}
