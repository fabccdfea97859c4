import { describe, expect, test } from 'vitest';
import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import type { Flow } from '../../src/flows/flow.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import { limits } from '../../src/limits.ts';
import { type BuiltFrame, frameOf, tcpFrame } from '../support/build-packets.ts';

const a = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 40_000, toPort: 25 };
const b = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 25, toPort: 40_000 };
const text = (said: string) => Uint8Array.from(said, (letter) => letter.charCodeAt(0));
const opening = [
  tcpFrame({ ...a, flags: 'S', sequence: 99 }),
  tcpFrame({ ...b, flags: 'SA', sequence: 499, acknowledgment: 100 }),
  tcpFrame({ ...a, flags: 'A', sequence: 100, acknowledgment: 500 }),
];
const say = (sequence: number, said: string, acknowledgment = 500) =>
  tcpFrame({ ...a, flags: 'PA', sequence, acknowledgment, payload: text(said) });
const answer = (sequence: number, said: string, acknowledgment: number) =>
  tcpFrame({ ...b, flags: 'PA', sequence, acknowledgment, payload: text(said) });

/** What a listener is told, as text: `>` client, `<` server, `[n]` a gap. */
function heard(frames: readonly BuiltFrame[]): { said: string; flows: Flow[]; frames: number[] } {
  let said = '';
  const flows: Flow[] = [];
  const at: number[] = [];
  const mark = (side: 0 | 1) => (side === 0 ? '>' : '<');
  const table = new FlowTable(
    {
      bytes: (flow, side, bytes, start, end) => {
        said += mark(side) + Buffer.from(bytes.subarray(start, end)).toString('latin1');
        at.push(flow.atFrame);
      },
      gap: (_flow, side, length) => {
        said += `${mark(side)}[${length}]`;
      },
      datagram: () => {},
      ended: (flow) => flows.push(flow),
    },
    (port) => port === 25,
  );
  const packet = createPacket();
  for (const [index, frame] of frames.entries()) {
    decode(frameOf(frame, index + 1), 0, packet);
    table.packet(packet);
  }
  table.endAll();
  return { said, flows, frames: at };
}

describe('a TCP stream', () => {
  test('in order is delivered as it comes', () => {
    expect(heard([...opening, say(100, 'one'), say(103, 'two')]).said).toBe('>one>two');
  });

  test('padding that a device counted as payload is none', () => {
    const zeros = new Uint8Array(6);
    const padded = tcpFrame({ ...a, flags: 'A', sequence: 100, acknowledgment: 500, payload: zeros });
    const greeted = tcpFrame({ ...b, flags: 'SA', sequence: 499, acknowledgment: 100, payload: zeros.subarray(0, 2) });
    const frames = [opening[0]!, greeted, padded, say(100, 'one'), answer(500, 'two', 103)];
    expect(heard(frames).said).toBe('>one<two');
  });

  test('zeros that are data are not hidden: sent with PSH they are read, else they are a gap', () => {
    const zeros = { ...a, sequence: 100, acknowledgment: 500, payload: new Uint8Array(2) };
    expect(heard([...opening, tcpFrame({ ...zeros, flags: 'PA' }), say(102, 'two')]).said).toBe('>\0\0>two');
    expect(heard([...opening, tcpFrame({ ...zeros, flags: 'A' }), say(102, 'two')]).said).toBe('>[2]>two');
  });

  test('that begins with the answer to a SYN not captured has its question before its answer', () => {
    const late = [opening[1]!, say(100, 'one'), answer(500, 'two', 103)];
    expect(heard(late).said).toBe('>one<two');
  });

  test('out of order is put in order, with the frames that carried it', () => {
    const result = heard([...opening, say(103, 'two'), say(100, 'one')]);
    expect(result.said).toBe('>one>two');
    expect(result.frames).toEqual([5, 4]);
  });

  test('an answer captured before its question waits for it', () => {
    expect(heard([...opening, answer(500, 'yes', 103), say(100, 'ask')]).said).toBe('>ask<yes');
  });

  test('retransmissions and overlaps are delivered once', () => {
    const { said, flows } = heard([...opening, say(100, 'one'), say(100, 'one'), say(102, 'etwo')]);
    expect(said).toBe('>one>two');
    expect(flows[0]!.duplicates).toBe(1);
  });

  test('different content for the same bytes is a blind spot, and the first seen counts', () => {
    const { said, flows } = heard([...opening, say(103, 'two'), say(103, 'TWO'), say(100, 'one')]);
    expect(said).toBe('>one>two');
    expect(flows[0]!.blindSpots.map((spot) => spot.why)).toContain('ambiguous-overlap');
  });

  test('sequence numbers wrap around', () => {
    const frames = [
      tcpFrame({ ...a, flags: 'S', sequence: 0xffff_fffe }),
      tcpFrame({ ...b, flags: 'SA', sequence: 499, acknowledgment: 0xffff_ffff }),
      say(0xffff_ffff, 'one'),
      say(2, 'two'),
    ];
    expect(heard(frames).said).toBe('>one>two');
  });

  test('what never comes is a gap once it is acknowledged and some packets have passed', () => {
    const later = Array.from({ length: limits.reorderWindow + 2 }, (_, i) => say(106 + i, '.', 500));
    const { said, flows } = heard([...opening, say(100, 'one'), answer(500, 'ok', 106), ...later]);
    expect(said.startsWith('>one>[3]<ok>.')).toBe(true);
    expect(flows[0]!.streams[0].missed).toBe(3);
    expect(flows[0]!.blindSpots.map((spot) => spot.why)).toContain('gap');
  });

  test('what never comes is a gap at the end of the flow', () => {
    expect(heard([...opening, say(100, 'one'), say(106, 'three')]).said).toBe('>one>[3]>three');
  });

  test('a forged acknowledgment does not hide what follows', () => {
    const forged = answer(500, 'x', 1_000_000);
    const filler = Array.from({ length: limits.reorderWindow + 2 }, (_, i) => answer(501 + i, '.', 100));
    expect(heard([...opening, forged, ...filler, say(100, 'MAIL FROM')]).said).toContain('>MAIL FROM');
  });

  test('what the snap length cut off is a gap of its own kind', () => {
    const frame = say(100, 'a long line that is cut');
    const cut = { ...frame, bytes: frame.bytes.slice(0, -10) };
    const { said, flows } = heard([...opening, cut, say(123, 'next')]);
    expect(said).toBe('>a long line t>[10]>next');
    expect(flows[0]!.blindSpots.map((spot) => spot.why)).toEqual(['truncated-capture']);
  });

  test('a million segments behind one hole stay under the caps', () => {
    const frames = Array.from({ length: 2000 }, (_, i) => say(200 + 20 * i, 'x'.repeat(10)));
    const { flows } = heard([...opening, ...frames]);
    expect(flows[0]!.blindSpots.map((spot) => spot.why)).toContain('limit');
  });
});

