import type { AuditReport, FlowReport } from '../check/audit-report.ts';
import { answersOf } from './answers.ts';
import { digest } from './digest.ts';
import { endsOf, exposureOf, type Finding } from './finding.ts';
import type { FormatOptions, Language, Sink } from './format.ts';
import { passwordAdvice } from './password-advice.ts';
import { second, spanOf } from './time.ts';
import type { Task } from './to-do.ts';
import { undecided } from './undecided.ts';
import { verdictOf } from './verdict.ts';
import { visible } from './visible.ts';
import { wordsOf } from './words/language.ts';
import type { Words } from './words.ts';

/** findings listed, so that a comment on a pull request (65,536 characters on GitHub) holds the report */
const findingsShown = 20;
const pathsShown = 60;
const capturesShown = 20;
const hostsShown = 8;

/** Markdown (GitHub's) for a pull request or a wiki: the verdict, what to do, the paths seen, what stayed open, what went in. */
export function writeMarkdown(
  report: AuditReport,
  options: Pick<FormatOptions, 'language' | 'found'>,
  sink: Sink,
): void {
  const words = wordsOf(options.language);
  const { language } = options;
  const { phrases, page } = words;
  const verdict = verdictOf(report, words);
  const found = options.found ?? digest(report, words);
  const packs = report.rulePacks.map(({ id, version }) => `${id} ${version}`).join(', ');
  const frames = report.captures.reduce((sum, capture) => sum + capture.frames, 0);
  const span = spanOf(report.captures);
  const when = span && phrases.span(second(span.first), second(span.last));
  sink(`# ${phrases.title}\n\n`);
  sink(`**${verdict.word}**: ${verdict.counts}\n\n${verdict.decided}; ${verdict.exit}\n\n`);
  sink(`${text(phrases.subject(packs, report.captures.length, frames, when, report.stamp))}\n`);
  if (report.partial) sink(`\n> ${phrases.interrupted}\n`);
  if (report.reference.lacksTopology) sink(`\n> ${phrases.noTopology}\n`);
  writeTasks(found.tasks, language, words, sink);
  if (found.exposures.count > 0) {
    sink(`\n## ${phrases.exposures}\n\n`);
    for (const flow of found.exposures.flows.slice(0, findingsShown))
      sink(bullet(flow, exposureOf(flow, words), words));
    const left = found.exposures.count - findingsShown;
    if (left > 0) sink(`- ${phrases.moreFlows(left)}\n`);
  }
  writePaths(report, language, words, sink);
  writeUndecided(report, language, words, sink);
  sink(`\n## ${page.heading.audit}\n\n| ${page.captures.columns[0]} | ${page.captures.columns[4]} |\n| --- | --- |\n`);
  for (const { file, sha256 } of report.captures.slice(0, capturesShown)) {
    sink(`| ${code(file)} | ${sha256 === null ? page.captures.noHash : code(sha256)} |\n`);
  }
  const more = report.captures.length - capturesShown;
  if (more > 0) sink(`| ${phrases.more(more)} | |\n`);
  sink(`\n${text(`${report.tool.name} ${report.tool.version}`)}\n`);
}

