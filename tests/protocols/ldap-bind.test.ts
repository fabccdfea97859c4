import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { apReq, hex, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import {
  bindResponse,
  join,
  saslBind,
  search,
  sicilyBind,
  sicilyResponse,
  simpleBind,
  text,
  unbind,
} from '../support/ldap-messages.ts';
import { authenticateV2 } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';

const stage = { port: 389 };
const factsOf = (...steps: Step[]): Fact[] => play(steps, stage).facts;
const attemptsOf = (...steps: Step[]) => factsOf(...steps).filter((fact) => fact.kind === 'authenticated');
const credentials = { kind: 'exposed', content: 'credentials' };

describe('simple bind (RFC 4513 §5.1)', () => {
  // bytes of the bind request example at ldap.com, "LDAPv3 Wire Protocol Reference: The LDAP Bind Operation"
  const jdoe = join(
    hex('3039020101603402010304'),
    hex('24'),
    text('uid=jdoe,ou=People,dc=example,dc=com'),
    hex('8009'),
    text('secret123'),
  );
  const accepted = hex('300c02010161070a010004000400');

  test('name and password: principal named, password exposed', () => {
    const facts = factsOf(['client', jdoe], ['server', accepted]);
    expect(facts).toEqual([
      credentials,
      {
        kind: 'authenticated',
        mechanism: 'simple-bind',
        principal: 'uid=jdoe,ou=People,dc=example,dc=com',
        protected: false,
        outcome: 'accepted',
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain('secret123');
  });

  test.each([49, 8, 53, 10])('refused with %i: exposed all the same', (code) => {
    const facts = factsOf(['client', jdoe], ['server', bindResponse(1, code)], ['client', unbind(2)]);
    expect(facts).toContainEqual(credentials);
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'authenticated', outcome: 'refused' }));
  });

  test('no answer seen', () => {
    expect(attemptsOf(['client', jdoe])).toEqual([expect.objectContaining({ outcome: 'unseen' })]);
  });

  test('the answer to another message is none', () => {
    expect(attemptsOf(['client', jdoe], ['server', bindResponse(7, 0)])).toEqual([
      expect.objectContaining({ outcome: 'unseen' }),
    ]);
  });

  test('neither name nor password is anonymous', () => {
    expect(factsOf(['client', hex('300c020101600702010304008000')], ['server', accepted])).toEqual([
      { kind: 'authenticated', mechanism: 'anonymous', protected: true, outcome: 'accepted' },
    ]);
  });

  test('a name without password is anonymous: the name is not proven, so not kept', () => {
    expect(factsOf(['client', simpleBind(1, 'cn=admin', '')], ['server', accepted])).toEqual([
      { kind: 'authenticated', mechanism: 'anonymous', protected: true, outcome: 'accepted' },
    ]);
  });

  test('each bind of a connection counts', () => {
    const facts = attemptsOf(
      ['client', simpleBind(1, 'cn=a', 'one')],
      ['server', bindResponse(1, 49)],
      ['client', simpleBind(2, 'cn=b', 'two')],
      ['server', bindResponse(2, 0)],
    );
    expect(facts).toEqual([
      expect.objectContaining({ principal: 'cn=a', outcome: 'refused' }),
      expect.objectContaining({ principal: 'cn=b', outcome: 'accepted' }),
    ]);
  });
});

describe('SASL bind (RFC 4513 §5.2)', () => {
  test('PLAIN shows the password (RFC 4616 §4)', () => {
    const facts = factsOf(['client', saslBind(1, 'PLAIN', '\0tim\0tanstaaftanstaaf')], ['server', bindResponse(1, 0)]);
    expect(facts).toEqual([
      credentials,
      { kind: 'authenticated', mechanism: 'plain', outcome: 'accepted', principal: 'tim', protected: false },
    ]);
    expect(JSON.stringify(facts)).not.toContain('tanstaaf');
  });

  test('CRAM-MD5 (RFC 2195 §2)', () => {
    const facts = factsOf(
      ['client', saslBind(1, 'CRAM-MD5')],
      ['server', bindResponse(1, 14, '<1896.697170952@postoffice.reston.mci.net>')],
      ['client', saslBind(2, 'CRAM-MD5', 'tim b913a602c7eda7a495b4e6e7334d3890')],
      ['server', bindResponse(2, 0)],
    );
    expect(facts).toEqual([
      { kind: 'authenticated', mechanism: 'cram-md5', outcome: 'accepted', principal: 'tim', protected: true },
    ]);
  });

  test('DIGEST-MD5 (RFC 2831 §4)', () => {
    const facts = factsOf(
      ['client', saslBind(1, 'DIGEST-MD5')],
      [
        'server',
        bindResponse(
          1,
          14,
          'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8',
        ),
      ],
      [
        'client',
        saslBind(
          2,
          'DIGEST-MD5',
          'charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth',
        ),
      ],
      ['server', bindResponse(2, 0, 'rspauth=ea40f60335c427b5527b84dbabcdfffd')],
    );
    expect(facts).toEqual([
      { kind: 'authenticated', mechanism: 'digest', outcome: 'accepted', principal: 'chris', protected: true },
    ]);
    expect(JSON.stringify(facts)).not.toContain('d388dad90d4bbd760a152321f2143af7');
  });

  test('SCRAM (RFC 7677 §3), refused', () => {
    const facts = factsOf(
      ['client', saslBind(1, 'SCRAM-SHA-256', 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO')],
      [
        'server',
        bindResponse(1, 14, 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'),
      ],
      [
        'client',
        saslBind(
          2,
          'SCRAM-SHA-256',
          'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
        ),
      ],
      ['server', bindResponse(2, 49)],
    );
    expect(facts).toEqual([
      {
        kind: 'authenticated',
        mechanism: 'scram',
        outcome: 'refused',
        principal: 'user',
        protected: true,
        version: 'SCRAM-SHA-256',
      },
    ]);
  });

  test('EXTERNAL with and without an identity', () => {
    expect(attemptsOf(['client', saslBind(1, 'EXTERNAL')], ['server', bindResponse(1, 0)])).toEqual([
      { kind: 'authenticated', mechanism: 'external', outcome: 'accepted', protected: true },
    ]);
    expect(attemptsOf(['client', saslBind(1, 'EXTERNAL', 'dn:cn=hub1')], ['server', bindResponse(1, 7)])).toEqual([
      { kind: 'authenticated', mechanism: 'external', outcome: 'refused', principal: 'dn:cn=hub1', protected: true },
    ]);
  });

  test('a mechanism nobody knows keeps its name', () => {
    expect(attemptsOf(['client', saslBind(1, 'SRP', 'x')], ['server', bindResponse(1, 0)])).toEqual([
      { kind: 'authenticated', mechanism: 'unknown', outcome: 'accepted', protected: true, version: 'SRP' },
    ]);
  });

  test('the client gives up: unfinished', () => {
    const steps: Step[] = [
      ['client', saslBind(1, 'CRAM-MD5')],
      ['server', bindResponse(1, 14, '<challenge>')],
      ['client', saslBind(2, '')],
      ['server', bindResponse(2, 7)],
    ];
    expect(attemptsOf(...steps)).toEqual([expect.objectContaining({ mechanism: 'cram-md5', outcome: 'unfinished' })]);
    expect(attemptsOf(...steps.slice(0, 2))).toEqual([expect.objectContaining({ outcome: 'unfinished' })]);
  });

  test('the client answered, and what the server said to that was not seen', () => {
    const steps: Step[] = [
      ['client', saslBind(1, 'CRAM-MD5')],
      ['server', bindResponse(1, 14, '<challenge>')],
      ['client', saslBind(2, 'CRAM-MD5', 'tim b913a602c7eda7a495b4e6e7334d3890')],
    ];
    expect(attemptsOf(...steps)).toEqual([expect.objectContaining({ principal: 'tim', outcome: 'unseen' })]);
  });

  const ticket = krbToken(0x0100, apReq('EXAMPLE.TEST', ['ldap', 'dc1.example.test'], 18));

  const shown = {
    kind: 'described',
    what: 'ticket-shown',
    service: 'ldap/dc1.example.test',
    realm: 'EXAMPLE.TEST',
    etype: 18,
  };

  test('GSSAPI is Kerberos, and goes on after the token (RFC 4752 §3.1)', () => {
    const layers = hex('050405ff000c000000000000000000010701ffff000102030405060708090a0b');
    expect(
      factsOf(
        ['client', saslBind(1, 'GSSAPI', ticket)],
        ['server', bindResponse(1, 14, hex('60 12 06092a864886f712010202 0200 6f033001 00'))],
        ['client', saslBind(2, 'GSSAPI')],
        ['server', bindResponse(2, 14, layers)],
        ['client', saslBind(3, 'GSSAPI', layers)],
        ['server', bindResponse(3, 0)],
      ),
    ).toEqual([
      shown,
      { kind: 'authenticated', mechanism: 'kerberos', outcome: 'accepted', protected: true, etype: 18 },
    ]);
  });

  test('GSS-SPNEGO with Kerberos', () => {
    expect(
      factsOf(
        ['client', saslBind(1, 'GSS-SPNEGO', negTokenInit([oid.msKerberos, oid.kerberos, oid.ntlm], ticket))],
        ['server', bindResponse(1, 0, negTokenResp({ state: 0, mechanism: oid.kerberos }))],
      ),
    ).toEqual([
      shown,
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

  // [MS-NLMP] §2.2.1.1: signature, type 1, flags
  const negotiate = hex('4e544c4d5353500001000000358288e200000000000000000000000000000000');
  const challenge = join(hex('4e544c4d53535000020000000000000038000000338a02e20123456789abcdef'), new Uint8Array(24));
  const ntlmV2 = {
    kind: 'authenticated',
    mechanism: 'ntlm',
    outcome: 'accepted',
    principal: 'Domain\\User',
    protected: true,
    version: 'v2',
  };

  test.each([
    ['wrapped', (token: Uint8Array) => negTokenResp({ token })],
    ['bare', (token: Uint8Array) => token],
  ])('GSS-SPNEGO with NTLM, %s', (_name, wrap) => {
    const facts = factsOf(
      ['client', saslBind(1, 'GSS-SPNEGO', wrap(negotiate))],
      ['server', bindResponse(1, 14, wrap(challenge))],
      ['client', saslBind(2, 'GSS-SPNEGO', wrap(authenticateV2))],
      ['server', bindResponse(2, 0)],
    );
    expect(facts).toContainEqual({ ...ntlmV2, inside: 'negotiate' });
    expect(facts).toContainEqual({ kind: 'described', what: 'peer-name', of: 'client', name: 'COMPUTER' });
  });

  test('Kerberos turned down for NTLM within SPNEGO', () => {
    expect(
      attemptsOf(
        ['client', saslBind(1, 'GSS-SPNEGO', negTokenInit([oid.kerberos, oid.ntlm], ticket))],
        ['server', bindResponse(1, 14, negTokenResp({ state: 1, mechanism: oid.ntlm }))],
        ['client', saslBind(2, 'GSS-SPNEGO', negTokenResp({ token: negotiate }))],
        ['server', bindResponse(2, 14, negTokenResp({ state: 1, token: challenge }))],
        ['client', saslBind(3, 'GSS-SPNEGO', negTokenResp({ token: authenticateV2 }))],
        ['server', bindResponse(3, 0)],
      ),
    ).toEqual([{ ...ntlmV2, inside: 'negotiate' }]);
  });

  test('Sicily: success goes on until the NTLM answer ([MS-ADTS] §5.1.1.1.3)', () => {
    expect(
      attemptsOf(
        ['client', sicilyBind(1, 9, new Uint8Array(0))],
        ['server', sicilyResponse(1, 0, text('NTLM'))],
        ['client', sicilyBind(2, 10, negotiate)],
        ['server', sicilyResponse(2, 0, challenge)],
        ['client', sicilyBind(3, 11, authenticateV2)],
        ['server', sicilyResponse(3, 0, new Uint8Array(0))],
      ),
    ).toEqual([ntlmV2]);
  });

  test('Sicily that never came to its answer authenticates nobody', () => {
    expect(attemptsOf(['client', sicilyBind(2, 10, negotiate)], ['server', sicilyResponse(2, 0, challenge)])).toEqual([
      expect.objectContaining({ mechanism: 'ntlm', outcome: 'unfinished' }),
    ]);
  });

  test('only the answer was seen: its token tells', () => {
    const answer = bindResponse(
      9,
      0,
      negTokenResp({ state: 0, mechanism: oid.kerberos, token: krbToken(0x0200, hex('6f023000')) }),
    );
    const { facts } = play(
      [
        ['server', answer],
        ['client', search(10, 'dc=x')],
      ],
      { port: 389, midstream: true },
    );
    expect(facts).toContainEqual({
      kind: 'authenticated',
      mechanism: 'kerberos',
      inside: 'negotiate',
      protected: true,
      outcome: 'accepted',
    });
  });

  test('an answer without a token proves nothing', () => {
    expect(play([['server', bindResponse(9, 0)]], { port: 389, midstream: true }).facts).toEqual([]);
  });
});
