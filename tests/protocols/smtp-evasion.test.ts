import { describe, expect, test } from 'vitest';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { tlsSession } from '../support/handshake.ts';
import { addressOf, judge } from '../support/judge-flow.ts';
import { challenge } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import { C, exposed, kinds, opening, S } from '../support/smtp-dialogues.ts';

/** Sessions that were made to be called encrypted or authenticated without being so, and how they are judged between two hubs. */
const judged = (steps: readonly Step[]) => {
  const { record } = play(steps, { port: 25 });
  const client = { address: addressOf('hub1'), port: 40_000 };
  const server = { address: addressOf('hub2'), port: 25 };
  // what a flow says of bytes that were lost
  const gaps = steps.flatMap(([, said], index) =>
    typeof said === 'object' && 'lost' in said
      ? [{ why: 'gap', capture: 0, frame: index + 1, detail: '' } as const]
      : [],
  );
  const blindSpots = [...gaps, ...record.blindSpots];
  return judge({ ...record, client, server, blindSpots }, 'hub-to-hub');
};
const upgrade: Step[] = [C('STARTTLS'), S('220 2.0.0 Ready'), ...tlsSession()];

test('the upgrade that all of these make at the end passes by itself', () => {
  expect(judged([...opening, ...upgrade])?.encryption).toBe('pass as-expected');
});

describe('something in clear before STARTTLS', () => {
  test.each<[string, Step[]]>([
    // Postfix's and Sendmail's parsers pass over blanks before a verb
    ['blanks before AUTH', [C(' \tAUTH PLAIN AGFsaWNlAHNlY3JldA=='), S('235 2.7.0 Ok')]],
    // RFC 4954 §4 forbids it, but the password has gone by
    ['a password after AUTH was refused', [C('AUTH PLAIN'), S('530 5.7.0 No'), C('AGFsaWNlAHNlY3JldA=='), S('500 No')]],
    [
      'name and password after AUTH LOGIN was refused',
      [C('AUTH LOGIN'), S('504 5.5.4 No'), C('YWxpY2U='), S('500 No'), C('c2VjcmV0'), S('500 No')],
    ],
  ])('%s', (_, steps) => {
    const seen = play([...opening, ...steps, ...upgrade], { port: 25 });
    expect(exposed(seen)).toEqual(['credentials']);
    expect(judged([...opening, ...steps, ...upgrade])?.encryption).toBe('fail clear-content');
  });

  // the envelope's sender was shown, which no refusal takes back: MAIL is content as a password is when its login is refused
  test('MAIL that must wait for STARTTLS', () => {
    const steps = [...opening, C('MAIL FROM:<a@example.com>'), S('530 5.7.0 Must issue a STARTTLS command first')];
    expect(judged([...steps, ...upgrade])?.encryption).toBe('fail clear-content');
  });

  // servers disagree on whether CR alone ends a line, so nobody can say what was asked here
  test('AUTH behind a CR without LF', () => {
    const steps: Step[] = [['client', 'NOOP\rAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n'], S('250 Ok'), S('235 Ok')];
    expect(judged([...opening, ...steps, ...upgrade])?.encryption).toBe('unknown malformed');
  });

  // RFC 821 §3.8, RFC 2645: the server mails to the client now
  test.each(['TURN', 'ATRN example.com'])('%s', (command) => {
    const mail: Step[] = [C('220 Ready'), S('EHLO b'), C('250 Ok'), S('MAIL FROM:<a@b>'), C('250 Ok')];
    expect(judged([...opening, C(command), S('250 Ok'), ...mail, ...upgrade])?.encryption).toBe(
      'unknown left-protocol',
    );
    expect(judged([...opening, C(command), S('502 No'), ...upgrade])?.encryption).toBe('pass as-expected');
  });
});

describe('something in clear after TLS', () => {
  const mail = [C('MAIL FROM:<alice@example.com> SIZE=1000 BODY=8BITMIME'), S('250 2.1.0 Sender OK')];
  test('the end of TLS was lost', () => {
    const steps: Step[] = [...opening, ...upgrade, ['client', { lost: 31 }], ['server', { lost: 31 }], ...mail];
    expect(exposed(play(steps, { port: 25 }))).toEqual(['message']);
    expect(judged(steps)?.encryption).toBe('fail clear-content');
  });

  test('another handshake, which chooses a suite without encryption (RFC 5246 A.5)', () => {
    expect(judged([...opening, ...upgrade, ...tlsSession(0x0002)])?.encryption).toBe('unknown left-protocol');
  });
});

describe('content in clear anywhere in a protected session', () => {
  const session = [...opening, ...upgrade];
  const losses: Step[][] = [[], [['client', { lost: 50 }]], [['server', { lost: 50 }]]];
  const contents: Step[][] = [
    [C('MAIL FROM:<alice@example.com> SIZE=1000 BODY=8BITMIME'), S('250 2.1.0 Sender OK')],
    [C('AUTH PLAIN AGFsaWNlAHNlY3JldHNlY3JldHNlY3JldA=='), S('235 2.7.0 Authentication successful')],
    [C('BDAT 12 LAST', 'hello world'), S('250 2.6.0 Queued mail for delivery')],
  ];
  for (let at = 1; at <= session.length; at++) {
    test(`before its step ${at + 1}, with bytes lost around it or not`, () => {
      for (const around of losses) {
        for (const content of contents) {
          const steps = [...session.slice(0, at), ...around, ...content, ...around, ...session.slice(at)];
          expect(judged(steps)?.encryption).not.toMatch(/^pass/);
        }
      }
    });
  }
});

