import { describe, expect, test } from 'vitest';
import type { Authenticated } from '../../src/protocols/fact.ts';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { tlsSession } from '../support/handshake.ts';
import { base64 } from '../support/mailbox-dialogues.ts';
import { authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { type Observed, play, type Step } from '../support/play.ts';
import { C, exposed, kinds, S } from '../support/smtp-dialogues.ts';

/** The banner of Exchange 2007 to 2010 (wire-facts, b). */
const greeting = S('* OK The Microsoft Exchange IMAP4 service is ready.');
const audit = (...steps: Step[]) => play([greeting, ...steps], { port: 143 });
const attempts = (seen: Observed) => seen.facts.filter((fact): fact is Authenticated => fact.kind === 'authenticated');

describe('recognition', () => {
  test('a greeting on any port', () => {
    expect(play([greeting], { port: 10_143 }).protocol).toBe('imap4');
  });

  test('SMTP and POP3 logins are none', () => {
    expect(play([C('AUTH LOGIN dXNlcg=='), C('X-EXPS LOGIN dXNlcg==')], { port: 10_143 }).protocol).toBe('unknown');
  });

  test('a session under way', () => {
    const seen = play([S('* 3 FETCH (FLAGS (\\Seen))', 'a4 OK FETCH completed')], { port: 143, midstream: true });
    expect(seen.protocol).toBe('imap4');
    expect(exposed(seen)).toEqual(['mailbox']);
  });
});

describe('what a server offers', () => {
  test.each<[string, Step[]]>([
    [
      'in an answer',
      [greeting, C('1 CAPABILITY'), S('* CAPABILITY IMAP4rev1 AUTH=NTLM AUTH=GSSAPI STARTTLS IDLE', '1 OK')],
    ],
    ['in the greeting', [S('* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=NTLM AUTH=GSSAPI] ready')]],
    [
      'in a tagged answer',
      [greeting, C('1 NOOP'), S('1 OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=NTLM AUTH=GSSAPI] done')],
    ],
  ])('%s', (_, steps) => {
    const seen = play(steps, { port: 143 });
    expect(kinds(seen, 'offered', 'nothing-to-upgrade')).toEqual([
      { kind: 'offered', what: 'upgrade', verb: 'STARTTLS' },
      { kind: 'offered', what: 'authentication', mechanisms: ['NTLM', 'GSSAPI'] },
    ]);
    expect(exposed(seen)).toEqual([]);
  });

  test('no STARTTLS; LOGIN disabled', () => {
    const seen = audit(S('* CAPABILITY IMAP4rev1 LOGINDISABLED'));
    expect(kinds(seen, 'nothing-to-upgrade')).toHaveLength(1);
    expect(kinds(seen, 'property')).toMatchObject([{ name: 'imap4-login-disabled', value: true }]);
  });

  test('overwritten on its way', () => {
    const seen = audit(S('* CAPABILITY IMAP4rev1 XXXXXXXX AUTH=PLAIN'));
    expect(kinds(seen, 'masked-capability', 'nothing-to-upgrade')).toMatchObject([{ text: 'XXXXXXXX' }]);
  });

  // RFC 3501 §6.2.1: only before the login; Dovecot sends the new list before the login's answer
  test('with a login STARTTLS is not missing', () => {
    const seen = audit(C('1 LOGIN a b'), S('* CAPABILITY IMAP4rev1 IDLE', '1 OK [CAPABILITY IMAP4rev1 IDLE] in'));
    expect(kinds(seen, 'nothing-to-upgrade')).toEqual([]);
  });

  test('a session that needs no login (RFC 3501 §7.1.4)', () => {
    const seen = play([S('* PREAUTH [CAPABILITY IMAP4rev1] welcome back'), C('1 SELECT inbox'), S('1 OK')], {
      port: 143,
    });
    expect(kinds(seen, 'property')).toMatchObject([{ name: 'imap4-preauth', value: true }]);
    expect(attempts(seen)).toEqual([]);
    expect(exposed(seen)).toEqual(['mailbox']);
  });
});

const login = { kind: 'authenticated', mechanism: 'login', principal: 'anna', protected: false } as const;

describe('LOGIN', () => {
  test.each<[string, Step[]]>([
    ['atoms', [C('a1 LOGIN anna hunter2')]],
    ['quoted', [C('a1 login "anna" "hunter2 \\"x\\""')]],
    ['literals', [C('a1 LOGIN {4}'), S('+ go on'), C('anna {7}'), S('+'), C('hunter2')]],
    ['literals that do not wait (RFC 7888)', [C('a1 LOGIN {4+}', 'anna {7+}', 'hunter2')]],
    ['a quoted name and a literal', [C('a1 LOGIN "anna" {7}'), S('+ go on'), C('hunter2')]],
  ])('%s', (_, steps) => {
    const seen = audit(...steps, S('a1 OK LOGIN completed'));
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials']);
    expect(JSON.stringify(seen.record)).not.toContain('hunter');
  });

  test('refused: the password went by all the same', () => {
    const seen = audit(C('a1 LOGIN anna hunter2'), S('a1 NO [AUTHENTICATIONFAILED] no'));
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'refused' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  test('refused before the literal with the password was sent', () => {
    const seen = audit(C('a1 LOGIN anna {7}'), S('a1 BAD no'), C('a2 LOGOUT'), S('* BYE', 'a2 OK'));
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'refused' }]);
    expect(exposed(seen)).toEqual([]);
  });

  test('only the client is seen', () => {
    const seen = play([C('a1 LOGIN {4}', 'anna {7}', 'hunter2', 'a2 SELECT INBOX')], { port: 143 });
    expect(attempts(seen)).toEqual([{ ...login, outcome: 'unseen' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });
});

describe('AUTHENTICATE', () => {
  test('NTLM ([MS-OXIMAP4] §4.2)', () => {
    const seen = audit(
      C('1 AUTHENTICATE NTLM'),
      S('+'),
      C(base64(negotiate)),
      S(`+ ${base64(challenge)}`),
      C(base64(authenticateV2)),
      S('1 OK AUTHENTICATE completed.'),
    );
    expect(attempts(seen)).toMatchObject([
      { mechanism: 'ntlm', version: 'v2', outcome: 'accepted', principal: 'Domain\\User', protected: true },
    ]);
    expect(exposed(seen)).toEqual([]);
  });

  test('GSSAPI: Kerberos inside SPNEGO', () => {
    const token = negTokenInit([oid.kerberos], krbToken(0x0100, apReq('A.TEST', ['IMAP', 'cas1.a.test'], 23)));
    const answer = `+ ${base64(negTokenResp({ state: 0, mechanism: oid.kerberos }))}`;
    const seen = audit(C('1 AUTHENTICATE GSSAPI'), S('+'), C(base64(token)), S(answer), C(''), S('1 OK'));
    expect(attempts(seen)).toMatchObject([
      { mechanism: 'kerberos', inside: 'negotiate', etype: 23, outcome: 'accepted' },
    ]);
  });

  test('PLAIN with an initial response (RFC 4959)', () => {
    const seen = audit(C(`1 AUTHENTICATE PLAIN ${base64('\0anna\0hunter2')}`), S('1 OK'));
    expect(attempts(seen)).toMatchObject([{ mechanism: 'plain', principal: 'anna', outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  test('refused, and given up', () => {
    const seen = audit(C('1 AUTHENTICATE PLAIN'), S('1 NO'), C('2 AUTHENTICATE LOGIN'), S('+'), C('*'), S('2 BAD'));
    expect(attempts(seen).map(({ outcome }) => outcome)).toEqual(['refused', 'unfinished']);
    expect(exposed(seen)).toEqual([]);
  });
});

describe('the upgrade', () => {
  test('asked, accepted, and used', () => {
    const seen = audit(C('1 STARTTLS'), S('1 OK Begin TLS negotiation now.'), ...tlsSession());
    expect(seen.protocolPath).toEqual(['imap4', 'tls']);
    expect(kinds(seen, 'upgrade-asked', 'upgrade-accepted', 'secured')).toEqual([
      { kind: 'described', what: 'upgrade-asked', verb: 'STARTTLS' },
      { kind: 'described', what: 'upgrade-accepted', verb: 'STARTTLS', code: 'OK' },
      { kind: 'secured', mechanism: 'starttls', level: 'privacy' },
    ]);
  });

  test.each(['NO', 'BAD'])('refused with %s', (code) => {
    const seen = audit(C('1 STARTTLS'), S(`1 ${code} no`), C('2 NOOP'));
    expect(kinds(seen, 'refused')).toEqual([{ kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code }]);
    expect(seen.protocolPath).toEqual(['imap4']);
  });
});

describe('content', () => {
  test.each<[string, Step[]]>([
    ['SELECT', [C('1 SELECT INBOX'), S('* 3 EXISTS', '1 OK')]],
    ['LIST', [C('1 LIST "" *'), S('* LIST () "/" INBOX', '1 OK')]],
    ['STATUS', [C('1 STATUS INBOX (MESSAGES)'), S('* STATUS INBOX (MESSAGES 3)', '1 OK')]],
    ['UID FETCH', [C('1 UID FETCH 1 (FLAGS)'), S('* 1 FETCH (FLAGS () UID 1)', '1 OK')]],
    ['IDLE', [C('1 IDLE'), S('+ idling', '* 4 EXISTS'), C('DONE'), S('1 OK')]],
    ['APPEND, of which only the message was seen', [C('1 APPEND x {5}'), S('+'), C('hello')]],
    ['APPEND that was refused too late', [C('1 APPEND x {5+}', 'hello'), S('1 NO')]],
  ])('%s', (_, steps) => {
    expect(exposed(audit(...steps))).toEqual(['mailbox']);
  });

  test('a refused command shows nothing', () => {
    expect(exposed(audit(C('1 SELECT INBOX'), S('1 BAD log in first'), C('2 APPEND x {5}'), S('2 NO')))).toEqual([]);
  });

  test('what is in a literal is not read for responses, nor for commands', () => {
    const message = '1 NO no\r\n2 NO no\r\n';
    const fetch: Step[] = [
      C('1 FETCH 1 BODY[]'),
      ['server', `* 1 FETCH (BODY[] {${message.length}}\r\n${message} FLAGS ())\r\n`],
      S('1 OK'),
    ];
    const stored = '9 STARTTLS\r\n9 LOGIN a b\r\n';
    const append: Step[] = [C(`2 APPEND x {${stored.length}}`), S('+'), ['client', `${stored}\r\n`], S('2 OK')];
    const seen = audit(...fetch, ...append, C('3 STARTTLS'), S('3 NO'));
    expect(exposed(seen)).toEqual(['mailbox']);
    expect(kinds(seen, 'upgrade-asked', 'refused')).toHaveLength(2);
    expect(attempts(seen)).toEqual([]);
  });
});

describe('lost bytes', () => {
  test('of a literal: the next command is found', () => {
    const steps: Step[] = [C('1 APPEND x {500}'), S('+'), ['client', { lost: 400 }], C('more text', '', '2 LOGIN a b')];
    const seen = audit(...steps, S('1 OK', '2 NO'));
    expect(attempts(seen)).toMatchObject([{ outcome: 'refused' }]);
  });

  test('of the server: tags tell which command is answered', () => {
    const steps: Step[] = [C('1 NOOP', '2 LOGIN a b'), ['server', { lost: 6 }], S('2 NO')];
    expect(attempts(audit(...steps))).toMatchObject([{ outcome: 'refused' }]);
  });
});
