import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import type { BuiltFrame, SegmentFields } from '../support/build-packets.ts';
import { tcpFrame, udpFrame } from '../support/build-packets.ts';
import { flowsOf } from '../support/talk.ts';

/** Contract, rule 16: when a flow ends, and another with the same ends begins. */
const forth = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 40_000, toPort: 25 };
const back = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 25, toPort: 40_000 };
const tcp = (ends: typeof forth, flags: string, time: number, more: Partial<SegmentFields> = {}): BuiltFrame =>
  tcpFrame({ ...ends, flags, time, ...more });

const opening = (time: number, first = 1000): BuiltFrame[] => [
  tcp(forth, 'S', time, { sequence: first }),
  tcp(back, 'SA', time, { sequence: 5000, acknowledgment: first + 1 }),
  tcp(forth, 'A', time, { sequence: first + 1, acknowledgment: 5001 }),
];
const fin = (time: number): BuiltFrame[] => [
  tcp(forth, 'FA', time, { sequence: 1001, acknowledgment: 5001 }),
  tcp(back, 'FA', time, { sequence: 5001, acknowledgment: 1002 }),
];
const count = (...frames: BuiltFrame[]) => flowsOf(frames).length;

describe('rule 16: TCP', () => {
  test('never ends by idleness', () => {
    expect(count(...opening(0), tcp(forth, 'A', 86_400, { sequence: 1001, acknowledgment: 5001 }))).toBe(1);
  });

  test('ends at FIN both ways: a later opening is another flow', () => {
    expect(count(...opening(0), ...fin(1), ...opening(100, 9_000_000))).toBe(2);
  });

  test('does not end at one FIN', () => {
    const frames = [...opening(0), fin(1)[0]!, tcp(back, 'A', 50, { sequence: 5001, acknowledgment: 1002 })];
    expect(count(...frames)).toBe(1);
  });

  test('ends at RST', () => {
    expect(count(...opening(0), tcp(back, 'R', 1, { sequence: 5001 }), ...opening(2, 9_000_000))).toBe(2);
  });

  test('ends at a SYN with a new sequence number, and not at one that is sent again', () => {
    expect(count(...opening(0), ...opening(3, 9_000_000))).toBe(2);
    expect(count(tcp(forth, 'S', 0, { sequence: 1000 }), ...opening(3))).toBe(1);
  });
});

describe('rule 16: UDP', () => {
  const datagram = (time: number) => udpFrame({ ...forth, toPort: 9999, payload: Uint8Array.of(1), time });

  test('ends after 120 s idle', () => {
    expect(count(datagram(0), datagram(120))).toBe(1);
    expect(count(datagram(0), datagram(121))).toBe(2);
  });

  test('ends early to make room, which is a doubt only where an answer may still have been on its way', () => {
    const other = (i: number, time: number) =>
      udpFrame({ ...forth, from: `10.1.${i >> 8}.${i & 255}`, toPort: 9999, payload: Uint8Array.of(1), time });
    const after = (seconds: number) =>
      flowsOf([datagram(0), ...Array.from({ length: limits.flows }, (_, i) => other(i, seconds))])[0]!;
    for (const [seconds, doubts] of [
      [9, ['limit']],
      [10, []],
    ] as const) {
      const { client, blindSpots } = after(seconds);
      expect(client.address).toBe('10.0.0.1');
      expect(blindSpots.map(({ why }) => why)).toEqual(doubts);
    }
  });
});
