import { packJsonSchema } from '../check/json-schema.ts';
import { loadPack } from '../check/load-pack.ts';
import type { DataPath, Pack } from '../check/pack.ts';
import { runExamples } from '../check/run-examples.ts';
import { analyzerNames, packNames, readPackSource, readSource } from './inputs.ts';
import { toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';
import { UsageError } from './usage-error.ts';

export function addRulesCommand(program: Program): void {
  const rules = program.command
    .command('rules')
    .description('rule packs: list, show, validate, and their JSON Schema')
    .addHelpText('after', '\nExample:\n  pcap-audit rules show hub-to-hub\n');
  rules
    .command('list')
    .description('the packs that come with pcap-audit')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  pcap-audit rules list\n')
    .action((options: { json?: boolean }) => {
      const packs = packNames().map(readPack);
      const rows = packs.map(({ id, version, title, paths }) => ({
        id,
        version,
        title: title.en,
        paths: paths.length,
      }));
      print(
        options.json,
        rows,
        rows.map((row) => `${row.id}  ${row.version}  ${row.title} (${row.paths} data paths)`),
      );
    });
  rules
    .command('show')
    .description('a pack, or one data path, firewall rule or note of the packs')
    .argument('<id>', 'id of a pack, data path, firewall rule or note')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  pcap-audit rules show hub-to-hub\n')
    .action((id: string, options: { json?: boolean }) => {
      const packs = packNames().map(readPack);
      const pack = packs.find((known) => known.id === id);
      if (pack) {
        print(
          options.json,
          pack,
          pack.paths.map((path) => `${path.id}  ${path.title.en}`),
        );
        return;
      }
      for (const { paths, firewall, notes } of packs) {
        const path = paths.find((known) => known.id === id);
        if (path) return print(options.json, path, pathLines(path));
        const entry = firewall.find((rule) => rule.id === id) ?? notes.find((note) => note.id === id);
        if (entry)
          return print(
            options.json,
            entry,
            Object.entries(entry).map(([key, value]) => `${key}: ${value}`),
          );
      }
      throw new UsageError(
        `${id}: no pack, data path, firewall rule or note; \`pcap-audit rules show exchange-2010\` lists the paths`,
      );
    });
  rules
    .command('validate')
    .description('check a rule pack, and run its examples')
    .argument('<file>', 'a pack in YAML')
    .addHelpText('after', '\nExample:\n  pcap-audit rules validate my-pack.yaml\n')
    .action((file: string) => {
      const { text } = readSource(file);
      const pack = loadPack(file, text);
      const { run, failed } = runExamples(pack, analyzerNames);
      if (failed.length > 0) {
        const lines = failed.map(
          (one) => `${one.path}, ${one.example}: ${one.check} is ${one.found}, not ${one.expected}`,
        );
        throw new UsageError(lines.map((line) => `${file}: ${line}`).join('\n'));
      }
      const examples = run === 0 ? '' : `, ${run} examples as expected`;
      toStandardOutput((sink) => sink(`${file}: valid, ${pack.paths.length} data paths${examples}\n`));
    });
  rules
    .command('schema')
    .description('the JSON Schema of rule packs')
    .addHelpText('after', '\nExample:\n  pcap-audit rules schema > pack.schema.json\n')
    .action(() => toStandardOutput((sink) => sink(`${JSON.stringify(packJsonSchema(), null, 2)}\n`)));
}

function readPack(name: string): Pack {
  const { file, text } = readPackSource(name);
  return loadPack(file, text);
}

function pathLines(path: DataPath): string[] {
  const carriers = path.carriers.map(
    ({ transport, port, protocol }) => `${transport}/${Array.isArray(port) ? port.join('-') : port} ${protocol}`,
  );
  return [
    `${path.id}  ${path.title.en}`,
    `from ${path.from.join(', ')} to ${path.to.join(', ')}`,
    `carriers: ${carriers.join(', ')}`,
    ...(path.authentication
      ? [
          `authentication: ${path.authentication.supported.join(', ')} (default ${path.authentication.default.join(', ')})`,
        ]
      : []),
    `encryption: ${path.encryption.mechanism}, by default ${path.encryption.byDefault}`,
    ...(path.notes.length > 0 ? [`notes: ${path.notes.join(', ')}`] : []),
  ];
}

function print(json: boolean | undefined, value: unknown, lines: readonly string[]): void {
  const text = json ? JSON.stringify(value, null, 2) : lines.join('\n');
  toStandardOutput((sink) => sink(`${text}\n`));
}
