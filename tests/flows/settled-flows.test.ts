import { describe, expect, test } from 'vitest';
import { findCaptures } from '../../src/capture/find-captures.ts';
import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import { readPath } from '../capture/reading.ts';
import { alert, content, tls12Handshake } from '../protocols/tls/builder.ts';
import { type BuiltFrame, frameOf, tcpFrame } from '../support/build-packets.ts';
import { ownCaptures } from '../support/folders.ts';
import type { Step } from '../support/play.ts';
import { randomFrom } from '../support/random.ts';
import { flowsOf, framesOf } from '../support/talk.ts';

/** Whether a flow settles or not, the same is known of it: the long way is the measure. */
const never = Number.POSITIVE_INFINITY;

type Random = (below: number) => number;

/** TLS, and then mostly records of content, both ways; perhaps ended, left or broken by what no honest peer sends. */
function steps(random: Random): Step[] {
  const said: Step[] = [...tls12Handshake()];
  for (let i = 0; i < 50; i++) {
    const from = random(3) === 0 ? 'client' : 'server';
    const strange = random(60);
    if (strange === 0) said.push([from, 'MAIL FROM:<a@example.test>\r\n']);
    else if (strange === 1) said.push([from, alert(1, 0)]);
    else if (strange === 2) said.push([from, { lost: 1 + random(3000) }]);
    else if (strange === 3) said.push([from, Uint8Array.of(23, 3, 3)]);
    else said.push([from, content(1 + random(random(4) === 0 ? 9000 : 900))]);
  }
  return said;
}

const isAcknowledgment = ({ bytes }: BuiltFrame) => bytes.length === 54;

/** Frames lost, twice, out of order, with a byte or a flag changed, and acknowledgments between them. */
function disturbed(frames: readonly BuiltFrame[], random: Random): BuiltFrame[] {
  const out: BuiltFrame[] = [];
  for (const frame of frames) {
    switch (random(40)) {
      case 0:
        break;
      case 1:
        out.push(frame, frame);
        break;
      case 2:
        out.splice(Math.max(0, out.length - 1 - random(4)), 0, frame);
        break;
      case 3: {
        const bytes = frame.bytes.slice();
        const at = 34 + random(bytes.length - 34);
        bytes[at] = random(256);
        out.push(random(2) === 0 ? { ...frame, bytes } : frame, { ...frame, bytes });
        break;
      }
      case 4: {
        const bytes = frame.bytes.slice();
        bytes[47]! |= 1 << random(6);
        out.push({ ...frame, bytes });
        break;
      }
      case 5:
        out.push({ ...frame, time: frame.time - random(3) });
        break;
      default:
        out.push(frame);
    }
  }
  return out;
}

const ends = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 40_000, toPort: 443 };

/** An acknowledgment behind every third frame, as peers send them. */
function acknowledged(frames: readonly BuiltFrame[]): BuiltFrame[] {
  return frames.flatMap((frame, index) => {
    if (index < 8 || index % 3 !== 0 || isAcknowledgment(frame)) return [frame];
    const view = new DataView(frame.bytes.buffer, frame.bytes.byteOffset);
    const sequence = view.getUint32(42);
    const acknowledgment = view.getUint32(38) + frame.bytes.length - 54;
    const back =
      view.getUint16(34) === ends.toPort
        ? ends
        : { from: ends.to, to: ends.from, fromPort: ends.toPort, toPort: ends.fromPort };
    return [frame, tcpFrame({ ...back, sequence, acknowledgment, time: frame.time })];
  });
}

const passAll = () => 0;

describe('a flow of which nothing is left to learn', () => {
  test('is known as well as one that is read to its end, whatever comes', () => {
    for (let seed = 0; seed < 400; seed++) {
      const random = randomFrom(seed);
      const segment = 300 + random(1200);
      const frames = acknowledged(framesOf(steps(random), { port: ends.toPort, segment }));
      const seen = seed % 4 === 0 ? frames : disturbed(frames.slice(seed % 3 === 0 ? random(30) : 0), random);
      expect(flowsOf(seen, 1, 1), `seed ${seed}`).toEqual(flowsOf(seen, 1, never));
    }
  });

  test('is so in every capture of ours', async () => {
    for (const capture of await findCaptures([ownCaptures])) {
      const { frames } = await readPath(capture.path);
      const built = frames.map(({ bytes, time }) => ({ bytes, time: Number(time) }));
      const linkType = frames[0]?.linkType ?? 1;
      expect(flowsOf(built, linkType, 1), capture.name).toEqual(flowsOf(built, linkType, never));
    }
  });

  test('has no more bytes delivered, and every byte counted', () => {
    const said: Step[] = [...tls12Handshake(), ...Array.from({ length: 500 }, (): Step => ['server', content(1000)])];
    const frames = framesOf([...said, ['client', content(100)], ['server', content(100)]], { port: 443 });
    const [whole] = flowsOf(frames, 1, never);
    const [settled] = flowsOf(frames);
    expect(settled).toEqual(whole);

    let delivered = 0;
    let bytes = 0;
    const table = new FlowTable(
      {
        bytes: ({ streams }) => {
          delivered++;
          for (const stream of streams) stream.decided = 1;
        },
        gap: () => {},
        datagram: () => {},
        ended: ({ streams }) => {
          bytes = streams[0].bytes + streams[1].bytes;
        },
        settled: () => passAll,
        ahead: () => 0,
        setAhead: () => {},
      },
      () => false,
    );
    const packet = createPacket();
    for (const [index, frame] of frames.entries()) {
      decode(frameOf(frame, index + 1), 0, packet);
      table.packet(packet);
    }
    table.endAll();
    const payload = frames.reduce((sum, frame) => sum + frame.bytes.length - 54, 0);
    expect(bytes).toBe(payload);
    expect(delivered).toBeLessThan(60);
  });
});
