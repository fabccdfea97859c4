import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { espNull, espSealed, ipv4, type Null, protocols, tcp, udp } from '../support/ipsec-packets.ts';
import { play, type Step } from '../support/play.ts';
import { randomFrom } from '../support/random.ts';

const esp = (steps: readonly Step[]) => play(steps, { port: 0, transport: 'esp' });
type Seen = ReturnType<typeof play>;
const secured = ({ facts }: Seen) =>
  facts.flatMap((fact) => (fact.kind === 'secured' ? [`${fact.mechanism} ${fact.level}`] : []));
const whys = ({ blindSpots }: Seen) => blindSpots.map(({ why }) => why);

const text = (i: number) => `250-line ${i} of a mail dialogue that everybody can read ${'.'.repeat(i % 7)}\r\n`;
/** Both hosts in turn, `count` packets each, of associations of their own. */
const turns = (count: number, packet: (number: number, side: 'client' | 'server') => Uint8Array): Step[] =>
  Array.from({ length: 2 * count }, (_, i): Step => {
    const side = i % 2 === 0 ? 'client' : 'server';
    return [side, packet(1 + (i >> 1), side)];
  });
const sealed = (count: number) =>
  turns(count, (number, side) =>
    espSealed(number, tcp(text(number)), protocols.tcp, side === 'client' ? 0x2000 : 0x2001),
  );
const clear = (count: number, is: Null = {}, payload: (number: number) => Buffer = (number) => tcp(text(number))) =>
  turns(count, (number) => espNull(number, payload(number), protocols.tcp, is));

describe('encrypted', () => {
  test('both ways, over enough packets: privacy', () => {
    const seen = esp(sealed(40));
    expect([seen.protocol, secured(seen), whys(seen)]).toEqual(['esp', ['esp privacy'], []]);
  });

  test.each([1, 3, 7])('%i packets each way are too few to tell', (count) => {
    const seen = esp(sealed(count));
    expect([secured(seen), whys(seen)]).toEqual([[], ['esp-null-possible']]);
  });

  test('one direction alone says nothing of the other', () => {
    const seen = esp(sealed(60).filter(([from]) => from === 'client'));
    expect([secured(seen), whys(seen)]).toEqual([[], ['esp-null-possible']]);
  });

  test('an association that began at the end leaves the whole open', () => {
    const last: Step = ['client', espSealed(1, tcp('x'), protocols.tcp, 0x2999)];
    const seen = esp([...sealed(40), last]);
    expect([secured(seen), whys(seen)]).toEqual([[], ['esp-null-possible']]);
  });

  test('nothing is called content', () => {
    expect(esp(sealed(40)).facts.filter(({ kind }) => kind === 'exposed')).toEqual([]);
  });
});

describe('ESP-NULL', () => {
  // integrity check values of 96 to 256 bits; RFC 4543's nonce
  test.each([
    ['HMAC-SHA-1-96', { icv: 12 }],
    ['HMAC-SHA-256-128', { icv: 16 }],
    ['HMAC-SHA-1-160', { icv: 20 }],
    ['HMAC-SHA-384-192', { icv: 24 }],
    ['HMAC-SHA-512-256', { icv: 32 }],
    ['AES-GMAC', { icv: 16, iv: 8 }],
  ])('with %s: readable, so integrity', (_name, is) => {
    const seen = esp(clear(10, is));
    expect([secured(seen), whys(seen)]).toEqual([['esp integrity'], []]);
  });

  test('in tunnel mode, and UDP: from the second packet on', () => {
    const packet = (number: number) => espNull(number, ipv4(17, udp(text(number))), protocols.ipv4);
    const seen = esp([
      ['client', packet(1)],
      ['client', packet(2)],
    ]);
    expect(secured(seen)).toEqual(['esp integrity']);
    expect(seen.stamped[0]!.frame).toBe(2);
  });

  test('handshakes alone are no content', () => {
    const seen = esp(clear(10, {}, () => tcp('', [40_123, 25], 0x10)));
    expect([secured(seen), whys(seen)]).toEqual([[], ['esp-null-possible']]);
  });

  test('without an integrity check value: not even integrity', () => {
    const seen = esp(clear(20, { icv: 0 }));
    expect([secured(seen), whys(seen)]).toEqual([[], ['esp-null-possible']]);
  });
});

describe('made to look encrypted', () => {
  const compressed = (number: number) =>
    Buffer.from(Uint8Array.from({ length: 300 }, randomFrom(number).bind(null, 256)));

  test('ESP-NULL around what is random itself', () => {
    const seen = esp(clear(40, {}, (number) => Buffer.concat([tcp(''), compressed(number)])));
    expect(secured(seen)).toEqual(['esp integrity']);
  });

  test('ESP-NULL around random bytes of a protocol that nobody knows', () => {
    const seen = esp(turns(40, (number) => espNull(number, compressed(number), 200)));
    expect([secured(seen), whys(seen)]).toEqual([[], ['esp-null-possible']]);
  });

  test.each([
    ['zeros', () => 0],
    ['one value', () => 0xaa],
  ])('ESP-NULL around random bytes, padded with %s', (_name, pad) => {
    const seen = esp(turns(40, (number) => espNull(number, compressed(number).subarray(number % 4), 200, { pad })));
    expect(secured(seen)).not.toContain('esp privacy');
  });

  test('text that is no ESP at all, behind an SPI and a number', () => {
    const words = 'no ESP trailer ends this text, and none of its bytes is padding at all';
    const packet = (number: number) =>
      new Uint8Array(Buffer.concat([Buffer.from([0, 0, 0x20, 0, 0, 0, 0, number]), Buffer.from(words.repeat(4))]));
    const seen = esp(turns(40, packet));
    expect([secured(seen), whys(seen)]).toEqual([[], ['esp-null-possible']]);
  });

  test('one association in clear among encrypted ones: the least protected counts', () => {
    const seen = esp([...sealed(40), ...clear(10, { spi: 0x5555 })]);
    expect(secured(seen)).toEqual(['esp integrity']);
  });

  test('more associations than are told apart', () => {
    const many = Array.from(
      { length: limits.associations + 10 },
      (_, i): Step => ['client', espSealed(1, tcp('x'), protocols.tcp, 0x9000 + i)],
    );
    const seen = esp([...sealed(40), ...many]);
    expect([secured(seen), whys(seen).includes('limit')]).toEqual([[], true]);
  });
});

describe('packets that are none', () => {
  test.each([
    ['too short', new Uint8Array(8).fill(9)],
    ['out of alignment', espSealed(1, tcp('x'), protocols.tcp).slice(0, -1)],
    ['a reserved SPI', espSealed(1, tcp('x'), protocols.tcp, 255)],
  ])('%s', (_name, bytes) => {
    expect(esp([['client', bytes]]).protocol).toBe('unknown');
    const seen = esp([...sealed(40), ['client', bytes]]);
    expect(whys(seen)).toContain('malformed');
  });
});
