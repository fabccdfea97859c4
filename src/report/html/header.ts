import type { AuditReport, Counts } from '../../check/audit-report.ts';
import { results } from '../../check/result.ts';
import { spanOf } from '../time.ts';
import { plural, thousands, verdictOf } from '../verdict.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';
import { row, table } from './table.ts';

/** What was audited, and what came of it. */
export function header(report: AuditReport, words: Words): Markup {
  const verdict = verdictOf(report, words);
  const packs = report.rulePacks.map(({ id, version }) => `${id} ${version}`).join(', ');
  const frames = report.captures.reduce((sum, capture) => sum + capture.frames, 0);
  const span = spanOf(report.captures);
  return html`<header>
<p class="overline">${report.tool.name}</p>
<h1>Data path audit</h1>
<p class="subject">Checked against <strong>${packs}</strong>: ${plural(report.captures.length, 'capture')}, ${plural(frames, 'frame')}${span === null ? '' : `, ${span}`}${report.stamp === null ? '' : `. Report written ${report.stamp}`}</p>
<div class="verdict ${verdict.kind}">
<p class="word">${verdict.word}</p>
<p><strong>${verdict.counts}</strong></p>
<p>${verdict.decided}; ${verdict.exit}.</p>
</div>
${report.partial ? html`<p class="notice"><strong>The audit was interrupted.</strong> The report covers only what had been read.</p>` : null}
${report.topology === null ? html`<p class="notice"><strong>No topology was given,</strong> so the roles of hosts are unknown and no path can be judged: which host is a hub, an edge, a domain controller? Name them in a topology (<code>pcap-audit topology schema</code> says how) and audit again.</p>` : null}
<h2>Summary</h2>
${counts(report.summary, words)}
</header>
`;
}

function counts(summary: { paths: Counts; checks: Counts }, words: Words): Markup {
  const rows = results.map((result) =>
    row(badge(result, words), [html`${thousands(summary.paths[result])}`, html`${thousands(summary.checks[result])}`]),
  );
  return table('Results; each path has up to three checks', ['Result', 'Paths', 'Checks'], rows, 'counts');
}
