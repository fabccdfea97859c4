import type { AuditReport } from '../../check/audit-report.ts';
import { checkNames } from '../../check/pack.ts';
import { answersOf } from '../answers.ts';
import type { Language } from '../format.ts';
import type { Words } from '../words.ts';
import { signOf } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { drawing, fitted } from './svg.ts';

const rowHeight = 22;
const labelWidth = 560;
const cellWidth = 106;
const rowsDrawn = 80;

/** Each path that was seen with its three results, at a glance. */
export function matrixDrawing(report: AuditReport, language: Language, words: Words): Markup | null {
  const seen = answersOf(report)
    .filter(({ observed }) => observed)
    .slice(0, rowsDrawn);
  if (seen.length === 0) return null;
  const heads = checkNames.map(
    (check, at) =>
      html`<text class="column" x="${labelWidth + at * cellWidth + cellWidth / 2}" y="16">${words.check[check]}</text>`,
  );
  const rows = seen.map((answer, at) => {
    const y = 26 + at * rowHeight;
    const title = answer.rows[0].title[language];
    const more = answer.rows.length > 1 ? ` (+${answer.rows.length - 1})` : '';
    const cells = checkNames.map((check, column) => {
      const { result } = answer[check];
      const x = labelWidth + column * cellWidth;
      return html`<g class="cell ${result}"><rect x="${x + 2}" y="${y + 1}" width="${cellWidth - 4}" height="${rowHeight - 3}"/><text x="${x + cellWidth / 2}" y="${y + 15}">${signOf(result)} ${words.result[result]}</text></g>`;
    });
    return html`<a href="#path-${answer.rows[0].id}"><text class="label" x="0" y="${y + 15}">${fitted(title, 76)}${more}</text></a>${cells}
`;
  });
  const { description } = words.page.matrix;
  const size = { width: labelWidth + 3 * cellWidth, height: 30 + seen.length * rowHeight };
  return drawing(
    'matrix-drawing',
    { ...size, title: words.page.heading.paths, description },
    html`${heads}${rows}`,
    'group',
  );
}
