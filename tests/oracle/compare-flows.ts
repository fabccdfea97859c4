import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import type { TsharkFlow } from './tshark.ts';

/** One question asked of both sides; they agree where the answers are the same text. */
export interface Comparison {
  /** what the agreement is counted under, such as `tls suite` */
  fact: string;
  capture: string;
  flow: string;
  tshark: string;
  ours: string;
}

/** Flows of one capture: the pairs that are the same flow, and what is to be said of them all as flows. */
export interface Joined {
  pairs: { name: string; tshark: TsharkFlow; ours: FlowRecord[] }[];
  comparisons: Comparison[];
}

const end = ({ address, port }: FlowRecord['client']) => `${address}:${port}`;
const keyOf = (transport: string, a: string, b: string) => `${transport} ${[a, b].sort().join(' ')}`;

/**
 * Joins on transport, endpoints and, for TCP, first frame. UDP is joined on endpoints alone: we end a flow after 120 s
 * without a packet (contract, rule 16), tshark never does, but begins another where SDP announces one.
 */
export function joinFlows(capture: string, tshark: TsharkFlow[], ours: FlowRecord[]): Joined {
  const joined: Joined = { pairs: [], comparisons: [] };
  const left = Map.groupBy(
    ours.filter(({ transport }) => transport === 'tcp' || transport === 'udp'),
    (flow) => nameOf(flow.transport, end(flow.client), end(flow.server), flow.first.frame),
  );
  for (const [name, theirs] of Map.groupBy(tshark, (flow) => nameOf(flow.transport, flow.a, flow.b, flow.first))) {
    const flow = together(theirs);
    const same = left.get(name) ?? [];
    left.delete(name);
    const say = (fact: string, their: string, our: string) =>
      joined.comparisons.push({ fact, capture, flow: name, tshark: their, ours: our });
    say('flow', 'seen', same.length === 0 ? 'not seen' : 'seen');
    if (same.length === 0) continue;
    say('flow frames', String(flow.frames), String(same.reduce((sum, { frames }) => sum + frames, 0)));
    if (flow.opener !== null) say('flow opener', flow.opener, end(same[0]!.client));
    joined.pairs.push({ name, tshark: flow, ours: same });
  }
  for (const flow of left.keys()) {
    joined.comparisons.push({ fact: 'flow', capture, flow, tshark: 'not seen', ours: 'seen' });
  }
  return joined;
}

function nameOf(transport: string, a: string, b: string, first: number): string {
  const key = keyOf(transport, a, b);
  return transport === 'tcp' ? `${key} from frame ${first}` : key;
}

function together(flows: TsharkFlow[]): TsharkFlow {
  const protocols: Record<string, number> = {};
  for (const flow of flows) {
    for (const [name, count] of Object.entries(flow.protocols)) protocols[name] = (protocols[name] ?? 0) + count;
  }
  const read = flows.every((flow) => flow.read) ? flows.flatMap((flow) => flow.read!) : null;
  return { ...flows[0]!, frames: flows.reduce((sum, { frames }) => sum + frames, 0), protocols, read };
}
