import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import { play, type Stage, type Step } from '../support/play.ts';
import { C, request, response, S, sdp } from '../support/sip-messages.ts';

const tcp: Stage = { port: 5060 };
const udp: Stage = { port: 5060, transport: 'udp' };
const call = { kind: 'exposed', content: 'call' };
const exposes = (steps: readonly Step[], stage = tcp) =>
  play(steps, stage).facts.flatMap((fact) => (fact.kind === 'exposed' ? [fact.content] : []));
const whys = (steps: readonly Step[], stage = tcp) => play(steps, stage).blindSpots.map(({ why }) => why);
const methods = (facts: readonly Fact[]) =>
  facts.flatMap((fact) =>
    fact.kind === 'described' && fact.what === 'property' && fact.name === 'sip-method' ? [fact.value] : [],
  );

describe('recognition', () => {
  test.each([
    ['a request', request('OPTIONS')],
    ['an answer', response(200, 'OPTIONS')],
    ['keep-alives, then a request (RFC 5626 §4.4.1)', `\r\n\r\n\r\n\r\n${request('OPTIONS')}`],
    ['a method that nobody knows', request('FROBNICATE')],
    ['a tel URI', 'INVITE tel:+15551234 SIP/2.0\r\nContent-Length: 0\r\n\r\n'],
  ])('%s, on any port', (_, said) => {
    expect(play([C(said)], { port: 7777 }).protocol).toBe('sip');
    expect(play([C(said)], { port: 7777, transport: 'udp' }).protocol).toBe('sip');
  });

  test.each([
    ['HTTP', 'GET /star/index.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['RTSP', 'OPTIONS rtsp://example.test/media RTSP/1.0\r\nCSeq: 1\r\n\r\n'],
    ['SSDP', 'NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n'],
    ['SMTP', 'EHLO there\r\n'],
  ])('%s on port 5060 is none', (_, said) => {
    expect(play([C(said)], tcp).protocol).not.toBe('sip');
    expect(play([C(said)], udp).protocol).not.toBe('sip');
  });
});

describe('what is content (contract, rule 4)', () => {
  const invite = C(request('INVITE', { body: sdp('10.0.0.1', 4000) }));

  test.each<[string, Step[]]>([
    ['a call that rings', [invite, S(response(180, 'INVITE'))]],
    ['a call that is taken', [invite, S(response(200, 'INVITE', { body: sdp('10.0.0.2', 4000) }))]],
    ['the end of a call', [C(request('BYE', { tag: 'b' })), S(response(200, 'BYE'))]],
    ['a text message', [C(request('MESSAGE', { body: 'hello', type: 'text/plain' }))]],
    ['a notification with a body', [S(request('NOTIFY', { body: 'x', type: 'application/x' }))]],
    ['an offer in an ACK', [C(request('ACK', { body: sdp('10.0.0.1', 4000), tag: 'b' }))]],
    ['a method that nobody knows, with a body', [C(request('FROBNICATE', { body: 'x' }))]],
  ])('%s exposes a call', (_, steps) => {
    expect(exposes(steps)).toEqual(['call']);
    expect(exposes(steps, udp)).toEqual(['call']);
  });

  test.each<[string, Step[]]>([
    [
      'OPTIONS, answered with what a server can do',
      [C(request('OPTIONS')), S(response(200, 'OPTIONS', { body: sdp('10.0.0.2', 0) }))],
    ],
    ['REGISTER', [C(request('REGISTER')), S(response(200, 'REGISTER'))]],
    ['SUBSCRIBE', [C(request('SUBSCRIBE')), S(response(200, 'SUBSCRIBE'))]],
    [
      'an INVITE that is redirected',
      [invite, S(response(100, 'INVITE')), S(response(302, 'INVITE')), C(request('ACK'))],
    ],
    ['an INVITE that is challenged', [invite, S(response(407, 'INVITE')), C(request('ACK'))]],
    ['an INVITE that is refused', [invite, S(response(403, 'INVITE')), C(request('ACK'))]],
  ])('%s exposes nothing', (_, steps) => {
    expect(exposes(steps)).toEqual([]);
    expect(whys(steps)).toEqual([]);
  });

  test('an INVITE whose answer was not seen exposes nothing that is sure, and says so', () => {
    expect(exposes([invite])).toEqual([]);
    expect(whys([invite, S(response(100, 'INVITE'))])).toEqual(['gap']);
  });

  test('an answer alone shows that a call was taken up', () => {
    expect(exposes([S(response(183, 'INVITE'))], { ...tcp, midstream: true })).toEqual(['call']);
  });

  test('where a redirect points to (UM: 5060 to a worker on 5065)', () => {
    const moved = response(302, 'INVITE', { headers: ['Contact: <sip:um1.example.test:5065;transport=Tcp>'] });
    expect(play([invite, S(moved)], tcp).facts).toContainEqual({
      kind: 'described',
      what: 'property',
      name: 'sip-redirect',
      value: 'um1.example.test:5065',
    });
  });
});

describe('streams (RFC 3261 §18.3)', () => {
  test('several messages in one segment, and one in many', () => {
    const text = [
      request('OPTIONS'),
      '\r\n\r\n',
      request('MESSAGE', { body: 'hi' }),
      request('BYE', { tag: 'b' }),
    ].join('');
    expect(methods(play([C(text)], tcp).facts)).toEqual(['OPTIONS', 'MESSAGE', 'BYE']);
    const pieces = Array.from(text, (character) => C(character));
    expect(methods(play(pieces, tcp).facts)).toEqual(['OPTIONS', 'MESSAGE', 'BYE']);
  });

  test('compact headers and folded lines (RFC 3261 §7.3)', () => {
    const text = 'MESSAGE sip:b@x SIP/2.0\r\ni: 1\r\nCSeq: 1\r\n MESSAGE\r\nl:\r\n\t5\r\n\r\nhello';
    const seen = play([C(text + request('OPTIONS'))], tcp);
    expect(methods(seen.facts)).toEqual(['MESSAGE', 'OPTIONS']);
    expect(seen.facts).toContainEqual(call);
  });

  test('a body too long to be kept is passed over, and said', () => {
    const size = limits.line + 1;
    const seen = play([C(request('MESSAGE', { body: 'x'.repeat(size) }) + request('OPTIONS'))], tcp);
    expect(methods(seen.facts)).toEqual(['MESSAGE', 'OPTIONS']);
    expect(seen.facts).toContainEqual(call);
    expect(seen.blindSpots.map(({ why }) => why)).toEqual(['limit']);
  });

  test('after lost bytes the next message is found', () => {
    const seen = play(
      [C(request('OPTIONS')), ['client', { lost: 100 }], C(`tail\r\n${request('BYE', { tag: 'b' })}`)],
      tcp,
    );
    expect(methods(seen.facts)).toEqual(['OPTIONS', 'BYE']);
  });

  test('a capture that begins within a message', () => {
    const seen = play([C('ted-By: a phone that was heard too late\r\n\r\n'), C(request('BYE', { tag: 'b' }))], {
      ...tcp,
      midstream: true,
    });
    expect(methods(seen.facts)).toEqual(['BYE']);
  });
});

test('keep-alives between datagrams are no damage', () => {
  const steps = [C(request('OPTIONS')), C('\r\n\r\n'), C('     '), C('\0\0\0\0')];
  expect(play(steps, udp).blindSpots).toEqual([]);
});

test('names: the sender by its Via, software by its headers; never a bare address', () => {
  const via = request('OPTIONS', { headers: ['User-Agent: Lab/1'] }).replace(
    'TCP 10.0.0.1:40000',
    'TCP um1.example.test:5061',
  );
  const { facts } = play([C(via), S(response(200, 'OPTIONS', { headers: ['Server: RTC/3.5'] }))], tcp);
  expect(facts.filter((fact) => fact.kind === 'described' && fact.what !== 'property')).toEqual([
    { kind: 'described', what: 'banner', text: 'Lab/1' },
    { kind: 'described', what: 'peer-name', of: 'client', name: 'um1.example.test' },
    { kind: 'described', what: 'banner', text: 'RTC/3.5' },
  ]);
});
