import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tls } from '../../../src/protocols/tls/tls.ts';
import { play, type Step } from '../../support/play.ts';
import { startContext } from '../../support/start-context.ts';
import {
  certificateRequest,
  changeCipherSpec,
  clientHello,
  content,
  finished,
  handshake,
  join,
  noise,
  record,
  rfc8448,
  serverHello,
  tls12Handshake,
} from './builder.ts';

const secured = { kind: 'secured', mechanism: 'tls', level: 'privacy' };
const observe = (steps: Step[], midstream = false) => {
  const { facts, blindSpots } = play(steps, { port: 443, analyzers: [tls], midstream });
  return { facts, whys: blindSpots.map(({ why }) => why), secured: facts.some((fact) => fact.kind === 'secured') };
};
const repeat = (count: number, step: (i: number) => Step): Step[] => Array.from({ length: count }, (_, i) => step(i));

describe('a flow whose handshake was not seen', () => {
  const random = repeat(20, (i) => ['client', record(23, noise(200, i + 1))]);

  test('is secured where enough of the client looks like ciphertext', () => {
    expect(observe(random, true)).toEqual({ facts: [secured], whys: ['midstream'], secured: true });
  });

  test('is secured by a long answer alone', () => {
    const answer = repeat(6, (i) => ['server', record(23, noise(16000, i + 1))]);
    expect(observe(answer, true).secured).toBe(true);
  });

  test('is not secured by what could be a handshake of TLS 1.3', () => {
    const handshakeOnly: Step[] = [
      ['server', record(23, noise(5000, 1))],
      ['client', join(...[3000, 3000, 300, 53].map((length) => record(23, noise(length, length))))],
      ['server', record(23, noise(300, 5))],
    ];
    expect(observe(handshakeOnly, true)).toMatchObject({ secured: false, whys: ['midstream'] });
  });

  test('is not secured by too little of it', () => {
    expect(observe(random.slice(0, 6), true)).toMatchObject({ facts: [], whys: ['midstream'] });
  });

  test.each<[string, (i: number) => Uint8Array]>([
    ['text', (i) => Buffer.from(`Subject: ${i} the quick brown fox jumps over the lazy dog\r\n`.repeat(5))],
    ['base64', (i) => Buffer.from(Buffer.from(noise(200, i + 1)).toString('base64'))],
    ['binary with zeros', (i) => join(noise(150, i + 1), new Uint8Array(80))],
    ['RPC in UTF-16', (i) => Buffer.from(`/o=contoso/ou=seoul/cn=recipients/cn=user${i}`.repeat(4), 'utf16le')],
    ['7-bit noise', (i) => noise(300, i + 1).map((byte) => byte & 127)],
  ])('is not secured where its bytes are %s: it may have a NULL cipher', (_what, bytes) => {
    const steps = repeat(60, (i) => ['client', record(23, bytes(i))]);
    expect(observe(steps, true)).toMatchObject({ secured: false, whys: ['midstream'] });
  });

  test('with explicit nonces that count up is secured all the same (RFC 5288 §3)', () => {
    const gcm = (i: number) => join(new Uint8Array(7), Uint8Array.of(i), noise(60, i + 1));
    expect(
      observe(
        repeat(60, (i) => ['client', record(23, gcm(i))]),
        true,
      ).secured,
    ).toBe(true);
  });

  test('is not secured by a compressed file among readable requests', () => {
    const file = deflateRawSync(Buffer.from(noise(40_000, 1).map((byte) => byte & 63)));
    const request = record(23, Buffer.from('GET /owa/ HTTP/1.1\r\nHost: cas1.contoso.com\r\n\r\n'));
    const steps: Step[] = [...repeat(30, () => ['client', request]), ['server', record(23, file.subarray(0, 16_000))]];
    expect(observe(steps, true).secured).toBe(false);
  });

  test('may begin in the middle of a record, but of one only', () => {
    const [[, bytes]] = repeat(1, () => ['server', record(23, noise(9000, 1))]) as [[string, Uint8Array]];
    const rest: Step = ['server', bytes.subarray(5000)];
    const more = repeat(4, (i): Step => ['server', record(23, noise(16_000, i + 1))]);
    const [opening, ...others] = random;
    expect(observe([opening!, rest, ...more], true)).toMatchObject({ secured: true, whys: ['midstream'] });
    expect(observe([opening!, ['server', noise(30_000, 2)], ...others], true).whys).toContain('left-protocol');
    // where the beginning was seen, it begins with a record
    expect(observe([opening!, rest, ...more]).whys).toContain('left-protocol');
  });

  test('starting with Finished is no malformed handshake', () => {
    const steps: Step[] = [
      ['client', join(finished, content(80))],
      ['server', join(changeCipherSpec, finished)],
    ];
    expect(observe(steps, true).whys).toEqual(['midstream']);
  });

  test('is the same however it is cut into segments', () => {
    const bytewise = random.flatMap(([from, bytes]) =>
      [...(bytes as Uint8Array)].map((byte): Step => [from, Uint8Array.of(byte)]),
    );
    expect(observe(bytewise, true)).toEqual(observe(random, true));
  });
});

