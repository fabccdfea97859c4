import type { AuditReport } from '../../check/audit-report.ts';
import type { Digest } from '../digest.ts';
import { qualityLines } from '../quality.ts';
import { second } from '../time.ts';
import { plural, thousands } from '../verdict.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** What the results rest on: how good the captures are, and exactly what went in. */
export function audit(report: AuditReport, found: Digest, words: Words): Markup {
  return html`<h2>Capture quality</h2>
<ul>
${qualityLines(report.captureQuality).map((line) => html`<li>${line}</li>\n`)}</ul>
${blindSpots(found, words)}${limitsHit(report)}<h2>Audit trail</h2>
${captures(report, words)}${inputs(report)}`;
}

function blindSpots(found: Digest, words: Words): Markup | null {
  const rows = [...found.blindSpots].map(([why, flows]) =>
    row(html`${words.blindSpot[why]}`, [html`${thousands(flows)}`]),
  );
  return rows.length === 0 ? null : table('What could not be seen, by number of flows', ['What', 'Flows'], rows);
}

function limitsHit(report: AuditReport): Markup | null {
  const rows = report.limits.map(({ name, cap, hit, detail }) =>
    row(html`${name}`, [html`${thousands(cap)}`, html`${plural(hit, 'time')}`, html`${detail}`]),
  );
  return rows.length === 0 ? null : table('Limits that were reached', ['Limit', 'Cap', 'Reached', 'Meaning'], rows);
}

function captures(report: AuditReport, words: Words): Markup {
  const rows = report.captures.map((capture) =>
    row(html`${capture.file}`, [
      html`${capture.format}${capture.compression === 'none' ? '' : `, ${capture.compression}`}<small>${plural(capture.frames, 'frame')}, ${thousands(capture.bytes)} bytes</small>`,
      html`${capture.firstSeen === null ? '' : second(capture.firstSeen)}<small>${capture.lastSeen === null ? '' : `to ${second(capture.lastSeen)}`}</small>`,
      html`${capture.problems.map(({ kind, byte, detail }) => html`<div>${words.captureProblem[kind]} (byte ${thousands(byte)}): ${detail}</div>`)}${capture.dropped === null ? null : html`<small>${thousands(capture.dropped)} lost while recording</small>`}`,
      html`<code class="hash">${capture.sha256 ?? 'not computed'}</code>`,
    ]),
  );
  return table('Captures', ['File', 'Format', 'Time (UTC)', 'Problems', 'SHA-256'], rows);
}

function inputs(report: AuditReport): Markup {
  const options = Object.entries(report.options)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  const rows = [
    row(html`Program`, [html`${report.tool.name} ${report.tool.version}`, html``]),
    ...report.rulePacks.map(({ id, version, sha256 }) =>
      row(html`Rule pack`, [html`${id} ${version}`, html`<code class="hash">${sha256}</code>`]),
    ),
    row(html`Topology`, [
      html`${report.topology === null ? 'none' : 'given'}`,
      html`<code class="hash">${report.topology?.sha256 ?? ''}</code>`,
    ]),
    row(html`Options`, [html`${options === '' ? 'as by default' : options}`, html``]),
  ];
  return table('Program and inputs', ['What', 'Value', 'SHA-256'], rows);
}
