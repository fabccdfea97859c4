import type { CaptureSummary } from './capture/capture-summary.ts';
import type { Frame } from './capture/frame.ts';
import { HashThread } from './capture/hash-thread.ts';
import type { TimedSource } from './capture/source.ts';
import { readInTimeOrder } from './capture/time-order.ts';
import { decode } from './decode/decode.ts';
import { createPacket } from './decode/packet.ts';
import { UnreadFrames } from './decode/unread.ts';
import { FlowTable } from './flows/flow-table.ts';
import { limits } from './limits.ts';
import { ProtocolHost } from './protocols/host.ts';
import { registry } from './protocols/registry.ts';
import type { Store } from './store/store.ts';

/** Captures to read, in time order, and how. */
export interface Work {
  captures: readonly TimedSource[];
  hash: boolean;
  /** bytes read so far, of all captures */
  onProgress(bytes: number): void;
  /** whether the user wants it to end */
  stop(): boolean;
}

export interface Ingested {
  files: number;
  frames: number;
  flows: number;
  /** stopped before the end */
  partial: boolean;
}

/**
 * The program: captured frames are decoded into packets, sorted into flows, read by protocols, and what these state is
 * stored when a flow ends. One synchronous loop per chunk of a file; several files are one capture in time order.
 */
export async function ingest({ captures, hash, onProgress, stop }: Work, store: Store): Promise<Ingested> {
  let flows = 0;
  const host = new ProtocolHost(registry, (record) => {
    flows++;
    store.addFlow(record);
  });
  const table = new FlowTable(host, isServicePort);
  const packet = createPacket();
  const first = store.nextCapture();
  const unread = captures.map(() => new UnreadFrames());
  let order = 0;
  let manyNames = 0;
  let frames = 0;
  const onFrame = (frame: Frame, capture: number): void => {
    decode(frame, first + capture, packet);
    if (captures.length > 1) packet.order = ++order;
    if (packet.kind !== 'none') table.packet(packet);
    else if (packet.trouble.why !== 'nothing') unread[capture]!.add(packet, frame.linkType, frame.byte);
  };
  const losses: { capture: number; dropped: number }[] = [];
  const onEnd = (summary: CaptureSummary, index: number): void => {
    const capture = first + index;
    const unreadFrames = unread[index]!;
    const statement = unreadFrames.statement();
    const problems = statement
      ? [...summary.problems, { kind: 'unread-frames', ...statement } as const]
      : summary.problems;
    store.addCapture({ ...summary, problems, capture, unreadFrames: unreadFrames.count });
    if (summary.names.length === limits.names) manyNames++;
    if (summary.dropped) losses.push({ capture, dropped: summary.dropped });
    frames += summary.frames;
  };
  const thread = new HashThread();
  const options = { hash: hash && thread, stop, onProgress };
  const waited = await readInTimeOrder(captures, { frame: onFrame, ended: onEnd }, options).finally(() =>
    thread.close(),
  );
  table.endAll();
  for (const { capture, dropped } of losses) store.addLoss(capture, dropped);
  const tooDeep = unread.reduce((sum, one) => sum + one.tooDeep, 0);
  for (const hit of limitsReached(table, host, { tooDeep, waited, manyNames })) store.addLimit(hit);
  return { files: captures.length, frames, flows, partial: stop() };
}

const servicePorts = new Set(registry.flatMap((analyzer) => analyzer.ports));
const isServicePort = (port: number): boolean => servicePorts.has(port);

function limitsReached(
  table: FlowTable,
  host: ProtocolHost,
  { tooDeep, waited, manyNames }: Record<'tooDeep' | 'waited' | 'manyNames', number>,
) {
  const hits = [
    { name: 'flows', cap: limits.flows, hit: table.evicted, detail: 'flows were closed early to make room' },
    {
      name: 'fragmentedDatagrams',
      cap: limits.fragmentedDatagrams,
      hit: table.fragmentsLeftOut,
      detail: 'IP fragments could not be put together: incomplete, overlapping or too many',
    },
    {
      name: 'announcements',
      cap: limits.announcements,
      hit: host.announcementsLeftOut,
      detail: 'announced endpoints were not remembered',
    },
    {
      name: 'tunnels',
      cap: limits.tunnels,
      hit: tooDeep,
      detail: 'frames held packets in each other too deep to be read',
    },
    {
      name: 'taps',
      cap: limits.taps,
      hit: waited,
      detail: 'captures that overlap in time were read one after the other',
    },
    { name: 'comments', cap: limits.comments, hit: table.commentsLeftOut, detail: 'comments of packets were not kept' },
    {
      name: 'names',
      cap: limits.names,
      hit: manyNames,
      detail: 'captures name as many addresses as are kept, or more',
    },
  ];
  return hits.filter(({ hit }) => hit > 0);
}
