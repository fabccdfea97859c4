import type { AuditReport } from '../../check/audit-report.ts';
import type { Digest } from '../digest.ts';
import { thousands } from '../number.ts';
import { otherNameLine, otherNames } from '../other-names.ts';
import { qualityLines } from '../quality.ts';
import { patternOf } from '../risk.ts';
import { second } from '../time.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { inputOptions } from './recheck.ts';
import { row, table } from './table.ts';

/** What the results rest on: how good the captures are, and exactly what went in. */
export function audit(report: AuditReport, found: Digest, words: Words): Markup {
  const { page } = words;
  return html`<h2 id="quality">${page.heading.quality}</h2>
<ul>
${qualityLines(report, words).map((line) => html`<li>${line}</li>\n`)}</ul>
${namesOfOthers(report, words)}${blindSpots(found, words)}${limitsHit(report, words)}<h2 id="audit">${page.heading.audit}</h2>
${risks(report, words)}${captures(report, words)}${inputs(report, words)}<p>${page.inputs.verify}${report.captures.length > namedInCommand ? ` ${page.inputs.folder}` : ''}</p>
<p class="filter"><code class="copy">${verifyCommand(report)}</code></p>
`;
}

function namesOfOthers(report: AuditReport, words: Words): Markup | null {
  const found = otherNames(report);
  if (found.length === 0) return null;
  const left = found.length - namesListed;
  return html`<ul id="other-names">
${found.slice(0, namesListed).map((one) => html`<li>${otherNameLine(one, words)}</li>\n`)}${left > 0 ? html`<li>${words.phrases.moreRows(left)}</li>\n` : null}</ul>
`;
}

const namesListed = 50;

/** captures named in a command that a person copies; where they are more, their folder */
const namedInCommand = 8;

/** Names stand as a POSIX shell takes them, so that none can be read as an option or a command. */
function verifyCommand(report: AuditReport): string {
  const names = report.captures.map(({ file }) => `'./${file.replaceAll("'", `'\\''`)}'`);
  const captures = names.length > namedInCommand ? '<folder>' : names.join(' ');
  const exceptions = report.exceptions === null ? '' : ' --exceptions <risks.yaml>';
  return `pcap-audit verify report.json ${captures}${inputOptions(report)}${exceptions}`;
}

function risks({ exceptions }: AuditReport, words: Words): Markup | null {
  if (exceptions === null) return null;
  const { page, risk } = words;
  const rows = exceptions.list.map((entry) =>
    row(html`${patternOf(entry)}`, [
      html`${risk[entry.state]}`,
      html`${thousands(entry.flows)}`,
      html`${page.risks.until(entry.by, entry.until)}`,
      html`${entry.reason}`,
    ]),
  );
  return table(page.risks.caption, page.risks.columns, rows);
}

function blindSpots(found: Digest, words: Words): Markup | null {
  const rows = [...found.blindSpots].map(([why, flows]) =>
    row(html`${words.blindSpot[why]}`, [html`${thousands(flows)}`]),
  );
  return rows.length === 0 ? null : table(words.page.blindSpots.caption, words.page.blindSpots.columns, rows);
}

function limitsHit(report: AuditReport, { page, detail: said }: Words): Markup | null {
  const rows = report.limits.map(({ name, cap, hit, detail }) =>
    row(html`${name}`, [html`${thousands(cap)}`, html`${page.limits.times(hit)}`, html`${said(detail)}`]),
  );
  return rows.length === 0 ? null : table(page.limits.caption, page.limits.columns, rows);
}

function captures(report: AuditReport, words: Words): Markup {
  const { captures: say } = words.page;
  const rows = report.captures.map((capture) =>
    row(html`${capture.file}`, [
      html`${capture.format}${capture.compression === 'none' ? '' : `, ${capture.compression}`}<small>${say.size(capture.frames, capture.bytes)}</small>`,
      html`${capture.firstSeen === null ? '' : second(capture.firstSeen)}<small>${capture.lastSeen === null ? '' : say.to(second(capture.lastSeen))}</small>`,
      html`${capture.problems.map(({ kind, byte, detail }) => html`<div>${words.captureProblem[kind]} (${words.phrases.atByte(byte)}): ${words.detail(detail)}</div>`)}${capture.dropped === null ? null : html`<small>${say.lost(capture.dropped)}</small>`}`,
      html`<code class="hash">${capture.sha256 ?? say.noHash}</code>`,
    ]),
  );
  return html`${table(say.caption, say.columns, rows)}<p class="hint">${say.note}</p>
`;
}

function inputs(report: AuditReport, { page }: Words): Markup {
  const say = page.inputs;
  const options = Object.entries(report.options)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  const rows = [
    row(html`${say.program}`, [html`${report.tool.name} ${report.tool.version}`, html``]),
    ...report.rulePacks.map(({ id, version, sha256 }) =>
      row(html`${say.pack}`, [html`${id} ${version}`, html`<code class="hash">${sha256}</code>`]),
    ),
    row(html`${say.topology}`, [
      html`${report.topology === null ? say.none : say.given}`,
      html`<code class="hash">${report.topology?.sha256 ?? ''}</code>`,
    ]),
    row(html`${say.risks}`, [
      html`${report.exceptions === null ? say.none : say.given}`,
      html`<code class="hash">${report.exceptions?.sha256 ?? ''}</code>`,
    ]),
    row(html`${say.options}`, [html`${options === '' ? say.defaults : options}`, html``]),
  ];
  return table(say.caption, say.columns, rows);
}
