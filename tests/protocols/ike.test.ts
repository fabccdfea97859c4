import { describe, expect, test } from 'vitest';
import {
  ah,
  espNull,
  espSealed,
  ike,
  ipv4,
  proposal1,
  proposal2,
  protocols,
  tcp,
  udp,
} from '../support/ipsec-packets.ts';
import { play, type Step } from '../support/play.ts';

const SA_1 = 1;
const SA_2 = 33;
const RESPONSE = 0x20;
const over = (port: number, ...steps: Step[]) => play(steps, { port, transport: 'udp' });
const property = (name: string, value: unknown) =>
  expect.arrayContaining([expect.objectContaining({ what: 'property', name, value })]);
const ciphers = ({ facts }: ReturnType<typeof play>) =>
  facts.filter((fact) => fact.kind === 'described' && fact.what === 'ipsec-cipher');
const secured = ({ facts }: ReturnType<typeof play>) =>
  facts.flatMap((fact) => (fact.kind === 'secured' ? [`${fact.mechanism} ${fact.level}`] : []));
const marked = (bytes: Uint8Array) => Uint8Array.of(0, 0, 0, 0, ...bytes);

const offer = ike({ payloads: [[SA_2, Buffer.concat([proposal2(1, [12, 20], false), proposal2(1, [3])])]] });
const choice = ike({ flags: RESPONSE, responder: true, payloads: [[SA_2, proposal2(1, [20])]] });

describe('IKE', () => {
  test('version 2: exchange, and the cipher that the responder chose', () => {
    const seen = over(500, ['client', offer], ['server', choice]);
    expect(seen.protocol).toBe('ike');
    expect(seen.facts).toEqual(property('ike-version', 2));
    expect(seen.facts).toEqual(property('ike-exchange', 34));
    expect(ciphers(seen)).toEqual([{ kind: 'described', what: 'ipsec-cipher', ikeVersion: 2, of: 'ike', cipher: 20 }]);
    expect(seen.blindSpots).toEqual([]);
  });

  test('version 1: the same, in attributes', () => {
    const first = ike({ version: 1, exchange: 2, flags: 0, payloads: [[SA_1, proposal1(5)]] });
    const second = ike({ version: 1, exchange: 2, flags: 0, responder: true, payloads: [[SA_1, proposal1(7)]] });
    const seen = over(500, ['client', first], ['server', second]);
    expect(seen.facts).toEqual(property('ike-version', 1));
    expect(ciphers(seen)).toEqual([{ kind: 'described', what: 'ipsec-cipher', ikeVersion: 1, of: 'ike', cipher: 7 }]);
  });

  test('an offer chooses nothing, and an answer with several ciphers neither', () => {
    const both = ike({ flags: RESPONSE, responder: true, payloads: [[SA_2, proposal2(1, [12, 20])]] });
    expect(ciphers(over(500, ['client', offer], ['server', both]))).toEqual([]);
  });

  test('what is encrypted is not read', () => {
    const sealed = ike({
      exchange: 35,
      flags: RESPONSE,
      responder: true,
      payloads: [
        [46, Buffer.alloc(64, 0xee)],
        [SA_2, proposal2(3, [11])],
      ],
    });
    const quick = ike({
      version: 1,
      exchange: 32,
      flags: 1,
      responder: true,
      payloads: [[SA_1, Buffer.alloc(64, 0xee)]],
    });
    for (const bytes of [sealed, quick]) {
      const seen = over(500, ['client', bytes]);
      expect([ciphers(seen), seen.blindSpots]).toEqual([[], []]);
    }
  });

  test('a payload that ends beyond the message', () => {
    const broken = ike({ flags: RESPONSE, responder: true, payloads: [[SA_2, proposal2(1, [20])]] });
    broken[31] = 200;
    const seen = over(500, ['client', offer], ['server', broken]);
    expect([ciphers(seen), seen.blindSpots.map(({ why }) => why)]).toEqual([[], ['malformed']]);
  });

  test('protects nothing, authenticates nobody and exposes nothing by itself', () => {
    const seen = over(500, ['client', offer], ['server', choice]);
    expect(seen.facts.filter(({ kind }) => kind !== 'described')).toEqual([]);
  });

  test.each([
    ['another version', 17, 0x30],
    ['an exchange of the other version', 18, 2],
    ['another length', 27, 1],
  ])('%s is no IKE', (_name, at, value) => {
    const bytes = offer.slice();
    bytes[at] = value;
    const seen = over(500, ['client', bytes]);
    expect([seen.facts, seen.blindSpots.map(({ why }) => why)]).toEqual([[], ['malformed']]);
    expect(over(7777, ['client', bytes]).protocol).toBe('unknown');
  });
});

