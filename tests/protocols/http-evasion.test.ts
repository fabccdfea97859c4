import { describe, expect, test } from 'vitest';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { tlsSession } from '../support/handshake.ts';
import { answer, ask, attempts, b64, basic, challenge401, exposed, spots, token } from '../support/http-dialogues.ts';
import { addressOf, judge } from '../support/judge-flow.ts';
import { authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';

/** Flows that were made to be called encrypted or authenticated without being so, and how they are judged between a client and a CAS. */
const judged = (path: string, steps: readonly Step[]) => {
  const { record } = play(steps, { port: 80 });
  const client = { address: addressOf('client1'), port: 40_000 };
  const server = { address: addressOf('cas1'), port: 80 };
  const gaps = steps.flatMap(([, said], index) =>
    typeof said === 'object' && 'lost' in said
      ? [{ why: 'gap', capture: 0, frame: index + 1, detail: '' } as const]
      : [],
  );
  return judge({ ...record, client, server, blindSpots: [...gaps, ...record.blindSpots] }, path);
};
const ews = (...steps: Step[]) => judged('availability-service', steps);
const owa = (...steps: Step[]) => judged('outlook-web-app', steps);

const soap = '<s:Envelope/>';
const path = 'POST /EWS/Exchange.asmx';
const page = answer(200, {}, soap);
const ticket = krbToken(0x0100, apReq('EXAMPLE.COM', ['HTTP', 'cas1.example.com'], 18));
const spnego = negTokenInit([oid.kerberos, oid.ntlm], ticket);
const kerberos = token('Negotiate', spnego);
const done = { 'WWW-Authenticate': `Negotiate ${b64(negTokenResp({ state: 0, mechanism: oid.kerberos }))}` };
const ntlm: Step[] = [
  ask(path, token('NTLM', negotiate)),
  challenge401(`NTLM ${b64(challenge)}`),
  ask(path, token('NTLM', authenticateV2), soap),
];

test('what all of these imitate passes its authentication, and fails its encryption', () => {
  expect(ews(ask(path, kerberos, soap), answer(200, done, soap))).toMatchObject({
    authentication: 'pass as-expected',
    encryption: 'fail clear-content',
  });
  expect(ews(...ntlm, page)?.authentication).toBe('pass as-expected');
});

describe('a login that was none', () => {
  test.each<[string, Step[]]>([
    ['refused', [...ntlm, challenge401('NTLM')]],
    ['refused, then content for nobody', [...ntlm, challenge401('NTLM'), ask(path, {}, soap), page]],
    ['never finished', [...ntlm.slice(0, 2), ask(path, {}, soap), page]],
    ['Kerberos that nobody asked for', [ask(path, kerberos, soap), page]],
    [
      'Kerberos that another place asked for',
      [ask('GET /ecp/'), challenge401('Negotiate'), ask(path, kerberos, soap), page],
    ],
    [
      'Kerberos whose refusal comes after a page that was asked for before',
      [
        ask('GET /EWS/'),
        challenge401('Negotiate'),
        ask('GET /public/'),
        ask('GET /EWS/', kerberos),
        page,
        challenge401('Negotiate'),
      ],
    ],
    [
      'the client answers itself',
      [ask(path, kerberos, soap), ['client', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n']],
    ],
    ['the answer came first', [answer(200, done, soap), ask(path, kerberos, soap)]],
    [
      'an offer without a token',
      [
        ask('GET /EWS/'),
        challenge401('Negotiate'),
        ask('GET /EWS/', token('Negotiate', negTokenInit([oid.kerberos]))),
        page,
      ],
    ],
    [
      'turned down for NTLM, and nothing more',
      [
        ask('GET /EWS/', kerberos),
        challenge401(`Negotiate ${b64(negTokenResp({ state: 1, mechanism: oid.ntlm, token: challenge }))}`),
        ask('GET /EWS/'),
        page,
      ],
    ],
    ['403: the credentials were not enough', [...ntlm, answer(403, {}, 'no')]],
    ['500: something broke', [...ntlm, answer(500, {}, 'no')]],
    ['302 to the login page', [...ntlm, answer(302, { Location: '/owa/auth/logon.aspx' })]],
    [
      'accepted with a token that says it is not',
      [
        ask('GET /EWS/', kerberos),
        answer(200, { 'WWW-Authenticate': `Negotiate ${b64(negTokenResp({ state: 2 }))}` }, soap),
      ],
    ],
    [
      'accepted with a token that says it goes on',
      [
        ask('GET /EWS/', kerberos),
        answer(200, { 'WWW-Authenticate': `Negotiate ${b64(negTokenResp({ state: 1 }))}` }, soap),
      ],
    ],
  ])('%s', (_, steps) => {
    expect(attempts(play(steps, { port: 80 })).map(({ outcome }) => outcome)).not.toContain('accepted');
    expect(ews(...steps)?.authentication).not.toMatch(/^pass|^informational/);
  });

  test('only lost bytes could have made it one', () => {
    for (const lost of [
      ['client', { lost: 90 }],
      ['server', { lost: 90 }],
    ] as Step[]) {
      const first: Step[] = [ask('GET /EWS/'), challenge401('Negotiate')];
      for (const at of [0, 1, 2, 3]) {
        const steps = [...first, ask('GET /EWS/', kerberos), challenge401('Negotiate')];
        steps.splice(at, 0, lost);
        expect(ews(...steps, ask(path, {}, soap), page)?.authentication).not.toMatch(/^pass/);
      }
    }
  });
});

describe('content for nobody beside a login', () => {
  test('before it', () => {
    const steps: Step[] = [ask(path, {}, soap), page, ask(path, kerberos, soap), answer(200, done, soap)];
    expect(ews(...steps)?.authentication).toBe('fail not-authenticated');
  });

  test('a request that was refused first is none, nor is a login page', () => {
    const steps: Step[] = [
      ask(path, {}, soap),
      challenge401('Negotiate'),
      ask(path, kerberos, soap),
      answer(200, done, soap),
    ];
    expect(ews(...steps)?.authentication).toBe('pass as-expected');
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const login: Step[] = [
      ask('GET /owa/auth/logon.aspx'),
      answer(200, {}, '<form>'),
      ask('GET /owa/14.1/themes/base/logon.png'),
      answer(200, { 'Content-Type': 'image/png' }, 'png'),
      ask('POST /owa/auth.owa', form, 'username=anna&password=x'),
      answer(302, { Location: '/owa/', 'Set-Cookie': 'cadata=abc' }),
      ask('GET /owa/', { Cookie: 'cadata=abc' }),
      answer(200, {}, 'mail'),
    ];
    expect(owa(...login)).toMatchObject({ authentication: 'pass as-expected', encryption: 'fail clear-content' });
  });
});

describe('content in clear that was made to be overlooked', () => {
  const tunnel: Step[] = [ask('CONNECT cas1:443'), answer(200), ...tlsSession()];
  test('the tunnel that all of these end with passes', () => {
    expect(owa(...tunnel)?.encryption).toBe('pass as-expected');
  });

  const chunked = { 'Transfer-Encoding': 'chunked' };
  test.each<[string, Step[]]>([
    ['a page', [ask('GET /owa/'), answer(200, {}, 'mail')]],
    ['without a length', [ask('GET /owa/'), ['server', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nmail']]],
    ['in an answer that nobody asked for', [answer(200, {}, 'mail')]],
    ['after 100', [ask('GET /owa/'), answer(100), answer(200, {}, 'mail')]],
    ['in a refusal', [ask('GET /owa/'), answer(403, {}, 'x'.repeat(1 << 17))]],
    ['in a redirect', [ask('GET /owa/'), answer(302, {}, 'x'.repeat(1 << 17))]],
    [
      'in chunk extensions',
      [ask('GET /owa/'), answer(404, chunked, `${`1;x=${'m'.repeat(4000)}\r\na\r\n`.repeat(30)}0\r\n\r\n`)],
    ],
    [
      'in trailers',
      [ask('GET /owa/'), answer(404, chunked, `1\r\na\r\n0\r\n${`X: ${'m'.repeat(4000)}\r\n`.repeat(30)}\r\n`)],
    ],
    ['behind a second answer', [ask('GET /owa/'), answer(404), answer(200, {}, 'mail')]],
    ['in the body of a request with an unknown method', [ask('FOO /owa/', {}, 'mail'), answer(404)]],
    ['in the body of a GET', [ask('GET /owa/', {}, 'mail'), answer(404)]],
    [
      'behind a body of length 0',
      [ask('POST /', { 'Content-Length': '0' }, 'POST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\nmail'), answer(404)],
    ],
    ['behind empty lines', [['client', '\r\n\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nmail'], answer(404)]],
    ['behind a lower-case name', [['client', 'post / HTTP/1.1\r\ncontent-LENGTH:4\r\n\r\nmail'], answer(404)]],
    ['behind a folded field', [['client', 'GET / HTTP/1.1\r\nAuthorization:\r\n Basic YTpi\r\n\r\n'], answer(404)]],
    [
      'behind a blank before the colon',
      [['client', 'GET / HTTP/1.1\r\nAuthorization : Basic YTpi\r\n\r\n'], answer(404)],
    ],
    [
      'in the second of two credentials',
      [ask('GET /', { Authorization: ['Negotiate YA==', 'Basic YTpi'] }), answer(404)],
    ],
    ['in a query', [ask('GET /login?password=x'), answer(302)]],
    [
      'in HTTP/0.9',
      [
        ['client', 'GET /owa/\r\n'],
        ['server', 'mail'],
      ],
    ],
    ['a session', [ask('GET /owa/', { Cookie: ['a=b', 'sessionid=x'] }), answer(302)]],
  ])('%s', (_, steps) => {
    expect(exposed(play(steps, { port: 80 })).length).toBeGreaterThan(0);
    expect(owa(...steps, ...tunnel)?.encryption).not.toMatch(/^pass/);
  });

  test.each<[string, Step[]]>([
    ['two framings', [ask('POST /', { ...chunked, 'Content-Length': '5' }, '0\r\n\r\n'), answer(404)]],
    ['two lengths', [ask('POST /', { 'Content-Length': ['0', '4'] }, 'mail'), answer(404)]],
    ['an answer of two lengths', [ask('GET /'), answer(404, { 'Content-Length': ['0', '4'] }, 'mail')]],
    [
      'bytes behind an answer',
      [ask('GET /'), ['server', 'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\nmail mail mail']],
    ],
    ['a request that was never answered', [ask('GET /owa/'), ['server', { lost: 500 }]]],
    ['lost bytes', [ask('GET /owa/'), answer(404), ['client', { lost: 500 }]]],
  ])('not known: %s', (_, steps) => {
    expect(owa(...steps, ...tunnel)?.encryption).not.toMatch(/^pass/);
  });

  test('a head of many megabytes is given up, and that is said', () => {
    const fields = Array.from({ length: 400 }, (): Step => ['client', `X: ${'y'.repeat(1000)}\r\n`]);
    const seen = play([['client', 'GET / HTTP/1.1\r\n'], ...fields, ['client', '\r\n']], { port: 80 });
    expect(spots(seen)).toContain('limit');
  });
});

const type = 'multipart/encrypted;protocol="application/HTTP-Kerberos-session-encrypted";boundary="Encrypted Boundary"';
const part = (bytes: string, header: string, length: number) =>
  `--Encrypted Boundary\r\nContent-Type: application/HTTP-Kerberos-session-encrypted\r\nOriginalContent: type=application/soap+xml;charset=UTF-8;Length=${length}\r\n--Encrypted Boundary\r\nContent-Type: application/octet-stream\r\n${String.fromCharCode(header.length, 0, 0, 0)}${header}${bytes}`;
const end = '--Encrypted Boundary--\r\n';
/** RFC 4121 §4.2.6.2: Wrap, sealed or not */
const wrap = (flags: number) =>
  `\x05\x04${String.fromCharCode(flags)}\xff\0\0\0\x1c${'\0'.repeat(8)}${'\x9c'.repeat(44)}`;
const cipher = '\x91\xe3'.repeat(60);
const sealed: Step[] = [ask('POST /wsman', { 'Content-Type': type }, part(cipher, wrap(6), 120) + end), answer(200)];

describe('sealed-looking bodies (WinRM)', () => {
  const post = (body: string) =>
    play([ask('POST /wsman', { 'Content-Type': type }, body), answer(200)], { port: 5985 });
  const secured = (body: string) => post(body).facts.filter(({ kind }) => kind === 'secured');

  test('sealed by Kerberos', () => {
    expect(secured(part(cipher, wrap(6), 120) + end)).toEqual([
      { kind: 'secured', mechanism: 'sasl', level: 'privacy' },
    ]);
    expect(exposed(post(part(cipher, wrap(6), 120) + end))).toEqual([]);
    expect(secured(part(cipher, wrap(6), 120) + part(cipher, wrap(6), 120) + end)).toHaveLength(1);
  });

  test('signed only', () => {
    expect(secured(part(cipher, wrap(4), 120) + end)).toMatchObject([{ level: 'integrity' }]);
  });

  test.each([
    [
      'readable behind a token that says it is sealed',
      part('<s:Envelope xmlns:s="x">mail</s:Envelope>', wrap(6), 41) + end,
    ],
    ['readable in UTF-16', part([...'<s:Envelope xmlns:s="x">'].join('\0'), wrap(6), 47) + end],
    ['no parts at all', '<s:Envelope/>'],
  ])('%s is content in clear', (_, body) => {
    expect(exposed(post(body))).toEqual(['web']);
    expect(secured(body)).toEqual([]);
  });

  test.each([
    ['more behind the part', part(cipher, wrap(6), 120) + 'm'.repeat(500) + end],
    ['NTLM, whose token does not tell', part(cipher, `\x01\0\0\0${'\x77'.repeat(12)}`, 120) + end],
  ])('%s is not called sealed', (_, body) => {
    expect(secured(body)).toEqual([]);
    expect(spots(post(body)).length).toBeGreaterThan(0);
  });
});

describe('bodies that only say that they are sealed, beside one that is', () => {
  const letter = 'Dear Anna, the figures of the third quarter are these. '.repeat(4);
  const readable = part(letter, wrap(6), letter.length) + end;
  const post = (body: string, fields = {}) => ask('POST /wsman', { 'Content-Type': type, ...fields }, body);

  test.each<[string, Step[]]>([
    ['text that is no XML', [post(readable), answer(200)]],
    [
      'an answer up to the end of the connection',
      [post(''), ['server', `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n${soap}`]],
    ],
    ['a body that never ends', [post(soap, { 'Content-Length': '5000' })]],
    ['a body that is cut off', [post(soap, { 'Content-Length': '5000' }), ['client', { lost: 100 }], ...sealed]],
  ])('%s', (_, steps) => expect(ews(...sealed, ...steps)?.encryption).not.toMatch(/^pass/));
});

test('a sealed body of which the end was not seen is sealed all the same', () => {
  const [, whole] = sealed[0]!;
  expect(ews(...sealed, ['client', (whole as string).slice(0, -60)])?.encryption).toBe('pass as-expected');
});

describe('bytes lost beside sealed bodies', () => {
  const lostOf = (side: 'client' | 'server'): Step => [side, { lost: 700 }];

  test('what these imitate passes', () => {
    expect(ews(...sealed, ...sealed)?.encryption).toBe('pass as-expected');
  });

  test.each<[string, Step[]]>([
    ['of the client', [lostOf('client'), ...sealed]],
    ['of the server', [lostOf('server'), ...sealed]],
    ['of both', [lostOf('client'), lostOf('server'), ...sealed]],
    ['at the end', [lostOf('client')]],
    ['before what may be the middle of a body in clear', [lostOf('client'), ['client', soap], ['client', soap]]],
    ['inside a body', [sealed[0]!, lostOf('server'), ...sealed]],
  ])('%s could have been in clear', (_, steps) => {
    expect(ews(...sealed, ...steps)?.encryption).toMatch(/^unknown /);
  });

  test('clear ones behind them are seen', () => {
    expect(ews(...sealed, lostOf('client'), ask(path, {}, soap), page)?.encryption).toBe('fail clear-content');
  });
});

test('nothing secret is kept, wherever it was', () => {
  const steps = [
    ask('GET /?password=Secret-1', { Cookie: 'cadata=Secret-2', ...basic('anna', 'Secret-3') }),
    answer(401, { 'Set-Cookie': 'sessionid=Secret-4' }),
    ask('POST /login', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'user=anna&password=Secret-5'),
    answer(302, { Location: '/?t=Secret-6', 'Set-Cookie': 'auth=Secret-7' }),
    ask('GET /a', { Authorization: 'Secret8 Secret-8' }),
    answer(404),
    ask('GET /a', { Authorization: `Negotiate ${b64('Secret-9')}` }),
    answer(404),
  ];
  expect(JSON.stringify(play(steps, { port: 80 }).record)).not.toMatch(/Secret-|U2VjcmV0/);
});

// RFC 7617: every request shows its password itself, so that one without it is nobody's
describe('content for nobody after a login that lasts for one request', () => {
  const found = 'GET /autodiscover/autodiscover.xml';
  const login: Step[] = [ask(found), challenge401('Basic realm="x"'), ask(found, basic('alice', 'secret')), page];
  const autodiscover = (...steps: Step[]) => judged('autodiscover', steps)?.authentication;

  test('what these imitate passes', () => {
    expect(autodiscover(...login)).toMatch(/^pass/);
    expect(autodiscover(...login, ask(found, basic('alice', 'secret')), page)).toMatch(/^pass/);
  });

  test('is not authenticated, whatever comes after it', () => {
    expect(autodiscover(...login, ask(found), page)).toBe('fail not-authenticated');
    expect(autodiscover(...login, ask(found), page, ask(found, basic('alice', 'secret')), page)).toBe(
      'fail not-authenticated',
    );
  });

  test('is none where a cookie came along, for a picture, for a refusal, or where the connection is authenticated', () => {
    const picture = answer(200, { 'Content-Type': 'image/png' }, 'png');
    expect(autodiscover(...login, ask(found, { Cookie: 'x=1' }), page)).toMatch(/^pass/);
    expect(autodiscover(...login, ask('GET /favicon.ico'), picture)).toMatch(/^pass/);
    expect(autodiscover(...login, ask(found), challenge401('Basic realm="x"'))).toMatch(/^pass/);
    expect(ews(...ntlm, page, ask(path, {}, soap), page)?.authentication).toBe('pass as-expected');
  });
});
