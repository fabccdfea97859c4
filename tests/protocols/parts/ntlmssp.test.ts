import { describe, expect, test } from 'vitest';
import { readNtlm } from '../../../src/protocols/parts/ntlmssp.ts';
import { hex } from '../../support/gss-tokens.ts';
import { authenticate, authenticateV2, challenge } from '../../support/ntlm-messages.ts';

describe('AUTHENTICATE_MESSAGE', () => {
  test('the NTLMv2 example of [MS-NLMP] §4.2.4.3', () => {
    expect(readNtlm(authenticateV2)).toEqual({
      type: 3,
      flags: 0xe2888235,
      version: 'v2',
      principal: 'Domain\\User',
      anonymous: false,
      computer: 'COMPUTER',
      damaged: false,
    });
  });

  test('24-byte responses are NTLMv1', () => {
    expect(readNtlm(authenticate({ domain: 'CORP', user: 'anna', lm: 24, nt: 24 }))).toMatchObject({
      version: 'v1',
      principal: 'CORP\\anna',
    });
  });

  test('OEM names, no domain', () => {
    expect(readNtlm(authenticate({ domain: '', user: 'anna', lm: 24, nt: 24, unicode: false }))?.principal).toBe(
      'anna',
    );
  });

  test('nothing named and no response is anonymous', () => {
    expect(readNtlm(authenticate({ domain: '', user: '', lm: 1, nt: 0 }))).toMatchObject({
      anonymous: true,
      principal: null,
      version: null,
    });
  });

  test('no response nor challenge leaves the message', () => {
    const text = JSON.stringify(readNtlm(authenticate({ domain: 'D', user: 'U', lm: 24, nt: 200 })));
    expect(text).not.toMatch(/\\u00aa|\\u00bb|ª|»/);
  });

  test('cut anywhere: damage, no exception', () => {
    for (let cut = 12; cut < authenticateV2.length; cut++) {
      const message = readNtlm(authenticateV2.subarray(0, cut));
      expect(message?.type).toBe(3);
      if (cut < 0x6c) expect(message?.anonymous).toBe(false);
    }
  });
});

test('NEGOTIATE_MESSAGE: flags of [MS-NLMP] §2.2.2.5', () => {
  expect(readNtlm(hex('4e544c4d535350000100000097820862'))).toMatchObject({ type: 1, flags: 0x62088297 });
});

test('the CHALLENGE_MESSAGE example of [MS-NLMP] §4.2.4.3 names the server', () => {
  expect(readNtlm(challenge)).toMatchObject({ type: 2, computer: 'Server', flags: 0xe28a8233, damaged: false });
});

test.each(['', '4e544c4d53535000', '4e544c4d5353500004000000', '4e544c4d5353510001000000'])(
  'no NTLMSSP: %s',
  (text) => {
    expect(readNtlm(hex(text))).toBeNull();
  },
);
