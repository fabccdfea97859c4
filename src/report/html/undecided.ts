import type { AuditReport, FlowReport } from '../../check/audit-report.ts';
import type { Answer } from '../answers.ts';
import { endpoint } from '../finding.ts';
import type { Language } from '../format.ts';
import type { Statistics } from '../statistics.ts';
import { undecided } from '../undecided.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** hosts of a role that are named */
const hostsShown = 4;

/** What was seen and could not be decided, why, and what capture would decide it. */
export function undecidedChecks(
  report: AuditReport,
  { examples }: Statistics,
  language: Language,
  words: Words,
): Markup | null {
  const found = undecided(report);
  if (found.length === 0) return null;
  const { page } = words;
  const rows = found.map(({ checks, result, reason, advice, answers }) =>
    row(
      html`${checks.map((check) => words.check[check]).join(', ')} ${badge(result, words)}`,
      [
        html`${words.reason[reason]}`,
        html`${words.advice[advice] ?? ''}`,
        html`<ul>${answers.map((answer) => html`<li>${answer.rows.map(({ id, title }) => html`<a lang="${language}" href="#path-${id}">${title[language]}</a> `)}${seenAt(answer, examples)}</li>`)}</ul>`,
      ],
      { results: [result] },
    ),
  );
  return html`<h2 id="undecided">${page.heading.undecided}</h2>
${table(page.undecided.caption, page.undecided.columns, rows, 'undecided')}`;
}

/** The ends of some of its flows: where to record. */
function seenAt({ rows }: Answer, examples: ReadonlyMap<string, FlowReport[]>): Markup | null {
  const flows = rows.flatMap(({ id }) => examples.get(id) ?? []);
  const ends = new Set(
    flows.map(
      ({ client, server }) => `${client.name ?? client.address} → ${server.name ?? server.address} ${endpoint(server)}`,
    ),
  );
  if (ends.size === 0) return null;
  return html`<small>${[...ends].slice(0, 2).join('; ')}</small>`;
}

/** The paths without traffic, and where it would be seen. */
export function notObserved(report: AuditReport, language: Language, words: Words): Markup | null {
  const paths = report.paths.filter(({ observed }) => observed === 'no');
  if (paths.length === 0) return null;
  const { notObserved: say, heading } = words.page;
  const end = (roles: readonly string[]) =>
    html`${roles.map((role) => roleWithHosts(role, report, language, say.noHost))}`;
  const rows = paths.map(({ id, title }) => {
    const ends = report.reference.paths.get(id);
    return row(
      html`<a lang="${language}" href="#path-${id}">${title[language]}</a>`,
      [end(ends?.from ?? []), end(ends?.to ?? []), html`${ends?.ports.join(', ') ?? ''}`],
      { results: ['notchecked'] },
    );
  });
  return html`<h2 id="not-observed">${heading.notObserved}</h2>
<p>${say.note(paths.length, report.summary.paths.notchecked)}</p>
${table(say.caption, say.columns, rows, 'sortable')}`;
}

function roleWithHosts(role: string, { reference }: AuditReport, language: Language, none: string): Markup {
  const hosts = reference.hosts.get(role) ?? [];
  const more = hosts.length > hostsShown ? ' …' : '';
  const named = hosts.length === 0 ? none : `${hosts.slice(0, hostsShown).join(', ')}${more}`;
  return html`<div>${reference.roles.get(role)?.[language] ?? role}<small>${named}</small></div>`;
}
