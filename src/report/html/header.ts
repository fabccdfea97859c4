import type { AuditReport } from '../../check/audit-report.ts';
import { type Result, results } from '../../check/result.ts';
import type { Digest } from '../digest.ts';
import type { Language } from '../format.ts';
import { thousands } from '../number.ts';
import { addressesOf, otherNames } from '../other-names.ts';
import { type Span, second, spanOf } from '../time.ts';
import { hostsOf, type Task } from '../to-do.ts';
import { verdictOf } from '../verdict.ts';
import type { Words } from '../words.ts';
import { badge } from './badge.ts';
import { html, type Markup } from './escape.ts';

/** tasks and hosts named on the first page */
const tasksShown = 6;
const hostsShown = 4;
const hostsRanked = 5;
const hostsListed = 100;

/** The first page, for those who read no other: what was audited, what came of it, and what to do. */
export function header(report: AuditReport, found: Digest, language: Language, words: Words): Markup {
  const { page, phrases } = words;
  const verdict = verdictOf(report, words);
  const packs = report.rulePacks.map(({ id, version }) => `${id} ${version}`).join(', ');
  const frames = report.captures.reduce((sum, capture) => sum + capture.frames, 0);
  const span = spanOf(report.captures);
  const when = span && phrases.span(second(span.first), second(span.last));
  const { decided, observed } = report.summary.decided;
  return html`<header>
<p class="overline">${report.tool.name}</p>
<h1>${phrases.title}</h1>
<p class="subject">${phrases.subject(packs, report.captures.length, frames, when, report.stamp)}</p>
<p class="subject">${page.referenceIs(documentsOf(report, language))}</p>
<div class="verdict ${verdict.kind}">
<p class="word">${verdict.word}</p>
<p><strong>${verdict.counts}</strong></p>
<p class="decided"><strong>${page.decidedOf(decided, observed)}</strong>${page.decidedNote === '' ? '' : ` ${page.decidedNote}`}.</p>
</div>
${span !== null && yearsApart(span) ? html`<p class="notice">${page.yearsApart(span.first.slice(0, 4), span.last.slice(0, 4))}</p>\n` : null}${report.partial ? html`<p class="notice"><strong>${phrases.interrupted}</strong></p>\n` : null}${report.reference.lacksTopology ? html`<p class="notice">${phrases.noTopology}</p>\n` : null}<section class="summary" aria-labelledby="summary">
<h2 id="summary">${page.heading.summary}</h2>
<p class="hint">${page.results}</p>
<ul class="tiles">
${results.map((result) => tile(report, result, words))}</ul>
<h2>${page.heading.todo}</h2>
${toDo(found, language, words)}${alsoSeen(report, found, words)}<h2>${page.heading.limitsOfAudit}</h2>
<ul>
${openPoints(report, found, words)}</ul>
</section>
</header>
`;
}

/** more than this between the first and the last frame is no recording of one state of a network */
const daysOfOneState = 366;

const yearsApart = ({ first, last }: Span): boolean =>
  Date.parse(last) - Date.parse(first) > daysOfOneState * 24 * 3600 * 1000;

/** Titles of the packs, with the document that each is made from. */
const documentsOf = ({ reference }: AuditReport, language: Language): string =>
  reference.documents
    .map(({ title, product, lastModified }) =>
      [`“${title[language]}”`, product, lastModified].filter((part) => part !== null).join(', '),
    )
    .join('; ');

/** where each count leads */
const target: Record<Result, string> = {
  pass: 'paths',
  fail: 'findings',
  unknown: 'undecided',
  notchecked: 'not-observed',
  notapplicable: 'paths',
  informational: 'paths',
  error: 'undecided',
};

function tile({ summary }: AuditReport, result: Result, words: Words): Markup {
  const { paths, checks } = summary;
  const text = html`<strong>${thousands(paths[result])}</strong> ${badge(result, words)}<small>${words.phrases.count(checks[result], 'check')}</small>`;
  // a count of nothing leads to nothing
  return checks[result] === 0
    ? html`<li class="none"><div>${text}</div></li>\n`
    : html`<li><a href="#${target[result]}">${text}</a></li>\n`;
}

function toDo({ tasks, failed, passwords }: Digest, language: Language, words: Words): Markup {
  const { page } = words;
  if (tasks.length === 0) return html`<p>${page.noTodo}</p>\n`;
  const all = tasks.reduce((sum, { findings }) => sum + findings, 0);
  const items = tasks.map((task) => {
    const { remedy, findings, accepted } = task;
    const title = remedy?.title[language] ?? page.otherTodo;
    const note = accepted === 0 ? '' : accepted === findings ? page.allAccepted : page.someAccepted(accepted);
    const what = task.cases[0]?.findings[0]?.what ?? '';
    return html`<li><a href="#${taskId(task)}">${title}</a><small>${page.todoItem(what, findings, hostList(task, words))}${note === '' ? '' : `; ${note}`}</small></li>\n`;
  });
  return html`<p class="hint">${page.todoTotal(all, failed + passwords.count)} ${page.todoOrder}</p>
${listed('todo', items, tasksShown, words)}${whichFirst(tasks, words)}`;
}

