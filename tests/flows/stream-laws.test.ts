import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import type { Flow } from '../../src/flows/flow.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import { limits } from '../../src/limits.ts';
import { type BuiltFrame, frameOf, tcpFrame } from '../support/build-packets.ts';
import type { Step } from '../support/play.ts';
import { framesOf } from '../support/talk.ts';

interface Heard {
  /** what was said, one run of either side after the other */
  runs: { side: 0 | 1; said: string }[];
  calls: number;
  gaps: number;
  flows: Flow[];
  /** the most that was held out of order in one direction */
  heldBytes: number;
  heldSegments: number;
}

function listen(frames: readonly BuiltFrame[]): Heard {
  const heard: Heard = { runs: [], calls: 0, gaps: 0, flows: [], heldBytes: 0, heldSegments: 0 };
  const flows = new Set<Flow>();
  const table = new FlowTable(
    {
      bytes: (flow, side, bytes, start, end) => {
        flows.add(flow);
        heard.calls++;
        const said = Buffer.from(bytes.subarray(start, end)).toString('latin1');
        const last = heard.runs.at(-1);
        if (last?.side === side) last.said += said;
        else heard.runs.push({ side, said });
      },
      gap: (flow) => {
        flows.add(flow);
        heard.gaps++;
      },
      datagram: () => {},
      ended: (flow) => heard.flows.push(flow),
    },
    (port) => port === 25,
  );
  const packet = createPacket();
  for (const [index, frame] of frames.entries()) {
    decode(frameOf(frame, index + 1), 0, packet);
    table.packet(packet);
    for (const flow of flows) {
      for (const stream of flow.streams) {
        heard.heldBytes = Math.max(heard.heldBytes, stream.heldBytes);
        heard.heldSegments = Math.max(heard.heldSegments, stream.held.length);
      }
    }
  }
  table.endAll();
  return heard;
}

const dialogue = fc.array(
  fc.tuple(fc.constantFrom('client' as const, 'server' as const), fc.string({ minLength: 1, maxLength: 60 })),
  { minLength: 1, maxLength: 20 },
);
/** at most so many places between where a frame was sent and where it was captured */
const displacement = 4;
const disorder = fc.array(fc.tuple(fc.nat(displacement), fc.nat(5)), { minLength: 40, maxLength: 40 });

function disordered(frames: readonly BuiltFrame[], how: readonly (readonly [number, number])[]): BuiltFrame[] {
  const placed = frames.flatMap((frame, index) => {
    const [away, again] = how[index % how.length]!;
    const once = { frame, at: index + away };
    return again === 0 ? [once, { frame, at: index + 2 * away + 1 }] : [once];
  });
  return placed.sort((a, b) => a.at - b.at).map(({ frame }) => frame);
}

