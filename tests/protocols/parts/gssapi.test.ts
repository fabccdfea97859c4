import { describe, expect, test } from 'vitest';
import { readToken, wrapLevel } from '../../../src/protocols/parts/gssapi.ts';
import { apReq, der, hex, krbToken, negTokenInit, negTokenResp, oid } from '../../support/gss-tokens.ts';
import { authenticateV2 } from '../../support/ntlm-messages.ts';

describe('SPNEGO (RFC 4178)', () => {
  test('a NegTokenInit without a token only offers', () => {
    expect(readToken(negTokenInit([oid.msKerberos, oid.kerberos, oid.ntlm]))).toEqual({
      mechanism: 'negotiate',
      inside: 'negotiate',
      offered: ['kerberos', 'ntlm'],
      damaged: false,
    });
  });

  test('an AP-REQ as optimistic token is Kerberos, and names the service and the etype of its ticket', () => {
    const token = readToken(
      negTokenInit([oid.msKerberos], krbToken(0x0100, apReq('EXAMPLE.COM', ['SMTPSVC', 'hub1.example.com'], 18))),
    );
    expect(token.mechanism).toBe('kerberos');
    expect(token.inside).toBe('negotiate');
    expect(token.kerberos).toEqual({
      kind: 'ap-req',
      ticket: { realm: 'EXAMPLE.COM', service: 'SMTPSVC/hub1.example.com', etype: 18 },
    });
  });

  test('a request for a user-to-user ticket is not Kerberos yet', () => {
    const token = readToken(negTokenInit([oid.msKerberos, oid.ntlm], krbToken(0x0400, der(0x30))));
    expect(token).toMatchObject({ mechanism: 'negotiate', kerberos: { kind: 'other' } });
  });

  test('NTLM inside is found also where Kerberos was offered first', () => {
    const token = readToken(negTokenInit([oid.msKerberos, oid.ntlm], hex('4e544c4d535350000100000097820862')));
    expect(token.mechanism).toBe('ntlm');
    expect(token.inside).toBe('negotiate');
    expect(token.ntlm?.type).toBe(1);
  });

  test.each([
    [0, 'accepted'],
    [1, 'incomplete'],
    [2, 'rejected'],
    [3, 'request-mic'],
  ] as const)('negState %i is %s', (state, word) => {
    const token = readToken(negTokenResp({ state, mechanism: oid.ntlm }));
    expect(token).toMatchObject({ mechanism: 'negotiate', inside: 'negotiate', state: word, chosen: 'ntlm' });
  });

  test('a NegTokenResp carries the authenticate message', () => {
    const token = readToken(negTokenResp({ token: authenticateV2 }));
    expect(token).toMatchObject({ mechanism: 'ntlm', inside: 'negotiate' });
    expect(token.ntlm).toMatchObject({ type: 3, version: 'v2', principal: 'Domain\\User', computer: 'COMPUTER' });
  });

  test('cut anywhere it neither throws nor claims more than is there', () => {
    const whole = negTokenInit([oid.msKerberos], krbToken(0x0100, apReq('R', ['s', 'h'], 23)));
    for (let cut = 0; cut < whole.length; cut++) {
      const token = readToken(whole.subarray(0, cut));
      expect(token.damaged || token.mechanism === 'unknown').toBe(true);
    }
  });
});

describe('without SPNEGO', () => {
  test('Kerberos with its GSS header, and bare (DCE style)', () => {
    const request = apReq('R', ['ldap', 'dc1'], 23);
    expect(readToken(krbToken(0x0100, request))).toMatchObject({
      mechanism: 'kerberos',
      kerberos: { kind: 'ap-req', ticket: { etype: 23 } },
    });
    expect(readToken(request)).toMatchObject({ mechanism: 'kerberos', kerberos: { kind: 'ap-req' } });
    expect(readToken(krbToken(0x0200, der(0x6f, der(0x30))))).toMatchObject({ kerberos: { kind: 'ap-rep' } });
    expect(readToken(krbToken(0x0300, der(0x7e, der(0x30))))).toMatchObject({ kerberos: { kind: 'error' } });
  });

  test('NTLMSSP as such', () => {
    const token = readToken(authenticateV2);
    expect(token.mechanism).toBe('ntlm');
    expect(token.inside).toBeUndefined();
  });

  test.each(['', '00', '60', '6082', '7b7d', '300c0201016007020103040080 00'])('nothing known: %s', (text) => {
    expect(readToken(hex(text)).mechanism).toBe('unknown');
  });
});

describe('per-message tokens', () => {
  test.each([
    // RFC 4121 §4.2.6.2: flags 02 Sealed, 01 SentByAcceptor, 04 AcceptorSubkey
    ['050402ff0000001c0000000000000001', 'privacy'],
    ['050407ff0000001c0000000000000001', 'privacy'],
    ['050400ff000c00000000000000000001', 'integrity'],
    ['050405ff000c00000000000000000001', 'integrity'],
    // RFC 4757 §7.3: SGN_ALG HMAC, SEAL_ALG RC4 (10 00) or none (FF FF)
    ['6030 06092a864886f712010202 020111001000ffff0102030405060708', 'privacy'],
    ['6030 06092a864886f712010202 02011100ffffffff0102030405060708', 'integrity'],
    // NTLM signatures do not say
    ['01000000aabbccddeeff001100000000', null],
    ['3084000000100201', null],
  ])('%s', (text, level) => {
    expect(wrapLevel(hex(text))).toBe(level);
  });
});