/** The first of a list, and the others where a reader asks for them. */
function listed(kind: string, items: readonly Markup[], shown: number, { phrases }: Words): Markup {
  const left = items.length - shown;
  return html`<ol class="${kind}">
${items.slice(0, shown)}</ol>
${
  left <= 0
    ? null
    : html`<details><summary>${phrases.more(left)}</summary>
<ol class="${kind}" start="${shown + 1}">
${items.slice(shown)}</ol>
</details>
`
}`;
}

/** The hosts to change, the one to begin with first, each with its tasks. */
function whichFirst(tasks: readonly Task[], words: Words): Markup | null {
  const { page, phrases } = words;
  const all = hostsOf(tasks).list;
  const hosts = all.slice(0, hostsListed);
  if (hosts.length === 0) return null;
  const items = hosts.map(({ label, findings, tasks: places }) => {
    const links = places.map((at, nth) => html`${nth === 0 ? '' : ', '}<a href="#${taskId(tasks[at]!)}">${at + 1}</a>`);
    return html`<li><strong>${label}</strong> <span class="hint">${page.hostItem(findings)} ${links}</span></li>\n`;
  });
  const left = all.length - hosts.length;
  return html`<h3>${page.whichFirst}</h3>
<p class="hint">${page.whichFirstNote}</p>
${listed('hosts', items, hostsRanked, words)}${left > 0 ? html`<p class="hint">${phrases.more(left)}</p>\n` : null}`;
}

/** What is no failure of a path, and yet asks to be looked at. */
function alsoSeen(
  report: AuditReport,
  { accounts, exposures, keysInClear }: Digest,
  { page, phrases }: Words,
): Markup | null {
  const contradicted = report.assertions.filter(({ result }) => result === 'fail').length;
  const named = accounts.list.filter(({ name, token }) => name !== null && !token).length;
  const doubled = accounts.alike.reduce((sum, { length }) => sum + length - 1, 0);
  const points = [
    {
      count: accounts.flows,
      text: (flows: number) => page.alsoSeen.passwords(flows, named - doubled, named),
      to: 'accounts',
    },
    { count: accounts.tokenFlows, text: page.alsoSeen.tokens, to: 'accounts' },
    { count: exposures.count, text: page.alsoSeen.exposures, to: 'unexpected' },
    { count: keysInClear, text: phrases.keysInClear, to: 'flows' },
    { count: contradicted, text: page.alsoSeen.contradicted, to: 'statements' },
  ].filter(({ count }) => count > 0);
  if (points.length === 0) return null;
  return html`<ul class="also">
${points.map(({ count, text, to }) => html`<li><a href="#${to}">${text(count)}</a></li>\n`)}</ul>
`;
}

export const taskId = ({ remedy }: Task): string => `task-${remedy?.id ?? 'other'}`;

export function hostList({ hosts: { list, flowsLeft } }: Task, { phrases }: Words): string {
  const shown = list.slice(0, hostsShown).map(({ label }) => label);
  const more = list.length > hostsShown ? ` ${phrases.more(list.length - hostsShown)}` : '';
  return `${shown.join(', ')}${more}${flowsLeft > 0 ? ` ${phrases.moreFlows(flowsLeft)}` : ''}`;
}

function openPoints(report: AuditReport, { esp }: Digest, { page }: Words): Markup[] {
  const { notchecked } = report.summary.paths;
  const { unknown, error } = report.summary.checks;
  const problems = report.captures.reduce((sum, capture) => sum + capture.problems.length, 0);
  const others = addressesOf(otherNames(report));
  const points = [
    { count: others, text: page.openPoints.otherNames, to: 'quality' },
    { count: unknown + error, text: page.openPoints.unknown, to: 'undecided' },
    { count: notchecked, text: page.openPoints.notchecked, to: 'not-observed' },
    { count: esp.flows, text: (flows: number) => page.openPoints.esp(flows, esp.signedOnly), to: 'flows' },
    { count: problems, text: page.openPoints.problems, to: 'audit' },
  ].filter(({ count }) => count > 0);
  if (points.length === 0) return [html`<li>${page.openPoints.nothing}</li>\n`];
  return points.map(({ count, text, to }) => html`<li><a href="#${to}">${text(count)}</a></li>\n`);
}
