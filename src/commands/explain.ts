import { startJudging } from '../check/judging.ts';
import { writeExplanation, writeExplanationJson } from '../report/explain.ts';
import { openStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { auditInputs } from './auditing.ts';
import { inputsOf, readInputs } from './inputs.ts';
import { addPresentationOptions, type OutputOptions, presentationFrom } from './output-options.ts';
import { presentationOf, toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';
import { UsageError } from './usage-error.ts';

interface Options extends OutputOptions {
  db: string;
  json?: boolean;
}

export function addExplainCommand(program: Program): void {
  const command = program.command
    .command('explain')
    .description('everything known of one flow: facts in order, results, why, and how to look at its frames')
    .requiredOption('--db <file>', 'a database that audit or check made')
    .argument('<flow-id>', 'the id of a flow, or its beginning, as reports and `flows` print it')
    .option('--json', 'as JSON');
  addPresentationOptions(command)
    .addHelpText('after', '\nExample:\n  pcap-audit explain --db audit.db 3f2a9c\n')
    .action((id: string, options: Options) => {
      const store = openStore(options.db, false);
      try {
        const record = findFlow(store, id, options.db);
        const check = store.lastCheck();
        const inputs = check ? inputsOf(check) : readInputs({});
        const { observed, auditOptions } = auditInputs(
          store,
          inputs,
          { inference: check?.options.inference !== false },
          program,
          false,
        );
        const { report, fileName } = startJudging(observed, auditOptions);
        const told = { flow: report(record), facts: record.facts, fileName };
        toStandardOutput((sink) =>
          options.json
            ? writeExplanationJson(told, sink)
            : writeExplanation(told, presentationOf(presentationFrom(options), true), sink),
        );
      } finally {
        store.close();
      }
    });
}

/** The flow with this id, or the only one whose id begins so. */
function findFlow(store: Store, id: string, db: string) {
  const whole = store.flow(id);
  if (whole) return whole;
  if (!/^[0-9a-f-]+$/.test(id))
    throw new UsageError(`${id}: no id of a flow; list them with: pcap-audit flows --db ${db}`);
  const [first, ...others] = store.flowsWhere(`id LIKE '${id}%'`);
  if (!first) throw new UsageError(`${id}: no such flow in ${db}; list them with: pcap-audit flows --db ${db}`);
  if (others.length > 0) throw new UsageError(`${id}: ${others.length + 1} flows begin so; give more of the id`);
  return first;
}
