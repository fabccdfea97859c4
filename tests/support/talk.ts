import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import type { FlowListener } from '../../src/flows/listener.ts';
import type { AnalyzedTransport } from '../../src/protocols/analyzer.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { ProtocolHost } from '../../src/protocols/host.ts';
import { registry } from '../../src/protocols/registry.ts';
import { type BuiltFrame, frameOf, ipFrame, tcpFrame, udpFrame } from './build-packets.ts';
import type { Step } from './play.ts';

export interface Wire {
  port: number;
  transport?: AnalyzedTransport;
  /** bytes of payload a segment; all of a step in one where left out */
  segment?: number;
  client?: string;
  server?: string;
  /** seconds since 1970 of the first frame */
  begins?: number;
}

/** A dialogue as the frames of one flow: TCP with handshake, acknowledgments and FINs, or one datagram, ESP or AH payload a step. */
export function framesOf(steps: readonly Step[], wire: Wire): BuiltFrame[] {
  const { port, transport = 'tcp', segment = 1460, client = '10.0.0.1', server = '10.0.0.2' } = wire;
  const { begins = 1_700_000_000 } = wire;
  const frames: BuiltFrame[] = [];
  const time = () => begins + frames.length / 1000;
  const ends = {
    client: { from: client, to: server, fromPort: 40_000, toPort: port },
    server: { from: server, to: client, fromPort: port, toPort: 40_000 },
  };
  const next = { client: 1001, server: 5001 };
  const add = (from: 'client' | 'server', flags: string, payload?: Uint8Array) => {
    const other = from === 'client' ? 'server' : 'client';
    const syn = flags.includes('S') ? 1 : 0;
    const acknowledgment = flags.includes('A') ? next[other] : 0;
    frames.push(
      tcpFrame({
        ...ends[from],
        flags,
        sequence: next[from] - syn,
        acknowledgment,
        time: time(),
        ...(payload ? { payload } : {}),
      }),
    );
    next[from] += payload?.length ?? 0;
    if (flags.includes('F')) next[from]++;
  };
  if (transport === 'tcp') {
    add('client', 'S');
    add('server', 'SA');
    add('client', 'A');
  }
  for (const [from, said] of steps) {
    if (typeof said === 'object' && 'lost' in said) {
      next[from] += said.lost;
      continue;
    }
    const bytes = typeof said === 'string' ? Uint8Array.from(said, (character) => character.charCodeAt(0)) : said;
    if (transport === 'esp' || transport === 'ah') {
      const number = transport === 'esp' ? 50 : 51;
      frames.push(ipFrame(ends[from].from, ends[from].to, number, bytes, time()));
      continue;
    }
    if (transport === 'udp') {
      frames.push(udpFrame({ ...ends[from], payload: bytes, time: time() }));
      continue;
    }
    for (let at = 0; at < bytes.length; at += segment) add(from, 'PA', bytes.slice(at, at + segment));
  }
  if (transport === 'tcp') {
    add('client', 'FA');
    add('server', 'FA');
    add('client', 'A');
  }
  return frames;
}

/** Frames through decode, flows and protocols; the flows that come out. `settleEvery` as `FlowTable` takes it. */
export const flowsOf = (frames: readonly BuiltFrame[], linkType = 1, settleEvery?: number): FlowRecord[] =>
  createReader(settleEvery)(frames, linkType);

/**
 * Reads one recording after the other, each with a host of its own, and TCP only: what a flow table remembers of datagrams
 * goes on from one to the next. The table alone takes longer to make than a short flow to read.
 */
export function createReader(settleEvery?: number): (frames: readonly BuiltFrame[], linkType?: number) => FlowRecord[] {
  let records: FlowRecord[] = [];
  let host: ProtocolHost;
  const listener: FlowListener = {
    bytes: (...said) => host.bytes(...said),
    gap: (...said) => host.gap(...said),
    datagram: (...said) => host.datagram(...said),
    ended: (flow) => host.ended(flow),
    settled: (flow) => host.settled(flow),
    ahead: (...asked) => host.ahead(...asked),
    setAhead: (...told) => host.setAhead(...told),
  };
  const ports = new Set(registry.flatMap((analyzer) => analyzer.ports));
  const table = new FlowTable(listener, (port) => ports.has(port), settleEvery);
  const packet = createPacket();
  return (frames, linkType = 1) => {
    records = [];
    host = new ProtocolHost(registry, (record) => records.push(record));
    for (const [index, frame] of frames.entries()) {
      decode(frameOf(frame, index + 1, linkType), 0, packet);
      if (packet.kind !== 'none') table.packet(packet);
    }
    table.endAll();
    return records;
  };
}
