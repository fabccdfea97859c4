import { describe, expect, test } from 'vitest';
import { clientHello, finished, serverHello, supports13, useSrtp } from '../support/dtls-records.ts';
import { app, cipher, goodbye, names, report, rtpPacket, sound, srtcp } from '../support/media-packets.ts';
import { play, type Step } from '../support/play.ts';
import { randomFrom } from '../support/random.ts';

const seen = (steps: readonly Step[]) => play(steps, { port: 16_384, transport: 'udp' });
const call = { kind: 'exposed', content: 'call' };
const privacy = { kind: 'secured', mechanism: 'srtp', level: 'privacy' };
const C = (said: Uint8Array): Step => ['client', said];
const S = (said: Uint8Array): Step => ['server', said];
const judged = (steps: readonly Step[]) => {
  const { facts } = seen(steps);
  return facts.filter(({ kind }) => kind === 'exposed' || kind === 'secured');
};

/** `count` packets of one source, from the client. */
const stream = (
  count: number,
  payload: (i: number) => Uint8Array,
  more: { payloadType?: number; ssrc?: number } = {},
  first = 100,
) => Array.from({ length: count }, (_, i) => C(rtpPacket({ sequence: first + i, payload: payload(i), ...more })));
const keyed = (profile = 1): Step[] => [
  C(clientHello(0, new Uint8Array(0), useSrtp(profile))),
  S(serverHello(0, 0xc02f, useSrtp(profile))),
  C(finished),
  S(finished),
];

describe('RTP that nobody announced', () => {
  test('sound of a known codec in whole frames is clear', () => {
    const { facts, protocol } = seen(stream(20, () => sound()));
    expect(protocol).toBe('rtp');
    expect(facts).toContainEqual(call);
    expect(facts).toContainEqual({ kind: 'described', what: 'property', name: 'rtp-ssrc', value: '0x11223344' });
  });

  test('what is as long as SRTP and random is consistent with it, and no more', () => {
    const { facts, blindSpots } = seen(stream(40, (i) => cipher(i)));
    expect(facts).toContainEqual({ kind: 'described', what: 'property', name: 'consistent-with-srtp', value: true });
    expect(facts.filter(({ kind }) => kind === 'exposed' || kind === 'secured')).toEqual([]);
    expect(blindSpots).toMatchObject([{ why: 'encrypted' }]);
  });

  test.each<[string, Step[]]>([
    ['whole frames of ciphertext (SRTP without a tag, RFC 3711 §4.2)', stream(40, (i) => cipher(i, 160))],
    ['sound that is too long by a tag', stream(40, () => sound(170))],
    ['a codec that is not known', stream(40, (i) => cipher(i, 90), { payloadType: 111 })],
    ['too few packets', stream(6, () => sound())],
  ])('%s tells nothing', (_, steps) => {
    expect(judged(steps)).toEqual([]);
  });

  test.each<[string, Step[]]>([
    [
      'numbers that do not follow one another',
      Array.from({ length: 40 }, (_, i) => C(rtpPacket({ sequence: i * 977, payload: sound() }))),
    ],
    [
      'a source of its own for every packet',
      Array.from({ length: 40 }, (_, i) => C(rtpPacket({ sequence: i, ssrc: i, payload: sound() }))),
    ],
    [
      'the same packet again and again',
      stream(40, () => sound(), {}, 5).map(() => C(rtpPacket({ sequence: 5, payload: sound() }))),
    ],
  ])('%s: no media', (_, steps) => {
    expect(seen(steps).facts).toEqual([]);
  });

  test('random datagrams are no media', () => {
    const random = randomFrom(3);
    const noise = Array.from({ length: 60 }, () => C(Uint8Array.from({ length: 200 }, () => random(256))));
    expect(seen(noise).facts).toEqual([]);
  });

  test('sources past the cap are said', () => {
    const steps = Array.from({ length: 100 }, (_, i) => C(rtpPacket({ sequence: i, ssrc: i, payload: sound() })));
    expect(seen(steps).blindSpots.map(({ why }) => why)).toContain('limit');
  });
});

