import { openStore } from '../store/sqlite-store.ts';
import { auditForOutputs } from './auditing.ts';
import { inputsOf } from './inputs.ts';
import { addPresentationOptions, formatOption, type OutputOptions, presentationFrom } from './output-options.ts';
import { formatFor, writeOutputs } from './outputs.ts';
import type { Program } from './program.ts';
import { UsageError } from './usage-error.ts';

interface Options extends OutputOptions {
  db: string;
  output?: string;
  stamp?: boolean;
}

export function addReportCommand(program: Program): void {
  const command = program.command
    .command('report')
    .description('write a report of the last check')
    .requiredOption('--db <file>', 'a database that was checked')
    .addOption(formatOption('the format; else the ending of the output file picks it'))
    .option('-o, --output <file>', 'where to write; else standard output')
    .option('--stamp', 'put the time of this run into the report');
  addPresentationOptions(command)
    .addHelpText('after', '\nExample:\n  pcap-audit report --db audit.db -o report.html\n')
    .action((options: Options) => {
      const path = options.output ?? null;
      const output = { path, format: formatFor(options.format, path) };
      const store = openStore(options.db, false);
      try {
        const check = store.lastCheck();
        if (!check) {
          throw new UsageError(`${options.db}: nothing was checked yet; run: pcap-audit check --db ${options.db}`);
        }
        const { strict, inference = true, asOf } = check.options;
        const made = {
          inference: inference === true,
          ...(strict === true ? { strict } : {}),
          ...(typeof asOf === 'string' ? { asOf } : {}),
        };
        const audited = auditForOutputs(store, inputsOf(check), { ...options, ...made }, program);
        writeOutputs(audited, [output], presentationFrom(options));
      } finally {
        store.close();
      }
    });
}
