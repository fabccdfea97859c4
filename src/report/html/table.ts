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

export function row(head: Markup, cells: readonly Markup[]): Markup {
  return html`<tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
}
