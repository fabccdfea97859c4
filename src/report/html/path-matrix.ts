import type { AuditReport, CheckReport, PathReport } from '../../check/audit-report.ts';
import type { Language } from '../format.ts';
import { thousands } from '../verdict.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** Every path of the pack with its three results. */
export function pathMatrix(report: AuditReport, language: Language, words: Words): Markup {
  const { check } = words;
  const columns = ['Path', 'Flows', check.port, check.authentication, check.encryption];
  const rows = report.paths.map((path) => pathRow(path, language, words));
  const grouped = report.groups.map(
    ({ id, paths }) => html`<li><code>${id}</code>: ${paths.map((path) => html`<code>${path}</code> `)}</li>\n`,
  );
  return html`<h2>Paths</h2>
${table('Every path of the reference', columns, rows, 'matrix')}${
  grouped.length === 0
    ? null
    : html`<p>Rows that no capture can tell apart answer together, and their results are counted once:</p>
<ul>
${grouped}</ul>
`
}`;
}

function pathRow(path: PathReport, language: Language, words: Words): Markup {
  const head = html`<span lang="${language}">${path.title[language]}</span> <code>${path.id}</code>${path.observed === 'group' ? html` <small>answers with ${path.group ?? ''}</small>` : null}`;
  const cell = (checked: CheckReport, detail: string) =>
    html`${badge(checked.result, words)}${plain.has(checked.reason) ? null : html`<small>${words.reason[checked.reason]}</small>`}${detail === '' ? null : html`<small class="seen">${detail}</small>`}`;
  return row(head, [
    html`${thousands(path.flows.length)}`,
    cell(path.port, ''),
    cell(path.authentication, path.authentication.observed.join(', ')),
    cell(path.encryption, path.encryption.observed.join(', ')),
  ]);
}

/** reasons that the result's own word has said already */
const plain: ReadonlySet<CheckReport['reason']> = new Set(['as-expected', 'not-observed', 'nothing-to-judge']);
