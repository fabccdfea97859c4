import { CaptureError } from '../../src/capture/capture-error.ts';
import type { Frame } from '../../src/capture/frame.ts';
import { readFrames } from '../../src/capture/read-capture.ts';
import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import { ProtocolHost } from '../../src/protocols/host.ts';
import { registry } from '../../src/protocols/registry.ts';
import { mutate } from '../fuzz/mutate.ts';
import { randomFrom } from '../support/random.ts';

/** What became of a capture in memory: frames and flows, or the refusal. */
export type Outcome = { frames: number; flows: number } | { refused: string };

const ports = new Set(registry.flatMap((analyzer) => analyzer.ports));

/** Reads a capture through capture, decode, flows and protocols. Throws only what is a bug. */
export async function readThrough(bytes: Uint8Array): Promise<Outcome> {
  let at = 0;
  let flows = 0;
  const host = new ProtocolHost(registry, () => {
    flows++;
  });
  const table = new FlowTable(host, (port) => ports.has(port));
  const packet = createPacket();
  const source = {
    read(into: Uint8Array, to: number, count: number) {
      const piece = bytes.subarray(at, at + count);
      into.set(piece, to);
      at += piece.length;
      return piece.length;
    },
    close: () => {},
  };
  const sink = (frame: Frame): void => {
    decode(frame, 0, packet);
    if (packet.kind !== 'none') table.packet(packet);
  };
  try {
    const { frames } = await readFrames('swept', source, sink, { hash: false });
    table.endAll();
    return { frames, flows };
  } catch (thrown) {
    if (thrown instanceof CaptureError) return { refused: thrown.message };
    throw thrown;
  }
}

/** A capture as it is, cut off at every `step`-th byte, and changed at random so many times. */
export function* variants(
  bytes: Uint8Array,
  step: number,
  mutations: number,
  seed: number,
): Generator<[string, Uint8Array]> {
  yield ['whole', bytes];
  for (let end = 0; end < bytes.length; end += step) yield [`cut at ${end}`, bytes.subarray(0, end)];
  const below = randomFrom(seed);
  for (let i = 0; i < mutations; i++) yield [`mutation ${i}`, mutate(bytes, bytes, below, bytes.length + 1024)];
}
