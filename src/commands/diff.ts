import { Option } from 'commander';
import { type Change, type ComparableFinding, type Comparison, compare, isWorse } from '../report/compare.ts';
import type { Language } from '../report/format.ts';
import { visible } from '../report/visible.ts';
import { wordsOf } from '../report/words/language.ts';
import type { Words } from '../report/words.ts';
import { toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';
import { readComparable } from './read-report.ts';

interface Options {
  json?: boolean;
  lang: Language;
}

export function addDiffCommand(program: Program): void {
  program.command
    .command('diff')
    .description('what got better, worse, newly seen or no longer seen; exits 1 where something got worse')
    .argument('<old>', 'a JSON report, or a database that was checked')
    .argument('<new>', 'a later one')
    .option('--json', 'as JSON')
    .addOption(new Option('--lang <language>', 'language of what is said').choices(['en', 'ko']).default('en'))
    .addHelpText('after', '\nExample:\n  pcap-audit diff monday.json friday.json\n')
    .action((old: string, later: string, options: Options) => {
      const [before, after] = [old, later].map((file) => readComparable(file, options.lang, program)) as [
        ReturnType<typeof readComparable>,
        ReturnType<typeof readComparable>,
      ];
      const found = compare(before, after);
      program.exitCode = isWorse(found) ? 1 : 0;
      if (options.json) {
        toStandardOutput((sink) => sink(`${JSON.stringify(found, null, 2)}\n`));
        return;
      }
      const words = wordsOf(options.lang);
      const say = words.compare;
      const lines = [say.compared(old, later)];
      if (before.packs.join() !== after.packs.join()) {
        lines.push(say.otherPack(before.packs.join(', '), after.packs.join(', ')));
      }
      lines.push(...sections(found, words));
      toStandardOutput((sink) => {
        for (const line of lines) sink(`${visible(line)}\n`);
      });
    });
}

function sections(found: Comparison, words: Words): string[] {
  const say = words.compare;
  const lines: string[] = [];
  const section = (title: string, entries: string[]) => {
    if (entries.length > 0) lines.push('', title, ...entries.map((entry) => `  ${entry}`));
  };
  const changes = (list: Change[]) => list.map((change) => changeLine(change, words));
  const findings = (list: ComparableFinding[]) => list.map((finding) => findingLine(finding, words));
  section(say.worse, changes(found.worse));
  section(say.newFindings, findings(found.newFindings));
  section(say.better, changes(found.better));
  section(say.goneFindings, findings(found.goneFindings));
  section(say.newlySeen, changes(found.newlySeen));
  section(say.noLongerSeen, changes(found.noLongerSeen));
  section(say.unseenFindings, findings(found.unseenFindings));
  section(say.acceptedSince, changes(found.acceptedSince));
  return lines.length > 0 ? lines : ['', say.same];
}

function changeLine({ title, path, check, from, to, reason }: Change, words: Words): string {
  const why = to === 'pass' || to === 'notchecked' ? '' : `: ${words.reason[reason] ?? reason}`;
  return `${title} (${path}), ${words.check[check]}: ${words.result[from]} → ${words.result[to]}${why}`;
}

function findingLine({ path, check, reason, client, server, flows }: ComparableFinding, words: Words): string {
  return `${client} → ${server} (${path}), ${words.check[check]}: ${words.reason[reason] ?? reason} (${words.compare.flows(flows)})`;
}
