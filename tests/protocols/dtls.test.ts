import { describe, expect, test } from 'vitest';
import {
  clientHello,
  data,
  finished,
  handshake,
  helloVerify,
  record,
  serverHello,
  supports13,
} from '../support/dtls-records.ts';
import { play, type Step } from '../support/play.ts';

const C = (said: Uint8Array): Step => ['client', said];
const S = (said: Uint8Array): Step => ['server', said];
const seen = (steps: Step[]) => play(steps, { port: 4433, transport: 'udp' });
const cookie = Uint8Array.of(1, 2, 3, 4);
const gcm = 0xc02f;
const opening = [
  C(clientHello(0, new Uint8Array(0))),
  S(helloVerify),
  C(clientHello(1, cookie)),
  S(serverHello(1, gcm)),
];
const secured = { kind: 'secured', mechanism: 'dtls', level: 'privacy' };

describe('DTLS 1.2 (RFC 6347)', () => {
  test('content after both Finished is protected', () => {
    const { facts, protocol, blindSpots } = seen([...opening, C(finished), S(finished), C(data(60))]);
    expect(protocol).toBe('dtls');
    expect(blindSpots).toEqual([]);
    expect(facts).toEqual([
      { kind: 'described', what: 'tls-client-hello', version: 0x0303, serverName: null, offersResumption: false },
      { kind: 'described', what: 'tls-server-hello', version: 0x0303, cipherSuite: gcm, resumed: false },
      { kind: 'described', what: 'tls-finished' },
      secured,
    ]);
  });

  test('on any port', () => {
    expect(play(opening, { port: 7777, transport: 'udp' }).protocol).toBe('dtls');
  });

  test.each<[string, Step[]]>([
    ['content of one side that has finished', [C(finished), C(data(60))]],
    ['Finished sent twice by one side', [C(finished), C(finished), C(data(60))]],
    ['no content', [C(finished), S(finished)]],
    ['content that claims epoch 0', [C(finished), S(finished), C(data(60, 0))]],
    ['what only looks like a record', [C(finished), S(finished), C(data(60).subarray(0, 40))]],
  ])('%s protects nothing', (_, steps) => {
    expect(seen([...opening, ...steps]).facts).not.toContainEqual(secured);
  });

  test('a suite without encryption guards only', () => {
    const steps = [C(clientHello(0, cookie)), S(serverHello(0, 0x003b)), C(finished), S(finished), C(data(60))];
    expect(seen(steps).facts).toContainEqual({ kind: 'secured', mechanism: 'dtls', level: 'integrity' });
  });

  test('content of a handshake that was not seen is not taken for anything', () => {
    const { facts, blindSpots } = seen([C(data(60)), S(data(60))]);
    expect(facts).toEqual([]);
    expect(blindSpots).toMatchObject([{ why: 'midstream' }]);
  });

  test('application data before the handshake is said', () => {
    expect(seen([...opening, C(data(60, 0))]).blindSpots).toMatchObject([{ why: 'left-protocol' }]);
  });

  test('fragments are put together, and repeated ones passed over (§4.2.3)', () => {
    const list = new Uint8Array(300).fill(1);
    // an empty list: the client has no certificate
    const none = Uint8Array.of(0, 0, 0);
    const pieces = [handshake(11, 2, none, 0, 2), handshake(11, 2, none, 0, 2), handshake(11, 2, none, 2, 3)];
    const { facts, blindSpots } = seen([...opening, S(handshake(13, 2, list)), ...pieces.map(C)]);
    expect(facts).toContainEqual({ kind: 'refused', what: 'client-certificate' });
    expect(facts).toContainEqual({ kind: 'offered', what: 'client-certificate' });
    expect(blindSpots).toEqual([]);
  });

  test('a handshake message that was lost is said', () => {
    expect(seen([...opening, S(handshake(14, 5, new Uint8Array(0)))]).blindSpots).toMatchObject([{ why: 'gap' }]);
  });

  test('another handshake on the same ports is said: what was stated is not its own', () => {
    const again = [C(clientHello(0, cookie)), C(clientHello(2, cookie))];
    expect(seen([...opening, C(finished), S(finished), C(data(60)), ...again]).blindSpots).toMatchObject([
      { why: 'left-protocol' },
    ]);
  });

  test('a length that leads nowhere is damage', () => {
    const long = record(22, Uint8Array.of(1, 0xff, 0xff, 0xff, 0, 2, 0, 0, 0, 0xff, 0xff, 0xff));
    expect(seen([...opening, C(long)]).blindSpots).toMatchObject([{ why: 'malformed' }]);
  });
});

describe('DTLS 1.3 (RFC 9147)', () => {
  const hello = [
    C(clientHello(0, new Uint8Array(0), supports13('client'))),
    S(serverHello(0, 0x1301, supports13('server'))),
  ];
  const unified = (epoch: number, size: number) =>
    Uint8Array.from([0x2c | epoch, 0, 1, 0, size, ...new Uint8Array(size).fill(0xcd)]);

  test('content of the client in epoch 3', () => {
    const { facts } = seen([...hello, S(unified(2, 60)), C(unified(2, 60)), C(unified(3, 60))]);
    expect(facts).toContainEqual({
      kind: 'described',
      what: 'tls-server-hello',
      version: 0x0304,
      cipherSuite: 0x1301,
      resumed: false,
    });
    expect(facts).toContainEqual(secured);
  });

  test.each<[string, Step[]]>([
    ['the handshake alone', [S(unified(2, 60)), C(unified(2, 60))]],
    ["the server's content before the client has finished", [S(unified(3, 60))]],
    ['an alert', [C(unified(3, 2 + 17))]],
    ['an acknowledgment of two records (§7)', [C(unified(3, 2 + 32 + 17))]],
    ['a KeyUpdate', [C(unified(3, 13 + 17))]],
  ])('%s protects nothing', (_, steps) => {
    expect(seen([...hello, ...steps]).facts).not.toContainEqual(secured);
  });
});
