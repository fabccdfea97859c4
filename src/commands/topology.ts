import { topologyJsonSchema } from '../check/json-schema.ts';
import { loadPack } from '../check/load-pack.ts';
import { customisablePorts, loadTopology } from '../check/topology.ts';
import { defaultPack, readPackSource, readSource } from './inputs.ts';
import { toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';

export function addTopologyCommand(program: Program): void {
  const topology = program.command.command('topology').description('who is who: check a topology, and its JSON Schema');
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
