import { describe, expect, test } from 'vitest';
import { decodeBase64, saslChallenge, saslFact, saslResponse, startSasl } from '../../../src/protocols/parts/sasl.ts';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../../support/gss-tokens.ts';
import { authenticate } from '../../support/ntlm-messages.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));

function exchange(name: string, ...responses: (string | Uint8Array)[]) {
  const sasl = startSasl(name);
  for (const response of responses) saslResponse(sasl, typeof response === 'string' ? bytes(response) : response);
  return sasl;
}

describe('mechanisms that show the password', () => {
  test('PLAIN: the example of RFC 4616 §4', () => {
    const sasl = exchange('plain', 'Ursel\0Kurt\0xipj3plmq');
    expect(saslFact(sasl, 'accepted')).toEqual({
      kind: 'authenticated',
      mechanism: 'plain',
      outcome: 'accepted',
      principal: 'Kurt',
      protected: false,
    });
    expect(sasl.secretShown).toBe(true);
    expect(JSON.stringify(sasl)).not.toContain('xipj3plmq');
  });

  test('PLAIN without a password shows none', () => {
    expect(exchange('PLAIN', '\0Kurt\0').secretShown).toBe(false);
    expect(exchange('PLAIN', '').secretShown).toBe(false);
  });

  test('PLAIN that is none may be a password, so it names nobody', () => {
    const sasl = exchange('PLAIN', 'hunter2');
    expect(sasl.secretShown).toBe(true);
    expect(JSON.stringify(sasl)).not.toContain('hunter2');
  });

  test('LOGIN: name, then password', () => {
    const sasl = exchange('LOGIN', 'anna', 'hunter2');
    expect(sasl).toMatchObject({ mechanism: 'login', principal: 'anna', secretShown: true, protected: false });
    expect(JSON.stringify(sasl)).not.toContain('hunter2');
  });

  test('LOGIN: a server that asks for the password first: nothing is taken for the name', () => {
    const sasl = startSasl('LOGIN');
    saslChallenge(sasl, bytes('Password:'));
    saslResponse(sasl, bytes('hunter2'));
    saslChallenge(sasl, bytes('Username:'));
    saslResponse(sasl, bytes('anna'));
    expect(sasl).toMatchObject({ principal: null, secretShown: true });
  });

  test('LOGIN: after lost bytes what comes next may be the password', () => {
    const sasl = startSasl('LOGIN');
    sasl.lost = true;
    saslResponse(sasl, bytes('hunter2'));
    expect(JSON.stringify(sasl)).not.toContain('hunter2');
  });

  test.each(['XOAUTH2', 'OAUTHBEARER'])('%s shows a token and keeps none', (name) => {
    const sasl = exchange(name, 'n,a=u@example.com,\x01auth=Bearer vF9dft4qmT\x01\x01');
    expect(sasl).toMatchObject({ mechanism: 'bearer', protected: false, secretShown: true, principal: null });
    expect(JSON.stringify(sasl)).not.toContain('vF9');
  });
});

describe('challenge and response', () => {
  test('CRAM-MD5: the example of RFC 2195 §2', () => {
    const sasl = exchange('CRAM-MD5', 'tim b913a602c7eda7a495b4e6e7334d3890');
    expect(sasl).toMatchObject({ mechanism: 'cram-md5', principal: 'tim', protected: true, secretShown: false });
    expect(JSON.stringify(sasl)).not.toContain('b913a602');
  });

  test('DIGEST-MD5: the example of RFC 2831 §4', () => {
    const sasl = exchange(
      'DIGEST-MD5',
      'charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth',
      '',
    );
    expect(sasl).toMatchObject({ mechanism: 'digest', principal: 'chris', protected: true });
    expect(JSON.stringify(sasl)).not.toContain('d388dad9');
  });

  test('SCRAM: the example of RFC 7677 §3', () => {
    const sasl = exchange(
      'SCRAM-SHA-256',
      'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    expect(sasl).toMatchObject({
      mechanism: 'scram',
      version: 'SCRAM-SHA-256',
      principal: 'user',
      protected: true,
    });
    expect(JSON.stringify(sasl)).not.toContain('dHzbZ');
  });
});

describe('GSSAPI and NTLM', () => {
  test('GSSAPI proves Kerberos only with an AP-REQ', () => {
    expect(exchange('GSSAPI').mechanism).toBe('negotiate');
    expect(exchange('GSSAPI', krbToken(0x0100, apReq('R', ['smtpsvc', 'h'], 18)))).toMatchObject({
      mechanism: 'kerberos',
      inside: null,
      etype: 18,
    });
  });

  test('SPNEGO that turns from Kerberos to NTLM is NTLM', () => {
    const sasl = startSasl('GSSAPI');
    saslResponse(sasl, negTokenInit([oid.kerberos, oid.ntlm], krbToken(0x0100, apReq('R', ['s', 'h'], 18))));
    saslChallenge(sasl, negTokenResp({ state: 1, mechanism: oid.ntlm }));
    saslResponse(sasl, negTokenResp({ token: authenticate({ domain: 'CORP', user: 'anna', lm: 24, nt: 24 }) }));
    expect(saslFact(sasl, 'accepted')).toEqual({
      kind: 'authenticated',
      mechanism: 'ntlm',
      inside: 'negotiate',
      outcome: 'accepted',
      principal: 'CORP\\anna',
      protected: true,
      version: 'v1',
    });
  });

  test('an empty NTLM message is anonymous', () => {
    expect(exchange('NTLM', authenticate({ domain: '', user: '', lm: 1, nt: 0 })).mechanism).toBe('anonymous');
  });
});

test('base64: padding is optional, anything else is none', () => {
  expect(decodeBase64('YQ==')).toEqual(bytes('a'));
  expect(decodeBase64('YQ')).toEqual(bytes('a'));
  expect(decodeBase64('=')).toEqual(bytes(''));
  expect(decodeBase64('MAIL FROM:<>')).toBeNull();
});