describe('the life of a TCP flow', () => {
  test('a SYN with a new sequence number begins another flow', () => {
    const again = tcpFrame({ ...a, flags: 'S', sequence: 70_000 });
    expect(heard([...opening, say(100, 'one'), again]).flows).toHaveLength(2);
  });

  test('a repeated SYN does not', () => {
    expect(heard([opening[0]!, opening[0]!, ...opening.slice(1)]).flows).toHaveLength(1);
  });

  test('idleness ends nothing', () => {
    const late = { ...say(103, 'two'), time: 1_000_000 };
    expect(heard([...opening, say(100, 'one'), late]).flows).toHaveLength(1);
  });

  test('the opener is the client, also where only its answer was captured', () => {
    const { flows } = heard([opening[1]!, say(100, 'one')]);
    expect(flows[0]!.opened).toBe(true);
    expect(flows[0]!.clientIsLow).toBe(true);
    expect(flows[0]!.midstream).toBe(false);
  });

  test('under way when the capture begins: the service port tells the server, and it is said', () => {
    const { flows, said } = heard([answer(500, 'ok', 100), say(100, 'one', 502)]);
    expect(flows[0]!.clientIsLow).toBe(true);
    expect(flows[0]!.blindSpots.map((spot) => spot.why)).toContain('midstream');
    expect(said).toBe('<ok>one');
  });

  test('a SYN captured after its first data is no midstream', () => {
    const { flows, said } = heard([say(100, 'one'), ...opening]);
    expect(flows).toHaveLength(1);
    expect(flows[0]!.midstream).toBe(false);
    expect(said).toBe('>one');
  });

  test('one side only is a blind spot', () => {
    const { flows } = heard([opening[0]!, opening[2]!, say(100, 'one')]);
    expect(flows[0]!.blindSpots.map((spot) => spot.why)).toContain('one-direction');
  });

  test('history as Zeek writes it', () => {
    const fin = [
      tcpFrame({ ...a, flags: 'FA', sequence: 103, acknowledgment: 500 }),
      tcpFrame({ ...b, flags: 'FA', sequence: 500, acknowledgment: 104 }),
    ];
    expect(heard([...opening, say(100, 'one'), ...fin]).flows[0]!.history).toBe('ShADFf');
  });
});
