import { openStore } from '../store/sqlite-store.ts';
import {
  addResultOptions,
  addRuleOptions,
  auditForOutputs,
  exitCodeOf,
  keepCheck,
  type ResultOptions,
} from './auditing.ts';
import { collect } from './collect.ts';
import { type InputFiles, readInputs } from './inputs.ts';
import {
  addPresentationOptions,
  formatOption,
  type OutputOptions,
  outputsOf,
  presentationFrom,
} from './output-options.ts';
import { writeOutputs } from './outputs.ts';
import type { Program } from './program.ts';

interface Options extends ResultOptions, InputFiles, OutputOptions {
  db: string;
  stamp?: boolean;
}

export function addCheckCommand(program: Program): void {
  const command = program.command
    .command('check')
    .description('check what is stored, without decoding again')
    .requiredOption('--db <file>', 'a database that ingest or audit made')
    .option('--report <file>', 'write a report; its ending picks the format; can be given again', collect)
    .addOption(formatOption('what to print instead of the terminal report'))
    .option('--stamp', 'put the time of this run into the report');
  addPresentationOptions(addResultOptions(addRuleOptions(command)))
    .addHelpText('after', '\nExample:\n  pcap-audit check --db audit.db --topology topology.yaml\n')
    .action(async (options: Options) => {
      const inputs = readInputs(options);
      const outputs = outputsOf(options);
      const store = openStore(options.db, false);
      try {
        const audited = auditForOutputs(store, inputs, options, program);
        await keepCheck(store, inputs, options, program, audited.report);
        writeOutputs(audited, outputs, presentationFrom(options));
        program.exitCode = exitCodeOf(audited.report, options);
      } finally {
        store.close();
      }
    });
}
