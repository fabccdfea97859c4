import { describe, expect, test } from 'vitest';
import * as say from '../support/framing-messages.ts';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { tlsSession } from '../support/handshake.ts';
import { join } from '../support/ldap-messages.ts';
import { challenge } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import { kinds } from '../support/smtp-dialogues.ts';

/** Sessions of message framing and of the negotiate stream that were made to be called protected or authenticated. */
const C = (...parts: Uint8Array[]): Step => ['client', join(...parts)];
const S = (...parts: Uint8Array[]): Step => ['server', join(...parts)];
const framing = (...steps: Step[]) => say.judgedFraming(steps, 808);
const alone = (...steps: Step[]) => say.judgedFraming(steps, 64327);

const ticket = krbToken(0x0100, apReq('EXAMPLE.TEST', ['host', 'cas2.example.test'], 18));
const hello = C(say.handshake(0x16, negTokenInit([oid.kerberos, oid.ntlm], ticket)));
const kerberos: Step[] = [
  hello,
  S(say.handshake(0x14, negTokenResp({ state: 0, mechanism: oid.kerberos }))),
  C(say.handshake(0x14)),
];
const upgrade: Step[] = [C(say.preamble(), say.upgradeRequest()), S(say.upgradeResponse)];
const sealed = (seed: number) => say.frame(say.wrapped(6, say.cipher(600, seed)));
const data: Step[] = [C(sealed(1)), S(sealed(2)), C(sealed(3)), S(sealed(4))];
const whole: Step[] = [...upgrade, ...kerberos, ...data];

test('the sessions that all of these are variants of pass', () => {
  expect(framing(...whole)).toMatchObject({ encryption: 'pass as-expected', authentication: 'pass as-expected' });
  expect(alone(...kerberos, ...data)).toMatchObject({ authentication: 'pass as-expected' });
  expect(alone(...kerberos, ...data)?.encryption).toMatch(/^pass/);
});

describe('content in clear anywhere in a protected session', () => {
  const losses: Step[][] = [[], [['client', { lost: 50 }]], [['server', { lost: 50 }]]];
  for (let at = 1; at <= whole.length; at++) {
    test(`before its step ${at + 1}, with bytes lost around it or not`, () => {
      for (const around of losses) {
        for (const content of [C(say.envelope()), S(say.envelope())]) {
          const steps = [...whole.slice(0, at), ...around, content, ...around, ...whole.slice(at)];
          expect(framing(...steps)?.encryption).not.toMatch(/^pass/);
        }
      }
    });
  }
});

describe('upgrades that were none', () => {
  test('the answer comes from the client', () => {
    const steps = [C(say.preamble(), say.upgradeRequest(), say.upgradeResponse), ...kerberos, ...data];
    expect(framing(...steps)?.encryption).not.toMatch(/^pass/);
  });

  test('an answer to nothing', () => {
    const steps = [C(say.preamble()), S(say.upgradeResponse), C(say.preambleEnd), ...tlsSession()];
    expect(framing(...steps)?.encryption).not.toMatch(/^pass/);
  });

  test('accepted and not used', () => {
    const steps = [...upgrade, C(say.preambleEnd), S(say.preambleAck), C(say.envelope())];
    expect(kinds(play(steps, { port: 808 }), 'upgrade-not-followed')).toHaveLength(1);
    expect(framing(...steps)?.encryption).toBe('fail clear-content');
  });

  test('an envelope sent together with the request', () => {
    const steps = [
      C(say.preamble(), say.upgradeRequest(), say.preambleEnd, say.envelope()),
      S(say.upgradeResponse),
      ...kerberos,
      ...data,
    ];
    expect(framing(...steps)?.encryption).toBe('fail clear-content');
  });
});

