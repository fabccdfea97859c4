import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { der } from '../support/gss-tokens.ts';
import { asRep, asReq, krbError, overTcp, tgsRep, tgsReq } from '../support/kerberos-messages.ts';
import { play, type Stage, type Step } from '../support/play.ts';

const smtp = ['SMTPSVC', 'hub2.example.test'];
const udp = (steps: Step[], stage: Partial<Stage> = {}) => play(steps, { port: 88, transport: 'udp', ...stage });
const tcp = (steps: Step[], stage: Partial<Stage> = {}) => play(steps, { port: 88, ...stage });
const accepted = ({ facts }: ReturnType<typeof play>) =>
  facts.filter((fact) => fact.kind === 'authenticated' && fact.outcome === 'accepted' && fact.mechanism === 'kerberos');
const issued = ({ facts }: ReturnType<typeof play>) =>
  facts.filter((fact) => fact.kind === 'described' && fact.what === 'ticket-issued');
const reasons = ({ blindSpots }: ReturnType<typeof play>) => blindSpots.map(({ why }) => why);
const start: Step = ['client', asReq()];

describe('nobody has proved who he is', () => {
  test('the client answers itself', () => {
    const seen = udp([start, ['client', asRep()], ['client', tgsRep(smtp)]]);
    expect([accepted(seen), issued(seen)]).toEqual([[], []]);
    expect(reasons(seen)).toContain('malformed');
  });

  test('the client answers itself over TCP, in the same segment', () => {
    const seen = tcp([['client', overTcp(asReq(), tgsRep(smtp))]]);
    expect([accepted(seen), issued(seen)]).toEqual([[], []]);
  });

  test('the answer comes from who opened the flow, on a port that is not Kerberos', () => {
    expect(udp([['client', tgsRep(smtp)]], { port: 9999 }).facts).toEqual([]);
  });

  // contract, rule 10: a ticket that was issued is enough
  test('a ticket that was asked for without a proof is told from others', () => {
    const seen = udp([start, ['server', asRep()]]);
    expect(issued(seen)).toHaveLength(1);
    expect(seen.facts).toContainEqual(expect.objectContaining({ name: 'kerberos-preauthentication', value: 'none' }));
  });

  // RFC 8062 §3
  test('an anonymous ticket', () => {
    const seen = udp([
      ['client', asReq({ padata: [16] })],
      ['server', asRep({ client: ['WELLKNOWN', 'ANONYMOUS'] })],
    ]);
    expect(accepted(seen)).toEqual([]);
    expect(seen.facts).toContainEqual(expect.objectContaining({ kind: 'authenticated', mechanism: 'anonymous' }));
  });

  // RFC 6113 §5.4.3: the client's name was to be hidden
  test('an anonymous name inside FAST, which may be anybody', () => {
    const client = ['WELLKNOWN', 'ANONYMOUS'];
    const seen = udp([
      ['client', asReq({ padata: [136] })],
      ['server', asRep({ client, padata: [136] })],
    ]);
    expect(accepted(seen)).toEqual([]);
    expect(seen.facts).toContainEqual(expect.objectContaining({ mechanism: 'kerberos', outcome: 'unseen' }));
  });

  test('a request alone', () => {
    expect(accepted(udp([['client', tgsReq(smtp)]]))).toEqual([]);
  });

  test('a refusal between two that asked at once is nobody’s', () => {
    const ask = (client: string): Step => ['client', asReq({ client: [client], padata: [2] })];
    const seen = udp([ask('alice'), ask('bob'), ['server', krbError(24)]]);
    expect(seen.facts.filter(({ kind }) => kind === 'authenticated')).toEqual([]);
  });
});

