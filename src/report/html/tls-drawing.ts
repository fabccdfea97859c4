import { cipherSuiteName, tlsVersionName } from '../names/tls.ts';
import { thousands } from '../number.ts';
import type { Statistics } from '../statistics.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { drawing, tenth } from './svg.ts';

const labelWidth = 400;
const barWidth = 380;
const rowHeight = 24;
const suitesDrawn = 16;

/** TLS versions and cipher suites, by number of flows. */
export function tlsDrawing({ versions, suites }: Statistics, words: Words): Markup {
  const { tls, heading } = words.page;
  const title = html`<h2 id="tls">${heading.tls}</h2>\n`;
  if (versions.size === 0) return html`${title}<p>${tls.none}</p>\n`;
  const byVersion = [...versions]
    .sort(([a], [b]) => b - a)
    .map(([version, flows]) => ({ name: named(version), flows }));
  const bySuite = [...suites]
    .sort(([one, a], [other, b]) => b - a || one - other)
    .map(([suite, flows]) => ({ name: cipherSuiteName(suite), flows }));
  const left = bySuite.length - suitesDrawn;
  return html`${title}${bars('versions', tls.versions, byVersion)}${bars('suites', tls.suites, bySuite.slice(0, suitesDrawn))}${
    left > 0 ? html`<p>${tls.left(left)}</p>\n` : null
  }${bySuite.some(({ name }) => name.includes('_anon_')) ? html`<p>${tls.anonymous}</p>\n` : null}`;
}

/** `1.2` is TLS; `SSLv3` says so itself */
function named(version: number): string {
  const name = tlsVersionName(version);
  return /^\d+\./.test(name) ? `TLS ${name}` : name;
}

function bars(id: string, title: string, rows: readonly { name: string; flows: number }[]): Markup | null {
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(({ flows }) => flows));
  const drawn = rows.map(({ name, flows }, at) => {
    const y = at * rowHeight;
    const wide = Math.max(2, (barWidth * flows) / most);
    return html`<g class="bar"><text class="label" x="0" y="${y + 16}">${name}</text><rect x="${labelWidth}" y="${y + 4}" width="${tenth(wide)}" height="${rowHeight - 9}"/><text class="total" x="${tenth(labelWidth + wide + 8)}" y="${y + 16}">${thousands(flows)}</text></g>
`;
  });
  const description = rows.map(({ name, flows }) => `${name}: ${thousands(flows)}`).join(', ');
  const size = { width: labelWidth + barWidth + 80, height: rows.length * rowHeight + 4, title, description };
  return html`<h3>${title}</h3>
${drawing(`${id}-drawing`, size, html`${drawn}`)}`;
}
