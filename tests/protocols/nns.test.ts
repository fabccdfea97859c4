import { describe, expect, test } from 'vitest';
import * as say from '../support/framing-messages.ts';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { join } from '../support/ldap-messages.ts';
import { authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import { exposed, kinds } from '../support/smtp-dialogues.ts';

const C = (...parts: Uint8Array[]): Step => ['client', join(...parts)];
const S = (...parts: Uint8Array[]): Step => ['server', join(...parts)];
const alone = (...steps: Step[]) => play(steps, { port: 64327 });

const ticket = krbToken(0x0100, apReq('EXAMPLE.TEST', ['host', 'mbx2.example.test'], 18));
const kerberos: Step[] = [
  C(say.handshake(0x16, negTokenInit([oid.kerberos, oid.ntlm], ticket))),
  S(say.handshake(0x14, negTokenResp({ state: 0, mechanism: oid.kerberos }))),
  C(say.handshake(0x14)),
];
const ntlm: Step[] = [
  C(say.handshake(0x16, negotiate)),
  S(say.handshake(0x16, challenge)),
  C(say.handshake(0x14, authenticateV2)),
  S(say.handshake(0x14)),
];
const framing: Step[] = [C(say.preamble(), say.upgradeRequest()), S(say.upgradeResponse)];
const inside = (...steps: Step[]) => play([...framing, ...steps], { port: 808 });
const sealed = (length: number, seed?: number) => say.frame(say.wrapped(6, say.cipher(length, seed)));

describe('recognition', () => {
  test('a handshake, on any port', () => {
    expect(play(kerberos, { port: 4711 }).protocol).toBe('nns');
  });

  // what nmap's TLS probe gets from a real 64327 (wire-facts, b): HandshakeError, SEC_E_INVALID_TOKEN
  test('the answer to a TLS probe is no login', () => {
    const hello = Uint8Array.of(0x16, 3, 0, 0, 4, 1, 0, 0, 0);
    const seen = alone(C(hello), ['server', say.handshake(0x15, Uint8Array.of(0, 0, 0, 0, 0x80, 0x09, 0x03, 0x08))]);
    expect(kinds(seen, 'authenticated')).toEqual([]);
  });

  test('a session under way, by its frames', () => {
    const seen = play([C(sealed(600)), S(sealed(200, 2))], { port: 64327, midstream: true });
    expect(seen.protocol).toBe('nns');
    expect(kinds(seen, 'secured')).toEqual([{ kind: 'secured', mechanism: 'nns', level: 'privacy' }]);
  });

  test('bulk without any handshake is not known', () => {
    const seen = alone(C(say.cipher(2000)), S(say.cipher(36)));
    expect(seen.protocol).toBe('unknown');
    expect(seen.facts).toEqual([]);
  });
});

describe('who logs in', () => {
  test('Kerberos in SPNEGO', () => {
    const seen = alone(...kerberos);
    expect(kinds(seen, 'authenticated', 'ticket-shown')).toEqual([
      { kind: 'described', what: 'ticket-shown', realm: 'EXAMPLE.TEST', service: 'host/mbx2.example.test', etype: 18 },
      {
        kind: 'authenticated',
        mechanism: 'kerberos',
        inside: 'negotiate',
        outcome: 'accepted',
        protected: true,
        etype: 18,
      },
    ]);
  });

  test('NTLM alone, with the names of both computers', () => {
    const seen = alone(...ntlm);
    expect(kinds(seen, 'authenticated')).toMatchObject([
      { mechanism: 'ntlm', outcome: 'accepted', principal: 'Domain\\User', version: 'v2' },
    ]);
    expect(kinds(seen, 'peer-name')).toMatchObject([{ name: 'Server' }, { name: 'COMPUTER' }]);
  });

  test('refused, then tried again', () => {
    const seen = alone(...ntlm.slice(0, 3), S(say.logonDenied), ...kerberos);
    expect(kinds(seen, 'authenticated')).toMatchObject([
      { mechanism: 'ntlm', outcome: 'refused' },
      { mechanism: 'kerberos', outcome: 'accepted' },
    ]);
    expect(kinds(seen, 'property')).toEqual([
      { kind: 'described', what: 'property', name: 'nns-error', value: '0x8009030c' },
    ]);
  });

  test.each([
    ['the flow ends first', ntlm.slice(0, 3), 'unfinished'],
    ['the server is not seen', ntlm.filter(([from]) => from === 'client'), 'unseen'],
    ['the client is not seen', ntlm.filter(([from]) => from === 'server'), 'unseen'],
  ])('%s', (_, steps, outcome) => {
    expect(kinds(alone(...steps), 'authenticated')).toMatchObject([{ mechanism: 'ntlm', outcome }]);
  });
});

describe('what the frames are', () => {
  const rc4 = (seal: number[]) =>
    join(
      Uint8Array.of(0x60, 0x81, 0xf0),
      oid.kerberos,
      Uint8Array.of(2, 1, 0x11, 0, ...seal, 0xff, 0xff),
      say.cipher(300),
    );
  test.each<[string, Uint8Array, string]>([
    ['sealed (RFC 4121)', say.wrapped(6, say.cipher(300)), 'privacy'],
    ['wrapped and not sealed', say.wrapped(4, say.cipher(300)), 'integrity'],
    ['signed apart (RFC 4121 §4.2.6.1)', say.signed(say.cipher(300)), 'integrity'],
    ['sealed with RC4 (RFC 4757)', rc4([0x10, 0]), 'privacy'],
    ['wrapped with RC4 and not sealed', rc4([0xff, 0xff]), 'integrity'],
  ])('%s', (_, payload, level) => {
    for (const seen of [alone(...kerberos, C(say.frame(payload))), inside(...kerberos, C(say.frame(payload)))]) {
      expect(kinds(seen, 'secured')).toEqual([{ kind: 'secured', mechanism: 'nns', level }]);
      expect(exposed(seen)).toEqual([]);
      expect(seen.blindSpots).toEqual([]);
    }
  });

  test('a sealed end of a preamble is no content yet', () => {
    const ends = [C(sealed(45)), S(sealed(45, 3))];
    expect(kinds(inside(...kerberos, ...ends), 'secured')).toEqual([]);
    expect(kinds(inside(...kerberos, ...ends, C(sealed(45, 4))), 'secured')).toHaveLength(1);
  });

  test('NTLM inside message framing: sealed', () => {
    const steps = [
      C(say.frame(say.ntlm(say.cipher(1)))),
      S(say.frame(say.ntlm(say.cipher(1, 2)))),
      C(say.frame(say.ntlm(say.cipher(400)))),
    ];
    expect(kinds(inside(...ntlm, ...steps), 'secured')).toEqual([
      { kind: 'secured', mechanism: 'nns', level: 'privacy' },
    ]);
  });

  test('NTLM inside message framing: signed', () => {
    const steps = [
      C(say.frame(say.ntlm(say.preambleEnd))),
      S(say.frame(say.ntlm(say.preambleAck))),
      C(say.frame(say.ntlm(say.envelope()))),
    ];
    expect(kinds(inside(...ntlm, ...steps), 'secured')).toEqual([
      { kind: 'secured', mechanism: 'nns', level: 'integrity' },
    ]);
  });

  test('NTLM alone does not tell', () => {
    const seen = alone(...ntlm, C(say.frame(say.ntlm(say.cipher(400)))));
    expect(kinds(seen, 'secured')).toEqual([]);
    expect(seen.blindSpots).toMatchObject([{ why: 'encrypted' }]);
  });
});

describe('neither signed nor sealed', () => {
  test('inside message framing, which goes on', () => {
    const seen = inside(...kerberos, C(say.preambleEnd), S(say.preambleAck), C(say.envelope()), S(say.envelope()));
    expect(exposed(seen)).toEqual(['mailbox']);
    expect(seen.protocolPath).toEqual(['nmf', 'nns']);
    expect(seen.blindSpots).toEqual([]);
  });

  test('alone: log records and pages', () => {
    expect(exposed(alone(...kerberos, C(Uint8Array.of(0xef, 0xcd, 0xab, 0x89, 0, 1, 2, 3))))).toEqual(['mailbox']);
  });
});

test('lost bytes in sealed data change nothing', () => {
  const seen = alone(...kerberos, C(sealed(600)), ['client', { lost: 700 }], C(say.cipher(33, 5), sealed(600, 6)));
  expect(kinds(seen, 'secured')).toHaveLength(1);
  expect(exposed(seen)).toEqual([]);
});
