import { findCaptures } from '../capture/find-captures.ts';
import { orderCaptures } from '../capture/order.ts';
import { ingest } from '../pipeline.ts';
import { openStore, openTemporaryStore } from '../store/sqlite-store.ts';
import { type AnnotateOptions, checkAnnotate, writeAnnotated } from './annotate.ts';
import {
  type Audited,
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
  addAnnotateOptions,
  addPresentationOptions,
  formatOption,
  type OutputOptions,
  outputsOf,
  presentationFrom,
} from './output-options.ts';
import { writeOutputs } from './outputs.ts';
import type { Program } from './program.ts';
import { addReadingOptions, nothingAdded, type ReadingOptions, reading } from './reading.ts';

interface Options extends ResultOptions, InputFiles, OutputOptions, ReadingOptions, Omit<AnnotateOptions, 'lang'> {
  db?: string;
  stamp?: boolean;
}

export function addAuditCommand(program: Program): void {
  const command = program.command
    .command('audit')
    .description('decode, store, check and report, in one go')
    .argument('<capture...>', 'files, folders, globs, or - for standard input: pcap or pcapng, also .gz and .zst')
    .option('--db <file>', 'keep the facts in this database')
    .option('--report <file>', 'write a report; its ending picks the format; can be given again', collect)
    .addOption(formatOption('what to print instead of the terminal report'))
    .option('--stamp', 'put the time of this run into the report');
  addReadingOptions(addPresentationOptions(addAnnotateOptions(addResultOptions(addRuleOptions(command)))))
    .addHelpText('after', '\nExample:\n  pcap-audit audit hubs.pcapng --topology topology.yaml --report report.html\n')
    .action(async (captures: string[], options: Options) => {
      const inputs = readInputs(options);
      const outputs = outputsOf(options);
      checkAnnotate(options, captures);
      const store = options.db === undefined ? openTemporaryStore() : openStore(options.db, true);
      try {
        const publish = (audited: Audited): void => {
          writeOutputs(audited, outputs, presentationFrom(options));
          program.exitCode = exitCodeOf(audited.report, options);
        };
        const { partial } = await store.writing(
          () => reading(captures, options, (work) => ingest(work, store), store.captures()),
          (ingested) => {
            if (ingested.partial) publish(auditForOutputs(store, inputs, options, program, true));
            return !ingested.partial || options.db === undefined;
          },
        );
        if (partial) {
          if (options.db !== undefined) process.stderr.write(`${nothingAdded(options.db)}\n`);
          return;
        }
        const audited = auditForOutputs(store, inputs, options, program);
        const { report } = audited;
        if (options.db !== undefined) await keepCheck(store, inputs, options, program, report);
        publish(audited);
        if (options.annotate !== undefined) {
          const { leftOut } = await writeAnnotated(report, await orderCaptures(await findCaptures(captures)), {
            ...options,
            annotate: options.annotate,
          });
          if (leftOut > 0) process.stderr.write(`${options.annotate}: ${leftOut} flows with findings are not in it\n`);
        }
      } finally {
        store.close();
      }
    });
}
