import type { BlindSpot } from '../../src/flows/blind-spot.ts';
import type { Direction } from '../../src/flows/direction.ts';
import { createFlow, type Flow, flowEnd } from '../../src/flows/flow.ts';
import type { AnalyzedTransport, AnyAnalyzer } from '../../src/protocols/analyzer.ts';
import type { Fact, StampedFact } from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { ProtocolHost } from '../../src/protocols/host.ts';
import { registry } from '../../src/protocols/registry.ts';

/** What one side says, as text (one character a byte) or bytes; `lost` bytes were sent and not captured. */
export type Step = readonly [Direction, string | Uint8Array | { lost: number }];

export interface Observed {
  protocol: string;
  protocolPath: string[];
  /** without stamps; `frame` of a stamped fact is the step that shows it, from 1 */
  facts: Fact[];
  stamped: StampedFact[];
  blindSpots: BlindSpot[];
  record: FlowRecord;
}

export interface Stage {
  /** the server's port */
  port: number;
  transport?: AnalyzedTransport;
  /** the capture began in the middle of the flow */
  midstream?: boolean;
  analyzers?: readonly AnyAnalyzer[];
}

/** Plays a dialogue to the protocol host, without frames, files or sockets, and returns what was observed. */
export function play(steps: readonly Step[], stage: Stage): Observed {
  const flow = flowOf(stage);
  let record: FlowRecord | null = null;
  const host = new ProtocolHost(stage.analyzers ?? registry, (ended) => {
    record = ended;
  });
  for (const [index, [from, said]] of steps.entries()) {
    // who is the client may turn out while the play goes on
    const side = (from === 'client') === flow.clientIsLow ? 0 : 1;
    flow.atFrame = index + 1;
    flow.last.frame = index + 1;
    if (typeof said === 'object' && 'lost' in said) {
      host.gap(flow, side, said.lost);
      continue;
    }
    const bytes = typeof said === 'string' ? Uint8Array.from(said, (character) => character.charCodeAt(0)) : said;
    if (flow.transport === 'tcp') host.bytes(flow, side, bytes, 0, bytes.length);
    else host.datagram(flow, side, bytes, 0, bytes.length, 0);
  }
  host.ended(flow);
  const { protocol, protocolPath, facts, blindSpots } = record!;
  return { protocol, protocolPath, facts: facts.map(withoutStamp), stamped: facts, blindSpots, record: record! };
}

function flowOf({ port, transport = 'tcp', midstream = false }: Stage): Flow {
  const ported = transport === 'tcp' || transport === 'udp';
  const client = flowEnd(Uint8Array.of(10, 0, 0, 1), ported ? 40_000 : 0);
  const server = flowEnd(Uint8Array.of(10, 0, 0, 2), ported ? port : 0);
  const flow = createFlow(transport, { tcp: 6, udp: 17, esp: 50, ah: 51 }[transport], client, server);
  flow.opened = !midstream;
  flow.midstream = midstream;
  flow.captures = [0];
  return flow;
}

/** The fact as the analyzer stated it. */
export function withoutStamp({
  capture: _capture,
  frame: _frame,
  order: _order,
  time: _time,
  from: _from,
  protocol: _protocol,
  ...fact
}: StampedFact): Fact {
  return fact as Fact;
}