describe('UDP 4500', () => {
  const sides = ['client', 'server'] as const;
  const sealed = Array.from(
    { length: 80 },
    (_, i): Step => [
      sides[i % 2]!,
      espSealed(1 + (i >> 1), tcp(`line ${i} of a mail`), protocols.tcp, 0x2000 + (i % 2)),
    ],
  );
  const clear = Array.from(
    { length: 20 },
    (_, i): Step => [
      sides[i % 2]!,
      espNull(1 + (i >> 1), ipv4(17, udp(`line ${i}`)), protocols.ipv4, { spi: 0x4000 + (i % 2) }),
    ],
  );
  const keepalive: Step = ['client', Uint8Array.of(0xff)];

  test('IKE, keepalives and ESP in one flow', () => {
    const seen = over(4500, ['client', marked(offer)], ['server', marked(choice)], keepalive, ...sealed);
    expect(seen.protocolPath).toEqual(['ike', 'esp']);
    expect(secured(seen)).toEqual(['esp privacy']);
    expect(ciphers(seen)).toHaveLength(1);
    expect(seen.blindSpots).toEqual([]);
  });

  test('ESP-NULL, whatever IKE’s own cipher', () => {
    const seen = over(4500, ['client', marked(offer)], ['server', marked(choice)], ...clear);
    expect(secured(seen)).toEqual(['esp integrity']);
  });

  test('begun before the capture: ESP alone', () => {
    expect(over(4500, ...sealed).protocolPath).toEqual(['ike', 'esp']);
  });

  test('keepalives alone say nothing', () => {
    const seen = over(4500, keepalive, keepalive);
    expect([seen.facts, secured(seen)]).toEqual([[], []]);
  });

  test('on another port ESP is not guessed at', () => {
    expect(over(7777, ...sealed.slice(0, 6)).protocol).toBe('unknown');
  });

  test('IKE’s own port carries no ESP', () => {
    const seen = over(500, ['client', offer], ...sealed);
    expect([secured(seen), seen.protocolPath]).toEqual([[], ['ike']]);
    expect(seen.blindSpots.map(({ why }) => why)).toContain('malformed');
  });
});

describe('AH', () => {
  const flow = (...steps: Step[]) => play(steps, { port: 0, transport: 'ah' });

  test('content in it is guarded, and readable', () => {
    const seen = flow(
      ['client', ah(1, tcp('', [40_123, 25], 2), protocols.tcp)],
      ['client', ah(2, tcp('EHLO hub1\r\n'), protocols.tcp)],
    );
    expect([seen.protocol, secured(seen), seen.stamped[0]!.frame]).toEqual(['ah', ['ah integrity'], 2]);
  });

  test('handshakes are no content', () => {
    expect(secured(flow(['client', ah(1, tcp('', [40_123, 25], 2), protocols.tcp)]))).toEqual([]);
  });

  test('ESP inside it is no content that anybody could read', () => {
    const inside = espSealed(1, tcp('EHLO hub1\r\n'), protocols.tcp);
    const seen = flow(['client', ah(1, inside, protocols.esp)]);
    expect([seen.protocol, secured(seen), seen.blindSpots]).toEqual(['ah', [], []]);
  });

  test.each([
    ['a length beyond the packet', 1, 200],
    ['reserved bits', 2, 1],
  ])('%s', (_name, at, value) => {
    const bytes = ah(1, tcp('EHLO hub1\r\n'), protocols.tcp);
    bytes[at] = value;
    expect(flow(['client', bytes]).protocol).toBe('unknown');
    const seen = flow(['client', ah(1, tcp('', [1, 2], 2), protocols.tcp)], ['client', bytes]);
    expect([secured(seen), seen.blindSpots.map(({ why }) => why)]).toEqual([[], ['malformed']]);
  });
});
