import { emptyFrame } from '../../src/capture/frame.ts';
import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import { limits } from '../../src/limits.ts';
import { tcpFrame } from '../support/build-packets.ts';

/**
 * What the loop over frames leaves on the heap, as JSON: run with `--expose-gc` and a nursery that holds all of it, so that
 * nothing is collected in between. Used by tests/flows/hot-path.test.ts.
 */
const silent = { bytes: () => {}, gap: () => {}, datagram: () => {}, ended: () => {} };
const table = new FlowTable(silent, (port) => port === 25);
const packet = createPacket();
const frame = emptyFrame();
frame.linkType = 1;

function feed(bytes: Uint8Array): void {
  frame.bytes = bytes;
  frame.end = bytes.length;
  frame.wireLength = bytes.length;
  frame.number++;
  frame.seconds = 1_700_000_000 + Math.floor(frame.number / 1000);
  decode(frame, 0, packet);
  table.packet(packet);
}

/** Segments of long flows, one after the other, all in order: their numbers are written into the same few frames. */
function longFlows(flows: number, rounds: number, from: number): number {
  const payload = new Uint8Array(1000);
  const ends = { from: '10.0.0.1', to: '10.0.0.2', toPort: 25 };
  const built = Array.from({ length: flows }, (_, i) => tcpFrame({ ...ends, fromPort: 2000 + i, payload }).bytes);
  const views = built.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset));
  const before = process.memoryUsage().heapUsed;
  for (let round = from; round < from + rounds; round++) {
    for (let i = 0; i < flows; i++) {
      views[i]!.setUint32(38, round * payload.length);
      feed(built[i]!);
    }
  }
  return process.memoryUsage().heapUsed - before;
}

/** A SYN to every port of many hosts; what stays on the heap once they were taken. */
function scan(from: number, count: number): number {
  const { bytes } = tcpFrame({ from: '10.0.0.9', to: '11.0.0.0', fromPort: 40_000, toPort: 1, flags: 'S' });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = from; i < from + count; i++) {
    view.setUint32(30, 0x0b000000 + (i >>> 16));
    view.setUint16(36, i & 0xffff);
    feed(bytes);
  }
  globalThis.gc!();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const [flows, rounds] = [100, 300];
longFlows(flows, rounds, 0);
globalThis.gc!();
const perFrame = longFlows(flows, 5 * rounds, rounds) / (flows * 5 * rounds);
const full = scan(0, 2 * limits.flows);
const later = scan(2 * limits.flows, 4 * limits.flows);
console.log(JSON.stringify({ perFrame, full, later, evicted: table.evicted, open: table.size }));
