import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/bytes/address.ts';
import { concat, ethernet, ipv4, ipv6, udpFrame } from '../support/build-packets.ts';
import { flowsOf } from '../support/talk.ts';

const ends = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 1025, toPort: 9999 };
const payload = Uint8Array.from({ length: 3000 }, (_, i) => i & 255);
const datagram = udpFrame({ ...ends, payload }).bytes.slice(34);
const a = parseAddress(ends.from)!;
const b = parseAddress(ends.to)!;

const piece = (from: number, to: number, id = 1) => ({
  bytes: ethernet(
    0x0800,
    ipv4(a, b, 17, datagram.slice(from, to), (to < datagram.length ? 0x2000 : 0) | (from / 8), id),
  ),
  time: 0,
});

describe('IP fragments', () => {
  test.each([
    ['in order', [piece(0, 1480), piece(1480, 2960), piece(2960, 3008)]],
    ['last first', [piece(2960, 3008), piece(0, 1480), piece(1480, 2960)]],
    ['with a duplicate', [piece(0, 1480), piece(0, 1480), piece(1480, 2960), piece(2960, 3008)]],
  ])('%s make one datagram', (_name, frames) => {
    const [flow] = flowsOf(frames);
    expect(flow).toMatchObject({ transport: 'udp', bytes: { client: 3000 }, frames: 1 });
    expect(flow!.server.port).toBe(9999);
  });

  test('of different datagrams do not mix', () => {
    expect(flowsOf([piece(0, 1480, 1), piece(1480, 2960, 2), piece(2960, 3008, 3)])).toHaveLength(0);
  });

  test('that overlap with other content are refused (RFC 5722)', () => {
    expect(flowsOf([piece(0, 1480), piece(1000, 2480), piece(1480, 2960), piece(2960, 3008)])).toHaveLength(0);
  });

  test('of IPv6 are put together too (RFC 8200 §4.5)', () => {
    const a6 = parseAddress('fd00::1')!;
    const b6 = parseAddress('fd00::2')!;
    const piece6 = (from: number, to: number) => {
      const header = new Uint8Array(8);
      header[0] = 17;
      new DataView(header.buffer).setUint16(2, from | (to < datagram.length ? 1 : 0));
      return { bytes: ethernet(0x86dd, ipv6(a6, b6, 44, concat(header, datagram.slice(from, to)))), time: 0 };
    };
    expect(flowsOf([piece6(0, 1448), piece6(1448, 3008)])[0]).toMatchObject({
      transport: 'udp',
      bytes: { client: 3000 },
    });
  });

  test('a hundred thousand half datagrams stay under the cap', () => {
    const frames = Array.from({ length: 100_000 }, (_, id) => piece(0, 16, id & 0xffff));
    expect(flowsOf(frames)).toHaveLength(0);
  });
});
