import type { AuditReport, CheckReport, PathReport, RowCheckReport } from '../../check/audit-report.ts';
import { checkNames } from '../../check/pack.ts';
import type { Language } from '../format.ts';
import { thousands } from '../number.ts';
import type { Statistics } from '../statistics.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { matrixDrawing } from './matrix-drawing.ts';
import { row, table } from './table.ts';

/** Every path of the pack with its three results: a drawing of those seen, and a table of all. */
export function pathMatrix(report: AuditReport, { passwords }: Statistics, language: Language, words: Words): Markup {
  const { check } = words;
  const { matrix, heading } = words.page;
  const columns = [matrix.columns.path, matrix.columns.flows, check.port, check.authentication, check.encryption];
  const rows = report.paths.map((path) => pathRow(path, passwords.has(path.id), language, words));
  const grouped = report.groups.map(
    ({ id, paths }) => html`<li><code>${id}</code>: ${paths.map((path) => html`<code>${path}</code> `)}</li>\n`,
  );
  return html`<h2 id="paths">${heading.paths}</h2>
<p>${matrix.rule}</p>
${matrixDrawing(report, language, words)}${table(matrix.caption, columns, rows, 'matrix sortable')}${
  grouped.length === 0
    ? null
    : html`<p>${matrix.together}</p>
<ul>
${grouped}</ul>
`
}`;
}

function pathRow(path: PathReport, passwordInClear: boolean, language: Language, words: Words): Markup {
  const { matrix } = words.page;
  const head = html`<span lang="${language}">${path.title[language]}</span> <code>${path.id}</code>${path.observed === 'group' ? html` <small>${matrix.with(path.group ?? '')}</small>` : null}`;
  // a result is the worst of its flows, what was seen is of all of them
  const several = path.flows.length > 1;
  const cell = (checked: RowCheckReport, detail: string, alsoPassword = false) => {
    const { accepted, alone } = checked;
    const said = accepted && words.phrases.acceptedBy(accepted.by, accepted.until, accepted.reason);
    return html`${badge(checked.result, words)}${plain.has(checked.reason) ? null : html`<small>${several ? matrix.ofSome(words.reason[checked.reason]) : words.reason[checked.reason]}</small>`}${alone ? html`<small>${matrix.alone} ${badge(alone.result, words)} ${words.reason[alone.reason]}</small>` : null}${alsoPassword ? html`<small>${matrix.password}</small>` : null}${said ? html`<small class="accepted">${said}</small>` : null}${detail === '' ? null : html`<small class="seen">${several ? matrix.seenInAll(detail) : matrix.seen(detail)}</small>`}`;
  };
  return row(
    head,
    [
      html`${thousands(path.flows.length)}`,
      cell(path.port, ''),
      cell(path.authentication, path.authentication.observed.join(', ')),
      cell(
        path.encryption,
        path.encryption.observed.map((name) => protectionWord(name, words)).join(', '),
        passwordInClear,
      ),
    ],
    { id: `path-${path.id}`, results: checkNames.map((check) => path[check].result) },
  );
}

/** A mechanism's or a protection's name, in words. */
function protectionWord(name: string, { mechanism, protection }: Words): string {
  const names: Record<string, string> = { ...protection, ...mechanism };
  return names[name] ?? name;
}

/** reasons that the result's own word has said already */
const plain: ReadonlySet<CheckReport['reason']> = new Set(['as-expected', 'not-observed', 'nothing-to-judge']);
