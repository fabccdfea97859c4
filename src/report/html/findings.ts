import type { AuditReport, FlowReport } from '../../check/audit-report.ts';
import type { Remedy } from '../../check/reference.ts';
import type { Capped, Digest } from '../digest.ts';
import { exposureOf, type Finding } from '../finding.ts';
import type { Language } from '../format.ts';
import type { Item, Task } from '../to-do.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { flowArticle } from './flow-article.ts';
import { hostList, taskId } from './header.ts';

/** What failed, by what one would do about it, with the frames that show it. */
export function findings(
  report: AuditReport,
  found: Digest,
  tasks: readonly Task[],
  language: Language,
  words: Words,
): Markup {
  const { page, phrases } = words;
  if (tasks.length === 0) return html`<h2 id="findings">${page.heading.findings}</h2>\n<p>${page.noFailure}</p>\n`;
  const left = found.failures.reduce((sum, { flows }) => sum + flows.count - flows.flows.length, 0);
  return html`<h2 id="findings">${page.heading.findings}</h2>
${tasks.map((task) => section(report, task, language, words))}${left > 0 ? html`<p class="notice">${phrases.moreFlows(left)}</p>\n` : null}`;
}

function section(report: AuditReport, task: Task, language: Language, words: Words): Markup {
  const { page, phrases } = words;
  const { remedy, items } = task;
  return html`<section class="finding" aria-labelledby="${taskId(task)}">
<h3 id="${taskId(task)}">${remedy?.title[language] ?? page.otherTodo}</h3>
<p class="where">${page.where}: <strong>${hostList(task, phrases.more)}</strong></p>
${remedy === null ? null : howTo(remedy, language, words)}${items.map((item) => failure(report, item, remedy, language, words))}</section>
`;
}

function howTo({ steps, commands, proof }: Remedy, language: Language, { page }: Words): Markup {
  const lines = commands.map((command) => html`<li><code class="copy">${command}</code></li>\n`);
  return html`<div class="remedy">
<h4>${page.how}</h4>
<ol>
${steps[language].map((step) => html`<li>${step}</li>\n`)}</ol>
${
  lines.length === 0
    ? null
    : html`<p class="label">${page.commands}</p>
<ul class="commands">
${lines}</ul>
`
}<h4>${page.proof}</h4>
<p>${proof[language]}</p>
</div>
`;
}

function failure(report: AuditReport, item: Item, remedy: Remedy | null, language: Language, words: Words): Markup {
  const { answer, flow, findings } = item;
  const id = `finding-${answer.rows[0].id}-${flow.id}${remedy === null ? '' : `-${remedy.id}`}`;
  return flowArticle({ id, flow, findings, rows: answer.rows, report, expectation: null }, language, words);
}

/** Content in clear that made no path fail, and flows on no path. */
export function exposures(report: AuditReport, found: Digest, language: Language, words: Words): Markup | null {
  const unexpected = new Map(report.unexpected.map(({ flow, why }) => [flow, why]));
  if (found.exposures.count + found.passwords.count + unexpected.size === 0) return null;
  const { page, phrases } = words;
  const said = (flow: FlowReport) => {
    if (flow.paths.length > 0) return words.reason['ambiguous-path'];
    return report.reference.lacksTopology
      ? words.reason['roles-unknown']
      : words.unexpected[unexpected.get(flow.id) ?? 'no-path'];
  };
  const listed = (title: string, kind: string, flows: Capped, expectation: (flow: FlowReport) => string) =>
    flows.count === 0
      ? null
      : html`<section class="finding">
<h3>${title}</h3>
${flows.flows.map((flow) => {
  const findings: Finding[] = [exposureOf(flow, words)];
  const id = `${kind}-${flow.id}`;
  return flowArticle({ id, flow, findings, rows: [], report, expectation: expectation(flow) }, language, words);
})}${flows.count > flows.flows.length ? html`<p class="notice">${phrases.moreFlows(flows.count - flows.flows.length)}</p>\n` : null}</section>
`;
  return html`<h2 id="unexpected">${page.heading.unexpected}</h2>
${unexpected.size === 0 ? null : html`<p>${page.unexpectedNote(unexpected.size)}</p>\n`}${listed(
  phrases.exposures,
  'exposure',
  found.exposures,
  said,
)}${listed(phrases.passwords, 'password', found.passwords, () => phrases.passwordsExpected)}`;
}