describe('a stream', () => {
  test('is the same, and in the order in which it was had, however it was cut, repeated and disordered', () => {
    fc.assert(
      fc.property(dialogue, fc.integer({ min: 1, max: 30 }), disorder, (steps, segment, how) => {
        const plain = listen(framesOf(steps as Step[], { port: 25 }));
        const frames = framesOf(steps as Step[], { port: 25, segment });
        const mixed = listen([...frames.slice(0, 3), ...disordered(frames.slice(3), how)]);
        expect(mixed.runs).toEqual(plain.runs);
        expect(mixed.gaps).toBe(0);
        expect(mixed.flows[0]!.blindSpots).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same where its opening is out of order too; a side of which nothing was captured yet is not waited for', () => {
    const said = (heard: Heard, side: 0 | 1) => heard.runs.map((run) => (run.side === side ? run.said : '')).join('');
    fc.assert(
      fc.property(dialogue, fc.integer({ min: 1, max: 30 }), disorder, (steps, segment, how) => {
        const plain = listen(framesOf(steps as Step[], { port: 25 }));
        const mixed = listen(disordered(framesOf(steps as Step[], { port: 25, segment }), how));
        expect([said(mixed, 0), said(mixed, 1)]).toEqual([said(plain, 0), said(plain, 1)]);
        expect(mixed.flows).toHaveLength(1);
        // an answer may then be read before its question, which is said
        const details = mixed.flows[0]!.blindSpots.map(({ detail }) => detail);
        expect([[], ['bytes of one side were captured after what answers to them']]).toContainEqual(details);
      }),
      { numRuns: 300 },
    );
  });

  test('accounts for every sequence number it passed, whatever is missing', () => {
    fc.assert(
      fc.property(dialogue, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (steps, keep) => {
        const frames = framesOf(steps as Step[], { port: 25, segment: 10 });
        const [flow] = listen(frames.filter((_frame, index) => index < 3 || keep[index % keep.length])).flows;
        for (const [side, start] of [1001, 5001].entries()) {
          const stream = flow!.streams[side]!;
          expect(stream.bytes + stream.missed).toBe(stream.next - start - (stream.finished ? 1 : 0));
        }
      }),
      { numRuns: 300 },
    );
  });

  /** frames that keep to no rule, of one flow; numbers from so few places that they overlap all the time */
  const hostile = fc.array(
    fc
      .record({
        up: fc.boolean(),
        flags: fc.constantFrom('A', 'PA', 'A', 'PA', '', 'FA', 'R', 'RA', 'S', 'SA', 'SFA'),
        sequence: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(2 ** 31, 2 ** 32 - 5, 2 ** 30, 2_000_000)),
        acknowledgment: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(2 ** 31 + 3, 2 ** 32 - 1, 5e8)),
        length: fc.integer({ min: 0, max: 40 }),
      })
      .map(({ up, length, ...fields }) =>
        tcpFrame({
          from: up ? '10.0.0.1' : '10.0.0.2',
          to: up ? '10.0.0.2' : '10.0.0.1',
          fromPort: up ? 40_000 : 25,
          toPort: up ? 25 : 40_000,
          payload: new Uint8Array(length).fill(1 + (fields.sequence % 250)),
          ...fields,
        }),
      ),
    { minLength: 1, maxLength: 400 },
  );

  test('takes work in proportion to its packets, and holds no more than the caps, whatever comes', () => {
    fc.assert(
      fc.property(hostile, (frames) => {
        const { calls, gaps, heldBytes, heldSegments } = listen(frames);
        // a segment is told once, and each may uncover one hole of either side
        expect(calls).toBeLessThanOrEqual(frames.length);
        expect(gaps).toBeLessThanOrEqual(2 * frames.length);
        expect(heldBytes).toBeLessThanOrEqual(limits.outOfOrderBytes);
        expect(heldSegments).toBeLessThanOrEqual(limits.outOfOrderSegments);
      }),
      { numRuns: 200 },
    );
  });
});

describe('all streams together', () => {
  const flows = 2000;
  const each = 200;

  /** The same packet again and again, of many flows and with numbers of its own: as fast as a table takes them. */
  function flood(segment: (flow: number, index: number) => { sequence: number; flags: number }): Flow[] {
    const seen = new Set<Flow>();
    const table = new FlowTable(
      {
        bytes: (flow) => {
          seen.add(flow);
        },
        gap: () => {},
        datagram: () => {},
        ended: () => {},
      },
      (port) => port === 25,
    );
    const packet = createPacket();
    const built = tcpFrame({
      from: '10.0.0.1',
      to: '10.0.0.2',
      fromPort: 1,
      toPort: 25,
      flags: 'A',
      payload: Uint8Array.of(65),
    });
    const frame = frameOf(built, 1);
    const view = new DataView(built.bytes.buffer);
    for (let index = 0; index < each; index++) {
      for (let flow = 0; flow < flows; flow++) {
        const { sequence, flags } = segment(flow, index);
        view.setUint16(34, 1000 + flow);
        view.setUint32(38, sequence);
        built.bytes[47] = flags;
        decode(frame, 0, packet);
        table.packet(packet);
      }
    }
    return [...seen];
  }

  test('hold tiny segments by what they cost, not by what they carry', () => {
    // SYN, one byte in order, then single bytes with holes between them: 25 MB of typed arrays per 100,000
    const seen = flood((_flow, index) => ({ sequence: index < 2 ? index : 2 * index, flags: index === 0 ? 2 : 16 }));
    const held = seen.reduce((sum, flow) => sum + flow.streams[0].held.length, 0);
    expect(seen).toHaveLength(flows);
    expect(held).toBeLessThanOrEqual(limits.outOfOrderTotal / limits.heldSegment + 1);
  });
});
