import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { beside } from './beside.ts';
import { CaptureError } from './capture/capture-error.ts';
import { RuleError } from './check/load-yaml.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addCheckCommand } from './commands/check.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addDiffCommand } from './commands/diff.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addFlowsCommand } from './commands/flows.ts';
import { addIngestCommand } from './commands/ingest.ts';
import type { Program } from './commands/program.ts';
import { addReportCommand } from './commands/report.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addTopologyCommand } from './commands/topology.ts';
import { fileError, UsageError } from './commands/usage-error.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { StoreError } from './store/store.ts';

/** Arguments to command to exit code: 0 nothing failed, 1 at least one fail, 2 could not run, 3 a bug of ours. */
export async function main(argv: string[]): Promise<void> {
  let outputFailed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // whoever read our output has seen enough (`| head`)
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    if (!outputFailed) process.exitCode = report(fileError('standard output', 'written', error));
    outputFailed = true;
  });
  let code: number;
  try {
    code = await run(argv);
  } catch (error) {
    code = report(error);
  }
  if (!outputFailed) process.exitCode = code;
}

async function run(argv: string[]): Promise<number> {
  const { name, version } = JSON.parse(readFileSync(beside('../package.json'), 'utf8'));
  const program: Program = {
    tool: { name, version },
    now: () => new Date(),
    command: new Command(),
    exitCode: 0,
  };
  const { command } = program;
  command
    .name('pcap-audit')
    .version(version)
    .description(
      'Proves from a packet capture whether mail and directory traffic is authenticated and encrypted as it should be.',
    )
    // with their arguments, names leave too little of 80 columns for what commands do
    .configureHelp({ subcommandTerm: (sub) => sub.name() })
    .exitOverride()
    .addHelpText('after', '\nExample:\n  pcap-audit audit hubs.pcapng --topology topology.yaml --report report.html\n');
  addAuditCommand(program);
  addIngestCommand(program);
  addCheckCommand(program);
  addReportCommand(program);
  addVerifyCommand(program);
  addDiffCommand(program);
  addFlowsCommand(program);
  addExplainCommand(program);
  addRulesCommand(program);
  addTopologyCommand(program);
  addCompletionCommand(program);
  await command.parseAsync(argv);
  return program.exitCode;
}

/** What went wrong, in one line on stderr, and the exit code for it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = [CaptureError, RuleError, StoreError, UsageError].some((kind) => error instanceof kind);
  if (expected) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
  const what = error instanceof Error ? `${error.name}: ${error.message} ${firstCall(error)}` : String(error);
  process.stderr.write(
    `pcap-audit: a bug of ours: ${what.replaceAll('\n', ' ')} Please report it with the command that you ran.\n`,
  );
  return 3;
}

const firstCall = (error: Error): string => /at .*?([\w-]+\.[jt]s:\d+)/.exec(error.stack ?? '')?.[1] ?? '';
