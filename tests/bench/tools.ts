import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that is measured. */
export interface Tool {
  name: string;
  command(capture: string): string[];
  /** what shows that it read every packet: a command, and the count in what that says; null where nothing does */
  proof: { command(capture: string): string[]; packets: RegExp } | null;
  /** whether it reads a folder of captures */
  folders: boolean;
}

const bin = fileURLToPath(new URL('../../bin/pcap-audit.js', import.meta.url));
const parser = `
  import { createRequire } from 'node:module';
  const { parse } = createRequire(${JSON.stringify(import.meta.url)})('pcap-parser');
  let packets = 0;
  parse(process.argv[1]).on('packet', () => packets++).on('end', () => console.log(packets, 'packets'));`;

/** @param folder where `topology.yaml` lies */
export const auditOf = (capture: string, folder: string): string[] => [
  bin,
  'audit',
  capture,
  '--topology',
  join(folder, 'topology.yaml'),
];

/** @param folder for what the tools write, with the topology in it */
export function toolsIn(folder: string): Tool[] {
  const ours = {
    command: (capture: string) => [process.execPath, bin, 'ingest', capture, '--db', join(folder, 'proof.db')],
    packets: /(\d+) frames/,
  };
  const tcpdump = { command: (capture: string) => ['tcpdump', '--count', '-r', capture], packets: /(\d+) packets/ };
  const itself = (command: Tool['command'], packets: RegExp) => ({ command, proof: { command, packets } });
  return [
    {
      name: 'pcap-audit',
      command: (capture) => [process.execPath, ...auditOf(capture, folder), '--report', join(folder, 'report.html')],
      proof: ours,
      folders: true,
    },
    {
      name: 'pcap-audit --no-hash',
      command: (capture) => [process.execPath, ...auditOf(capture, folder), '--no-hash'],
      proof: ours,
      folders: true,
    },
    {
      name: 'tcpdump -w',
      command: (capture) => ['tcpdump', '-r', capture, '-w', '/dev/null'],
      proof: tcpdump,
      folders: false,
    },
    { name: 'capinfos', ...itself((capture) => ['capinfos', '-cM', capture], /packets:\s+(\d+)/), folders: false },
    {
      name: 'ndpiReader',
      command: (capture) => ['ndpiReader', '-q', '-i', capture],
      // with -q it says nothing
      proof: { command: (capture) => ['ndpiReader', '-i', capture], packets: /IP packets:\s+(\d+)/ },
      folders: false,
    },
    {
      name: 'argus',
      command: (capture) => ['argus', '-r', capture, '-w', join(folder, 'argus.out')],
      proof: null,
      folders: false,
    },
    {
      name: 'tshark conversations',
      ...itself(
        (capture) => ['tshark', '-q', '-r', capture, '-z', 'conv,tcp', '-z', 'io,stat,0'],
        /<>[^|\n]*\|\s*(\d+)\s*\|/,
      ),
      folders: false,
    },
    {
      name: 'pcap-parser',
      ...itself((capture) => [process.execPath, '--input-type=module', '-e', parser, '--', capture], /(\d+) packets/),
      folders: false,
    },
  ];
}
