import { describe, expect, test } from 'vitest';
import type { Authenticated } from '../../src/protocols/fact.ts';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { authenticate, authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { type Observed, play, type Step } from '../support/play.ts';

const C = (...lines: string[]): Step => ['client', lines.map((line) => `${line}\r\n`).join('')];
const S = (...lines: string[]): Step => ['server', lines.map((line) => `${line}\r\n`).join('')];
const b64 = (value: string | Uint8Array) => Buffer.from(value as string).toString('base64');

const opening: Step[] = [
  S('220 hub1.example.com Microsoft ESMTP MAIL Service ready'),
  C('EHLO pc1'),
  S('250-hub1.example.com Hello [10.0.0.1]', '250 AUTH GSSAPI NTLM LOGIN'),
];
const accepted = S('235 2.7.0 Authentication successful');

const attempts = (seen: Observed) => seen.facts.filter((fact): fact is Authenticated => fact.kind === 'authenticated');
const exposed = (seen: Observed) => seen.facts.flatMap((fact) => (fact.kind === 'exposed' ? [fact.content] : []));
const audit = (...steps: Step[]) => play([...opening, ...steps], { port: 587 });

/** Nothing of a secret is in the facts, in any of the forms it has on the wire. */
function expectNowhere(seen: Observed, ...secrets: string[]) {
  const text = JSON.stringify(seen.record);
  for (const secret of secrets) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(b64(secret));
    expect(text).not.toContain(b64(secret).replace(/=*$/, '').slice(0, -1));
  }
}

const plain = { kind: 'authenticated', mechanism: 'plain', principal: 'anna', protected: false } as const;
const login = { kind: 'authenticated', mechanism: 'login', principal: 'anna', protected: false } as const;

