import type { AuditReport, CheckReport } from '../check/audit-report.ts';
import { type CheckName, checkNames } from '../check/pack.ts';
import { type Answer, answersOf } from './answers.ts';
import { digest, type Failure } from './digest.ts';
import { failuresOf, findingLine } from './finding.ts';
import type { FormatOptions, Sink } from './format.ts';
import { visible } from './visible.ts';
import { wordsOf } from './words/language.ts';
import type { Words } from './words.ts';

/**
 * JUnit XML: a test case for each path and check. It fails where the exit code says so: accepted failures, and what could
 * not be decided (unless --strict counts it as failed), are skipped, with the reason.
 */
export function writeJunit(report: AuditReport, options: Pick<FormatOptions, 'language' | 'found'>, sink: Sink): void {
  const words = wordsOf(options.language);
  const strict = report.options.strict === true;
  const found = options.found ?? digest(report, words);
  const said = new Map(found.failures.map((failure) => [failure.answer.rows[0].id, failure]));
  const answers = answersOf(report);
  const outcomes = answers.flatMap((answer) => checkNames.map((check) => outcomeOf(answer[check], strict)));
  const count = (outcome: Outcome) => outcomes.filter((known) => known === outcome).length;
  const totals = `tests="${outcomes.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const packs = report.rulePacks.map(({ id, version }) => `${id} ${version}`).join(', ');
  sink(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(report.tool.name)}" ${totals}>\n`);
  sink(`  <testsuite name="${xml(packs)}" ${totals}>\n`);
  for (const answer of answers) {
    for (const check of checkNames) {
      const failure = said.get(answer.rows[0].id);
      const texts = failure === undefined ? [] : failureTexts(failure, check, words);
      sink(testCase(answer, check, strict, texts, options.language, words));
    }
  }
  sink('  </testsuite>\n</testsuites>\n');
}

/** A line and a filter for each flow shown, and how many more there are. */
function failureTexts({ answer, flows, failing }: Failure, check: CheckName, words: Words): string[] {
  let shown = 0;
  const texts = flows.flows.flatMap((flow) => {
    const own = failuresOf(flow, answer.rows, words).filter((finding) => finding.check === check);
    if (own.length > 0) shown++;
    return own.map((finding) => `${findingLine(flow, finding, words)}\n${flow.wiresharkFilter}`);
  });
  const left = failing[check] - shown;
  return left > 0 ? [...texts, words.phrases.moreFlows(left)] : texts;
}

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

function outcomeOf({ result, accepted }: CheckReport, strict: boolean): Outcome {
  switch (result) {
    case 'pass':
    case 'informational':
      return 'passed';
    case 'fail':
      return accepted ? 'skipped' : 'failure';
    case 'unknown':
      return strict ? 'failure' : 'skipped';
    case 'error':
      return 'error';
    case 'notchecked':
    case 'notapplicable':
      return 'skipped';
    default:
      return result satisfies never;
  }
}

function testCase(
  answer: Answer,
  check: CheckName,
  strict: boolean,
  texts: readonly string[],
  language: FormatOptions['language'],
  words: Words,
): string {
  const { result, reason, accepted } = answer[check];
  const name = `${answer.rows.map(({ title }) => title[language]).join(' / ')}: ${words.check[check]}`;
  const open = `    <testcase classname="${xml(answer.rows.map(({ id }) => id).join(' / '))}" name="${xml(name)}"`;
  const why = accepted ? words.phrases.acceptedBy(accepted.by, accepted.until, accepted.reason) : words.reason[reason];
  const message = xml(`${words.result[result]}: ${why}`);
  const outcome = outcomeOf(answer[check], strict);
  switch (outcome) {
    case 'passed':
      return `${open}/>\n`;
    case 'skipped':
      return `${open}><skipped message="${message}"/></testcase>\n`;
    case 'failure':
    case 'error':
      return `${open}><${outcome} message="${message}" type="${reason}">${xml(texts.join('\n'), true)}</${outcome}></testcase>\n`;
    default:
      return outcome satisfies never;
  }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text that XML 1.0 can hold, as content or in an attribute; lines are kept where asked for. */
function xml(text: string, lines = false): string {
  const shown = lines ? text.split('\n').map(visible).join('\n') : visible(text);
  return shown.replace(/[\ufffe\uffff]/g, '\ufffd').replace(/[&<>"']/g, (character) => entities[character]!);
}
