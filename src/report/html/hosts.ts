import type { AuditReport } from '../../check/audit-report.ts';
import { limits } from '../../limits.ts';
import type { Language } from '../format.ts';
import { thousands } from '../number.ts';
import { rolesShown } from '../scope.ts';
import { second } from '../time.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { roleName } from './role-name.ts';
import { row, table } from './table.ts';

export function hosts(report: AuditReport, language: Language, words: Words): Markup | null {
  const { page, phrases } = words;
  const { reference } = report;
  if (report.hosts.length === 0) return null;
  const rows = report.hosts
    .slice(0, limits.tableRows)
    .map(({ address, name, roles, named, called, flows, firstSeen, lastSeen }) =>
      row(
        html`${address}`,
        [
          html`${name ?? ''}${called ? html`<small>${page.hosts.called(called.name, called.file)}</small>` : null}`,
          html`${rolesShown({ address, name, roles }, reference.unnamedRoles)
            .map((role) => roleName(role, reference, language, words))
            .join(', ')}${named ? null : html`<small>${page.hosts.unnamed}</small>`}`,
          html`${thousands(flows)}`,
          html`${second(firstSeen)}`,
          html`${second(lastSeen)}`,
        ],
        { results: [] },
      ),
    );
  const left = report.hosts.length - rows.length;
  return html`<h2 id="hosts">${page.heading.hosts}</h2>
${table(page.hosts.caption, page.hosts.columns, rows, 'sortable')}${left > 0 ? html`<p class="notice">${phrases.moreRows(left)}</p>\n` : null}`;
}