describe('PLAIN and LOGIN show the password', () => {
  test('PLAIN with its response on the line', () => {
    const seen = audit(C(`AUTH PLAIN ${b64('\0anna\0hunter2')}`), accepted);
    expect(attempts(seen)).toEqual([{ ...plain, outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials']);
    expectNowhere(seen, 'hunter2', '\0anna\0hunter2');
  });

  test('PLAIN with a continuation, refused: the password went by all the same', () => {
    const seen = audit(C('AUTH PLAIN'), S('334 '), C(b64('\0anna\0hunter2')), S('535 5.7.8 No'));
    expect(attempts(seen)).toEqual([{ ...plain, outcome: 'refused' }]);
    expect(exposed(seen)).toEqual(['credentials']);
    expectNowhere(seen, 'hunter2');
  });

  test('PLAIN refused before anything was said', () => {
    const seen = audit(C('AUTH PLAIN'), S('538 5.7.11 Encryption required'));
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'plain', outcome: 'refused', protected: false },
    ]);
    expect(exposed(seen)).toEqual([]);
  });

  test.each([
    ['prompted for both', ['AUTH LOGIN'], [b64('anna'), b64('hunter2')]],
    ['with the name on the line', [`auth login ${b64('anna')}`], [b64('hunter2')]],
  ])('LOGIN %s', (_how, [first], rest) => {
    const prompts = ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6'].slice(2 - rest.length);
    const seen = audit(C(first!), ...rest.flatMap((response, i) => [S(prompts[i]!), C(response)]), accepted);
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials']);
    expectNowhere(seen, 'hunter2');
  });

  test('LOGIN given up after the name shows no password', () => {
    const seen = audit(
      C('AUTH LOGIN'),
      S('334 VXNlcm5hbWU6'),
      C(b64('anna')),
      S('334 UGFzc3dvcmQ6'),
      C('*'),
      S('501 x'),
    );
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'unfinished' }]);
    expect(exposed(seen)).toEqual([]);
  });

  test('a password that is a command, asked for, is a password', () => {
    const seen = audit(
      C('AUTH LOGIN'),
      S('334 VXNlcm5hbWU6'),
      C(b64('anna')),
      S('334 UGFzc3dvcmQ6'),
      C('QUIT'),
      accepted,
    );
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  test('the name is lost: the password is not taken for it', () => {
    const seen = audit(
      C('AUTH LOGIN'),
      S('334 VXNlcm5hbWU6'),
      ['client', { lost: 10 }],
      S('334 UGFzc3dvcmQ6'),
      C(b64('hunter2')),
      accepted,
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'login', outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials']);
    expectNowhere(seen, 'hunter2');
  });

  test('midstream, the prompts tell that it is LOGIN', () => {
    const seen = play([S('334 UGFzc3dvcmQ6'), C(b64('hunter2')), accepted], { port: 587, midstream: true });
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'login', outcome: 'accepted', protected: false },
    ]);
    expect(exposed(seen)).toEqual(['credentials']);
    expectNowhere(seen, 'hunter2');
  });

  test('the server is not seen: the outcome is unseen, and mail after it is mail', () => {
    const seen = play([C('EHLO a'), C('AUTH LOGIN'), C(b64('anna')), C(b64('hunter2')), C('MAIL FROM:<a@b>')], {
      port: 587,
    });
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'unseen' }]);
    expect(exposed(seen)).toEqual(['credentials', 'message']);
    expectNowhere(seen, 'hunter2');
  });

  test('the flow ends first', () => {
    const seen = audit(C(`AUTH PLAIN ${b64('\0anna\0hunter2')}`));
    expect(attempts(seen)).toEqual([{ ...plain, outcome: 'unfinished' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  test('two attempts are two facts', () => {
    const seen = audit(
      C(`AUTH PLAIN ${b64('\0anna\0wrong')}`),
      S('535 No'),
      C(`AUTH PLAIN ${b64('\0anna\0hunter2')}`),
      accepted,
    );
    expect(attempts(seen).map(({ outcome }) => outcome)).toEqual(['refused', 'accepted']);
  });

  test('not Base64: refused, and none of it kept', () => {
    const seen = audit(
      C('AUTH LOGIN'),
      S('334 VXNlcm5hbWU6'),
      C('an na'),
      S('334 UGFzc3dvcmQ6'),
      C('hun ter2'),
      S('501 x'),
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'login', outcome: 'refused' }]);
    expectNowhere(seen, 'hun ter2');
  });
});

describe('the others', () => {
  test.each(['XOAUTH2', 'OAUTHBEARER'])('%s shows its token', (name) => {
    const seen = audit(C(`AUTH ${name} ${b64('user=anna\x01auth=Bearer ya29.vF9dft4qmT\x01\x01')}`), accepted);
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'bearer', outcome: 'accepted', protected: false },
    ]);
    expect(exposed(seen)).toEqual(['credentials']);
    expectNowhere(seen, 'ya29.vF9dft4qmT');
  });

  test('CRAM-MD5', () => {
    const seen = audit(
      C('AUTH CRAM-MD5'),
      S(`334 ${b64('<1896.697170952@postoffice.reston.mci.net>')}`),
      C(b64('tim b913a602c7eda7a495b4e6e7334d3890')),
      accepted,
    );
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'cram-md5', outcome: 'accepted', principal: 'tim', protected: true },
    ]);
    expect(exposed(seen)).toEqual([]);
    expectNowhere(seen, 'b913a602c7eda7a495b4e6e7334d3890');
  });

  test.each(['AUTH', 'X-EXPS'])('%s NTLM: version, principal, computers', (verb) => {
    const seen = audit(
      C(`${verb} NTLM ${b64(negotiate)}`),
      S(`334 ${b64(challenge)}`),
      C(b64(authenticateV2)),
      accepted,
    );
    expect(attempts(seen)).toEqual([
      {
        kind: 'authenticated',
        mechanism: 'ntlm',
        outcome: 'accepted',
        principal: 'Domain\\User',
        protected: true,
        version: 'v2',
      },
    ]);
    expect(seen.facts).toContainEqual({ kind: 'described', what: 'peer-name', of: 'server', name: 'Server' });
    expect(seen.facts).toContainEqual({ kind: 'described', what: 'peer-name', of: 'client', name: 'COMPUTER' });
    expect(exposed(seen)).toEqual([]);
  });

  test('NTLMv1', () => {
    const v1 = authenticate({ domain: 'CORP', user: 'anna', lm: 24, nt: 24 });
    const seen = audit(
      C('AUTH NTLM'),
      S('334 NTLM supported'),
      C(b64(negotiate)),
      S(`334 ${b64(challenge)}`),
      C(b64(v1)),
      accepted,
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'ntlm', version: 'v1', principal: 'CORP\\anna' }]);
  });

  test('X-EXPS GSSAPI with Kerberos inside SPNEGO', () => {
    const token = negTokenInit(
      [oid.msKerberos, oid.ntlm],
      krbToken(0x0100, apReq('EXAMPLE.COM', ['SMTPSVC', 'hub1.example.com'], 18)),
    );
    const seen = audit(
      C(`X-EXPS GSSAPI ${b64(token)}`),
      S(`334 ${b64(negTokenResp({ state: 0, mechanism: oid.msKerberos }))}`),
      C(''),
      accepted,
    );
    expect(attempts(seen)).toEqual([
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

  test('AUTH GSSAPI that falls back to NTLM', () => {
    const seen = audit(
      C('AUTH GSSAPI'),
      S('334 '),
      C(b64(negTokenInit([oid.ntlm], negotiate))),
      S(`334 ${b64(negTokenResp({ state: 1, mechanism: oid.ntlm, token: challenge }))}`),
      C(b64(negTokenResp({ token: authenticateV2 }))),
      accepted,
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'ntlm', inside: 'negotiate', version: 'v2' }]);
  });

  test('X-EXPS EXCHANGEAUTH: the hash is named, the blob kept nowhere', () => {
    const seen = audit(
      C(`X-EXPS EXCHANGEAUTH SHA256 ${b64('opaque-kerberos-blob')}`),
      S(`235 ${b64('opaque-answer')}`),
    );
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'exchangeauth', outcome: 'accepted', protected: true, version: 'SHA256' },
    ]);
    expectNowhere(seen, 'opaque-kerberos-blob', 'opaque-answer');
  });

  test('a mechanism nobody knows is not named: it could be anything', () => {
    const seen = audit(C('AUTH hunter2 hunter3'), S('504 5.7.4 Unrecognized authentication type'));
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'unknown', outcome: 'refused', protected: true },
    ]);
    expectNowhere(seen, 'hunter2', 'hunter3');
  });
});
