import type { AuditReport, FlowReport, PathReport } from '../../check/audit-report.ts';
import type { Capped, Digest } from '../digest.ts';
import { endpoint, endsOf, expected, exposureOf, type Finding, failuresOf, findingLine } from '../finding.ts';
import type { Language } from '../format.ts';
import { second } from '../time.ts';
import { plural } from '../verdict.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';

/** frames listed of one finding */
const framesShown = 10;

/** What failed, path by path, with the frames that show it. */
export function findings(found: Digest, language: Language, words: Words): Markup {
  if (found.failures.length === 0) return html`<h2>Findings</h2>\n<p>No check failed.</p>\n`;
  return html`<h2>Findings</h2>
${found.failures.map(({ answer, flows }) => {
  const item = (flow: FlowReport) =>
    flowItem(flow, failuresOf(flow, answer, words), expectationsOf(answer.rows, words));
  return html`<section class="finding">
<h3>${answer.rows.map((path) => html`<span lang="${language}">${path.title[language]}</span> <code>${path.id}</code> `)}</h3>
${flows.flows.map(item)}${remainder(flows)}</section>
`;
})}`;
}

/** Content in clear that made no path fail, and flows on no path. */
export function exposures(report: AuditReport, found: Digest, words: Words): Markup | null {
  const unexpected = new Map(report.unexpected.map(({ flow, why }) => [flow, why]));
  if (found.exposures.count + found.passwords.count + unexpected.size === 0) return null;
  const said = (flow: FlowReport) => {
    if (flow.paths.length > 0) return words.reason['ambiguous-path'];
    return report.topology === null
      ? words.reason['roles-unknown']
      : words.unexpected[unexpected.get(flow.id) ?? 'no-path'];
  };
  const listed = (title: string, flows: Capped, expectation: (flow: FlowReport) => string) =>
    flows.count === 0
      ? null
      : html`<section class="finding">
<h3>${title}</h3>
${flows.flows.map((flow) => flowItem(flow, [exposureOf(flow, words)], () => expectation(flow)))}${remainder(flows)}</section>
`;
  return html`<h2>Unexpected</h2>
${unexpected.size === 0 ? null : html`<p>${plural(unexpected.size, 'flow')} on no path of the reference; the table of flows marks them.</p>\n`}${listed(
  'Content in clear that no path answers for',
  found.exposures,
  said,
)}${listed('Passwords in clear, where no path fails for it', found.passwords, () => 'allowed, or nothing to judge')}`;
}

/** What each row promises, said once. */
function expectationsOf(rows: readonly PathReport[], words: Words): (finding: Finding) => string {
  return ({ check }) => {
    const said = new Set(rows.map((path) => expected(path, check, words)));
    return `${words.check[check]}: ${[...said].join('; or: ')}`;
  };
}

function flowItem(flow: FlowReport, found: Finding[], expectation: (finding: Finding) => string): Markup {
  return html`<article>
${found.map(
  (finding) => html`<h4>${findingLine(flow, finding)}</h4>
<dl>
<dt>Seen</dt><dd>${finding.what}${finding.because === null ? '' : `; ${finding.because}`}</dd>
<dt>Reference</dt><dd>${expectation(finding)}</dd>
${evidence(finding)}</dl>
`,
)}<p class="flow">${endpoint(flow.client)} → ${endpoint(flow.server)} ${flow.transport}, ${flow.protocolPath.join(' › ')}, ${second(flow.firstSeen)} UTC, flow <code>${flow.id}</code></p>
<p class="filter"><span>Wireshark filter for ${endsOf(flow)} in ${flow.captures.join(', ')}</span><code>${flow.wiresharkFilter}</code></p>
</article>
`;
}

function evidence({ evidence: frames }: Finding): Markup | null {
  if (frames.length === 0) return null;
  const items = frames
    .slice(0, framesShown)
    .map(({ file, frame, fact }) => html`<li><strong>frame ${frame}</strong> of ${file}: ${fact}</li>\n`);
  const more = frames.length - framesShown;
  return html`<dt>Evidence</dt><dd><ul>
${items}${more > 0 ? html`<li>and ${plural(more, 'more frame')}</li>` : null}</ul></dd>
`;
}

function remainder({ flows, count }: Capped): Markup | null {
  if (count <= flows.length) return null;
  return html`<p class="notice">and ${plural(count - flows.length, 'more flow')}: all stand in the JSON report.</p>\n`;
}
