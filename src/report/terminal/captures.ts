import type { AuditReport } from '../../check/audit-report.ts';
import type { Digest } from '../digest.ts';
import { qualityLines } from '../quality.ts';
import { second } from '../time.ts';
import type { Words } from '../words.ts';
import type { Page } from './page.ts';

/** captures named one by one; a file set can have thousands */
const named = 5;

export function writeCaptures(page: Page, report: AuditReport, words: Words): void {
  const { phrases } = words;
  const packs = report.rulePacks.map(({ id, version }) => `${id} ${version}`).join(', ');
  page.heading(phrases.terminal.heading.captures(packs));
  for (const { file, frames, firstSeen, lastSeen } of report.captures.slice(0, named)) {
    const when =
      firstSeen === null || lastSeen === null ? '' : `, ${phrases.span(second(firstSeen), second(lastSeen))}`;
    page.text(`${file}: ${phrases.count(frames, 'frame')}${when}`, { indent: 2, hanging: 2 });
  }
  const more = report.captures.slice(named);
  if (more.length > 0) {
    const frames = more.reduce((sum, capture) => sum + capture.frames, 0);
    page.text(phrases.terminal.moreFiles(more.length, frames), { indent: 2 });
  }
  for (const { file, problems } of report.captures) {
    for (const { kind, byte, detail } of problems) {
      const text = `${file} ${words.captureProblem[kind]} (${phrases.atByte(byte)}): ${words.detail(detail)}`;
      page.text(text, { indent: 2, hanging: 2, style: 'yellow' });
    }
  }
  if (report.reference.lacksTopology) {
    page.text(phrases.noTopologyShort, {
      indent: 2,
      hanging: 2,
      style: 'yellow',
    });
  }
}

export function writeQuality(page: Page, report: AuditReport, found: Digest, verbose: boolean, words: Words): void {
  page.heading(words.phrases.terminal.heading.quality);
  for (const line of qualityLines(report, words)) page.text(line, { indent: 2, hanging: 2 });
  if (!verbose) return;
  for (const [why, flows] of found.blindSpots) {
    page.text(`${words.phrases.count(flows, 'flow')}: ${words.blindSpot[why]}`, { indent: 2, hanging: 2 });
  }
}

export function writeLimits(page: Page, report: AuditReport, { phrases, detail: said }: Words): void {
  if (report.limits.length === 0) return;
  page.heading(phrases.terminal.heading.limits);
  for (const { name, cap, hit, detail } of report.limits) {
    const text = phrases.limitReached(name, cap, hit, said(detail));
    page.text(text, { indent: 2, hanging: 2, style: 'yellow' });
  }
}
