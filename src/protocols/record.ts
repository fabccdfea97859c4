import { hash } from 'node:crypto';
import { formatAddress } from '../bytes/address.ts';
import { formatTime } from '../bytes/time.ts';
import { addressOf, type Comment, client, type Flow, type FlowEnd, latestOf, server } from '../flows/flow.ts';
import { communityId } from './community-id.ts';
import type { Conversation } from './conversation.ts';
import type { StampedFact } from './fact.ts';
import type { Endpoint, FlowRecord } from './flow-record.ts';

/** The row of a flow that has ended. */
export function recordOf(flow: Flow, conversation: Conversation | null): FlowRecord {
  const firstSeen = formatTime(flow.first.seconds, flow.first.nanoseconds);
  const latest = latestOf(flow);
  const id = communityId(flow);
  return {
    // both ends are in the community id, so the same flow has the same id whatever was read before it
    id: hash('sha256', `${id} ${flow.low.port} ${firstSeen}`, 'hex').slice(0, 16),
    communityId: id,
    captures: [...flow.captures].sort((a, b) => a - b),
    transport: flow.transport,
    client: endpoint(flow, client(flow)),
    server: endpoint(flow, server(flow)),
    opened: flow.opened,
    protocol: conversation?.protocol ?? 'unknown',
    protocolPath: conversation?.path ?? [],
    firstSeen,
    lastSeen: flow.frames === 1 ? firstSeen : formatTime(latest.seconds, latest.nanoseconds),
    first: { capture: flow.first.capture, frame: flow.first.frame },
    last: { capture: flow.last.capture, frame: flow.last.frame },
    frames: flow.frames,
    bytes: { client: flow.streams[0].bytes, server: flow.streams[1].bytes },
    state: stateOf(flow),
    history: flow.history,
    missedBytes: flow.streams[0].missed + flow.streams[1].missed,
    duplicates: flow.duplicates,
    facts: [...circumstances(flow), ...outerPath(flow), ...(conversation?.facts ?? [])],
    blindSpots: [...flow.blindSpots],
  };
}

/** What the capture file says beside the packets: the interface of the first one, and comments. */
function circumstances({ interfaceName, comments, first }: Flow): StampedFact[] {
  const at = (name: string, value: string, { capture, frame, seconds }: Omit<Comment, 'text'>): StampedFact => ({
    kind: 'described',
    what: 'property',
    name,
    value,
    capture,
    frame,
    time: seconds,
    from: 'client',
    protocol: 'capture',
  });
  const spoken = comments.map((comment) => at('comment', comment.text, comment));
  return interfaceName === '' ? spoken : [at('interface', interfaceName, first), ...spoken];
}

/** What the flow's first packet lay in, as facts of that frame. */
function outerPath({ outer, first }: Flow): StampedFact[] {
  const { capture, frame, seconds, nanoseconds } = first;
  const text = (address: Uint8Array | null) => address && formatAddress(address);
  return outer.map(({ kind, id, source, destination }) => ({
    kind: 'described',
    what: 'tunnel',
    carrier: kind,
    id,
    source: text(source),
    destination: text(destination),
    capture,
    frame,
    time: seconds + nanoseconds / 1e9,
    from: 'client',
    protocol: 'ip',
  }));
}

function endpoint(flow: Flow, end: FlowEnd): Endpoint {
  const ported = flow.transport === 'tcp' || flow.transport === 'udp';
  return { address: formatAddress(addressOf(end)), port: ported ? end.port : null };
}

/** Zeek's conn_state (https://docs.zeek.org, conn.log). */
export function stateOf(flow: Flow): string {
  const seen = (letters: string) => [...letters].some((letter) => flow.history.includes(letter));
  if (flow.transport !== 'tcp') {
    if (flow.framesBySide[0] === 0) return 'SHR';
    return flow.framesBySide[1] === 0 ? 'S0' : 'SF';
  }
  const asked = seen('S');
  const answered = seen('h');
  if (asked && answered) {
    if (seen('R')) return 'RSTO';
    if (seen('r')) return 'RSTR';
    if (seen('F')) return seen('f') ? 'SF' : 'S2';
    return seen('f') ? 'S3' : 'S1';
  }
  if (asked) {
    if (seen('r')) return 'REJ';
    if (seen('R')) return 'RSTOS0';
    if (seen('F')) return 'SH';
    return seen('adf') ? 'OTH' : 'S0';
  }
  if (answered) {
    if (seen('r')) return 'RSTRH';
    return seen('f') ? 'SHR' : 'OTH';
  }
  return 'OTH';
}
