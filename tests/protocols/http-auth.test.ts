import { describe, expect, test } from 'vitest';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import {
  answer,
  ask,
  attempts,
  b64,
  basic,
  challenge401,
  described,
  exposed,
  token,
} from '../support/http-dialogues.ts';
import { authenticate, authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { type Observed, play, type Step } from '../support/play.ts';

const audit = (...steps: Step[]) => play(steps, { port: 80 });
const page = answer(200, {}, 'page');
const offers = (seen: Observed) =>
  seen.facts.flatMap((fact) => (fact.kind === 'offered' && fact.what === 'authentication' ? [fact.mechanisms] : []));
const hidden = (seen: Observed, ...secrets: string[]) => {
  for (const secret of secrets) {
    expect(JSON.stringify(seen.record)).not.toContain(secret);
    expect(JSON.stringify(seen.record)).not.toContain(b64(secret).replace(/=*$/, '').slice(0, -1));
  }
};
const ticket = apReq('EXAMPLE.COM', ['HTTP', 'cas1.example.com'], 18);
const spnego = negTokenInit([oid.msKerberos, oid.kerberos, oid.ntlm], krbToken(0x0100, ticket));
const kerberos = { kind: 'authenticated', mechanism: 'kerberos', inside: 'negotiate', protected: true, etype: 18 };

describe('what a server offers', () => {
  test('schemes in several fields and in one (RFC 9110 §11.6.1)', () => {
    const seen = audit(
      ask('GET /owa/'),
      answer(401, {
        'WWW-Authenticate': [
          'Negotiate',
          'NTLM',
          'Newauth realm="a, Basic b", type=1, title="x", Basic realm="simple"',
        ],
      }),
    );
    expect(offers(seen)).toEqual([['Negotiate', 'NTLM', 'Newauth', 'Basic']]);
  });

  test('a proxy offers too', () => {
    expect(offers(audit(ask('GET /'), answer(407, { 'Proxy-Authenticate': 'Basic realm="p"' })))).toEqual([['Basic']]);
  });

  test('only in a refusal', () => {
    expect(offers(audit(ask('GET /'), answer(200, { 'WWW-Authenticate': 'Basic realm="p"' })))).toEqual([]);
  });
});

describe('Basic (RFC 7617)', () => {
  const who = { kind: 'authenticated', mechanism: 'basic', principal: 'EXAMPLE\\anna', protected: false };
  const first = [ask('GET /EWS/'), challenge401('Basic realm="cas1"')];
  const login = ask('GET /EWS/', basic('EXAMPLE\\anna', 'hun:ter2'));

  test('asked for and accepted; the password is shown, and kept nowhere', () => {
    const seen = audit(...first, login, page);
    expect(attempts(seen)).toEqual([{ ...who, outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials', 'web']);
    hidden(seen, 'hun:ter2', 'EXAMPLE\\anna:hun:ter2');
  });

  test('refused: the password went by all the same', () => {
    const seen = audit(...first, login, challenge401('Basic realm="cas1"'));
    expect(attempts(seen)).toEqual([{ ...who, outcome: 'refused' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  test.each([200, 204, 206, 207, 304, 404, 405, 412])('let in: %i', (status) => {
    expect(attempts(audit(...first, login, answer(status)))).toMatchObject([{ outcome: 'accepted' }]);
  });

  // RFC 9110 §15.5.4: credentials were insufficient; the others say nothing of credentials
  test.each([400, 403, 413, 429, 431, 500, 502, 503])('not known: %i', (status) => {
    expect(attempts(audit(...first, login, answer(status)))).toMatchObject([{ outcome: 'unseen' }]);
  });

  test('a redirect onwards lets in, one to a login page does not', () => {
    const to = (location: string) => attempts(audit(...first, login, answer(302, { Location: location })))[0]?.outcome;
    expect(to('/EWS/next')).toBe('accepted');
    expect(to('https://cas1.example.com/owa/auth/logon.aspx?reason=2')).toBe('unseen');
  });

  // RFC 7617 §2.2: clients send it unasked where they know the place
  test('sent unasked, it counts where content answers it, and where nothing else does', () => {
    expect(attempts(audit(login, page))).toEqual([{ ...who, outcome: 'accepted' }]);
    expect(attempts(audit(login, answer(404)))).toEqual([{ ...who, outcome: 'unseen' }]);
    expect(attempts(audit(login, answer(302, { Location: '/EWS/next' })))).toEqual([{ ...who, outcome: 'unseen' }]);
  });

  test('sent to a place where nobody asked for it', () => {
    const steps = [...first, ask('GET /public/', basic('anna', 'x')), page];
    expect(attempts(audit(...steps))).toMatchObject([{ outcome: 'unseen' }]);
  });

  test('sent to a place below the one that asked', () => {
    const steps = [...first, ask('GET /EWS/Exchange.asmx', basic('anna', 'x')), page];
    expect(attempts(audit(...steps))).toMatchObject([{ outcome: 'accepted' }]);
  });

  test('asked for another scheme', () => {
    const steps = [ask('GET /EWS/'), challenge401('Negotiate'), login, page];
    expect(attempts(audit(...steps))).toMatchObject([{ outcome: 'unseen' }]);
  });

  test('sent with every request, it is one login', () => {
    const again = ask('GET /owa/', basic('EXAMPLE\\anna', 'hun:ter2'));
    expect(attempts(audit(...first, login, page, login, page, again, page))).toHaveLength(1);
  });

  test('the answer is not seen', () => {
    expect(attempts(audit(...first, login))).toEqual([{ ...who, outcome: 'unseen' }]);
  });

  test('to a proxy', () => {
    const header = { 'Proxy-Authorization': `Basic ${b64('anna:hunter2')}` };
    const steps = [ask('GET http://a/'), answer(407, { 'Proxy-Authenticate': 'Basic realm="p"' })];
    const seen = audit(...steps, ask('GET http://a/', header), page);
    expect(attempts(seen)).toMatchObject([{ mechanism: 'basic', principal: 'anna', outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials', 'web']);
    expect(attempts(audit(...steps, ask('GET http://a/', header), answer(407)))).toMatchObject([
      { outcome: 'refused' },
    ]);
  });

  test.each(['basic', 'BASIC', 'Basic '])('however it is written: %s', (scheme) => {
    const seen = audit(ask('GET /', { Authorization: `${scheme} ${b64('anna:x')}` }), page);
    expect(attempts(seen)).toMatchObject([{ mechanism: 'basic', principal: 'anna' }]);
  });
});

describe('Digest (RFC 7616)', () => {
  const digest = (more: string): Step =>
    ask('GET /dir/', {
      Authorization: `Digest ${more}, realm="r", nonce="n", uri="/dir/", response="6629fae49393a053"`,
    });
  const first = [ask('GET /dir/'), challenge401('Digest realm="r", nonce="n"')];

  test('its name, and nothing shown', () => {
    const seen = audit(...first, digest('username="Mufasa"'), page);
    const who = { kind: 'authenticated', mechanism: 'digest', principal: 'Mufasa', protected: true };
    expect(attempts(seen)).toEqual([{ ...who, outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['web']);
    hidden(seen, '6629fae49393a053');
  });

  test('a hashed name is none (§3.4.4)', () => {
    const seen = audit(...first, digest('username="488869477bf257147b80", userhash=true'), page);
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'digest', protected: true, outcome: 'accepted' },
    ]);
  });

  test('a stale nonce is no refusal (§3.3)', () => {
    const seen = audit(...first, digest('username="a"'), challenge401('Digest realm="r", nonce="m", stale=true'));
    expect(attempts(seen)).toMatchObject([{ outcome: 'unfinished' }]);
  });
});

describe('Bearer (RFC 6750)', () => {
  test('a token is shown wherever it is sent', () => {
    for (const step of [
      ask('GET /a', { Authorization: 'Bearer mF_9.B5f-4.1JqM' }),
      ask('GET /a?access_token=mF_9.B5f-4.1JqM'),
      ask('POST /a', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'access_token=mF_9.B5f-4.1JqM'),
    ]) {
      const seen = audit(step, page);
      expect(attempts(seen)).toMatchObject([{ mechanism: 'bearer', protected: false, outcome: 'unseen' }]);
      expect(exposed(seen)).toContain('credentials');
      hidden(seen, 'mF_9.B5f-4.1JqM');
    }
  });
});

describe('NTLM ([MS-NTHT])', () => {
  const opening = [
    ask('GET /EWS/'),
    challenge401('NTLM'),
    ask('GET /EWS/', token('NTLM', negotiate)),
    challenge401(`NTLM ${b64(challenge)}`),
  ];
  const last = ask('GET /EWS/', token('NTLM', authenticateV2));
  const ntlm = { kind: 'authenticated', mechanism: 'ntlm', principal: 'Domain\\User', protected: true, version: 'v2' };

  test('accepted: version, principal and computers, and no response', () => {
    const seen = audit(...opening, last, page);
    expect(attempts(seen)).toEqual([{ ...ntlm, outcome: 'accepted' }]);
    expect(described(seen, 'peer-name')).toContainEqual({
      kind: 'described',
      what: 'peer-name',
      of: 'client',
      name: 'COMPUTER',
    });
    expect(described(seen, 'peer-name')).toContainEqual({
      kind: 'described',
      what: 'peer-name',
      of: 'server',
      name: 'Server',
    });
    expect(exposed(seen)).toEqual(['web']);
    hidden(seen, '68cd0ab851e51c96');
  });

  test('refused', () => {
    expect(attempts(audit(...opening, last, challenge401('NTLM')))).toEqual([{ ...ntlm, outcome: 'refused' }]);
  });

  test('given up after the challenge', () => {
    expect(attempts(audit(...opening, ask('GET /public/'), page))).toMatchObject([
      { mechanism: 'ntlm', outcome: 'unfinished' },
    ]);
    expect(attempts(audit(...opening))).toMatchObject([{ mechanism: 'ntlm', outcome: 'unfinished' }]);
  });

  test('a server that does not look at it', () => {
    const seen = audit(ask('GET /', token('NTLM', negotiate)), page);
    expect(attempts(seen)).toMatchObject([{ mechanism: 'ntlm', outcome: 'unfinished' }]);
  });

  test('version 1', () => {
    const v1 = authenticate({ domain: 'D', user: 'u', lm: 24, nt: 24 });
    const seen = audit(...opening, ask('GET /EWS/', token('NTLM', v1)), page);
    expect(attempts(seen)).toMatchObject([{ version: 'v1', principal: 'D\\u', outcome: 'accepted' }]);
  });

  test('nobody', () => {
    const seen = audit(
      ...opening,
      ask('GET /EWS/', token('NTLM', authenticate({ domain: '', user: '', lm: 1, nt: 0 }))),
      page,
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'anonymous' }]);
  });

  test('inside Negotiate, wrapped or not ([MS-SPNG] §3.2.5.2)', () => {
    const raw = audit(
      ask('GET /', token('Negotiate', negotiate)),
      challenge401(`Negotiate ${b64(challenge)}`),
      ask('GET /', token('Negotiate', authenticateV2)),
      page,
    );
    expect(attempts(raw)).toEqual([{ ...ntlm, inside: 'negotiate', outcome: 'accepted' }]);
    const wrapped = audit(
      ask('GET /', token('Negotiate', negTokenInit([oid.ntlm], negotiate))),
      challenge401(`Negotiate ${b64(negTokenResp({ state: 1, mechanism: oid.ntlm, token: challenge }))}`),
      ask('GET /', token('Negotiate', negTokenResp({ token: authenticateV2 }))),
      answer(200, { 'WWW-Authenticate': `Negotiate ${b64(negTokenResp({ state: 0 }))}` }, 'page'),
    );
    expect(attempts(wrapped)).toEqual([{ ...ntlm, inside: 'negotiate', outcome: 'accepted' }]);
  });

  test('twice over one connection: both', () => {
    const other = ask('GET /EWS/', token('NTLM', authenticate({ domain: 'D', user: 'u', lm: 24, nt: 24 })));
    const seen = audit(...opening, last, page, ...opening.slice(2), other, page);
    expect(attempts(seen).map(({ principal }) => principal)).toEqual(['Domain\\User', 'D\\u']);
  });
});

describe('Kerberos inside Negotiate (RFC 4559)', () => {
  const asked = [ask('GET /owa/'), challenge401('Negotiate', 'NTLM')];
  const login = ask('GET /owa/', token('Negotiate', spnego));
  const done = `Negotiate ${b64(negTokenResp({ state: 0, mechanism: oid.msKerberos, token: krbToken(0x0200, ticket) }))}`;

  test('accepted, as the server says in its token; the ticket is for this server', () => {
    const seen = audit(login, answer(200, { 'WWW-Authenticate': done }, 'page'));
    expect(attempts(seen)).toEqual([{ ...kerberos, outcome: 'accepted' }]);
    expect(seen.facts).toContainEqual({
      kind: 'described',
      what: 'ticket-shown',
      service: 'HTTP/cas1.example.com',
      realm: 'EXAMPLE.COM',
      etype: 18,
    });
  });

  test('accepted, as the place had asked for it', () => {
    expect(attempts(audit(...asked, login, page))).toEqual([{ ...kerberos, outcome: 'accepted' }]);
  });

  test('accepted, though the page is broken', () => {
    const seen = audit(...asked, login, answer(500, { 'WWW-Authenticate': done }));
    expect(attempts(seen)).toMatchObject([{ outcome: 'accepted' }]);
  });

  test('unasked, and without a token in the answer, it is not known', () => {
    expect(attempts(audit(login, page))).toEqual([{ ...kerberos, outcome: 'unseen' }]);
  });

  test('refused', () => {
    expect(attempts(audit(...asked, login, challenge401('Negotiate')))).toMatchObject([{ outcome: 'refused' }]);
    const rejected = b64(negTokenResp({ state: 2 }));
    expect(attempts(audit(...asked, login, challenge401(`Negotiate ${rejected}`)))).toMatchObject([
      { outcome: 'refused' },
    ]);
  });

  test('an offer without a token of a mechanism is no login', () => {
    const offer = ask('GET /owa/', token('Negotiate', negTokenInit([oid.kerberos, oid.ntlm])));
    expect(attempts(audit(...asked, offer, page))).toMatchObject([{ mechanism: 'negotiate', outcome: 'unfinished' }]);
  });

  test('turned down for NTLM: NTLM it is', () => {
    const seen = audit(
      ...asked,
      login,
      challenge401(`Negotiate ${b64(negTokenResp({ state: 1, mechanism: oid.ntlm, token: challenge }))}`),
      ask('GET /owa/', token('Negotiate', negTokenResp({ token: authenticateV2 }))),
      page,
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'ntlm', inside: 'negotiate', outcome: 'accepted' }]);
  });

  test('bare, as WinRM has it', () => {
    const seen = audit(
      ask('POST /wsman', { ...token('Kerberos', krbToken(0x0100, ticket)), 'Content-Length': '0' }),
      answer(200, { 'WWW-Authenticate': `Kerberos ${b64(krbToken(0x0200, Uint8Array.of(0x6f, 2, 0x30, 0)))}` }),
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'kerberos', outcome: 'accepted' }]);
  });
});
