import type { AuditReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import { second } from '../time.ts';
import { plural, thousands } from '../verdict.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

export function hosts(report: AuditReport): Markup | null {
  if (report.hosts.length === 0) return null;
  const columns = ['Address', 'Name', 'Roles', 'Flows', 'First seen (UTC)', 'Last seen (UTC)'];
  const rows = report.hosts
    .slice(0, limits.tableRows)
    .map(({ address, name, roles, named, flows, firstSeen, lastSeen }) =>
      row(html`${address}`, [
        html`${name ?? ''}`,
        html`${roles.join(', ')}${named ? null : html`<small>not in the topology</small>`}`,
        html`${thousands(flows)}`,
        html`${second(firstSeen)}`,
        html`${second(lastSeen)}`,
      ]),
    );
  const left = report.hosts.length - rows.length;
  return html`<h2>Hosts</h2>
${table('Addresses seen', columns, rows)}${left > 0 ? html`<p class="notice">and ${plural(left, 'more host')}: all stand in the JSON report.</p>\n` : null}`;
}
