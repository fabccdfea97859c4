import { patternOf } from '../risk.ts';
import { type Printing, shownOf } from './printing.ts';

/** accepted risks named one by one */
const named = 5;

export function writeFirewall({ page, report: { firewall }, words: { phrases } }: Printing): void {
  if (firewall.length === 0) return;
  const of = (wanted: string) => firewall.filter(({ kind }) => kind === wanted).length;
  page.text(phrases.terminal.firewall(of('opened-and-seen'), of('seen-not-opened')), { hanging: 2 });
}

/** Accepted risks: what each answers for, and those that no longer do; these first. */
export function writeRisks(printing: Printing): void {
  const { page, report, words } = printing;
  const { phrases, risk } = words;
  if (report.exceptions === null) return;
  page.heading(phrases.terminal.heading.risks);
  const { list } = report.exceptions;
  const inForce = list.filter(({ state }) => state === 'in-force');
  const { shown, left } = shownOf([...list.filter(({ state }) => state !== 'in-force'), ...inForce], named, printing);
  for (const entry of shown) {
    const { state, flows, by, until, reason } = entry;
    const text = phrases.terminal.risk(patternOf(entry), risk[state], flows, by, until, reason);
    page.text(text, { indent: 2, hanging: 2, ...(state === 'in-force' ? {} : { style: 'yellow' }) });
  }
  if (left > 0) page.text(phrases.more(left), { indent: 2 });
}
