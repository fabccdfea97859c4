import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { tlsSession } from '../support/handshake.ts';
import { judgedMailbox } from '../support/mailbox-dialogues.ts';
import { play, type Step } from '../support/play.ts';
import { C, exposed, kinds, S } from '../support/smtp-dialogues.ts';

/** Sessions that were made to be called encrypted or authenticated without being so, and how they are judged. */
const judged = (...steps: Step[]) => judgedMailbox([greeting, ...steps], 110);
const greeting = S('+OK The Microsoft Exchange POP3 service is ready.');
const upgrade: Step[] = [C('STLS'), S('+OK Begin TLS'), ...tlsSession()];

test('the upgrade that all of these make at the end passes by itself', () => {
  expect(judged(...upgrade)?.encryption).toBe('pass as-expected');
});

describe('something in clear before STLS', () => {
  test.each<[string, Step[]]>([
    ['a refused login', [C('USER a'), S('+OK'), C('PASS b'), S('-ERR no')]],
    ['blanks before PASS', [C('USER a'), S('+OK'), C(' \tPASS b'), S('-ERR no')]],
    ['a password after AUTH was refused', [C('AUTH PLAIN'), S('-ERR no'), C('AGEAYg=='), S('-ERR no')]],
    ['a login whose commands come in one segment', [C('USER a', 'PASS b', 'STAT'), S('+OK', '+OK', '+OK 1 2')]],
    [
      'a listing that an unknown command gives',
      [C('USER a'), S('+OK'), C('PASS b'), S('+OK'), C('XYZZY'), S('+OK', '1 2', '.')],
    ],
  ])('%s', (_, steps) => {
    expect(judged(...steps, ...upgrade)?.encryption).toBe('fail clear-content');
  });

  // servers disagree on whether CR alone ends a line
  test('PASS behind a CR without LF', () => {
    const steps: Step[] = [['client', 'NOOP\rPASS b\r\n'], S('+OK'), S('+OK')];
    expect(judged(...steps, ...upgrade)?.encryption).toBe('unknown malformed');
  });

  // a list that a server opens and does not close must not hide what it answers from then on
  test('AUTH alone, answered without a list', () => {
    const steps = [C('AUTH'), S('+OK'), C('USER a'), S('+OK'), C('STAT'), S('+OK 1 2')];
    expect(judged(...steps, ...upgrade)?.encryption).toBe('fail clear-content');
  });
});

describe('commands sent together with STLS, before TLS', () => {
  // the injection of CVE-2011-0411: whoever reads them after the handshake takes them for protected
  test('a login', () => {
    const steps: Step[] = [['client', 'STLS\r\nUSER a\r\nPASS b\r\n'], S('+OK Begin TLS'), ...tlsSession()];
    const seen = play([greeting, ...steps], { port: 110 });
    expect(exposed(seen)).toEqual(['credentials']);
    expect(kinds(seen, 'upgrade-not-followed')).toHaveLength(1);
    expect(judged(...steps)?.encryption).toBe('fail clear-content');
  });

  test('an answer of the server beside its +OK', () => {
    const steps: Step[] = [C('STAT', 'STLS'), S('+OK 1 2', '+OK Begin TLS'), ...tlsSession()];
    expect(judged(...steps)?.encryption).toBe('fail clear-content');
  });
});

describe('content in clear anywhere in a protected session', () => {
  const losses: Step[][] = [[], [['client', { lost: 50 }]], [['server', { lost: 50 }]]];
  const contents: Step[][] = [
    [C('USER alice@example.com'), S('+OK'), C('PASS secret'), S('+OK logged in')],
    [C('RETR 1'), S('+OK 2000 octets', 'Received: from a by b', 'Subject: none', '', 'text', '.')],
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
  test('a challenge is no success', () => {
    const seen = play([greeting, C('AUTH CRAM-MD5'), S('+ PDFAYT4='), C('dGlt'), S('+ PDFAYT4='), C('QUIT')], {
      port: 110,
    });
    expect(kinds(seen, 'authenticated')).toMatchObject([{ outcome: 'unfinished' }]);
  });

  test('the client answers itself', () => {
    const seen = play([greeting, C('USER a'), S('+OK'), C('PASS b', '+OK logged in', '+OK'), S('-ERR no')], {
      port: 110,
    });
    expect(kinds(seen, 'authenticated')).toMatchObject([{ outcome: 'refused' }]);
  });

  test('a second PASS before the answer to the first', () => {
    const seen = play([greeting, C('USER a', 'PASS b', 'PASS c'), S('+OK', '-ERR no', '-ERR no')], { port: 110 });
    expect(
      kinds(seen, 'authenticated').every((fact) => fact.kind === 'authenticated' && fact.outcome !== 'accepted'),
    ).toBe(true);
  });

  test('APOP accepted, PASS refused, both before any answer', () => {
    const seen = play([greeting, C('APOP a c4c9334bac560ecc979e58001b3e22fb', 'PASS b'), S('+OK', '-ERR no')], {
      port: 110,
    });
    expect(kinds(seen, 'authenticated')).toMatchObject([
      { mechanism: 'apop', outcome: 'unseen' },
      { mechanism: 'user-pass', outcome: 'refused' },
    ]);
  });

  test('a flood of commands without answers', () => {
    const flood = C(...Array<string>(limits.pipelined + 1).fill('NOOP'));
    const seen = play([greeting, flood, C('USER a', 'PASS b'), S(...Array<string>(9).fill('+OK'))], { port: 110 });
    expect(kinds(seen, 'authenticated')).toMatchObject([{ outcome: 'unseen' }]);
    expect(seen.blindSpots).toMatchObject([{ why: 'limit' }]);
  });
});

test('a SASL security layer (RFC 4422 §3.7) is neither content in clear nor protection', () => {
  const buffers: Step[] = [
    ['client', Uint8Array.of(0, 0, 0, 20, ...Array<number>(20).fill(0xc8))],
    ['server', Uint8Array.of(0, 0, 0, 20, ...Array<number>(20).fill(0xc8))],
  ];
  expect(judged(C('AUTH GSSAPI'), S('+'), C('AAAA'), S('+OK'), ...buffers)?.encryption).toBe('unknown left-protocol');
});