describe('lost bytes', () => {
  const [first, second, third, fourth] = tls12Handshake();

  test('inside application data change nothing', () => {
    const steps: Step[] = [first, second, third, fourth];
    const cut = content(4000);
    const { facts, whys } = observe([
      ...steps,
      ['client', cut.subarray(0, 100)],
      ['client', { lost: 3905 }],
      ['client', content(60)],
    ]);
    expect(facts).toContainEqual(secured);
    expect(whys).toEqual([]);
  });

  test('of a Finished are made up for by application data of that side', () => {
    const { facts } = observe([first, second, third, ['server', { lost: 51 }], ['server', content(60)]]);
    expect(facts).toContainEqual({ kind: 'described', what: 'tls-finished' });
    expect(facts).toContainEqual(secured);
    // but not by that of the other, whose own handshake is over already
    expect(observe([first, second, third, ['server', { lost: 51 }], ['client', content(60)]]).secured).toBe(false);
  });

  test('of the ServerHello leave version and suite unknown', () => {
    const steps: Step[] = [first, ['server', { lost: 300 }], third, fourth, ['client', content(60)]];
    expect(observe(steps)).toMatchObject({ secured: false, whys: ['midstream'] });
  });

  test('inside a certificate do not make the rest of it a Finished, nor hide what follows', () => {
    const { facts, whys } = observe([
      first,
      ['server', handshake(serverHello())],
      ['server', { lost: 1400 }],
      ['server', join(record(22, noise(900, 3)), handshake(certificateRequest))],
      third,
    ]);
    expect(facts).toContainEqual({ kind: 'offered', what: 'client-certificate' });
    expect(facts.some((fact) => 'what' in fact && fact.what === 'tls-finished')).toBe(false);
    expect(whys).toEqual([]);
  });

  test('after the ServerHello do not make a session resumed, unless its id was echoed', () => {
    const sessionId = noise(32, 1);
    const resumed = (echo: Uint8Array) => {
      const steps: Step[] = [
        ['client', handshake(clientHello({ sessionId }))],
        ['server', handshake(serverHello({ sessionId: echo }))],
        ['server', { lost: 1400 }],
        fourth,
      ];
      const [fact] = observe(steps).facts.filter((one) => 'what' in one && one.what === 'tls-server-hello');
      return fact && 'resumed' in fact ? fact.resumed : 'not stated';
    };
    expect(resumed(noise(32, 2))).toBe(false);
    expect(resumed(sessionId)).toBe(true);
  });

  test('of the Finished of TLS 1.3 let the server answer first', () => {
    const steps: Step[] = [
      ['client', rfc8448.clientHello],
      ['server', join(rfc8448.serverHello, rfc8448.serverFlight)],
      ['client', { lost: 58 }],
      ['client', content(80)],
    ];
    expect(observe(steps).secured).toBe(false);
    expect(observe([...steps, ['server', content(90)], ['client', content(80)]]).secured).toBe(true);
  });
});

describe('going on after lost bytes', () => {
  const resume = (bytes: Uint8Array): number => {
    const state = tls.start(startContext(443));
    return tls.resume!(bytes, 0, bytes.length, 'client', state);
  };
  const tail = noise(100, 1);

  test.each<[string, Uint8Array, number]>([
    ['at a header at the start', content(200), 0],
    ['at a header at the start whose record goes on', content(3000).subarray(0, 1400), 0],
    ['at two headers further in', join(tail, content(40), content(40)), 100],
    ['at a record that ends the segment', join(tail, content(40)), 100],
    ['nowhere, at a header that leads nowhere', join(tail, content(40), tail), -1],
    ['nowhere, in ciphertext', noise(1400, 2), -1],
    ['nowhere, in a few bytes', Uint8Array.of(23, 3, 3), -1],
  ])('%s', (_where, bytes, at) => {
    expect(resume(bytes)).toBe(at);
  });

  test('takes no longer for bytes made to look like headers', () => {
    const headers = join(...Array.from({ length: 13_000 }, () => Uint8Array.of(23, 3, 3, 0, 0)), Uint8Array.of(9));
    expect(resume(join(tail, headers))).toBe(100);
  });
});
