import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import {
  ber,
  bindResponse,
  entry,
  extendedRequest,
  extendedResponse,
  message,
  result,
  search,
  searchDone,
  simpleBind,
  startTls,
  text,
  unbind,
  windows,
} from '../support/ldap-messages.ts';
import { play, type Step } from '../support/play.ts';

const factsOf = (steps: Step[], midstream = false): Fact[] => play(steps, { port: 389, midstream }).facts;
const directory = { kind: 'exposed', content: 'directory' };
const bound: Step[] = [
  ['client', simpleBind(1, 'cn=a', 'pw')],
  ['server', bindResponse(1, 0)],
];

describe('recognised by content, whatever the port', () => {
  test.each([389, 3268, 50389, 50636, 12345])('%i', (port) => {
    const { protocol, facts } = play([...bound, ['client', search(2, 'dc=x')]], { port });
    expect(protocol).toBe('ldap');
    expect(facts).toContainEqual(directory);
  });

  test.each([
    ['SNMP (RFC 3417): a community in place of an operation', '302902010104067075626c6963a01c0204'],
    ['an operation that does not exist', '300702010160'.replace('60', '5f')],
    ['an operation longer than its envelope', '300702010160200201'],
    ['a negative messageID', '300c0201ff60070201030400800000'],
    ['an operation followed by no controls', '300702010342000500'],
    ['an indefinite length', '30800201016007020103'],
    ['a DER certificate', '3082010a0282010100'],
  ])('not LDAP: %s', (_name, hex) => {
    expect(play([['client', new Uint8Array(Buffer.from(hex, 'hex'))]], { port: 389 }).protocol).toBe('unknown');
  });

  test('client and server change places where content says so', () => {
    const observed = play([['client', entry(4, 'cn=a', {})]], { port: 40_001, midstream: true });
    expect(observed.protocol).toBe('ldap');
    expect(observed.stamped).toEqual([expect.objectContaining({ ...directory, from: 'server' })]);
  });
});

describe('content (contract rule 4)', () => {
  const name = ber(0x04, text('cn=a'));
  test.each([
    ['search', search(2, 'dc=example,dc=test')],
    ['read of one entry', search(2, 'dc=example,dc=test', 0)],
    ['search of one level below the root', search(2, '', 1)],
    ['search of everything', search(2, '', 2)],
    ['modify', message(2, ber(0x66, name, ber(0x30)))],
    ['add', message(2, ber(0x68, name, ber(0x30)))],
    ['delete', message(2, ber(0x4a, text('cn=a')))],
    ['modify DN', message(2, ber(0x6c, name, name, ber(0x01, Uint8Array.of(255))))],
    ['compare', message(2, ber(0x6e, name, ber(0x30, name, name)))],
    ['with controls', message(2, ber(0x4a, text('cn=a')), ber(0xa0, ber(0x30, ber(0x04, text('1.2.3')))))],
    ['an extended operation unknown to us', extendedRequest(2, '1.2.3.4', text('x'))],
  ])('%s', (_name, request) => {
    expect(factsOf([...bound, ['client', request]])).toContainEqual(directory);
  });

  test.each([
    ['entry', entry(2, 'cn=a', { cn: ['a'] })],
    ['reference', message(2, ber(0x73, ber(0x04, text('ldap://dc2/dc=x'))))],
    ['result of modify', result(2, 0x67, 0)],
    ['result of add', result(2, 0x69, 68)],
    ['result of delete', result(2, 0x6b, 0)],
    ['result of modify DN', result(2, 0x6d, 0)],
    ['result of compare', result(2, 0x6f, 6)],
  ])('without its request: %s', (_name, response) => {
    expect(factsOf([['server', response]], true)).toEqual([directory]);
  });

  test.each([
    ['unbind', unbind(2)],
    ['abandon', message(2, ber(0x50, Uint8Array.of(1)))],
    ['root DSE', search(2, '', 0)],
    ['who am I (RFC 4532)', extendedRequest(2, '1.3.6.1.4.1.4203.1.11.3')],
    ['cancel (RFC 3909)', extendedRequest(2, '1.3.6.1.1.8', ber(0x30, ber(0x02, Uint8Array.of(1))))],
  ])('no content: %s', (_name, request) => {
    expect(factsOf([...bound, ['client', request]])).not.toContainEqual(directory);
  });

  test.each([
    ['end of a search', searchDone(2)],
    ['root DSE', entry(2, '', { namingContexts: ['dc=x'] })],
    // RFC 4511 §4.4.1
    ['notice of disconnection', extendedResponse(0, 52, '1.3.6.1.4.1.1466.20036')],
    ['intermediate response', message(2, ber(0x79, ber(0x80, text('1.3.6.1.4.1.4203.1.9.1.4'))))],
  ])('no content without its request: %s', (_name, response) => {
    expect(factsOf([['server', response]], true)).toEqual([]);
  });

  test('a password that is changed in clear (RFC 3062)', () => {
    const change = ber(0x30, ber(0x81, text('old-secret')), ber(0x82, text('new-secret')));
    const facts = factsOf([['client', extendedRequest(2, '1.3.6.1.4.1.4203.1.11.1', change)]]);
    expect(facts).toEqual([directory, { kind: 'exposed', content: 'credentials' }]);
    expect(JSON.stringify(facts)).not.toContain('secret');
  });
});

