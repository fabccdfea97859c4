import type { AuditReport } from '../../check/audit-report.ts';
import { patternOf } from '../risk.ts';
import type { Words } from '../words.ts';
import type { Page } from './page.ts';

export function writeFirewall(page: Page, { firewall }: AuditReport, { phrases }: Words): void {
  if (firewall.length === 0) return;
  const of = (wanted: string) => firewall.filter(({ kind }) => kind === wanted).length;
  page.text(phrases.terminal.firewall(of('opened-and-seen'), of('seen-not-opened')), { hanging: 2 });
}

/** Accepted risks: what each answers for, and those that no longer do. */
export function writeRisks(page: Page, { exceptions }: AuditReport, { phrases, risk }: Words): void {
  if (exceptions === null) return;
  page.heading(phrases.terminal.heading.risks);
  for (const entry of exceptions.list) {
    const { state, flows, by, until, reason } = entry;
    const text = phrases.terminal.risk(patternOf(entry), risk[state], flows, by, until, reason);
    page.text(text, { indent: 2, hanging: 2, ...(state === 'in-force' ? {} : { style: 'yellow' }) });
  }
}
