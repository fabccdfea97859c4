import type { AuditReport, FlowReport } from '../../check/audit-report.ts';
import type { Remedy } from '../../check/reference.ts';
import type { Digest } from '../digest.ts';
import { exposureOf } from '../finding.ts';
import type { Language } from '../format.ts';
import { inDoubt, type OtherName, otherNameLine, otherNames } from '../other-names.ts';
import { passwordAdvice } from '../password-advice.ts';
import { passwordRemedy } from '../password-remedy.ts';
import { second } from '../time.ts';
import type { Case, Task } from '../to-do.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';
import { flowArticle } from './flow-article.ts';
import { hostList, taskId } from './header.ts';
import { recheckCommands } from './recheck.ts';

/** lines of a task that say which of its hosts are in doubt */
const doubtsShown = 3;

/** What failed, by what one would do about it, with the frames that show it. */
export function findings(report: AuditReport, tasks: readonly Task[], language: Language, words: Words): Markup {
  const { page } = words;
  if (tasks.length === 0) return html`<h2 id="findings">${page.heading.findings}</h2>\n<p>${page.noFailure}</p>\n`;
  const doubtful = otherNames(report);
  return html`<h2 id="findings">${page.heading.findings}</h2>
${report.reference.shells.map((shell) => html`<p>${shell[language]}</p>\n`)}<p>${page.whenMended}</p>
${howToAccept(tasks, page)}${tasks.map((task, at) => section(report, task, at + 1, doubtful, language, words))}`;
}

/** What to write where a finding is to stay as it is, with the first one as the example. */
function howToAccept(tasks: readonly Task[], page: Words['page']): Markup | null {
  const [found] = tasks.flatMap(({ cases }) => cases.filter(({ rows }) => rows.length > 0));
  const [path, finding] = [found?.rows[0], found?.findings[0]];
  if (found === undefined || path === undefined || finding === undefined) return null;
  const { client, server } = found.flow;
  const say = page.accept;
  return html`<details><summary>${say.title}</summary>
<p>${say.how}</p>
<pre><code class="copy">exceptions:
  - path: ${path.id}
    check: ${finding.check}
    client: ${quoted(client.name ?? client.address)}
    server: ${quoted(server.name ?? server.address)}
    reason: ${quoted(say.reason)}
    by: ${quoted(say.by)}
    until: ${say.until}
</code></pre>
</details>
`;
}

/** As YAML takes any text. */
const quoted = (text: string): string => JSON.stringify(text);

function section(
  report: AuditReport,
  task: Task,
  place: number,
  doubtful: readonly OtherName[],
  language: Language,
  words: Words,
): Markup {
  const { page, phrases } = words;
  const { remedy, cases, flowsLeft } = task;
  return html`<section class="finding" aria-labelledby="${taskId(task)}">
<h3 id="${taskId(task)}">${place}. ${remedy?.title[language] ?? page.otherTodo}</h3>
<p class="where">${page.where}: <strong>${hostList(task, words)}</strong></p>
${doubts(task, doubtful, words)}${remedy === null ? null : howTo(report, remedy, task, language, words)}${cases.map((found) => failure(report, found, remedy, language, words))}${
  flowsLeft > 0 ? html`<p class="notice">${phrases.moreFlows(flowsLeft)}</p>\n` : null
}</section>
`;
}

/** Whether the hosts to change are the ones that the topology says: whoever changes one has to know. */
function doubts({ hosts }: Task, doubtful: readonly OtherName[], words: Words): Markup | null {
  const { page, phrases } = words;
  const found = inDoubt(doubtful, new Set(hosts.list.flatMap(({ names }) => names)));
  if (found.length === 0) return null;
  const lines = found.slice(0, doubtsShown).map((one) => otherNameLine(one, words));
  if (found.length > doubtsShown) lines.push(phrases.more(found.length - doubtsShown));
  return html`<p class="notice">${page.hostInDoubt}: ${lines.join('; ')}</p>\n`;
}

