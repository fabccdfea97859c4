import { describe, expect, test } from 'vitest';
import { clientHello, data, finished, serverHello, useSrtp } from '../support/dtls-records.ts';
import { cipher, names, report, rtpPacket, sound, srtcp } from '../support/media-packets.ts';
import { play, type Step } from '../support/play.ts';

/** Media made to be called protected without being so: none may end as protected with nothing said against it. */
const C = (said: Uint8Array): Step => ['client', said];
const S = (said: Uint8Array): Step => ['server', said];
const stream = (
  from: (said: Uint8Array) => Step,
  count: number,
  payload: (i: number) => Uint8Array,
  ssrc: number,
  payloadType = 0,
) =>
  Array.from({ length: count }, (_, i) =>
    from(rtpPacket({ sequence: 100 + i, payload: payload(i), ssrc, payloadType })),
  );
const keyed = [
  C(clientHello(0, new Uint8Array(0), useSrtp(1))),
  S(serverHello(0, 0xc02f, useSrtp(1))),
  C(finished),
  S(finished),
];
const plain = [C(clientHello(0, new Uint8Array(0))), S(serverHello(0, 0xc02f)), C(finished), S(finished), C(data(200))];
const sealed = stream(C, 40, (i) => cipher(i), 1);

function verdict(steps: readonly Step[]): 'protected' | 'exposed' | 'doubtful' | 'untold' {
  const { facts, blindSpots } = play(steps, { port: 16_384, transport: 'udp' });
  if (facts.some(({ kind }) => kind === 'exposed')) return 'exposed';
  if (!facts.some(({ kind }) => kind === 'secured')) return 'untold';
  // these keep the checker from passing a flow
  return blindSpots.some(({ why }) => why === 'left-protocol' || why === 'malformed' || why === 'limit')
    ? 'doubtful'
    : 'protected';
}

test('the call that all of these contain is protected by itself', () => {
  expect(verdict([...keyed, ...sealed])).toBe('protected');
});

describe('beside protected media', () => {
  test.each<[string, Step[], 'exposed' | 'doubtful']>([
    ['the other side sends sound in clear', stream(S, 20, () => sound(), 2), 'exposed'],
    ['another source of the same side', stream(C, 20, () => sound(), 2), 'exposed'],
    [
      'a codec that cannot be told from ciphertext by its length, not random',
      stream(C, 40, () => sound(77), 2, 111),
      'doubtful',
    ],
    ['a source too short to be told', stream(C, 3, () => sound(), 2), 'doubtful'],
    ['control in clear', [C(Buffer.concat([report, names]))], 'exposed'],
    [
      'control whose trailer says that it is not encrypted',
      [C(srtcp(Buffer.concat([report, names]), false))],
      'exposed',
    ],
    ['control that cannot be read, without a trailer', [C(Buffer.concat([report, cipher(1, 30)]))], 'doubtful'],
    ['media inside TURN channels', [C(Uint8Array.from([0x40, 1, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]))], 'doubtful'],
    ['what is none of all this', [C(Uint8Array.from(Buffer.from('meet me at noon')))], 'doubtful'],
    ['another handshake', [C(clientHello(2, new Uint8Array(0), useSrtp(1)))], 'doubtful'],
  ])('%s', (_, beside, wanted) => {
    expect(verdict([...keyed, ...sealed, ...beside])).toBe(wanted);
  });

  test('the same source goes on in clear', () => {
    const later = Array.from({ length: 60 }, (_, i) => C(rtpPacket({ sequence: 140 + i, payload: sound(), ssrc: 1 })));
    expect(verdict([...keyed, ...sealed, ...later])).toBe('exposed');
  });
});

test('the same source goes on in clear, in packets that are too long for whole frames', () => {
  const later = Array.from({ length: 400 }, (_, i) =>
    C(rtpPacket({ sequence: 140 + i, payload: sound(170), ssrc: 1 })),
  );
  expect(verdict([...keyed, ...sealed, ...later])).toBe('doubtful');
});

/** as random as ciphertext, behind the byte that a codec begins with */
const compressed = (lead: number) => (i: number) => Uint8Array.of(lead, ...cipher(i, 120));

describe('compressed media in clear, which look random', () => {
  test.each<[string, number, number]>([
    ['Opus (RFC 6716 §3.1: configuration 15, mono, one frame)', 0x78, 111],
    ['VP8 (RFC 7741 §4.2: start of a partition)', 0x10, 96],
    ['H.264 in fragments (RFC 6184 §5.8)', 0x7c, 97],
    ['AMR-WB (RFC 4867 §4.3.1: no mode request)', 0xf0, 98],
  ])('%s, though DTLS gave keys', (_, lead, payloadType) => {
    expect(verdict([...keyed, ...stream(C, 60, compressed(lead), 2, payloadType)])).toBe('untold');
    expect(verdict([...keyed, ...sealed, ...stream(S, 60, compressed(lead), 2, payloadType)])).toBe('doubtful');
  });

  test('that begin while the source has long been encrypted', () => {
    const before = stream(C, 100, (i) => cipher(i), 1, 111);
    const after = Array.from({ length: 20 }, (_, i) =>
      C(rtpPacket({ sequence: 200 + i, payload: compressed(0x78)(i), ssrc: 1, payloadType: 111 })),
    );
    expect(verdict([...keyed, ...before])).toBe('protected');
    expect(verdict([...keyed, ...before, ...after])).toBe('doubtful');
  });
});

test('keyed, and control alone is encrypted: the media decide', () => {
  const control = [
    C(srtcp(Buffer.concat([report, cipher(3, 16)]), true)),
    S(srtcp(Buffer.concat([report, cipher(4, 16)]), true)),
  ];
  expect(verdict([...keyed, ...control, ...stream(C, 40, () => sound(), 2)])).toBe('exposed');
  expect(verdict([...keyed, ...control, ...stream(C, 40, compressed(0x78), 2, 111)])).toBe('doubtful');
});

test('a handshake that failed, and media all the same', () => {
  const failed = keyed.slice(0, 2);
  expect(verdict([...failed, ...stream(C, 40, () => sound(), 2)])).toBe('exposed');
  expect(verdict([...failed, ...sealed])).toBe('untold');
});

test('a long call stays protected', () => {
  expect(verdict([...keyed, ...stream(C, 900, (i) => cipher(i), 1)])).toBe('protected');
});

test('media before the handshake, of which nothing tells', () => {
  const early = stream(C, 40, (i) => cipher(i, 77), 2, 111);
  expect(verdict([...keyed.slice(0, 2), ...early, ...keyed.slice(2), ...sealed])).not.toBe('protected');
});

test('DTLS that was for something else: its own content protects no media', () => {
  expect(verdict([...plain, ...sealed])).toBe('doubtful');
  expect(verdict([...plain, ...stream(C, 20, () => sound(), 2)])).toBe('exposed');
});

test('Finished by the wrong side twice gives no keys', () => {
  expect(verdict([...keyed.slice(0, 2), C(finished), C(finished), ...sealed])).toBe('untold');
});

test('a server that chooses what the client did not offer, and a client that answers itself', () => {
  const self = [
    C(clientHello(0, new Uint8Array(0), useSrtp(1))),
    C(serverHello(1, 0xc02f, useSrtp(1))),
    C(finished),
    S(finished),
  ];
  expect(verdict([...self, ...sealed])).toBe('untold');
});
