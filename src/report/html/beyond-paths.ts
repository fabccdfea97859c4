import type { AuditReport, EvidenceReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { factWords } from '../fact.ts';
import type { Language } from '../format.ts';
import { thousands } from '../number.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** Statements of the reference's notes, held against the captures. */
export function assertions(report: AuditReport, language: Language, words: Words): Markup | null {
  if (report.assertions.length === 0) return null;
  const { assertions: say, heading } = words.page;
  const rows = report.assertions.map(({ id, result, reason, evidence }) =>
    row(
      html`${report.reference.notes.get(id)?.[language] ?? ''} <code>${id}</code>`,
      [badge(result, words), html`${words.reason[reason]}`, frames(evidence, words)],
      { id: `statement-${id}`, results: [result] },
    ),
  );
  return html`<h2 id="statements">${heading.assertions}</h2>
${table(say.caption, say.columns, rows, 'sortable')}`;
}

/** Results that rest on two flows together. */
export function correlations(report: AuditReport, words: Words): Markup | null {
  if (report.correlations.length === 0) return null;
  const { inferred, heading } = words.page;
  const rows = report.correlations
    .slice(0, limits.tableRows)
    .map(({ kind, from, to, evidence }) =>
      row(
        html`${words.correlation[kind] ?? kind}`,
        [html`${pairs(from, words)}`, html`${pairs(to, words)}`, frames(evidence, words)],
        { results: [] },
      ),
    );
  return html`<h2 id="inferred">${heading.inferred}</h2>
<p>${inferred.note}</p>
${table(inferred.caption, inferred.columns, rows, 'sortable')}${left(report.correlations.length, words)}`;
}

export function firewall(report: AuditReport, language: Language, words: Words): Markup | null {
  if (report.firewall.length === 0) return null;
  const { firewall: say, heading } = words.page;
  const rows = report.firewall
    .slice(0, limits.tableRows)
    .map(({ host, role, transport, port, kind, rules, flows }) =>
      row(
        html`${host}`,
        [
          html`${report.reference.roles.get(role)?.[language] ?? role}`,
          html`${port}/${transport}`,
          html`${words.firewall[kind]}`,
          html`${thousands(flows)}`,
          html`${rules.join(', ')}`,
        ],
        { results: [] },
      ),
    );
  return html`<h2 id="firewall">${heading.firewall}</h2>
${table(say.caption, say.columns, rows, 'sortable')}${left(report.firewall.length, words)}`;
}

function frames(evidence: EvidenceReport[], words: Words): Markup {
  return html`${evidence.slice(0, 3).map(({ file, frame, fact }) => html`<div>${words.phrases.ofFile(frame, file)}: ${factWords(fact, words)}</div>`)}`;
}

function pairs(end: Record<string, string | number>, { correlationEnd, protection, detail }: Words): string {
  const said = (key: string, value: string | number) => {
    if (key === 'protection') return protection[value as keyof typeof protection] ?? value;
    return key === 'detail' ? detail(String(value)) : value;
  };
  return Object.entries(end)
    .map(([key, value]) => `${Object.hasOwn(correlationEnd, key) ? correlationEnd[key] : key} ${said(key, value)}`)
    .join(', ');
}

function left(count: number, { phrases }: Words): Markup | null {
  if (count <= limits.tableRows) return null;
  return html`<p class="notice">${phrases.moreRows(count - limits.tableRows)}</p>\n`;
}
