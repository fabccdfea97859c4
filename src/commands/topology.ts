import { TopologyDraft } from '../check/draft-topology.ts';
import { topologyJsonSchema } from '../check/json-schema.ts';
import { loadPack } from '../check/load-pack.ts';
import { customisablePorts, loadTopology } from '../check/topology.ts';
import { ingest } from '../pipeline.ts';
import { writeDraft } from '../report/draft-yaml.ts';
import { openTemporaryStore } from '../store/sqlite-store.ts';
import { defaultPack, readPackSource, readSource } from './inputs.ts';
import { toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';
import { reading } from './reading.ts';

export function addTopologyCommand(program: Program): void {
  const topology = program.command
    .command('topology')
    .description('who is who: draft a topology, check one, and its JSON Schema')
    .addHelpText('after', '\nExample:\n  pcap-audit topology draft hubs.pcapng > topology.yaml\n');
  topology
    .command('draft')
    .description('a first topology from what captures show, with what speaks for each guess, for a person to correct')
    .argument('<capture...>', 'files, folders, globs, or - for standard input')
    .option('--rules <pack>', 'the pack whose roles it uses', defaultPack)
    .option('--quiet', 'no progress and no messages')
    .addHelpText('after', '\nExample:\n  pcap-audit topology draft hubs.pcapng > topology.yaml\n')
    .action(async (captures: string[], options: { rules: string; quiet?: boolean }) => {
      const source = readPackSource(options.rules);
      const draft = new TopologyDraft(loadPack(source.file, source.text));
      const store = openTemporaryStore();
      try {
        const quiet = options.quiet === undefined ? {} : { quiet: options.quiet };
        await store.writing(() => reading(captures, { hash: false, ...quiet }, (work) => ingest(work, store), []));
        for (const flow of store.flows()) draft.add(flow);
        for (const { capture, names } of store.captures()) {
          for (const { address, name } of names) draft.called(address, name, capture);
        }
        const files = new Map(store.captures().map(({ capture, file }) => [capture, file]));
        const fileName = (capture: number) => files.get(capture) ?? `capture ${capture}`;
        toStandardOutput((sink) => writeDraft(draft.list(), [...files.values()], fileName, sink));
      } finally {
        store.close();
      }
    });
  topology
    .command('validate')
    .description('check a topology')
    .argument('<file>', 'a topology in YAML')
    .option('--rules <pack>', 'the pack whose roles it uses', defaultPack)
    .addHelpText('after', '\nExample:\n  pcap-audit topology validate topology.yaml\n')
    .action((file: string, options: { rules: string }) => {
      const source = readPackSource(options.rules);
      const pack = loadPack(source.file, source.text);
      const { hosts } = loadTopology(file, readSource(file).text, Object.keys(pack.roles), customisablePorts(pack));
      toStandardOutput((sink) => sink(`${file}: valid, ${hosts?.length ?? 0} hosts\n`));
    });
  topology
    .command('schema')
    .description('the JSON Schema of topologies')
    .addHelpText('after', '\nExample:\n  pcap-audit topology schema > topology.schema.json\n')
    .action(() => toStandardOutput((sink) => sink(`${JSON.stringify(topologyJsonSchema(), null, 2)}\n`)));
}
