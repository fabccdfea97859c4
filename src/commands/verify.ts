import { Option } from 'commander';
import { findCaptures } from '../capture/find-captures.ts';
import { firstReading, hasSecondReader, secondReading } from '../capture/second-reader.ts';
import type { CaptureSource } from '../capture/source.ts';
import { audit } from '../check/audit.ts';
import { ingest } from '../pipeline.ts';
import type { Language } from '../report/format.ts';
import { writeJson } from '../report/json.ts';
import { visible } from '../report/visible.ts';
import type { ComparePhrases } from '../report/words/english-compare.ts';
import { wordsOf } from '../report/words/language.ts';
import { openTemporaryStore } from '../store/sqlite-store.ts';
import { addRuleOptions, auditInputs } from './auditing.ts';
import { type InputFiles, readInputs, sha256 } from './inputs.ts';
import { toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';
import { type PrintedReport, readPrinted } from './read-report.ts';
import { reading } from './reading.ts';
import { SameAsFile } from './report-text.ts';

interface Options extends InputFiles {
  lang: Language;
}

/** A line of what was found: `no` speaks against the report, `open` leaves something unproven, a `note` neither. */
interface Statement {
  answer: 'yes' | 'no' | 'open' | 'note';
  text: string;
}

export function addVerifyCommand(program: Program): void {
  const command = program.command
    .command('verify')
    .description(
      'whether a report belongs to these captures and still comes out the same; reads classic captures twice',
    )
    .argument('<report>', 'a JSON report')
    .argument('<capture...>', 'the captures that it was made from')
    .addOption(new Option('--lang <language>', 'language of what is said').choices(['en', 'ko']).default('en'));
  addRuleOptions(command)
    .addHelpText('after', '\nExample:\n  pcap-audit verify report.json hubs.pcapng --topology topology.yaml\n')
    .action(async (file: string, names: string[], options: Options) => {
      const say = wordsOf(options.lang).compare.verify;
      const printed = readPrinted(file);
      const captures = await findCaptures(names);
      const statements = await compareCaptures(printed, captures, say);
      if (statements.every(({ answer }) => answer !== 'no')) {
        statements.push(...(await repeatAudit(file, printed, names, options, program, say)));
      }
      const answers = statements.map(({ answer }) => answer);
      const verdict = answers.includes('no') ? 'verdictNo' : answers.includes('open') ? 'verdictPartly' : 'verdictYes';
      program.exitCode = verdict === 'verdictYes' ? 0 : 1;
      toStandardOutput((sink) => {
        sink(`${say[verdict]}\n`);
        for (const { answer, text } of statements) sink(`${marks[answer]} ${visible(text)}\n`);
      });
    });
}

const marks = { yes: '✓', no: '✗', open: '?', note: '·' } as const;

/** Each capture against the report, and each classic one against a second reader. */
async function compareCaptures(
  report: PrintedReport,
  captures: readonly CaptureSource[],
  say: ComparePhrases['verify'],
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const left = [...report.captures];
  for (const capture of captures) {
    const { reading: ours, summary } = await firstReading(capture);
    const at = left.findIndex(({ sha256, bytes, frames }) =>
      sha256 === null ? bytes === summary.bytes && frames === summary.frames : sha256 === summary.sha256,
    );
    if (at === -1) {
      statements.push({ answer: 'no', text: say.stranger(capture.name) });
      continue;
    }
    const [known] = left.splice(at, 1);
    const name = known!.file;
    if (known!.sha256 === null) statements.push({ answer: 'open', text: say.noHash(capture.name) });
    else {
      const text = name === capture.name ? say.belongs(name) : say.renamed(capture.name, name);
      statements.push({ answer: 'yes', text });
    }
    if (!hasSecondReader(summary)) {
      // that no second reader knows the format is no doubt about the report
      statements.push({ answer: 'note', text: say.noSecond(capture.name) });
      continue;
    }
    try {
      const theirs = await secondReading(capture, summary.compression);
      const same = theirs.frames === ours.frames && theirs.digest === ours.digest;
      statements.push(
        same
          ? { answer: 'yes', text: say.secondAgrees(capture.name, ours.frames) }
          : { answer: 'no', text: say.secondDiffers(capture.name, ours.frames, theirs.frames) },
      );
    } catch {
      statements.push({ answer: 'open', text: say.secondFailed(capture.name) });
    }
  }
  for (const { file } of left) statements.push({ answer: 'no', text: say.missing(file) });
  return statements;
}

/** The audit again, with what the report was made with, and whether every byte of it is the same. */
async function repeatAudit(
  file: string,
  report: PrintedReport,
  given: readonly string[],
  options: Options,
  program: Program,
  say: ComparePhrases['verify'],
): Promise<Statement[]> {
  const inputs = readInputs(options);
  const doubts = [
    doubt(report.topology?.sha256, inputs.topology?.source, say.topology, '--topology', say),
    doubt(report.exceptions?.sha256, inputs.exceptions?.source, say.exceptions, '--exceptions', say),
    ...(samePacks(
      report,
      inputs.packs.map(({ source }) => sha256(source.text)),
    )
      ? []
      : [{ answer: 'open', text: say.notGiven(say.pack, '--rules') } as const]),
  ].filter((statement) => statement !== null);
  const { version } = program.tool;
  if (report.tool.version !== version)
    doubts.push({ answer: 'open', text: say.otherVersion(report.tool.version, version) });
  if (doubts.length > 0) return doubts;
  const { strict, inference = true, asOf } = report.options;
  const made = {
    inference: inference === true,
    ...(strict === true ? { strict } : {}),
    ...(typeof asOf === 'string' ? { asOf } : {}),
  };
  const hash = report.captures.every((capture) => capture.sha256 !== null);
  const store = openTemporaryStore();
  try {
    await store.writing(() => reading(given, { hash, quiet: true }, (work) => ingest(work, store), []));
    const { observed, auditOptions } = auditInputs(store, inputs, made, program, false);
    // the report's own names: a file may have been renamed since
    const names = new Map(report.captures.map(({ sha256, file }) => [sha256, file]));
    const captures = observed.captures.map((known) => ({ ...known, file: names.get(known.sha256) ?? known.file }));
    const stamped = { ...audit({ ...observed, captures }, auditOptions), stamp: report.stamp ?? null };
    const differs: number[] = [];
    for (const language of ['en', 'ko'] as const) {
      const same = new SameAsFile(file);
      writeJson(stamped, { language }, (chunk) => same.add(chunk));
      same.end();
      if (same.differs === null) return [{ answer: 'yes', text: say.sameReport }];
      differs.push(same.differs);
    }
    return [{ answer: 'no', text: say.otherReport(Math.max(...differs)) }];
  } finally {
    store.close();
  }
}

const samePacks = ({ rulePacks }: PrintedReport, given: readonly string[]): boolean =>
  rulePacks.map(({ sha256 }) => sha256).join() === given.join();

function doubt(
  expected: string | undefined,
  given: { text: string } | undefined,
  what: string,
  option: string,
  say: ComparePhrases['verify'],
): Statement | null {
  if (expected === undefined) return given === undefined ? null : { answer: 'open', text: say.otherInput(what) };
  if (given === undefined) return { answer: 'open', text: say.notGiven(what, option) };
  return sha256(given.text) === expected ? null : { answer: 'open', text: say.otherInput(what) };
}
