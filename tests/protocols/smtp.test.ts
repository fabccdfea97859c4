import { describe, expect, test } from 'vitest';
import { play, type Step } from '../support/play.ts';
import { atFrame, C, clientHello, exposed, greeting, kinds, opening, S } from '../support/smtp-dialogues.ts';

describe('what is no content exposes nothing', () => {
  test('greeting, capabilities, NOOP, HELP, RSET, VRFY, QUIT', () => {
    const seen = play(
      [
        ...opening,
        C('NOOP'),
        S('250 OK'),
        C('HELP'),
        S('214-Commands:', '214 See RFC 5321'),
        C('VRFY anna'),
        S('252 x'),
        C('RSET'),
        S('250 OK'),
        C('QUIT'),
        S('221 Bye'),
      ],
      { port: 25 },
    );
    expect(seen.protocolPath).toEqual(['smtp']);
    expect(seen.facts).toEqual([
      {
        kind: 'described',
        what: 'banner',
        text: 'hub1.example.com Microsoft ESMTP MAIL Service ready at Mon, 6 Sep 2010 09:00:00 +0900',
      },
      { kind: 'described', what: 'peer-name', of: 'server', name: 'hub1.example.com' },
      { kind: 'described', what: 'peer-name', of: 'client', name: 'edge1.example.com' },
      { kind: 'offered', what: 'upgrade', verb: 'STARTTLS' },
      { kind: 'offered', what: 'upgrade', verb: 'X-ANONYMOUSTLS' },
      { kind: 'offered', what: 'authentication', mechanisms: ['NTLM'] },
      { kind: 'offered', what: 'authentication', mechanisms: ['GSSAPI', 'NTLM'] },
    ]);
    expect(seen.blindSpots).toEqual([]);
  });

  test('a server that is busy', () => {
    const seen = play([S('421 4.3.2 Service not available')], { port: 25 });
    expect(seen.protocol).toBe('smtp');
    expect(seen.facts).toEqual([{ kind: 'described', what: 'banner', text: '421 4.3.2 Service not available' }]);
  });

  test('the AUTH= form of old servers, and capabilities that something on the way has overwritten', () => {
    const seen = play(
      [greeting, C('EHLO a'), S('250-hub1', '250-AUTH=LOGIN PLAIN', '250-XXXXXXXA', '250 XXXXXXXXXX')],
      {
        port: 25,
      },
    );
    expect(kinds(seen, 'offered', 'masked-capability')).toEqual([
      { kind: 'offered', what: 'authentication', mechanisms: ['LOGIN', 'PLAIN'] },
      { kind: 'described', what: 'masked-capability', text: 'XXXXXXXA' },
      { kind: 'described', what: 'masked-capability', text: 'XXXXXXXXXX' },
    ]);
  });

  test('a server called STARTTLS offers nothing', () => {
    expect(kinds(play([greeting, C('HELO a'), S('250 STARTTLS')], { port: 25 }), 'offered')).toEqual([]);
  });
});

