import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { play, type Step } from '../support/play.ts';
import { C, request, response, S, sdp } from '../support/sip-messages.ts';

const seen = (steps: readonly Step[], transport: 'tcp' | 'udp' = 'tcp') => play(steps, { port: 5060, transport });
const call = { kind: 'exposed', content: 'call' };
const text = request('MESSAGE', { body: 'secret', type: 'text/plain' });

describe('content that was made to be overlooked', () => {
  test.each<[string, Step[]]>([
    [
      'in the body of a harmless request, by a length that is too short',
      [C(request('OPTIONS', { body: 'x', length: 0 }) + text)],
    ],
    ['behind a message without a length', [C(request('OPTIONS', { length: null }) + text)]],
    ['behind a second length', [C(request('OPTIONS', { headers: ['l: 4000'] }) + text)]],
    ['behind bare line feeds', [C(request('OPTIONS').replaceAll('\r', '') + text)]],
    ['after an answer that only looks like a redirect of it', [C(text), C(response(302, 'MESSAGE'))]],
    [
      'a call whose redirect the caller sends itself',
      [C(request('INVITE')), C(response(302, 'INVITE')), S(response(200, 'INVITE'))],
    ],
    [
      'a call that rings before it is redirected',
      [C(request('INVITE')), S(response(180, 'INVITE')), S(response(302, 'INVITE'))],
    ],
  ])('%s', (_, steps) => {
    const { facts, blindSpots } = seen(steps);
    // the content, or at least that something could not be read
    const said = facts.some((fact) => fact.kind === 'exposed') || blindSpots.length > 0;
    expect(said).toBe(true);
  });

  test('two lengths that differ are said', () => {
    expect(seen([C(request('OPTIONS', { headers: ['Content-Length: 7'] }))]).blindSpots).toMatchObject([
      { why: 'malformed' },
    ]);
  });

  test('bytes behind the body of a datagram are said', () => {
    expect(seen([C(`${request('OPTIONS')}more`)], 'udp').blindSpots).toMatchObject([{ why: 'malformed' }]);
  });

  test('a datagram cut short: its session description is not trusted, its content counts', () => {
    const whole = request('MESSAGE', { body: sdp('10.0.0.1', 4000) });
    const { facts, blindSpots } = seen([C(whole.slice(0, -20))], 'udp');
    expect(facts).toContainEqual(call);
    expect(facts.some((fact) => fact.kind === 'described' && fact.what === 'media')).toBe(false);
    expect(blindSpots).toMatchObject([{ why: 'malformed' }]);
  });

  test('a stream that goes on as something else is said', () => {
    expect(seen([C(request('OPTIONS')), C('\x01\x02\x03\x04\x05\x06\x07\x08')]).blindSpots).toMatchObject([
      { why: 'left-protocol' },
    ]);
  });

  test('a compressed body is said', () => {
    const packed = request('INVITE', { body: 'x\x9c', headers: ['Content-Encoding: gzip'] });
    expect(seen([C(packed), S(response(302, 'INVITE'))]).blindSpots).toMatchObject([{ why: 'malformed' }]);
  });
});

test('nothing in SIP ever counts as protection', () => {
  const steps = [
    C(request('INVITE', { headers: ['Security-Verify: tls'], body: sdp('10.0.0.1', 4000, 'UDP/TLS/RTP/SAVP') })),
    S(response(200, 'INVITE')),
  ];
  expect(seen(steps).facts.filter((fact) => fact.kind === 'secured')).toEqual([]);
});

test('an acceptance after lost bytes accepts no login that was not seen to be asked', () => {
  const { facts } = seen([['client', { lost: 500 }], S(response(200, 'REGISTER'))]);
  expect(facts.filter((fact) => fact.kind === 'authenticated')).toEqual([]);
});

test('requests that are never answered are bounded, and the limit is said', () => {
  const many = Array.from({ length: limits.transactions + 5 }, (_, cseq) => C(request('INVITE', { cseq })));
  const { blindSpots } = seen(many);
  expect(blindSpots.map(({ why }) => why).sort()).toEqual(['gap', 'limit']);
});

test('a head that never ends is given up', () => {
  const long = `INVITE sip:a@b SIP/2.0\r\n${'x: y\r\n'.repeat(30_000)}`;
  expect(seen([C(long)]).blindSpots.length).toBeGreaterThan(0);
});

test('a session description with more streams than are read', () => {
  const body = sdp('10.0.0.1', 4000) + 'm=audio 4000 RTP/AVP 0\r\n'.repeat(4000);
  expect(seen([C(request('INVITE', { body }))]).facts.length).toBeLessThan(10);
});
