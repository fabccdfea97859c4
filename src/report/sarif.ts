import type { AuditReport } from '../check/audit-report.ts';
import { checkNames } from '../check/pack.ts';
import type { Result } from '../check/result.ts';
import { factWords } from './fact.ts';
import { endsOf, expected } from './finding.ts';
import type { FormatOptions, Sink } from './format.ts';
import { jsonText } from './json-text.ts';
import { wordsFor } from './logins-in-clear.ts';
import { type ResultLine, resultLines } from './result-lines.ts';
import { visible } from './visible.ts';
import { wordsOf } from './words/language.ts';
import type { Words } from './words.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF's words for our results; what passed or has nothing to judge is left out, as it is no result of an analysis. */
const kinds = {
  fail: { kind: 'fail', level: 'error' },
  error: { kind: 'open', level: 'none' },
  unknown: { kind: 'open', level: 'none' },
  informational: { kind: 'informational', level: 'none' },
} as const satisfies Partial<Record<Result, { kind: string; level: string }>>;

/**
 * SARIF 2.1.0: a rule for each path and check, a result for each flow that failed, stayed open or is worth knowing. A
 * capture has no lines, so `startLine` is the frame's number. Written result by result.
 */
export function writeSarif(report: AuditReport, options: Pick<FormatOptions, 'language'>, sink: Sink): void {
  const words = wordsOf(options.language);
  const rules = report.paths.flatMap((path) =>
    checkNames.map((check) => ({
      id: `${path.id}/${check}`,
      name: `${path.id}/${check}`,
      shortDescription: { text: plain(`${path.title[options.language]}: ${words.check[check]}`) },
      fullDescription: { text: plain(expected(path, check, words)) },
      defaultConfiguration: { level: 'error' },
    })),
  );
  const driver = {
    name: report.tool.name,
    semanticVersion: report.tool.version,
    language: options.language,
    rules,
  };
  const artifacts = report.captures.map(({ file, sha256, bytes }) => ({
    location: { uri: uriOf(file) },
    length: bytes,
    ...(sha256 === null ? {} : { hashes: { 'sha-256': sha256 } }),
  }));
  sink(`{\n  "$schema": ${jsonText(schema)},\n  "version": "2.1.0",\n  "runs": [{\n`);
  sink(`    "tool": { "driver": ${jsonText(driver)} },\n`);
  sink(`    "invocations": [{ "executionSuccessful": ${!report.partial} }],\n`);
  sink(`    "columnKind": "utf16CodeUnits",\n    "artifacts": ${jsonText(artifacts)},\n    "results": [`);
  let before = '\n      ';
  const ruleIndex = new Map(rules.map(({ id }, at) => [id, at]));
  for (const line of resultLines(report, words)) {
    const { result, path, check } = line.row;
    if (!(result in kinds)) continue;
    const index = ruleIndex.get(`${path}/${check}`)!;
    sink(
      before +
        jsonText(
          resultOf(
            line,
            kinds[result as keyof typeof kinds],
            index,
            options.language,
            report.exceptions !== null,
            words,
          ),
        ),
    );
    before = ',\n      ';
  }
  sink(`${before === '\n      ' ? '' : '\n    '}]\n  }]\n}\n`);
}

function resultOf(
  { flow, row, message, expected, remedy }: ResultLine,
  kind: { kind: string; level: string },
  ruleIndex: number,
  language: FormatOptions['language'],
  hasRisks: boolean,
  words: Words,
) {
  const { path, check, reason, evidence, accepted } = row;
  const places =
    evidence.length > 0 ? evidence : flow.captures.slice(0, 1).map((file) => ({ file, frame: 1, fact: '' }));
  const fix = remedy === null ? '' : ` ${remedy.title[language]}.`;
  return {
    ruleId: `${path}/${check}`,
    ruleIndex,
    ...kind,
    message: { text: plain(`${message} ${expected}.${fix}`) },
    locations: places.slice(0, 10).map(({ file, frame, fact }) => ({
      physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: frame } },
      logicalLocations: [{ fullyQualifiedName: visible(endsOf(flow)), kind: 'flow' }],
      ...(fact === '' ? {} : { message: { text: plain(factWords(fact, wordsFor(flow, words))) } }),
    })),
    partialFingerprints: { 'flowPathCheck/v1': `${flow.id}/${path}/${check}` },
    ...(accepted === undefined
      ? // SARIF 3.27.23: what is not suppressed says so where others are
        hasRisks
        ? { suppressions: [] }
        : {}
      : {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: visible(`${accepted.reason} (${accepted.by}, ${accepted.until})`),
            },
          ],
        }),
    properties: { flow: flow.id, reason, wiresharkFilter: flow.wiresharkFilter },
  };
}

/** Text in which SARIF sees neither a placeholder nor a link (SARIF 2.1.0, 3.11.5 and 3.11.6). */
const plain = (text: string): string =>
  visible(text)
    .replace(/[{}]/g, '$&$&')
    .replace(/[[\]\\]/g, '\\$&');

/** A relative reference: every segment percent-encoded, so that no name is taken for a scheme. */
const uriOf = (file: string): string =>
  visible(file)
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