describe('frames that are not what they say', () => {
  test('sealed by its flag, and readable', () => {
    const text = Uint8Array.from('made-up mailbox item '.repeat(20), (letter) => letter.charCodeAt(0));
    for (const frames of [[C(say.frame(say.wrapped(6, text)))], [...data, C(say.frame(say.wrapped(6, text)))]]) {
      expect(framing(...upgrade, ...kerberos, ...frames)?.encryption).not.toMatch(/^pass/);
      expect(alone(...kerberos, ...frames)?.encryption).not.toMatch(/^pass/);
    }
  });

  test('one frame that is only signed among sealed ones', () => {
    const weak = C(say.frame(say.wrapped(4, say.cipher(300))));
    expect(framing(...whole, weak)?.encryption).toBe('fail integrity-only');
    expect(framing(...whole, C(say.frame(say.signed(say.envelope()))))?.encryption).toBe('fail integrity-only');
  });

  test('sealed NTLM, and then one that can be read', () => {
    const ntlm = (content: Uint8Array) => say.frame(say.ntlm(content));
    const first = [C(ntlm(say.cipher(1))), S(ntlm(say.cipher(1, 2))), C(ntlm(say.cipher(400)))];
    expect(framing(...upgrade, ...kerberos, ...first, C(ntlm(say.envelope())))?.encryption).not.toMatch(/^pass/);
  });

  const letters = Array.from({ length: 40 }, (_, i) =>
    `a letter in piece ${String(i).padStart(2, '0')}, all in clear`.slice(0, 31),
  );
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));

  test('readable, and each too short to tell', () => {
    const steps = [...kerberos, ...data, ...letters.map((text) => C(say.frame(say.wrapped(6, bytes(text)))))];
    expect(alone(...steps)?.encryption).not.toMatch(/^pass/);
  });

  test('ciphertext of the same length is told from them', () => {
    const short = letters.map((_, i) => C(say.frame(say.wrapped(6, say.cipher(31, i + 9)))));
    expect(alone(...kerberos, ...data, ...short)?.encryption).toMatch(/^pass/);
  });

  test('too short to be sealed', () => {
    const empty = say.frame(say.wrapped(6, say.cipher(8)));
    expect(alone(...kerberos, C(empty), S(empty))?.encryption).not.toMatch(/^pass/);
  });
});

describe('logins that were none', () => {
  const outcomes = (...steps: Step[]) =>
    kinds(play(steps, { port: 64327 }), 'authenticated').map((fact) => 'outcome' in fact && fact.outcome);

  test('only one side says that it is done', () => {
    expect(outcomes(hello, S(say.handshake(0x14)))).toEqual(['unfinished']);
    expect(outcomes(hello, C(say.handshake(0x14)), S(say.handshake(0x16, challenge)))).toEqual(['unfinished']);
  });

  test('the server refuses after the client is done', () => {
    expect(outcomes(hello, C(say.handshake(0x14)), S(say.logonDenied))).toEqual(['refused']);
  });

  test('Kerberos was turned down for NTLM, whose answer was lost', () => {
    const turned = S(say.handshake(0x16, negTokenResp({ state: 1, mechanism: oid.ntlm, token: challenge })));
    const steps: Step[] = [hello, turned, ['client', { lost: 300 }], S(say.handshake(0x14)), C(say.handshake(0x14))];
    expect(kinds(play(steps, { port: 64327 }), 'authenticated')).toMatchObject([{ mechanism: 'ntlm' }]);
  });

  test('done without any token is nobody', () => {
    expect(outcomes(C(say.handshake(0x14)), S(say.handshake(0x14)))).toEqual([]);
  });
});

test('sizes that claim more than there is', () => {
  const huge = Uint8Array.of(6, 0xff, 0xff, 0xff, 0xff, 0x07);
  const tooHuge = Uint8Array.of(6, 0xff, 0xff, 0xff, 0xff, 0xff);
  const long = Uint8Array.of(2, 0xff, 0xff, 0x7f);
  for (const bytes of [huge, tooHuge, long]) {
    const steps = [C(say.preamble()), C(bytes), ...whole];
    expect(framing(...steps)?.encryption).not.toMatch(/^pass/);
  }
});

test('frames without a token that tells, among sealed ones', () => {
  const odd = say.frame(new TextEncoder().encode('made-up mailbox item '.repeat(20)));
  for (let at = 0; at <= data.length; at++) {
    for (const frame of [C(odd), S(odd)]) {
      const steps = [...data.slice(0, at), frame, ...data.slice(at)];
      expect(alone(...kerberos, ...steps)?.encryption).not.toMatch(/^pass/);
      expect(framing(...upgrade, ...kerberos, ...steps)?.encryption).not.toMatch(/^pass/);
    }
  }
});