describe('messages that are none', () => {
  const variants: [string, Uint8Array][] = [
    ['of another type than its tag says', der(0x6d, asRep().subarray(4))],
    ['with bytes behind it', Uint8Array.of(...tgsRep(smtp), 0)],
    ['cut off', tgsRep(smtp).slice(0, -1)],
    ['empty', der(0x6d)],
    ['version 4', tgsRep(smtp).map((byte, i, all) => (byte === 5 && all[i - 1] === 1 && i < 20 ? 4 : byte))],
  ];

  test.each(variants)('%s', (_name, bytes) => {
    const seen = udp([start, ['server', bytes]]);
    expect([accepted(seen), issued(seen)]).toEqual([[], []]);
    expect(reasons(seen)).toContain('malformed');
  });

  test('a field that stands there twice', () => {
    const twice = tgsRep(smtp);
    // crealm [3] becomes another cname [4]
    const at = Buffer.from(twice).indexOf(Buffer.from([0xa3, 0x0e, 0x1b]));
    twice[at] = 0xa4;
    const seen = udp([start, ['server', twice]]);
    expect([accepted(seen), reasons(seen)]).toEqual([[], ['malformed']]);
  });

  test('an answer inside a request’s name is no answer', () => {
    const inside = Buffer.from(tgsRep(smtp)).toString('latin1');
    const seen = udp([
      ['client', asReq({ client: [inside] })],
      ['server', krbError(25)],
    ]);
    expect(issued(seen)).toEqual([]);
  });
});

describe('over TCP', () => {
  test('behind lost bytes, what looks like an answer may lie inside another message', () => {
    const seen = tcp([
      ['client', overTcp(asReq())],
      ['server', { lost: 40 }],
      ['server', overTcp(tgsRep(smtp))],
    ]);
    expect([accepted(seen), issued(seen)]).toEqual([[], []]);
  });

  test('a message over the cap is passed over, and what follows is read', () => {
    const length = limits.message + 10;
    const huge = new Uint8Array(4 + length).fill(0xee);
    const content = length - 5;
    // as long as its DER says: APPLICATION 13, SEQUENCE, version and type, then a cipher that has no end
    huge.set([0, length >> 16, (length >> 8) & 255, length & 255]);
    huge.set([0x6d, 0x83, content >> 16, (content >> 8) & 255, content & 255], 4);
    huge.set([0x30, 0x83, (content - 5) >> 16, ((content - 5) >> 8) & 255, (content - 5) & 255], 9);
    huge.set([0xa0, 3, 2, 1, 5, 0xa1, 3, 2, 1, 13], 14);
    const seen = tcp([
      ['client', overTcp(tgsReq(smtp), tgsReq(smtp))],
      ['server', huge],
      ['server', overTcp(tgsRep(smtp))],
    ]);
    expect(reasons(seen)).toEqual(['limit']);
    expect(issued(seen)).toHaveLength(1);
  });

  test.each([
    ['0', Uint8Array.of(0, 0, 0, 0)],
    ['with its reserved bit', Uint8Array.of(0x80, 0, 0, 1)],
    ['shorter than the message', Uint8Array.of(0, 0, 0, 20, ...tgsRep(smtp))],
  ])('a length %s ends the reading, and says so', (_name, bytes) => {
    const seen = tcp([
      ['client', overTcp(asReq())],
      ['server', bytes],
      ['server', overTcp(tgsRep(smtp))],
    ]);
    expect(accepted(seen)).toEqual([]);
    expect(seen.blindSpots.length).toBeGreaterThan(0);
  });

  test('from the middle of a connection: an answer whose question was not captured', () => {
    const seen = tcp([['server', overTcp(tgsRep(smtp))]], { midstream: true });
    expect(accepted(seen)).toHaveLength(1);
  });
});

test('a thousand etypes, padata and components are cut at their caps', () => {
  const many = Array.from({ length: 1000 }, (_, i) => i % 100);
  const seen = udp([
    ['client', asReq({ etypes: many, padata: many, client: many.map(String) })],
    ['server', krbError(25)],
  ]);
  const asked = seen.facts.find((fact) => fact.kind === 'described' && fact.what === 'ticket-requested');
  expect((asked as { etypes: number[] }).etypes.length).toBeLessThanOrEqual(32);
  expect(seen.facts.length).toBeLessThan(10);
});

test('nesting ends', () => {
  let deep = der(0x30, new Uint8Array(2));
  for (let i = 0; i < 200; i++) deep = der(0xa0, deep);
  const message = der(0x6b, der(0x30, Uint8Array.of(0xa0, 3, 2, 1, 5, 0xa1, 3, 2, 1, 11), der(0xa3, deep)));
  expect(reasons(udp([start, ['server', message]]))).toEqual(['malformed']);
});