describe('a search without a bind', () => {
  const asked: Step = ['client', search(2, 'dc=x')];
  test.each([1, 8, 10, 13, 50, 53])('turned away with %i is no content', (code) => {
    expect(factsOf([asked, ['server', searchDone(2, code)], ['client', unbind(3)]])).toEqual([]);
  });

  test.each([
    ['answered with an entry', ['server', entry(2, 'cn=a', {})]],
    ['answered with nothing found', ['server', searchDone(2)]],
    ['answered with noSuchObject', ['server', searchDone(2, 32)]],
  ] as [string, Step][])('%s is content', (_name, answer) => {
    expect(factsOf([asked, answer])).toEqual([directory]);
  });

  test('after a bind that gave a name it counts when it is asked', () => {
    const { stamped } = play([...bound, asked, ['server', searchDone(2, 50)]], { port: 389 });
    expect(stamped).toContainEqual(expect.objectContaining({ ...directory, frame: 3 }));
  });

  test('those that are waited for are bounded', () => {
    const many = Array.from({ length: 100 }, (_, i): Step => ['client', search(i, 'dc=x')]);
    const { stamped } = play([...many, ['server', searchDone(0, 1)]], { port: 389 });
    expect(stamped).toEqual([expect.objectContaining(directory)]);
    expect(stamped[0]!.frame).toBeLessThan(101);
  });

  test('unanswered, at the end or before StartTLS, it may have been turned away', () => {
    const upgrade: Step[] = [
      ['client', extendedRequest(3, startTls)],
      ['server', extendedResponse(3, 0, startTls)],
    ];
    for (const steps of [[asked], [asked, ['client', unbind(3)] as Step], [asked, ...upgrade]]) {
      const { facts, blindSpots } = play(steps, { port: 389 });
      expect(facts).not.toContainEqual(directory);
      expect(blindSpots.map(({ why }) => why)).toEqual(['gap']);
    }
  });
});

describe('root DSE (RFC 4512 §5.1)', () => {
  test('what it offers', () => {
    const dse = entry(1, '', {
      namingContexts: ['DC=secret,DC=test'],
      supportedSASLMechanisms: ['GSSAPI', 'GSS-SPNEGO', 'EXTERNAL', 'DIGEST-MD5'],
      supportedExtension: ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3'],
    });
    const facts = factsOf([
      ['client', search(1, '', 0)],
      ['server', dse],
      ['server', searchDone(1)],
    ]);
    expect(facts).toEqual([
      { kind: 'offered', what: 'authentication', mechanisms: ['GSSAPI', 'GSS-SPNEGO', 'EXTERNAL', 'DIGEST-MD5'] },
      { kind: 'offered', what: 'upgrade', verb: 'STARTTLS' },
    ]);
  });

  test('attribute names in any case, other extensions offer no upgrade', () => {
    const dse = entry(1, '', { SUPPORTEDSASLMECHANISMS: ['NTLM'], supportedExtension: ['1.3.6.1.4.1.4203.1.11.3'] });
    expect(factsOf([['server', dse]], true)).toEqual([
      { kind: 'offered', what: 'authentication', mechanisms: ['NTLM'] },
    ]);
  });
});

describe('large results', () => {
  test('are passed over, and what follows is read', () => {
    const photo = 'x'.repeat(3 << 20);
    const { facts, blindSpots } = play(
      [
        ...bound,
        ['server', entry(2, 'cn=a', { photo: [photo] })],
        ['client', simpleBind(3, 'cn=b', 'pw')],
        ['server', bindResponse(3, 0)],
      ],
      { port: 389 },
    );
    expect(facts).toContainEqual(directory);
    expect(facts).toContainEqual(expect.objectContaining({ principal: 'cn=b', outcome: 'accepted' }));
    expect(blindSpots).toEqual([]);
  });

  test('a bind larger than any message is said to be unread, and the next is read', () => {
    const { facts, blindSpots } = play(
      [
        ['client', simpleBind(1, 'cn=a', 'p'.repeat(1 << 20))],
        ['client', simpleBind(2, 'cn=b', 'pw')],
      ],
      { port: 389 },
    );
    expect(blindSpots).toEqual([expect.objectContaining({ why: 'limit' })]);
    expect(facts).toContainEqual(expect.objectContaining({ principal: 'cn=b' }));
  });

  test('an add of many bytes is content', () => {
    const add = message(2, windows(0x68, ber(0x04, text('cn=a')), ber(0x30, ber(0x04, new Uint8Array(1 << 20)))));
    expect(factsOf([...bound, ['client', add]])).toContainEqual(directory);
  });
});
