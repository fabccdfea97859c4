import { describe, expect, test } from 'vitest';
import { apReq, krbToken } from '../support/gss-tokens.ts';
import { authenticateV2, challenge } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import { C, request, response, S } from '../support/sip-messages.ts';

const stage = { port: 5060 };
const attempts = (steps: readonly Step[]) =>
  play(steps, stage).facts.flatMap((fact) => (fact.kind === 'authenticated' ? [fact] : []));
const register = (cseq: number, authorization?: string, name = 'Authorization') =>
  C(request('REGISTER', { cseq, headers: authorization === undefined ? [] : [`${name}: ${authorization}`] }));
const answer = (status: number, cseq: number, ...headers: string[]) =>
  S(response(status, 'REGISTER', { cseq, headers }));
// RFC 2617 §3.5
const digest = 'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b", uri="/dir", response="6629fae4"';
const asked = 'WWW-Authenticate: Digest realm="testrealm@host.com", nonce="dcd98b"';
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('digest (RFC 3261 §22)', () => {
  const attempt = { kind: 'authenticated', mechanism: 'digest', principal: 'Mufasa', protected: true };

  test.each<[string, Step, string]>([
    ['200', answer(200, 2), 'accepted'],
    ['401 again', answer(401, 2, asked), 'refused'],
    ['403', answer(403, 2), 'refused'],
    ['401 because the nonce is stale', answer(401, 2, `${asked}, stale=TRUE`), 'unfinished'],
    ['another refusal, which tells nothing of the login', answer(480, 2), 'unseen'],
    ['nothing but 100', answer(100, 2), 'unseen'],
    ['200 to another request', answer(200, 1), 'unseen'],
    ['200 by the same side', C(response(200, 'REGISTER', { cseq: 2 })), 'unseen'],
    ['200 to another call', S(response(200, 'REGISTER', { cseq: 2, call: 'other' })), 'unseen'],
  ])('%s', (_, answered, outcome) => {
    expect(attempts([register(1), answer(401, 1, asked), register(2, digest), answered])).toEqual([
      { ...attempt, outcome },
    ]);
  });

  test('to a proxy', () => {
    expect(attempts([register(2, digest, 'Proxy-Authorization'), answer(200, 2)])).toEqual([
      { ...attempt, outcome: 'accepted' },
    ]);
  });

  test('without a response nothing is proven, whatever is answered (RFC 3310 §3.4)', () => {
    const empty = 'Digest username="Mufasa", realm="x", nonce="", uri="/", response=""';
    expect(attempts([register(1, empty), answer(200, 1)])).toMatchObject([{ outcome: 'unfinished' }]);
  });

  test('a name that contains what looks like parameters', () => {
    const sly = 'Digest username="a, response=b, userhash=true", realm="x"';
    expect(attempts([register(1, sly), answer(200, 1)])).toMatchObject([
      { outcome: 'unfinished', principal: 'a, response=b, userhash=true' },
    ]);
  });
});

test('what a server offers: schemes of all its challenges', () => {
  const offers = ['NTLM', 'Kerberos', 'TLS-DSK'].map((scheme) => `WWW-Authenticate: ${scheme} realm="SIP", version=4`);
  expect(play([register(1), answer(401, 1, ...offers)], stage).facts).toContainEqual({
    kind: 'offered',
    what: 'authentication',
    mechanisms: ['ntlm', 'kerberos', 'tls-dsk'],
  });
});

test('no answer but a challenge offers anything', () => {
  expect(play([register(1), answer(200, 1, asked)], stage).facts.filter(({ kind }) => kind === 'offered')).toEqual([]);
});

describe('NTLM and Kerberos ([MS-SIPAE])', () => {
  const ntlm = (data: string) => `NTLM qop="auth", realm="SIP", targetname="ocs1", gssapi-data="${data}", version=3`;
  const second = answer(401, 2, `WWW-Authenticate: NTLM opaque="1", gssapi-data="${base64(challenge)}", realm="SIP"`);

  test('three steps, accepted', () => {
    const steps = [
      register(1),
      answer(401, 1),
      register(2, ntlm('')),
      second,
      register(3, ntlm(base64(authenticateV2))),
      answer(200, 3),
    ];
    expect(attempts(steps)).toEqual([
      {
        kind: 'authenticated',
        mechanism: 'ntlm',
        outcome: 'accepted',
        principal: 'Domain\\User',
        protected: true,
        version: 'v2',
      },
    ]);
  });

  test('computers by the names in the messages', () => {
    const steps = [register(2, ntlm('')), second, register(3, ntlm(base64(authenticateV2))), answer(200, 3)];
    const { facts } = play(steps, stage);
    expect(facts).toContainEqual({ kind: 'described', what: 'peer-name', of: 'server', name: 'Server' });
    expect(facts).toContainEqual({ kind: 'described', what: 'peer-name', of: 'client', name: 'COMPUTER' });
  });

  test('given up after the challenge: unfinished', () => {
    expect(attempts([register(2, ntlm('')), second])).toMatchObject([{ mechanism: 'ntlm', outcome: 'unfinished' }]);
  });

  test('a first step that is answered with 200 authenticates nobody', () => {
    expect(attempts([register(2, ntlm('')), answer(200, 2)])).toMatchObject([{ outcome: 'unfinished' }]);
  });

  test('turned down after the last step', () => {
    expect(
      attempts([register(3, ntlm(base64(authenticateV2))), answer(401, 3, 'WWW-Authenticate: NTLM realm="SIP"')]),
    ).toMatchObject([{ outcome: 'refused' }]);
  });

  test('signed messages after that are accepted by the association', () => {
    const signed = 'NTLM qop="auth", opaque="1", crand="a", cnum="2", response="0100000000"';
    expect(attempts([register(4, signed), answer(200, 4)])).toMatchObject([{ mechanism: 'ntlm', outcome: 'accepted' }]);
  });

  test('a Kerberos ticket, with its encryption type', () => {
    const token = base64(krbToken(0x0100, apReq('EXAMPLE.TEST', ['sip', 'ocs1.example.test'], 18)));
    const steps = [register(2, `Kerberos qop="auth", gssapi-data="${token}", version=3`), answer(200, 2)];
    expect(attempts(steps)).toMatchObject([{ mechanism: 'kerberos', outcome: 'accepted', etype: 18 }]);
    const service = 'sip/ocs1.example.test';
    expect(play(steps, stage).facts).toContainEqual({
      kind: 'described',
      what: 'ticket-shown',
      service,
      realm: 'EXAMPLE.TEST',
      etype: 18,
    });
  });
});

test('Basic shows the password, also when it is refused (RFC 2543 §14.1)', () => {
  const { facts } = play([register(1, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='), answer(403, 1)], stage);
  expect(facts).toContainEqual({ kind: 'exposed', content: 'credentials' });
  expect(facts).toContainEqual({
    kind: 'authenticated',
    mechanism: 'basic',
    outcome: 'refused',
    principal: 'Aladdin',
    protected: false,
  });
  expect(JSON.stringify(facts)).not.toContain('open');
});

test('a bearer token (RFC 8898)', () => {
  const { facts } = play([register(1, 'Bearer eyJ0eXAiOiJKV1Qi'), answer(200, 1)], stage);
  expect(facts).toContainEqual({ kind: 'exposed', content: 'credentials' });
  expect(JSON.stringify(facts)).not.toContain('eyJ0');
});
