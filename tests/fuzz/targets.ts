import { readFileSync } from 'node:fs';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { findCaptures } from '../../src/capture/find-captures.ts';
import type { Frame } from '../../src/capture/frame.ts';
import { readCapture, readFrames } from '../../src/capture/read-capture.ts';
import { readerFor } from '../../src/capture/recognise.ts';
import { Tally } from '../../src/capture/tally.ts';
import { decode } from '../../src/decode/decode.ts';
import { linkTypes } from '../../src/decode/link/link.ts';
import { createPacket } from '../../src/decode/packet.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import type { AnyAnalyzer } from '../../src/protocols/analyzer.ts';
import { registry } from '../../src/protocols/registry.ts';
import { frameOf } from '../support/build-packets.ts';
import { type Dialogue, ownDialogues } from '../support/dialogues.ts';
import { ownCaptures } from '../support/folders.ts';
import { play, type Step } from '../support/play.ts';

/** Something that takes any bytes and may only come back: a throw is a finding, and so is taking longer than a second. */
export interface Target {
  name: string;
  seeds: Uint8Array[];
  /** bytes of the longest input worth trying */
  longest: number;
  run(input: Uint8Array): void | Promise<void>;
}

/** Every file reader, decode with the flow table, and every analyzer of the registry, with seeds from our captures. */
export async function fuzzTargets(): Promise<Target[]> {
  const paths = (await findCaptures([ownCaptures])).map(({ path }) => path);
  const files = paths.map((path) => new Uint8Array(readFileSync(path)).subarray(0, 1 << 14));
  const dialogues = await ownDialogues();
  return [
    fileTarget(files),
    packedTarget(files),
    await frameTarget(),
    ...registry.map((analyzer) => analyzerTarget(analyzer, dialogues)),
  ];
}

const unpacked = (file: Uint8Array) => !(file[0] === 0x1f && file[1] === 0x8b);

/** pcap and pcapng, whole in one chunk. */
function fileTarget(files: Uint8Array[]): Target {
  const seeds = files.filter(unpacked).map((file) => file.subarray(0, 4096));
  return {
    name: 'capture file',
    seeds,
    longest: 1 << 13,
    run(input) {
      try {
        const tally = new Tally();
        const reader = readerFor('fuzzed', input, input.length, tally, bounded);
        reader.read(input, 0, input.length, 0);
        reader.finish();
        tally.statedProblems();
      } catch (thrown) {
        if (!(thrown instanceof CaptureError)) throw thrown;
      }
    },
  };
}

/** The same in small pieces, and unpacked where it is packed. */
function packedTarget(files: Uint8Array[]): Target {
  const packed = files.filter((file) => !unpacked(file));
  return {
    name: 'packed capture file',
    seeds: [...packed, ...files.slice(0, 4)].map((file) => file.subarray(0, 2048)),
    longest: 1 << 13,
    async run(input) {
      let at = 0;
      const source = {
        read(into: Uint8Array, to: number, count: number) {
          const piece = input.subarray(at, at + Math.min(count, 999));
          into.set(piece, to);
          at += piece.length;
          return piece.length;
        },
        close: () => {},
      };
      try {
        await readFrames('fuzzed', source, bounded, { hash: false });
      } catch (thrown) {
        if (!(thrown instanceof CaptureError)) throw thrown;
      }
    },
  };
}

function bounded({ bytes, start, end, wireLength }: Frame): void {
  if (start > end || end > bytes.length || wireLength < end - start) throw new Error('a frame outside its buffer');
}

/** Frames of the link type that the first byte picks: two lengths, then bytes, again and again. */
async function frameTarget(): Promise<Target> {
  const links = Object.values(linkTypes);
  const seeds: Uint8Array[] = [];
  for (const { path, name } of await findCaptures([`${ownCaptures}tunnels`, `${ownCaptures}smtp`])) {
    await readCapture(
      { path, name },
      ({ bytes, start, end, linkType, number }) => {
        const link = links.indexOf(linkType as (typeof links)[number]);
        if (link < 0 || end - start > 255 || (seeds.length > 400 && number % 5 > 0)) return;
        seeds.push(Uint8Array.of(link, end - start, ...bytes.subarray(start, end)));
      },
      { hash: false },
    );
  }
  return {
    name: 'frames',
    seeds,
    longest: 2048,
    run(input) {
      const ignore = { bytes: () => {}, gap: () => {}, datagram: () => {}, ended: () => {} };
      const table = new FlowTable(ignore, (port) => port === 25);
      const packet = createPacket();
      const link = links[(input[0] ?? 0) % links.length]!;
      for (let at = 1, number = 1; at < input.length; number++) {
        const length = input[at++]!;
        const bytes = input.slice(at, at + length);
        at += length;
        // every other frame was cut short
        decode(frameOf({ bytes, time: number }, number, link, bytes.length + (number % 2) * 100), 0, packet);
        if (packet.payloadEnd > bytes.length && packet.kind !== 'none') throw new Error('a payload outside its frame');
        if (packet.kind !== 'none') table.packet(packet);
      }
      table.endAll();
    },
  };
}

/** A dialogue: who speaks and how long, then the bytes. The first byte says whether the capture began midstream. */
function analyzerTarget(analyzer: AnyAnalyzer, dialogues: readonly Dialogue[]): Target {
  const own = dialogues.filter(({ path }) => path.includes(analyzer.name)).slice(0, 40);
  const transport = own[0]?.stage.transport ?? analyzer.transports[0] ?? 'tcp';
  const port = own[0]?.stage.port ?? analyzer.ports[0] ?? 0;
  return {
    name: analyzer.name,
    seeds: own.filter(({ stage }) => (stage.transport ?? 'tcp') === transport).map(({ steps }) => written(steps)),
    longest: 1 << 14,
    run(input) {
      play(stepsOf(input), { port, transport, midstream: (input[0] ?? 0) === 1 });
    },
  };
}

function written(steps: readonly Step[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0)];
  for (const [from, said] of steps) {
    const bytes = said as Uint8Array;
    parts.push(Uint8Array.of(from === 'client' ? 0 : 1, bytes.length >> 8, bytes.length & 0xff), bytes);
  }
  return new Uint8Array(Buffer.concat(parts)).subarray(0, 1 << 14);
}

function stepsOf(input: Uint8Array): Step[] {
  const steps: Step[] = [];
  for (let at = 1; at + 3 <= input.length; ) {
    const kind = input[at]! & 3;
    const length = (input[at + 1]! << 8) | input[at + 2]!;
    at += 3;
    const from = (kind & 1) === 0 ? 'client' : 'server';
    if (kind > 1) steps.push([from, { lost: length }]);
    else {
      steps.push([from, input.slice(at, at + length)]);
      at += length;
    }
  }
  return steps;
}
