import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { oracles } from './protocols/all.ts';

/** A flow as tshark sees it: its `tcp.stream` or `udp.stream` of the innermost layer, ICMP's quotations left out. */
export interface TsharkFlow {
  transport: 'tcp' | 'udp';
  /** `address:port` of who sent the first frame, and of the other end */
  a: string;
  b: string;
  /** who sent the first SYN without ACK */
  opener: string | null;
  frames: number;
  first: number;
  /** frames per protocol, in the words of tshark's column */
  protocols: Record<string, number>;
  /** `frame.protocols` of the first frame */
  layers: string;
  /** frames in which tshark read a field that an oracle asked for; null where only the precomputed facts are there */
  read: TsharkFrame[] | null;
}

export interface TsharkFrame {
  frame: number;
  /** `address:port` of the sender */
  from: string;
  /** field → its values in the order of their occurrence; without a value, no key */
  fields: Record<string, string[]>;
}

const application = [...new Set(oracles.flatMap((oracle) => oracle.fields))];
const fields = [
  'frame.number',
  'tcp.stream',
  'udp.stream',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  'tcp.flags.syn',
  'tcp.flags.ack',
  '_ws.col.Protocol',
  'frame.protocols',
  ...application,
];
const column = '\x1f';
const value = '\x1e';

export const tsharkIsThere = (): boolean => spawnSync('tshark', ['-v']).status === 0;

/** Runs tshark over a capture; `decodeAs` tells it protocols on ports of which it knows nothing, as its option -d. What it says on stderr, such as that a file is cut short, is no error: the flows up to there count. */
export function tsharkFlows(path: string, decodeAs: readonly string[] = []): Promise<TsharkFlow[]> {
  const shape = ['-T', 'fields', '-E', `separator=${column}`, '-E', 'occurrence=a', '-E', `aggregator=${value}`];
  const options = [
    '-n',
    '-o',
    'tcp.desegment_tcp_streams:TRUE',
    '-r',
    path,
    ...shape,
    ...decodeAs.flatMap((as) => ['-d', as]),
  ];
  return new Promise((resolve) => {
    execFile(
      'tshark',
      [...options, ...fields.flatMap((field) => ['-e', field])],
      { maxBuffer: 1 << 28, encoding: 'latin1' },
      (_, output) => resolve(flowsOf(output)),
    );
  });
}

function flowsOf(output: string): TsharkFlow[] {
  const flows = new Map<string, TsharkFlow>();
  for (const line of output.split('\n')) {
    const row = new Map<string, string[]>();
    line.split(column).forEach((text, index) => {
      if (text !== '') row.set(fields[index]!, text.split(value));
    });
    takeRow(row, flows);
  }
  return [...flows.values()].sort((one, other) => one.first - other.first);
}

function takeRow(row: Map<string, string[]>, flows: Map<string, TsharkFlow>): void {
  const last = (field: string) => row.get(field)?.at(-1);
  const layers = last('frame.protocols') ?? '';
  // an ICMP error quotes a packet's beginning: that packet is not in this frame
  if (/:icmp(v6)?:.*ip/.test(layers)) return;
  // the innermost: what a tunnel carries may have no ports
  const innermost = /(?:^|.*:)ip(?:v6)?\b(.*)/.exec(layers)?.[1] ?? '';
  const transport = /^(?::ipv6\.\w+|:ah)*:(tcp|udp)\b/.exec(innermost)?.[1] as 'tcp' | 'udp' | undefined;
  const stream = transport && last(`${transport}.stream`);
  if (transport === undefined || stream === undefined) return;
  const inner = layers.lastIndexOf(':ipv6') > layers.lastIndexOf(':ip:') ? 'ipv6' : 'ip';
  const end = (which: 'src' | 'dst') =>
    `${last(`${inner}.${which}`) ?? last(`ipv6.${which}`) ?? last(`ip.${which}`)}:${last(`${transport}.${which}port`)}`;
  const from = end('src');
  const frame = Number(last('frame.number'));
  const id = `${transport} ${stream}`;
  const flow: TsharkFlow = flows.get(id) ?? {
    transport,
    a: from,
    b: end('dst'),
    opener: null,
    frames: 0,
    first: frame,
    protocols: {},
    layers,
    read: [],
  };
  flows.set(id, flow);
  flow.frames++;
  if (transport === 'tcp' && isSet(last('tcp.flags.syn')) && !isSet(last('tcp.flags.ack'))) flow.opener ??= from;
  const name = last('_ws.col.Protocol') ?? '';
  flow.protocols[name] = (flow.protocols[name] ?? 0) + 1;
  const seen = application.filter((field) => row.has(field)).map((field) => [field, row.get(field)!]);
  if (seen.length > 0) flow.read!.push({ frame, from, fields: Object.fromEntries(seen) });
}

const isSet = (flag: string | undefined): boolean => flag === '1' || flag === 'True';

/** The precomputed facts beside the shared captures, by capture: for machines without tshark. */
export function precomputedFlows(path: string): Map<string, TsharkFlow[]> {
  const captures = new Map<string, TsharkFlow[]>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const { capture, ...rest } = JSON.parse(line) as { capture: string } & Omit<TsharkFlow, 'layers' | 'read'>;
    if (!rest.transport) continue;
    const quotations = (rest.protocols.ICMP ?? 0) + (rest.protocols.ICMPv6 ?? 0);
    const flows = captures.get(capture) ?? [];
    captures.set(capture, flows);
    if (quotations === rest.frames) continue;
    flows.push({ ...rest, frames: rest.frames - quotations, layers: '', read: null });
  }
  return captures;
}
