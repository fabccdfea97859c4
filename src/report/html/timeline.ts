import type { AuditReport } from '../../check/audit-report.ts';
import { thousands } from '../number.ts';
import { type Exposures, type Statistics, timeSlots } from '../statistics.ts';
import { second, secondOf, spanOf } from '../time.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { drawing, fitted, tenth } from './svg.ts';

const labelWidth = 190;
const slotWidth = 11;
const laneHeight = 44;
const width = labelWidth + timeSlots * slotWidth + 60;

/** When content in clear first appeared in each flow, by kind of content. */
export function timeline(report: AuditReport, { exposures }: Statistics, words: Words): Markup | null {
  const span = spanOf(report.captures);
  if (span === null) return null;
  const { timeline: say, heading } = words.page;
  const title = html`<h2 id="timeline">${heading.timeline}</h2>\n`;
  if (exposures.size === 0) return html`${title}<p>${say.none}</p>\n`;
  const kinds = [...exposures].sort(([, a], [, b]) => b.flows - a.flows);
  const described = kinds.map(([content, { flows, first, last }]) =>
    say.description(words.content[content], flows, secondOf(first), secondOf(last)),
  );
  const lanes = kinds.map(([content, entry], at) => lane(words.content[content], entry, at * laneHeight));
  const bottom = kinds.length * laneHeight;
  const size = { width, height: bottom + 24, title: heading.timeline, description: described.join('; ') };
  const axis = html`<g class="axis"><path d="M${labelWidth} ${bottom}.5 H${width - 60}"/><text x="${labelWidth}" y="${bottom + 17}">${second(span.first)}</text><text class="end" x="${width - 60}" y="${bottom + 17}">${second(span.last)} UTC</text></g>`;
  return html`${title}${drawing('timeline-drawing', size, html`${lanes}${axis}`)}<p>${say.note}</p>
<ul>${described.map((text) => html`<li>${text}</li>\n`)}</ul>
`;
}

function lane(name: string, { slots, flows }: Exposures, top: number): Markup {
  const most = Math.max(...slots);
  const bars = slots.flatMap((count, slot) => {
    if (count === 0) return [];
    // a single flow among thousands still has to be seen
    const tall = 6 + (laneHeight - 14) * (Math.log1p(count) / Math.log1p(most) || 0) * 0.9;
    const [x, y] = [labelWidth + slot * slotWidth, top + laneHeight - tall];
    return [
      html`<rect x="${x}" y="${tenth(y)}" width="${slotWidth - 2}" height="${tenth(tall)}"><title>${thousands(count)}</title></rect>`,
    ];
  });
  return html`<g class="lane"><text class="label" x="0" y="${top + laneHeight - 6}">${fitted(name, 24)}</text><path d="M${labelWidth} ${top + laneHeight}.5 H${width - 60}"/>${bars}<text class="total" x="${width - 52}" y="${top + laneHeight - 6}">${thousands(flows)}</text></g>
`;
}
