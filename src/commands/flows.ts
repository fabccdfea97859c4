import type { FlowRecord } from '../protocols/flow-record.ts';
import { visible } from '../report/visible.ts';
import { openStore } from '../store/sqlite-store.ts';
import { toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';

interface Options {
  db: string;
  where?: string;
  json?: boolean;
}

export function addFlowsCommand(program: Program): void {
  program.command
    .command('flows')
    .description('list flows')
    .requiredOption('--db <file>', 'a database that ingest or audit made')
    .option('--where <condition>', 'an SQL condition on the columns of the table flows')
    .option('--json', 'one JSON object a line, with all facts')
    .addHelpText('after', `\nExample:\n  pcap-audit flows --db audit.db --where "protocol = 'smtp'"\n`)
    .action((options: Options) => {
      const store = openStore(options.db, false);
      try {
        const flows = options.where === undefined ? store.flows() : store.flowsWhere(options.where);
        toStandardOutput((sink) => {
          for (const flow of flows) sink(options.json ? `${JSON.stringify(flow)}\n` : line(flow));
        });
      } finally {
        store.close();
      }
    });
}

function line(flow: FlowRecord): string {
  const end = ({ address, port }: FlowRecord['client']) =>
    port === null ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const protocol = flow.protocolPath.join('/') || flow.protocol;
  const bytes = flow.bytes.client + flow.bytes.server;
  return visible(
    `${flow.id}  ${flow.firstSeen}  ${flow.transport}  ${end(flow.client)} → ${end(flow.server)}  ${protocol}  ${flow.frames} frames  ${bytes} bytes  ${flow.state}`,
  ).concat('\n');
}
