import type { Frame } from './capture/frame.ts';
import { readCapture } from './capture/read-capture.ts';
import type { CaptureSource } from './capture/source.ts';
import { decode } from './decode/decode.ts';
import { createPacket } from './decode/packet.ts';
import { FlowTable } from './flows/flow-table.ts';
import { limits } from './limits.ts';
import { ProtocolHost } from './protocols/host.ts';
import { registry } from './protocols/registry.ts';
import type { Store } from './store/store.ts';

/** Captures to read, in time order, and how. */
export interface Work {
  captures: readonly CaptureSource[];
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
  let capture = store.nextCapture();
  let frames = 0;
  let read = 0;
  let unreadFrames = 0;
  const onFrame = (frame: Frame): void => {
    decode(frame, capture, packet);
    if (packet.kind !== 'none') table.packet(packet);
    else if (packet.trouble.why !== 'nothing') unreadFrames++;
  };
  for (const found of captures) {
    if (stop()) break;
    unreadFrames = 0;
    const summary = await readCapture(found, onFrame, { hash, stop, onProgress: (bytes) => onProgress(read + bytes) });
    store.addCapture({ ...summary, capture, unreadFrames });
    frames += summary.frames;
    read += summary.bytes;
    capture++;
  }
  table.endAll();
  for (const hit of limitsReached(table, host)) store.addLimit(hit);
  return { files: captures.length, frames, flows, partial: stop() };
}

const servicePorts = new Set(registry.flatMap((analyzer) => analyzer.ports));
const isServicePort = (port: number): boolean => servicePorts.has(port);

function limitsReached(table: FlowTable, host: ProtocolHost) {
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
  ];
  return hits.filter(({ hit }) => hit > 0);
}
