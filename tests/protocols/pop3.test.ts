import { describe, expect, test } from 'vitest';
import type { Authenticated } from '../../src/protocols/fact.ts';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { tlsSession } from '../support/handshake.ts';
import { base64 } from '../support/mailbox-dialogues.ts';
import { authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { type Observed, play, type Step } from '../support/play.ts';
import { C, exposed, kinds, S } from '../support/smtp-dialogues.ts';

/** The banner of Exchange 2007 to 2010 (wire-facts, b). */
const greeting = S('+OK The Microsoft Exchange POP3 service is ready.');
const capabilities = [C('CAPA'), S('+OK', 'TOP', 'UIDL', 'SASL NTLM GSSAPI PLAIN', 'USER', 'STLS', '.')] as const;
const audit = (...steps: Step[]) => play([greeting, ...steps], { port: 110 });
const attempts = (seen: Observed) => seen.facts.filter((fact): fact is Authenticated => fact.kind === 'authenticated');

describe('recognition', () => {
  test('a greeting on any port', () => {
    expect(play([greeting], { port: 10_110 }).protocol).toBe('pop3');
  });

  // Redis answers `+OK` (RESP), with nothing after it
  test('an answer of Redis is none', () => {
    const redis: Step[] = [C('*1', '$4', 'PING'), S('+OK'), C('*1', '$4', 'PING'), S('+OK')];
    expect(play(redis, { port: 6379 }).protocol).toBe('unknown');
  });

  test('a session under way, where a command or an answer begins a segment', () => {
    const seen = play([C('RETR 1'), S('+OK 20 octets', 'Subject: x', '', 'y', '.')], { port: 110, midstream: true });
    expect(seen.protocol).toBe('pop3');
    expect(exposed(seen)).toEqual(['mailbox']);
  });
});

describe('what a server offers (RFC 2449)', () => {
  test('STLS and mechanisms', () => {
    const seen = audit(...capabilities);
    expect(kinds(seen, 'banner', 'offered', 'nothing-to-upgrade')).toEqual([
      { kind: 'described', what: 'banner', text: 'The Microsoft Exchange POP3 service is ready.' },
      { kind: 'offered', what: 'upgrade', verb: 'STLS' },
      { kind: 'offered', what: 'authentication', mechanisms: ['NTLM', 'GSSAPI', 'PLAIN', 'USER'] },
    ]);
    expect(exposed(seen)).toEqual([]);
  });

  test('no STLS', () => {
    expect(kinds(audit(C('CAPA'), S('+OK', 'USER', '.')), 'nothing-to-upgrade')).toHaveLength(1);
  });

  test('a list whose end was not seen says nothing of what is not in it', () => {
    expect(kinds(audit(C('CAPA'), S('+OK', 'USER')), 'nothing-to-upgrade')).toEqual([]);
  });

  test('a list overwritten on its way', () => {
    const seen = audit(C('CAPA'), S('+OK', 'USER', 'XXXX', '.'));
    expect(kinds(seen, 'masked-capability', 'nothing-to-upgrade')).toMatchObject([{ text: 'XXXX' }]);
  });

  // RFC 2595 §4: only before the login
  test('after the login STLS is not missing', () => {
    const seen = audit(C('USER a'), S('+OK'), C('PASS b'), S('+OK'), C('CAPA'), S('+OK', 'TOP', '.'));
    expect(kinds(seen, 'nothing-to-upgrade')).toEqual([]);
  });

  // RFC 1734
  test('AUTH alone lists mechanisms', () => {
    const seen = audit(C('AUTH'), S('+OK', 'NTLM', 'PLAIN', '.'));
    expect(kinds(seen, 'offered')).toMatchObject([{ mechanisms: ['NTLM', 'PLAIN'] }]);
    expect(attempts(seen)).toEqual([]);
  });
});

describe('logins', () => {
  test('USER and PASS', () => {
    const seen = audit(C('USER anna'), S('+OK'), C('PASS hunter 2'), S('+OK Logged in'));
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'user-pass', outcome: 'accepted', principal: 'anna', protected: false },
    ]);
    expect(exposed(seen)).toEqual(['credentials']);
    expect(JSON.stringify(seen.record)).not.toContain('hunter');
  });

  test('refused: the password went by all the same', () => {
    const seen = audit(C('USER anna'), S('+OK'), C('PASS hunter2'), S('-ERR [AUTH] No'));
    expect(attempts(seen)).toMatchObject([{ outcome: 'refused' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  test('USER refused shows no password and is no login', () => {
    const seen = audit(C('USER anna'), S('-ERR STLS first'), C('QUIT'), S('+OK'));
    expect(attempts(seen)).toEqual([]);
    expect(exposed(seen)).toEqual([]);
  });

  test('the flow ends before the answer', () => {
    expect(attempts(audit(C('USER a'), S('+OK'), C('PASS b')))).toMatchObject([{ outcome: 'unfinished' }]);
  });

  test('the server is not seen', () => {
    const seen = play([C('CAPA'), C('USER a'), C('PASS b')], { port: 110 });
    expect(attempts(seen)).toMatchObject([{ outcome: 'unseen' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  // RFC 1939 §7
  test('APOP', () => {
    const stamp = S('+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>');
    const digest = 'c4c9334bac560ecc979e58001b3e22fb';
    const seen = play([stamp, C(`APOP mrose ${digest}`), S('+OK maildrop has 1 message (369 octets)')], { port: 110 });
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'apop', outcome: 'accepted', principal: 'mrose', protected: true },
    ]);
    expect(exposed(seen)).toEqual([]);
    expect(seen.facts).toContainEqual({ kind: 'offered', what: 'authentication', mechanisms: ['APOP'] });
    expect(seen.facts).toContainEqual(expect.objectContaining({ what: 'peer-name', name: 'dbc.mtview.ca.us' }));
    expect(JSON.stringify(seen.record)).not.toContain(digest);
  });

  // [MS-POP3] §4.1
  test('AUTH NTLM', () => {
    const seen = audit(
      C('AUTH NTLM'),
      S('+'),
      C(base64(negotiate)),
      S(`+ ${base64(challenge)}`),
      C(base64(authenticateV2)),
      S('+OK User successfully logged on'),
    );
    expect(attempts(seen)).toMatchObject([
      { mechanism: 'ntlm', version: 'v2', outcome: 'accepted', principal: 'Domain\\User', protected: true },
    ]);
    expect(exposed(seen)).toEqual([]);
  });

  test('AUTH GSSAPI: Kerberos inside SPNEGO', () => {
    const token = negTokenInit([oid.kerberos, oid.ntlm], krbToken(0x0100, apReq('A.TEST', ['POP', 'cas1.a.test'], 18)));
    const seen = audit(
      C('AUTH GSSAPI'),
      S('+'),
      C(base64(token)),
      S(`+ ${base64(negTokenResp({ state: 0, mechanism: oid.kerberos }))}`),
      C(''),
      S('+OK'),
    );
    expect(attempts(seen)).toMatchObject([
      { mechanism: 'kerberos', inside: 'negotiate', etype: 18, outcome: 'accepted' },
    ]);
  });

  test('AUTH PLAIN with its response on the line (RFC 5034 §4), and given up', () => {
    const seen = audit(
      C(`AUTH PLAIN ${base64('\0anna\0hunter2')}`),
      S('-ERR No'),
      C('AUTH LOGIN'),
      S('+'),
      C('*'),
      S('-ERR'),
    );
    expect(attempts(seen)).toMatchObject([
      { mechanism: 'plain', principal: 'anna', outcome: 'refused' },
      { mechanism: 'login', outcome: 'unfinished' },
    ]);
    expect(exposed(seen)).toEqual(['credentials']);
    expect(JSON.stringify(seen.record)).not.toContain('hunter');
  });
});

describe('the upgrade (RFC 2595)', () => {
  test('asked, accepted, and used', () => {
    const seen = audit(...capabilities, C('STLS'), S('+OK Begin TLS'), ...tlsSession());
    expect(seen.protocolPath).toEqual(['pop3', 'tls']);
    expect(kinds(seen, 'upgrade-asked', 'upgrade-accepted', 'secured')).toEqual([
      { kind: 'described', what: 'upgrade-asked', verb: 'STLS' },
      { kind: 'described', what: 'upgrade-accepted', verb: 'STLS', code: '+OK' },
      { kind: 'secured', mechanism: 'stls', level: 'privacy' },
    ]);
  });

  test('refused', () => {
    const seen = audit(C('STLS'), S('-ERR [SYS/TEMP] No certificate'), C('STLS'), S('-ERR No'));
    expect(kinds(seen, 'refused')).toEqual([
      { kind: 'refused', what: 'upgrade', verb: 'STLS', code: 'SYS/TEMP' },
      { kind: 'refused', what: 'upgrade', verb: 'STLS', code: '-ERR' },
    ]);
  });

  test('the server is not seen: what follows tells that it agreed', () => {
    const steps = [C('CAPA'), C('STLS'), ...tlsSession().filter(([from]) => from === 'client')];
    const seen = play(steps, { port: 110 });
    expect(seen.protocolPath).toEqual(['pop3', 'tls']);
    expect(kinds(seen, 'upgrade-accepted')).toEqual([]);
  });
});

describe('content', () => {
  const login = [C('USER a'), S('+OK'), C('PASS b'), S('+OK')] as const;
  test.each([
    ['STAT', ['+OK 2 320']],
    ['LIST', ['+OK 2 messages', '1 120', '2 200', '.']],
    ['LIST 2', ['+OK 2 200']],
    ['UIDL', ['+OK', '1 whqtswO00WBw418f9t5JxYwZ', '.']],
    ['RETR 1', ['+OK', 'Subject: x', '', '..', '.']],
    ['top 1 0', ['+OK', 'Subject: x', '.']],
  ])('%s', (command, answer) => {
    expect(exposed(audit(...login, C(command), S(...answer)))).toContain('mailbox');
    expect(exposed(audit(...login, C(command), S('-ERR')))).not.toContain('mailbox');
  });

  test('a message is not read for replies', () => {
    const message = ['+OK', 'Subject: x', '', '-ERR', '+OK', '..', '.'];
    const seen = audit(C('RETR 1'), S(...message), C('USER a'), S('+OK'), C('PASS b'), S('-ERR no'));
    expect(attempts(seen)).toMatchObject([{ outcome: 'refused' }]);
  });

  test('one line of a message longer than what is kept of one', () => {
    const seen = audit(C('RETR 1'), S('+OK', 'x'.repeat(300_000), '.'), C('STLS'), S('-ERR no'));
    expect(kinds(seen, 'refused')).toHaveLength(1);
    expect(seen.blindSpots).toEqual([]);
  });
});

describe('lost bytes', () => {
  test('of the server, inside a message', () => {
    const seen = audit(C('RETR 1'), S('+OK', 'a'), ['server', { lost: 999 }], S('b', '.'), C('STLS'), S('-ERR no'));
    expect(exposed(seen)).toEqual(['mailbox']);
  });

  test('of the client: no later answer is taken for that to a login', () => {
    const seen = audit(['client', { lost: 6 }], C('USER a'), S('+OK'), C('PASS b'), S('+OK'), S('-ERR no'));
    expect(attempts(seen)).toMatchObject([{ outcome: 'unseen' }]);
  });

  test('of the client: a challenge tells which command is being answered', () => {
    const seen = audit(
      ['client', { lost: 6 }],
      C('AUTH LOGIN'),
      S('+ VXNlcm5hbWU6'),
      C('YQ=='),
      S('+ UGFzc3dvcmQ6'),
      C('Yg=='),
      S('-ERR'),
    );
    expect(attempts(seen)).toMatchObject([{ mechanism: 'login', outcome: 'refused' }]);
  });
});