function writeTasks(tasks: readonly Task[], language: Language, words: Words, sink: Sink): void {
  const { page, phrases } = words;
  if (tasks.length === 0) return;
  sink(`\n## ${page.heading.todo}\n`);
  let room = findingsShown;
  let left = 0;
  for (const { remedy, cases, hosts, accounts, findings } of tasks) {
    left += findings;
    if (room === 0) continue;
    const named = hosts.list.slice(0, hostsShown).map(({ label }) => code(label));
    const more = hosts.list.length > hostsShown ? `, ${phrases.more(hosts.list.length - hostsShown)}` : '';
    sink(
      `\n### ${text(remedy?.title[language] ?? page.otherTodo)}\n\n${page.findings(findings)}; ${page.where}: ${named.join(', ')}${more}\n\n`,
    );
    for (const advice of passwordAdvice(accounts, words)) sink(`${text(advice)}\n\n`);
    for (const command of remedy?.commands ?? []) {
      const line = typeof command === 'string' ? command : `${command.run}   # ${command.note[language]}`;
      sink(`    ${visible(line)}\n`);
    }
    if (remedy !== null && remedy.commands.length > 0) sink('\n');
    for (const { flow, findings, flows } of cases) {
      if (room === 0) break;
      for (const finding of findings) sink(bullet(flow, finding, words));
      if (flows > 1) sink(`  (${page.sameElsewhere(flows - 1)})\n`);
      room = Math.max(0, room - findings.length);
      left -= findings.length * flows;
    }
  }
  if (left > 0) sink(`\n${phrases.moreFindings(left)}\n`);
}

function bullet(flow: FlowReport, { what, because, where, accepted }: Finding, { phrases }: Words): string {
  const frame = where === null ? '' : `, ${phrases.frame(where.frame)} ${code(where.file)}`;
  const taken = accepted === null ? '' : ` (${text(phrases.acceptedBy(accepted.by, accepted.until, accepted.reason))})`;
  return `- ${code(endsOf(flow))}: ${text(what)}${because === null ? '' : `; ${text(because)}`}${frame}${taken}\n`;
}

function writePaths(report: AuditReport, language: Language, words: Words, sink: Sink): void {
  const { check, page, phrases } = words;
  const seen = answersOf(report).filter(({ observed }) => observed);
  if (seen.length === 0) return;
  const columns = [page.matrix.columns.path, check.port, check.authentication, check.encryption];
  sink(`\n## ${page.heading.paths}\n\n| ${columns.join(' | ')} |\n| --- | --- | --- | --- |\n`);
  for (const { rows, port, authentication, encryption } of seen.slice(0, pathsShown)) {
    const cells = [port, authentication, encryption].map(({ result, accepted }) => {
      const word = words.result[result];
      return result === 'fail' ? `**${word}**${accepted ? ` (${page.accepted})` : ''}` : word;
    });
    sink(`| ${rows.map(({ title }) => text(title[language])).join(' / ')} | ${cells.join(' | ')} |\n`);
  }
  if (seen.length > pathsShown) sink(`\n${phrases.moreRows(seen.length - pathsShown)}\n`);
  const notSeen = report.summary.paths.notchecked;
  if (notSeen > 0) sink(`\n${page.openPoints.notchecked(notSeen)}\n`);
}

function writeUndecided(report: AuditReport, language: Language, words: Words, sink: Sink): void {
  const found = undecided(report);
  if (found.length === 0) return;
  const { undecided: say, heading } = words.page;
  sink(`\n## ${heading.undecided}\n\n| ${say.columns.join(' | ')} |\n|${' --- |'.repeat(say.columns.length)}\n`);
  for (const { checks, reason, advice, answers } of found) {
    const titles = answers.slice(0, 5).map(({ rows }) => text(rows[0].title[language]));
    const more = answers.length > 5 ? `, ${words.phrases.more(answers.length - 5)}` : '';
    sink(
      `| ${checks.map((check) => words.check[check]).join(', ')} | ${text(words.reason[reason])} | ${text(words.advice[advice] ?? '')} | ${titles.join(', ')}${more} |\n`,
    );
  }
}

/** Text in which Markdown, HTML and a table's cells see nothing of theirs. */
const text = (raw: string): string =>
  visible(raw)
    .replace(/[\\`*_{}[\]()#+!|~$^]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//')
    .replace(/www\./gi, 'www&#46;')
    .replace(/^(\s*)([-=\d])/, '$1\\$2');

/** A name as code: nobody is mentioned, nothing is linked. A fence longer than any run of backticks in it, and pipes for tables. */
function code(raw: string): string {
  const shown = visible(raw).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || shown.trim() !== shown || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}
