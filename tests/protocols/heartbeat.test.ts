import { describe, expect, test } from 'vitest';
import { hex } from '../support/gss-tokens.ts';
import { play } from '../support/play.ts';

const seen = (bytes: Uint8Array, port = 3343) => play([['client', bytes]], { port, transport: 'udp' });
// identifier, version 1, type, an IPv4 pair to follow, 32 bytes in all, number; the pair
const ask = hex('55555555 01 00 0000 0100 2000 01000000 0000 1000 00000000 0a00001f 0a000020');
const tunnelled = hex('02 00 00 00 00 20 02 00 00 00 00 1f 86dd 6000 0000 0000 3b40');

describe('cluster heartbeat', () => {
  test.each([
    ['route-control', ask],
    ['tunnelled', tunnelled],
    ['security', Uint8Array.of(...hex('11e6c4eb'), ...new Uint8Array(40))],
  ])('%s: seen, and nothing more', (value, bytes) => {
    const { protocol, facts, blindSpots } = seen(bytes);
    expect([protocol, facts, blindSpots]).toEqual([
      'heartbeat',
      [{ kind: 'described', what: 'property', name: 'cluster-message', value }],
      [],
    ]);
  });

  test('on no other port', () => expect(seen(ask, 9999).protocol).toBe('unknown'));

  test.each([
    ['another type', 6, 2],
    ['another extension', 8, 9],
    ['longer than it is', 10, 200],
  ])('%s is something unknown', (_name, at, value) => {
    const bytes = ask.slice();
    bytes[at] = value;
    expect(seen(bytes).protocol).toBe('unknown');
  });

  test('clear text on its port is something unknown', () => {
    expect(seen(new Uint8Array(Buffer.from('MAIL FROM:<alice@example.test>\r\n'))).protocol).toBe('unknown');
  });

  test('what follows in another shape is noticed', () => {
    const { blindSpots } = play(
      [
        ['client', ask],
        ['server', Uint8Array.of(1, 2, 3, 4)],
      ],
      { port: 3343, transport: 'udp' },
    );
    expect(blindSpots.map(({ why }) => why)).toEqual(['malformed']);
  });
});
