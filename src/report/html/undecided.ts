import type { AuditReport } from '../../check/audit-report.ts';
import type { Language } from '../format.ts';
import { undecided } from '../undecided.ts';
import { plural } from '../verdict.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** What was seen and could not be decided, and why. */
export function undecidedChecks(report: AuditReport, language: Language, words: Words): Markup | null {
  const found = undecided(report);
  if (found.length === 0) return null;
  const rows = found.map(({ checks, result, reason, answers }) =>
    row(html`${checks.map((check) => words.check[check]).join(', ')} ${badge(result, words)}`, [
      html`${words.reason[reason]}`,
      html`<ul>${answers.map(({ rows }) => html`<li lang="${language}">${rows.map(({ title }) => title[language]).join(' / ')}</li>`)}</ul>`,
    ]),
  );
  return html`<h2>Could not be decided</h2>
${table('Seen, but the captures do not tell', ['Check', 'Why', 'Paths'], rows)}`;
}

export function notObserved(report: AuditReport, language: Language): Markup | null {
  const paths = report.paths.filter(({ observed }) => observed === 'no');
  if (paths.length === 0) return null;
  return html`<h2>Not observed</h2>
<p>${plural(paths.length, 'path')} without traffic in these captures; nothing is said about them.</p>
<ul class="columns">
${paths.map(({ id, title }) => html`<li><span lang="${language}">${title[language]}</span> <code>${id}</code></li>\n`)}</ul>
`;
}
