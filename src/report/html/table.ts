import { html, type Markup } from './escape.ts';

/** A table whose first column names its rows. */
export function table(caption: string, columns: readonly string[], rows: readonly Markup[], kind = ''): Markup {
  return html`<div class="scroll"><table class="${kind}">
<caption>${caption}</caption>
<thead><tr>${columns.map(columnHead)}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>
`;
}

export const columnHead = (title: string): Markup => html`<th scope="col">${title}</th>`;

/** `id`: what links lead to; `results`: what the page's filter goes by. */
export function row(
  head: Markup,
  cells: readonly Markup[],
  { id = null, results = null }: { id?: string | null; results?: readonly string[] | null } = {},
): Markup {
  const named = id === null ? null : html` id="${id}"`;
  const filtered = results === null ? null : html` data-results="${[...new Set(results)].join(' ')}"`;
  return html`<tr${named}${filtered}><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
}
