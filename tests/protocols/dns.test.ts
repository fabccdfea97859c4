import { describe, expect, test } from 'vitest';
import { hex } from '../support/gss-tokens.ts';
import { type Observed, play } from '../support/play.ts';

/** A name uncompressed (RFC 1035 §3.1). */
const name = (text: string) =>
  Buffer.concat([
    ...text
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const header = (flags: number, ...counts: number[]) => Buffer.concat([u16(0x1234), u16(flags), ...counts.map(u16)]);
const question = (text: string, type: number) => Buffer.concat([name(text), u16(type), u16(1)]);
const record = (owner: Buffer, type: number, data: Buffer) =>
  Buffer.concat([owner, u16(type), u16(1), Buffer.from([0, 0, 0, 60]), u16(data.length), data]);
const message = (...parts: Buffer[]) => new Uint8Array(Buffer.concat(parts));
/** a pointer to the question's name */
const toQuestion = u16(0xc00c);

const query = message(header(0x0100, 1, 0, 0, 0), question('hub1.example.com', 1));
const answer = (...parts: [Buffer, ...Buffer[]]) => message(header(0x8580, 1, parts.length - 1, 0, 0), ...parts);

const names = (seen: Observed) =>
  seen.facts.flatMap((fact) =>
    fact.kind === 'described' && fact.what === 'address-name' ? [[fact.address, fact.name]] : [],
  );
const answered = (bytes: Uint8Array) =>
  play(
    [
      ['client', query],
      ['server', bytes],
    ],
    { port: 53, transport: 'udp' },
  );

describe('names for addresses', () => {
  test('A and AAAA', () => {
    const seen = answered(
      answer(
        question('Hub1.Example.COM', 1),
        record(toQuestion, 1, Buffer.from([10, 0, 0, 11])),
        record(toQuestion, 28, Buffer.from(hex('fd000000000000000000000000000011'))),
      ),
    );
    expect(seen.protocol).toBe('dns');
    expect(names(seen)).toEqual([
      ['10.0.0.11', 'hub1.example.com'],
      ['fd00::11', 'hub1.example.com'],
    ]);
    expect(seen.facts.every((fact) => fact.kind === 'described')).toBe(true);
  });

  test('through CNAMEs: the name that was asked for, and the one that has the address', () => {
    const seen = answered(
      answer(
        question('mail.example.com', 1),
        record(toQuestion, 5, name('alias.example.com')),
        record(name('alias.example.com'), 5, name('cas1.example.com')),
        record(name('CAS1.example.com'), 1, Buffer.from([10, 0, 0, 12])),
        record(name('other.example.com'), 1, Buffer.from([10, 0, 0, 13])),
      ),
    );
    expect(names(seen)).toEqual([
      ['10.0.0.12', 'mail.example.com'],
      ['10.0.0.12', 'cas1.example.com'],
      ['10.0.0.13', 'other.example.com'],
    ]);
  });

  test('PTR, of both families', () => {
    expect(
      names(answered(answer(question('11.0.0.10.in-addr.arpa', 12), record(toQuestion, 12, name('hub1.example.com'))))),
    ).toEqual([['10.0.0.11', 'hub1.example.com']]);
    // RFC 3596 §2.5: 4321:0:1:2:3:4:567:89ab
    const reverse = 'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa';
    expect(names(answered(answer(question(reverse, 12), record(toQuestion, 12, name('x.example.com')))))).toEqual([
      ['4321:0:1:2:3:4:567:89ab', 'x.example.com'],
    ]);
  });

  test('the hosts that come along with an SRV answer', () => {
    const target = name('dc1.example.com');
    const seen = answered(
      message(
        header(0x8580, 1, 1, 0, 1),
        question('_ldap._tcp.dc._msdcs.example.com', 33),
        record(toQuestion, 33, Buffer.concat([u16(0), u16(100), u16(389), target])),
        record(target, 1, Buffer.from([10, 0, 0, 1])),
      ),
    );
    expect(names(seen)).toEqual([['10.0.0.1', 'dc1.example.com']]);
  });

  test('compression as in RFC 1035 §4.1.4: a label before a pointer', () => {
    const seen = answered(
      answer(
        question('F.ISI.ARPA', 1),
        record(Buffer.concat([Buffer.from([3]), Buffer.from('FOO'), toQuestion]), 1, Buffer.from([10, 1, 0, 52])),
      ),
    );
    expect(names(seen)).toEqual([['10.1.0.52', 'foo.f.isi.arpa']]);
  });

  test('a dot inside a label is none between labels', () => {
    const seen = answered(
      answer(question('x', 1), record(Buffer.from('\x03a.b\x01c\0', 'latin1'), 1, Buffer.from([10, 0, 0, 1]))),
    );
    expect(names(seen)).toEqual([['10.0.0.1', 'a\\046b.c']]);
  });

  test('queries, errors and other classes name nothing', () => {
    const a = record(toQuestion, 1, Buffer.from([10, 0, 0, 11]));
    expect(names(answered(message(header(0x8583, 1, 1, 0, 0), question('x', 1), a)))).toEqual([]);
    expect(names(answered(message(header(0x8580, 1, 1, 0, 0), name('x'), u16(1), u16(3), a)))).toEqual([]);
    expect(names(play([['client', query]], { port: 53, transport: 'udp' }))).toEqual([]);
  });

  test('over TCP: length first, several in one segment, one in several segments', () => {
    const framed = (bytes: Uint8Array) => Buffer.concat([u16(bytes.length), bytes]);
    const one = framed(answer(question('a.example', 1), record(toQuestion, 1, Buffer.from([10, 0, 0, 1]))));
    const two = framed(answer(question('b.example', 1), record(toQuestion, 1, Buffer.from([10, 0, 0, 2]))));
    const both = new Uint8Array(Buffer.concat([one, two]));
    for (let cut = 0; cut <= both.length; cut++) {
      const seen = play(
        [
          ['client', new Uint8Array(framed(query))],
          ['server', both.subarray(0, cut)],
          ['server', both.subarray(cut)],
        ],
        { port: 53 },
      );
      expect(names(seen)).toEqual([
        ['10.0.0.1', 'a.example'],
        ['10.0.0.2', 'b.example'],
      ]);
    }
  });
});

describe('hostile input', () => {
  test.each([
    ['a pointer to itself', u16(0xc022)],
    ['a pointer forward', u16(0xc0ff)],
    ['a label cut off', Buffer.from([63, 0x61])],
    ['a reserved label type', Buffer.from([0x80, 0])],
  ])('%s is malformed', (_what, owner) => {
    const seen = answered(answer(question('hub1.example.com', 1), Buffer.concat([owner])));
    expect(seen.blindSpots.map(({ why }) => why)).toEqual(['malformed']);
    expect(names(seen)).toEqual([]);
  });

  test('cut anywhere: malformed, or nothing said', () => {
    const whole = answer(question('a.example', 1), record(toQuestion, 1, Buffer.from([10, 0, 0, 1])));
    for (let cut = 1; cut < whole.length; cut++) {
      const seen = answered(whole.subarray(0, cut));
      expect(names(seen)).toEqual([]);
      expect(seen.blindSpots.map(({ why }) => why)).toEqual(['malformed']);
    }
  });

  test('a record whose name is longer than the record', () => {
    const bad = Buffer.concat([toQuestion, u16(5), u16(1), Buffer.alloc(4), u16(1), name('alias.example')]);
    const seen = answered(message(header(0x8580, 1, 1, 0, 0), question('a', 1), bad));
    expect(seen.blindSpots.map(({ why }) => why)).toEqual(['malformed']);
  });
});

describe('what is no DNS', () => {
  const on53 = (bytes: Uint8Array, transport: 'udp' | 'tcp' = 'udp') =>
    play([['client', bytes]], { port: 53, transport }).protocol;

  test('its relatives live on other ports', () => {
    expect(play([['client', query]], { port: 5355, transport: 'udp' }).protocol).toBe('unknown');
    expect(play([['client', query]], { port: 5353, transport: 'udp' }).protocol).toBe('unknown');
  });

  test('a NetBIOS name query (RFC 1002 §4.2.12)', () => {
    expect(on53(message(header(0x0110, 1, 0, 0, 0), name('CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'), u16(0x21), u16(1)))).toBe(
      'unknown',
    );
  });

  test.each([
    ['an answer from the client', header(0x8180, 1, 0, 0, 0), question('a', 1)],
    ['two questions', header(0x0100, 2, 0, 0, 0), Buffer.concat([question('a', 1), question('b', 1)])],
    ['a query with answers', header(0x0100, 1, 1, 0, 0), question('a', 1)],
    ['the reserved bit', header(0x0140, 1, 0, 0, 0), question('a', 1)],
    ['no such class', header(0x0100, 1, 0, 0, 0), Buffer.concat([name('a'), u16(1), u16(77)])],
    ['a question without its end', header(0x0100, 1, 0, 0, 0), Buffer.from('\x09abc')],
  ])('%s', (_what, head, rest) => {
    expect(on53(message(head, rest))).toBe('unknown');
  });

  test('noise', () => {
    let seed = 1;
    for (let i = 0; i < 2000; i++) {
      const bytes = Uint8Array.from({ length: 64 }, () => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return seed >>> 24;
      });
      expect(on53(bytes)).toBe('unknown');
    }
  });
});
