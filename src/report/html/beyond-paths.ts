import type { AuditReport, EvidenceReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { plural, thousands } from '../verdict.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** Statements of the reference's notes, held against the captures. */
export function assertions(report: AuditReport, words: Words): Markup | null {
  if (report.assertions.length === 0) return null;
  const rows = report.assertions.map(({ id, result, reason, evidence }) =>
    row(html`<code>${id}</code>`, [badge(result, words), html`${words.reason[reason]}`, frames(evidence)]),
  );
  return html`<h2>Statements of the reference</h2>
${table('Notes of the reference that a capture can test', ['Statement', 'Result', 'Why', 'Evidence'], rows)}`;
}

/** Results that rest on two flows together. */
export function correlations(report: AuditReport): Markup | null {
  if (report.correlations.length === 0) return null;
  const rows = report.correlations
    .slice(0, limits.tableRows)
    .map(({ kind, from, to, evidence }) =>
      row(html`${kind}`, [html`${pairs(from)}`, html`${pairs(to)}`, frames(evidence)]),
    );
  return html`<h2>Inferred</h2>
<p>These are conclusions from one flow to another; <code>--no-inference</code> leaves them out.</p>
${table('Inferred from one flow for another', ['Kind', 'From', 'For', 'Evidence'], rows)}${left(report.correlations.length, 'inference')}`;
}

export function firewall(report: AuditReport, words: Words): Markup | null {
  if (report.firewall.length === 0) return null;
  const rows = report.firewall
    .slice(0, limits.tableRows)
    .map(({ host, role, transport, port, kind, rules, flows }) =>
      row(html`${host}`, [
        html`${role}`,
        html`${port}/${transport}`,
        html`${words.firewall[kind]}`,
        html`${thousands(flows)}`,
        html`${rules.join(', ')}`,
      ]),
    );
  return html`<h2>Firewall rules</h2>
${table('Ports that the documented rules open, and ports in use', ['Host', 'Role', 'Port', 'Seen', 'Flows', 'Rules'], rows)}${left(report.firewall.length, 'row')}`;
}

function frames(evidence: EvidenceReport[]): Markup {
  return html`${evidence.slice(0, 3).map(({ file, frame, fact }) => html`<div>frame ${frame} of ${file}: ${fact}</div>`)}`;
}

const pairs = (from: Record<string, string | number>) =>
  Object.entries(from)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');

function left(count: number, noun: string): Markup | null {
  if (count <= limits.tableRows) return null;
  return html`<p class="notice">and ${plural(count - limits.tableRows, `more ${noun}`)}: all stand in the JSON report.</p>\n`;
}
