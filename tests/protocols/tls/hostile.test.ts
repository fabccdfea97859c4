import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Malformed } from '../../../src/bytes/malformed.ts';
import { Reader } from '../../../src/bytes/reader.ts';
import type { Direction } from '../../../src/flows/direction.ts';
import { NEED_MORE } from '../../../src/protocols/analyzer.ts';
import { tls } from '../../../src/protocols/tls/tls.ts';
import { play, type Step } from '../../support/play.ts';
import { startContext } from '../../support/start-context.ts';
import { derOf, join, tls12Handshake } from './builder.ts';
import { clientIdentity, recordSession, type Said, serverIdentity } from './sessions.ts';
import { ssl2ClientHello, ssl2Encrypted, ssl2MasterKey, ssl2ServerHello } from './ssl2-builder.ts';

const observe = (steps: readonly Step[]) => play(steps, { port: 443, analyzers: [tls] });
const dialogues: Said[][] = [];

beforeAll(async () => {
  const mutual = {
    client: { ...clientIdentity, maxVersion: 'TLSv1.2' },
    server: { requestCert: true },
    lines: ['EHLO'],
  };
  dialogues.push(await recordSession(mutual as Parameters<typeof recordSession>[0]));
  dialogues.push(await recordSession({ client: clientIdentity, server: { requestCert: true }, lines: ['EHLO hub1'] }));
  dialogues.push([
    ['client', ssl2ClientHello()],
    ['server', ssl2ServerHello(derOf(serverIdentity.cert))],
    ['client', join(ssl2MasterKey, ssl2Encrypted(33), ssl2Encrypted(99), ssl2Encrypted(77, true))],
  ]);
});

/** Feeds a direction whatever the bytes are, as a host would that knows nothing of TLS, and checks what `frame` promises. */
function feed(bytes: Uint8Array, direction: Direction, state: unknown): void {
  let at = 0;
  for (let turns = 0; at < bytes.length; turns++) {
    expect(turns).toBeLessThanOrEqual(bytes.length);
    const length = tls.frame(bytes, at, bytes.length, direction, state);
    if (length <= NEED_MORE) return;
    expect(length).toBeLessThanOrEqual(bytes.length - at);
    let skip = 0;
    const out = {
      fact: () => {},
      handOver: () => {},
      release: () => {},
      become: () => {},
      carry: () => {},
      endCarried: () => {},
      announce: () => {},
      recall: <T>(bytes: Uint8Array, compute: (bytes: Uint8Array) => T) => compute(bytes),
      now: () => ({ capture: 0, frame: 1, time: 0, from: 'client' as const }),
      skip: (count: number) => {
        expect(count).toBeGreaterThanOrEqual(0);
        skip = count;
      },
      done: () => {},
      blind: () => {},
    };
    try {
      tls.message(new Reader('tls', bytes, at, at + length), direction, state, out);
    } catch (error) {
      expect(error).toBeInstanceOf(Malformed);
    }
    at += length + skip;
  }
}

describe('real dialogues', () => {
  test('cut off anywhere never fail, and never say more than the whole', () => {
    for (const said of dialogues) {
      const whole = new Set(observe(said).facts.map((fact) => JSON.stringify(fact)));
      // how a session goes on is only known once it does
      const settled = (fact: object) => !JSON.stringify(fact).includes('unfinished');
      for (const [index, [from, bytes]] of said.entries()) {
        for (let length = 0; length <= bytes.length; length += bytes.length > 400 ? 7 : 1) {
          const { facts } = observe([...said.slice(0, index), [from, bytes.subarray(0, length)]]);
          for (const fact of facts.filter(settled)) expect(whole).toContain(JSON.stringify(fact));
        }
      }
    }
  });

  test('split in two at every byte say the same', () => {
    for (const said of dialogues) {
      const whole = observe(said).facts;
      for (const [index, [from, bytes]] of said.entries()) {
        for (let at = 1; at < bytes.length; at += bytes.length > 400 ? 5 : 1) {
          const halves: Said[] = [
            [from, bytes.subarray(0, at)],
            [from, bytes.subarray(at)],
          ];
          expect(observe(said.toSpliced(index, 1, ...halves)).facts).toEqual(whole);
        }
      }
    }
  });

  test('with any byte changed never fail', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(), (which, step, mask, place) => {
        const said = dialogues[which % dialogues.length]!;
        const index = step % said.length;
        const [from, bytes] = said[index]!;
        const changed = Uint8Array.from(bytes);
        changed[place % bytes.length]! ^= mask;
        observe(said.with(index, [from, changed]));
      }),
      { numRuns: 2000 },
    );
  });

  test('with a direction missing, or in another order, never fail', () => {
    for (const said of dialogues) {
      observe(said.filter(([from]) => from === 'client'));
      observe(said.filter(([from]) => from === 'server'));
      observe(said.toReversed());
      observe(said.map(([from, bytes]): Step => [from === 'client' ? 'server' : 'client', bytes]));
    }
  });
});

const header = fc
  .tuple(fc.integer({ min: 20, max: 24 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 300 }))
  .map(([type, minor, length]) => Uint8Array.of(type, 3, minor, length >> 8, length & 255));
const piece = fc.oneof(
  header,
  fc.uint8Array({ maxLength: 80 }),
  fc.constantFrom(...tls12Handshake().map(([, bytes]) => bytes)),
);

test('noise, with and without records in it, ends and throws nothing but Malformed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom<Direction>('client', 'server'), piece), { maxLength: 20 }),
      fc.boolean(),
      (pieces, fromTheStart) => {
        const state = tls.start(startContext(443, null, fromTheStart));
        for (const [direction, bytes] of pieces) {
          tls.recognise(bytes, 0, bytes.length, direction);
          feed(bytes, direction, state);
          tls.resume!(bytes, 0, bytes.length, direction, state);
        }
        observe(pieces);
      },
    ),
    { numRuns: 2000 },
  );
});