function howTo(
  report: AuditReport,
  { at, steps, commands, proof }: Remedy,
  task: Task,
  language: Language,
  words: Words,
): Markup {
  const { page } = words;
  return html`<div class="remedy">
<h4>${page.how}</h4>
<ol>
${[...steps[language], ...passwordAdvice(task.accounts, words)].map((step) => html`<li>${step}</li>\n`)}</ol>
${commandList(page.commands, commands, language)}<h4>${page.proof}</h4>
<p>${proof[language]}</p>
${commandList(at === 'between' ? page.recheckBoth : page.recheck, recheckCommands(report, task), language)}</div>
`;
}

function commandList(label: string, commands: Remedy['commands'], language: Language): Markup | null {
  if (commands.length === 0) return null;
  const lines = commands.map((command) =>
    typeof command === 'string'
      ? html`<li><code class="copy">${command}</code></li>\n`
      : html`<li><code class="copy">${command.run}</code><small>${command.note[language]}</small></li>\n`,
  );
  return html`<p class="label">${label}</p>
<ul class="commands">
${lines}</ul>
`;
}

function failure(report: AuditReport, found: Case, remedy: Remedy | null, language: Language, words: Words): Markup {
  const { rows, flow, findings } = found;
  const id = `finding-${rows[0]?.id ?? 'none'}-${flow.id}${remedy === null ? '' : `-${remedy.id}`}`;
  const others = sameElsewhere(found, words);
  const expectation = remedy === passwordRemedy ? words.phrases.passwordsExpected : null;
  return flowArticle({ id, flow, findings, rows, report, expectation, others }, language, words);
}

/** The other flows in which just the same was found. */
function sameElsewhere({ others, flows }: Case, words: Words): Markup | null {
  if (others.length === 0) return null;
  const { page, phrases } = words;
  const items = others.map(
    ({ id, firstSeen, where }) =>
      html`<li>${phrases.utc(second(firstSeen))}${where === null ? null : html`, <strong>${phrases.frame(where.frame)}</strong> ${phrases.ofFileOnly(where.file)}`} <code>${id}</code></li>\n`,
  );
  const left = flows - 1 - others.length;
  return html`<dl>
<dt>${page.sameElsewhere(flows - 1)}</dt><dd><ul>
${items}${left > 0 ? html`<li>${phrases.moreFlows(left)}</li>\n` : null}</ul></dd>
</dl>
`;
}

/** Content in clear that made no path fail, and flows on no path. */
export function exposures(report: AuditReport, found: Digest, language: Language, words: Words): Markup | null {
  const unexpected = new Map(report.unexpected.map(({ flow, why }) => [flow, why]));
  if (found.exposures.count + unexpected.size === 0) return null;
  const { page, phrases } = words;
  const outside = report.unexpected.filter(({ why }) => why === 'outside-reference').length;
  const said = (flow: FlowReport) => {
    if (flow.paths.length > 0) return words.reason['ambiguous-path'];
    return report.reference.lacksTopology
      ? words.reason['roles-unknown']
      : words.unexpected[unexpected.get(flow.id) ?? 'no-path'];
  };
  const { flows, count } = found.exposures;
  const articles = flows.map((flow) => {
    const findings = [exposureOf(flow, words)];
    const id = `exposure-${flow.id}`;
    return flowArticle(
      { id, flow, findings, rows: [], report, expectation: said(flow), others: null },
      language,
      words,
    );
  });
  return html`<h2 id="unexpected">${page.heading.unexpected}</h2>
${unexpected.size === 0 ? null : html`<p>${page.unexpectedNote(phrases.unexpectedFlows(unexpected.size, outside))}</p>\n`}${
  count === 0
    ? null
    : html`<section class="finding">
<h3>${phrases.exposures}</h3>
${articles}${count > flows.length ? html`<p class="notice">${phrases.moreFlows(count - flows.length)}</p>\n` : null}</section>
`
}`;
}