describe('SRTP with keys from DTLS (RFC 5764)', () => {
  test('ciphertext after the handshake is protected', () => {
    const { facts, protocolPath, blindSpots } = seen([...keyed(), ...stream(40, (i) => cipher(i))]);
    expect(protocolPath).toEqual(['rtp']);
    expect(facts).toContainEqual(privacy);
    expect(blindSpots).toEqual([]);
  });

  test('whatever the codec', () => {
    expect(judged([...keyed(), ...stream(40, (i) => cipher(i, 77), { payloadType: 111 })])).toEqual([privacy]);
  });

  test('a profile without encryption guards only', () => {
    expect(judged([...keyed(5), ...stream(20, () => sound(170), { payloadType: 111 })])).toEqual([
      { ...privacy, level: 'integrity' },
    ]);
  });

  test.each<[string, Step[]]>([
    ['a handshake that one side did not finish', [...keyed().slice(0, 3), ...stream(40, (i) => cipher(i))]],
    [
      'a handshake without use_srtp',
      [
        C(clientHello(0, new Uint8Array(0))),
        S(serverHello(0, 0xc02f)),
        C(finished),
        S(finished),
        ...stream(40, (i) => cipher(i)),
      ],
    ],
    ['a profile that nobody knows', [...keyed(0x7777), ...stream(40, (i) => cipher(i))]],
    [
      'DTLS 1.3, which hides the profile',
      [
        C(clientHello(0, new Uint8Array(0), supports13('client'), useSrtp(1))),
        S(serverHello(0, 0x1301, supports13('server'))),
        ...stream(40, (i) => cipher(i)),
      ],
    ],
    ['too little to tell ciphertext', [...keyed(), ...stream(5, (i) => cipher(i))]],
    ['no media', keyed()],
  ])('%s protects nothing', (_, steps) => {
    expect(judged(steps)).toEqual([]);
  });
});

describe('RTCP (RFC 3550 §6)', () => {
  const join = (...parts: Uint8Array[]) => Buffer.concat(parts);

  test('is certain from its first datagram, and names somebody', () => {
    const { protocol, facts } = seen([C(join(report, names))]);
    expect(protocol).toBe('rtcp');
    expect(facts).toEqual([call]);
  });

  test.each([
    ['a report', report],
    ['a goodbye', join(report, goodbye)],
    ["an application's ping", app(1)],
  ])('%s exposes nothing', (_, said) => {
    expect(seen([C(said)])).toMatchObject({ protocol: 'rtcp', facts: [], blindSpots: [] });
  });

  test("an application's data exposes", () => {
    expect(seen([C(app(8))]).facts).toEqual([call]);
  });

  test('SRTCP that nobody announced cannot be told', () => {
    const packets = [1, 2, 3, 4, 5].map((index) => C(srtcp(join(report, cipher(index, 24)), true, index)));
    const { protocol, facts, blindSpots } = seen(packets);
    expect(protocol).toBe('rtcp');
    expect(facts).toEqual([]);
    expect(blindSpots).toMatchObject([{ why: 'encrypted' }]);
  });

  test('SRTCP with keys from DTLS is protected', () => {
    const packets = [1, 2, 3].map((index) => C(srtcp(join(report, cipher(index, 24)), true, index)));
    expect(judged([...keyed(), ...packets])).toEqual([privacy]);
  });

  test('SRTCP that is not encrypted (RFC 3711 §3.4, E = 0) can be read', () => {
    const packets = [1, 2, 3].map((index) => C(srtcp(join(report, names), false, index)));
    expect(judged([...keyed(), ...packets])).toEqual([call]);
  });

  test('media that come later on the same port take the flow over (RFC 5761)', () => {
    const { protocolPath, facts } = seen([C(report), ...stream(20, () => sound())]);
    expect(protocolPath).toEqual(['rtp']);
    expect(facts).toContainEqual(call);
  });
});
