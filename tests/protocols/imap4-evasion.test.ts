import { describe, expect, test } from 'vitest';
import { tlsSession } from '../support/handshake.ts';
import { judgedMailbox } from '../support/mailbox-dialogues.ts';
import { play, type Step } from '../support/play.ts';
import { C, exposed, kinds, S } from '../support/smtp-dialogues.ts';

/** Sessions that were made to be called encrypted or authenticated without being so, and how they are judged. */
const judged = (...steps: Step[]) => judgedMailbox([greeting, ...steps], 143);
const greeting = S('* OK The Microsoft Exchange IMAP4 service is ready.');
const upgrade: Step[] = [C('s STARTTLS'), S('s OK Begin TLS'), ...tlsSession()];

test('the upgrade that all of these make at the end passes by itself', () => {
  expect(judged(...upgrade)?.encryption).toBe('pass as-expected');
});

describe('something in clear before STARTTLS', () => {
  test.each<[string, Step[]]>([
    ['a refused login', [C('1 LOGIN a b'), S('1 NO')]],
    ['a password after AUTHENTICATE was refused', [C('1 AUTHENTICATE PLAIN'), S('1 NO'), C('AGEAYg=='), S('* BAD')]],
    ['a literal that is announced and never asked for', [C('1 LOGIN a {1+}', 'b'), S('1 BAD')]],
    ['a message before anybody has logged in', [C('1 APPEND x {5+}', 'hello'), S('1 BAD')]],
    ['an answer to a command of another kind', [C('1 XYZZY'), S('* LIST () "/" secret', '1 OK')]],
  ])('%s', (_, steps) => {
    expect(judged(...steps, ...upgrade)?.encryption).toBe('fail clear-content');
  });

  test('LOGIN behind a CR without LF', () => {
    const steps: Step[] = [['client', '1 NOOP\r2 LOGIN a b\r\n'], S('1 OK', '2 NO')];
    expect(judged(...steps, ...upgrade)?.encryption).toBe('unknown malformed');
  });

  // a server that does not keep to RFC 7888 reads a literal it has refused as commands
  test('a login that a literal without end hides', () => {
    const steps = [C('1 NOOP {999999999+}', '2 LOGIN a b'), S('1 BAD no', '2 OK')];
    expect(judged(...steps, ...upgrade)?.encryption).not.toMatch(/^pass/);
  });

  test.each(['1 NOOP {0+}', '1 NOOP {0}', '1\tNOOP', `${'1'.repeat(200)} NOOP`])('a login behind %s', (line) => {
    const tag = line.split(/\s/)[0]!;
    const login = '2 LOGIN a b';
    const steps = [C('0 NOOP'), S('0 OK'), C(line, login), S(`${tag} BAD no`, '2 OK')];
    expect(judged(...steps, ...upgrade)?.encryption).not.toMatch(/^pass/);
  });

  test('a login where a response was asked for', () => {
    const steps = [C('1 AUTHENTICATE NTLM'), S('+ '), C('2 LOGIN a b'), S('1 BAD no')];
    expect(judged(...steps, ...upgrade)?.encryption).not.toMatch(/^pass/);
  });

  test('answers that a literal without end hides', () => {
    const steps = [C('1 NOOP'), S('* X {999999999}', '1 OK'), C('2 LIST "" *'), S('* LIST () "/" secret', '2 OK')];
    expect(judged(...steps, ...upgrade)?.encryption).not.toMatch(/^pass/);
  });

  // RFC 4978
  test('compression', () => {
    const steps: Step[] = [C('1 COMPRESS DEFLATE'), S('1 OK'), ['client', Uint8Array.of(0x4a, 0x34, 0x54)]];
    expect(judged(...steps, ...upgrade)?.encryption).toBe('unknown left-protocol');
  });
});

describe('commands sent together with STARTTLS, before TLS', () => {
  test('a login', () => {
    const steps: Step[] = [['client', '1 STARTTLS\r\n2 LOGIN a b\r\n'], S('1 OK Begin TLS'), ...tlsSession()];
    const seen = play([greeting, ...steps], { port: 143 });
    expect(exposed(seen)).toEqual(['credentials']);
    expect(kinds(seen, 'upgrade-not-followed')).toHaveLength(1);
    expect(judged(...steps)?.encryption).toBe('fail clear-content');
  });

  test('a response of the server beside its OK', () => {
    const steps: Step[] = [C('1 STARTTLS'), S('1 OK Begin TLS', '* 1 EXISTS'), ...tlsSession()];
    expect(judged(...steps)?.encryption).not.toMatch(/^pass/);
  });
});

describe('content in clear anywhere in a protected session', () => {
  const losses: Step[][] = [[], [['client', { lost: 50 }]], [['server', { lost: 50 }]]];
  const contents: Step[][] = [
    [C('a LOGIN alice@example.com secret'), S('a OK LOGIN completed')],
    [C('b SELECT INBOX'), S('* 3 EXISTS', '* 0 RECENT', 'b OK [READ-WRITE] SELECT completed')],
  ];
  for (let at = 0; at <= upgrade.length; at++) {
    test(`before its step ${at + 1}, with bytes lost around it or not`, () => {
      for (const around of losses) {
        for (const content of contents) {
          const steps = [...upgrade.slice(0, at), ...around, ...content, ...around, ...upgrade.slice(at)];
          expect(judged(...steps)?.encryption).not.toMatch(/^pass/);
        }
      }
    });
  }
});

describe('logins that were none', () => {
  const outcomes = (...steps: Step[]) =>
    kinds(play([greeting, ...steps], { port: 143 }), 'authenticated').map((fact) => 'outcome' in fact && fact.outcome);

  test('the same tag twice: the OK may be the other command’s', () => {
    expect(outcomes(C('1 LOGIN a b', '1 NOOP'), S('1 OK', '1 NO'))).toEqual(['unseen']);
    expect(outcomes(C('1 NOOP', '1 LOGIN a b'), S('1 OK', '1 NO'))).not.toContain('accepted');
  });

  test('the client answers itself, or an untagged OK does', () => {
    expect(outcomes(C('1 LOGIN a b', '1 OK'), S('* OK', '1 NO'))).not.toContain('accepted');
    expect(outcomes(C('1 LOGIN a b'), S('* OK', '1 NO'))).toEqual(['refused']);
  });

  test('an answer before the question', () => {
    expect(outcomes(S('1 OK'), C('1 LOGIN a b'), S('1 NO'))).toEqual(['refused']);
  });

  test('an answer inside a literal of the server', () => {
    expect(outcomes(C('1 LOGIN a b'), S('* X {6}', '1 OK', ')', '1 NO'))).toEqual(['refused']);
  });
});