describe('a login that was none', () => {
  // after XCLIENT the server greets anew (Postfix XCLIENT_README), so replies must not shift by one
  test('refused after XCLIENT', () => {
    const steps = [...opening, C('XCLIENT NAME=a'), S('220 again ESMTP'), C('EHLO a'), S('250-again', '250 STARTTLS')];
    const seen = play([...steps, C('AUTH CRAM-MD5'), S('504 No'), C('MAIL FROM:<a@b>'), S('250 Ok')], { port: 25 });
    expect(kinds(seen, 'authenticated')).toMatchObject([{ mechanism: 'cram-md5', outcome: 'refused' }]);
  });

  // RFC 4954 §6: success is 235
  test('a reply to a command that was lost', () => {
    const seen = play([...opening, ['client', { lost: 6 }], C('AUTH NTLM'), S('250 Ok'), S('535 No')], { port: 25 });
    expect(kinds(seen, 'authenticated')).toMatchObject([{ mechanism: 'ntlm', outcome: 'refused' }]);
  });

  // more facts than are kept of a flow (limits.facts): a login among those left out must not make the first one pass
  test('one that is allowed, and another behind a flood of facts', () => {
    const ticket = krbToken(0x0100, apReq('EXAMPLE.COM', ['SMTPSVC', 'hub2.example.com'], 18));
    const kerberos = [C(`X-EXPS GSSAPI ${Buffer.from(ticket).toString('base64')}`), S('235 Ok')];
    expect(judged([...opening, ...kerberos])?.authentication).toBe('pass as-expected');
    const flood = Array.from({ length: 600 }, (_, i) => [C(`EHLO host${i}`), S('250 Ok')]).flat();
    const login = [C('AUTH LOGIN YWxpY2U='), S('334 UGFzc3dvcmQ6'), C('c2VjcmV0'), S('235 Ok')];
    expect(judged([...opening, ...kerberos, ...flood, ...login])?.authentication).toBe('unknown limit');
  });

  // Exchange's GSSAPI is SPNEGO: without its tokens it may have been Kerberos or NTLM
  test('GSSAPI of which no token was seen is neither right nor wrong', () => {
    const steps = [...opening, C('X-EXPS GSSAPI'), S('334 GSSAPI supported'), C('AAAA'), S('235 Ok')];
    expect(judged([...steps, C('MAIL FROM:<a@b>')])?.authentication).toBe('unknown not-on-the-wire');
  });
});

describe('Kerberos that was turned down for NTLM (RFC 4178 §4.2.2), whose answer was lost', () => {
  const optimistic = negTokenInit(
    [oid.kerberos, oid.ntlm],
    krbToken(0x0100, apReq('EXAMPLE.COM', ['SMTPSVC', 'hub2.example.com'], 18)),
  );
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const turned = negTokenResp({ state: 1, mechanism: oid.ntlm, token: challenge });
  const lost: Step = ['client', { lost: 700 }];
  test('the challenge was seen', () => {
    const steps = [...opening, C(`X-EXPS GSSAPI ${base64(optimistic)}`), S(`334 ${base64(turned)}`), lost, S('235 Ok')];
    expect(judged([...steps, C('MAIL FROM:<a@b>')])?.authentication).toBe('fail not-supported');
  });

  test('the challenge was lost as well', () => {
    const steps: Step[] = [...opening, C(`X-EXPS GSSAPI ${base64(optimistic)}`), ['server', { lost: 300 }], lost];
    expect(judged([...steps, C('AAAA'), S('235 Ok'), C('MAIL FROM:<a@b>')])?.authentication).not.toMatch(/^pass/);
  });
});

test('commands after a refused AUTH are no passwords, though they may be read as Base64', () => {
  for (const name of ['PLAIN', 'LOGIN']) {
    const steps = [C(`AUTH ${name}`), S('504 5.5.4 No'), C('RSET'), S('250 Ok'), C('NOOP'), S('250 Ok')];
    expect(judged([...opening, ...steps, ...upgrade])?.encryption).toBe('pass as-expected');
  }
});

test('who does not know EHLO offers no upgrade (RFC 5321 §3.2)', () => {
  const steps = [opening[0]!, C('EHLO a'), S('502 5.5.1 No'), C('HELO a'), S('250 Hello'), C('MAIL FROM:<a@b>')];
  expect(kinds(play(steps, { port: 25 }), 'nothing-to-upgrade')).toHaveLength(1);
});

test('content is content, however it is said', () => {
  const variants: Step[][] = [
    [C('LHLO a'), S('250 hub'), C('mail from:<a@b>')],
    [C('HELO a'), S('250 hub'), C('MAIL  FROM:<a@b>')],
    [C('EHLO a'), S('250 hub'), ['client', 'MAIL FROM:<a@b>\n']],
    [C('EHLO a'), S('250 hub'), C('EHLO a'), S('250 hub'), C('SOML FROM:<a@b>')],
    [C('EHLO a'), S('250 hub'), C('BDAT 5 LAST'), ['client', 'hello'], S('250 Ok')],
    [C('EHLO a'), S('250 hub'), C('starttls now'), S('501 No'), C('MAIL FROM:<a@b>   ')],
    [C('EHLO a'), S('250 hub'), C('X-ANONYMOUSTLS'), S('454 No'), C('STARTTLS'), S('454 No'), C('RCPT TO:<a@b>')],
  ];
  for (const steps of variants) expect(exposed(play([opening[0]!, ...steps], { port: 25 }))).toEqual(['message']);
});

test('a session without content has nothing to judge', () => {
  for (const command of ['NOOP', 'RSET', 'QUIT', 'HELP', 'VRFY root', 'DATA']) {
    expect(judged([...opening, C(command), S('421 4.4.2 Closing')])?.encryption).toBe('unknown no-content');
  }
});