describe('mail in clear', () => {
  const mail: Step[] = [
    C('MAIL FROM:<a@example.com>'),
    S('250 2.1.0 Sender OK'),
    C('RCPT TO:<b@example.com>'),
    S('250 2.1.5 Recipient OK'),
    C('DATA'),
    S('354 Start mail input; end with <CRLF>.<CRLF>'),
    C('Subject: x', '', 'AUTH PLAIN AGEAc2VjcmV0', 'STARTTLS', '..', '.'),
    S('250 2.6.0 Queued'),
    C('QUIT'),
    S('221 Bye'),
  ];

  test('is exposed at MAIL FROM, and its body says nothing', () => {
    const seen = play([...opening, ...mail], { port: 25 });
    expect(exposed(seen)).toEqual(['message']);
    expect(atFrame(seen, { kind: 'exposed' })).toBe(4);
    expect(kinds(seen, 'authenticated', 'upgrade-asked')).toEqual([]);
  });

  test('pipelined (RFC 2920): commands ahead of replies, then the next message', () => {
    const seen = play(
      [
        ...opening,
        C('MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'RCPT TO:<e@f>', 'DATA'),
        S('250 OK', '250 OK', '550 No', '354 Go'),
        C('STARTTLS', '.', 'STARTTLS'),
        S('250 Queued'),
        S('454 4.7.0 Not now'),
      ],
      { port: 25 },
    );
    expect(kinds(seen, 'upgrade-asked', 'refused')).toEqual([
      { kind: 'described', what: 'upgrade-asked', verb: 'STARTTLS' },
      { kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: '454' },
    ]);
    // the STARTTLS of the body is none
    expect(seen.stamped.filter((fact) => fact.kind === 'described' && fact.what === 'upgrade-asked')).toHaveLength(1);
  });

  test('a refused DATA has no body', () => {
    const seen = play([...opening, C('DATA'), S('503 5.5.2 Need rcpt'), C('AUTH EXTERNAL ='), S('235 OK')], {
      port: 25,
    });
    expect(kinds(seen, 'authenticated')).toMatchObject([{ mechanism: 'external', outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual([]);
  });

  test('midstream the body behind 354 is content', () => {
    const seen = play([S('354 Start mail input'), C('Subject: x', '', 'x', '.'), S('250 OK')], {
      port: 25,
      midstream: true,
    });
    expect(seen.protocol).toBe('smtp');
    expect(exposed(seen)).toEqual(['message']);
  });

  test('BDAT (RFC 3030): chunks are passed over, whatever they hold and however large they claim to be', () => {
    const chunk = 'AUTH PLAIN AGEAc2VjcmV0\r\n'.repeat(4);
    const seen = play(
      [
        ...opening,
        ['client', `BDAT ${chunk.length}\r\n${chunk}BDAT 0 LAST\r\n`],
        S('250 OK', '250 OK'),
        C('BDAT 999999999999999 LAST'),
        C('AUTH PLAIN AGEAc2VjcmV0'),
      ],
      { port: 25 },
    );
    expect(exposed(seen)).toEqual(['message']);
    expect(kinds(seen, 'authenticated')).toEqual([]);
  });

  test('XEXCH50: so many bytes behind 354, then commands again', () => {
    const seen = play(
      [
        ...opening,
        C('XEXCH50 10 1'),
        S('354 Send binary data'),
        ['client', '12345'],
        ['client', 'MAIL\n'],
        S('250 OK'),
        C('STARTTLS'),
        S('502 No'),
      ],
      { port: 25 },
    );
    expect(exposed(seen)).toEqual(['message']);
    expect(kinds(seen, 'refused')).toMatchObject([{ code: '502' }]);
  });

  test('bare LF', () => {
    const seen = play(
      [
        ['server', '220 mail ESMTP\n'],
        ['client', 'EHLO a\n'],
        ['server', '250-mail\n250 STARTTLS\n'],
        ['client', 'MAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\n'],
        ['server', '250 OK\n250 OK\n354 Go\n'],
        ['client', 'x\n.\nSTARTTLS\n'],
        ['server', '250 OK\n454 No\n'],
      ],
      { port: 25 },
    );
    expect(kinds(seen, 'offered', 'refused')).toHaveLength(2);
    expect(exposed(seen)).toEqual(['message']);
  });

  test('a body of 4 MB without an end needs no memory, and its confirmation ends it', () => {
    const block = new Uint8Array(1 << 16).fill(0x61);
    const seen = play(
      [
        ...opening,
        C('DATA'),
        S('354 Go'),
        ...Array.from({ length: 64 }, (): Step => ['client', block]),
        S('250 OK'),
        C('QUIT'),
        C('STARTTLS'),
        S('221 Bye', '454 No'),
      ],
      { port: 25 },
    );
    expect(seen.blindSpots).toEqual([]);
    expect(exposed(seen)).toEqual(['message']);
    expect(kinds(seen, 'refused')).toHaveLength(1);
  });
});

describe('hostile input', () => {
  test('a line without an end is a limit, and the line after it is read', () => {
    const seen = play([greeting, ['client', 'A'.repeat(200_000)], C(''), C('MAIL FROM:<a@b>')], { port: 25 });
    expect(seen.blindSpots.map(({ why }) => why)).toContain('limit');
    expect(exposed(seen)).toEqual(['message']);
  });

  test('more commands ahead than are kept is a limit', () => {
    const seen = play([...opening, C(...Array<string>(2000).fill('NOOP'))], { port: 25 });
    expect(seen.blindSpots.map(({ why }) => why)).toEqual(['limit']);
  });
});

describe('split and cut anywhere', () => {
  const whole: Step[] = [
    ...opening,
    C('AUTH LOGIN'),
    S('334 VXNlcm5hbWU6'),
    C('YW5uYQ=='),
    S('334 UGFzc3dvcmQ6'),
    C('aHVudGVyMg=='),
    S('235 2.7.0 OK'),
    C('MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'DATA'),
    S('250 OK', '250 OK', '354 Go'),
    C('x', '..', '.y', '.'),
    S('250 Queued'),
    C('STARTTLS'),
    S('220 Go'),
    ['client', clientHello],
  ];
  const expected = play(whole, { port: 25 });

  test('byte by byte: the same facts', () => {
    const bytewise = whole.flatMap(([from, said]): Step[] =>
      typeof said === 'string'
        ? [...said].map((character): Step => [from, character])
        : Array.from(said as Uint8Array, (byte): Step => [from, Uint8Array.of(byte)]),
    );
    const seen = play(bytewise, { port: 25 });
    expect(seen.facts).toEqual(expected.facts);
    expect(seen.protocolPath).toEqual(['smtp', 'tls']);
  });

  test('ended at any byte: no more facts than the whole has, but for what stays unfinished', () => {
    const texts = new Set(expected.facts.map((fact) => JSON.stringify(fact)));
    for (const [index, [from, said]] of whole.entries()) {
      if (typeof said !== 'string') continue;
      for (let cut = 0; cut < said.length; cut++) {
        const seen = play([...whole.slice(0, index), [from, said.slice(0, cut)]], { port: 25 });
        const odd = seen.facts.filter((fact) => !texts.has(JSON.stringify(fact)));
        expect(odd.every((fact) => fact.kind === 'authenticated' && fact.outcome === 'unfinished')).toBe(true);
      }
    }
  });
});

describe('what is no SMTP', () => {
  test.each([
    ['server', '220 ftp.example.com FTP server ready\r\n'],
    ['server', '220 (vsFTPd 3.0.3)\r\n'],
    ['server', '+OK The Microsoft Exchange POP3 service is ready.\r\n'],
    ['server', '* OK The Microsoft Exchange IMAP4 service is ready.\r\n'],
    ['client', 'GET / HTTP/1.1\r\nHost: mail\r\n\r\n'],
    ['client', 'OPTIONS sip:um1.example.com SIP/2.0\r\n'],
    ['client', 'USER anna\r\n'],
    ['client', 'a1 STARTTLS\r\n'],
    ['server', 'HTTP/1.1 220 OK\r\n'],
  ] as const)('%s: %s', (from, said) => {
    expect(play([[from, said]], { port: 25 }).protocolPath).not.toContain('smtp');
  });

  test('a client without a name and with bare LF is settled by the port', () => {
    const dialogue = [['client', 'EHLO\n'] as const, ['server', '250\n'] as const];
    expect(play(dialogue, { port: 25 }).protocol).toBe('smtp');
    expect(play(dialogue, { port: 2000 }).protocol).toBe('unknown');
  });

  test('a bare 220 is settled by the port', () => {
    expect(play([S('220 ready')], { port: 25 }).protocol).toBe('smtp');
    expect(play([S('220 ready')], { port: 21 }).protocol).toBe('unknown');
  });

  test.each([['EHLO a'], ['helo a'], ['MAIL FROM:<a@b>'], ['RCPT TO:<a@b>']])('%s is SMTP on any port', (line) => {
    expect(play([C(line)], { port: 4000 }).protocol).toBe('smtp');
  });
});
