import { describe, expect, test } from 'vitest';
import type { FlowReport } from '../../src/check/audit-report.ts';
import { factWords } from '../../src/report/fact.ts';
import { upgradeWords } from '../../src/report/upgrade.ts';
import { wordsOf } from '../../src/report/words/language.ts';
import { sampleFlow } from '../support/sample-report.ts';

const languages = [wordsOf('en'), wordsOf('ko')];
const said = (protocol: string, some: Partial<NonNullable<FlowReport['upgrade']>>) =>
  languages.map((words) =>
    upgradeWords(sampleFlow({ protocol, upgrade: { ...sampleFlow().upgrade!, asked: true, ...some } }), words),
  );

describe('what became of the step to TLS', () => {
  // RFC 4511 §4.1.9 numbers the results; SMTP, POP3 and IMAP4 say theirs
  test.each([
    ['ldap', '2', 'LDAP protocolError (2)'],
    ['ldap', '52', 'LDAP unavailable (52)'],
    ['ldap', '4096', 'LDAP result 4096'],
    ['smtp', '454', '454'],
    ['pop3', '-ERR', '-ERR'],
  ])('%s refuses with %s', (protocol, refusedWith, text) => {
    const [en, ko] = said(protocol, { refusedWith });
    expect(en).toBe(`STARTTLS was refused with ${text}`);
    expect(ko).toContain(text);
  });

  // [MS-NNS] negotiates its own protection, [MS-NMF] leads to TLS only by application/ssl-tls
  test('.NET negotiation is not called TLS', () => {
    for (const text of said('nmf', { verb: 'application/negotiate', accepted: true }))
      expect(text).not.toContain('TLS');
    for (const text of said('nmf', { verb: 'application/ssl-tls', accepted: true })) expect(text).toContain('TLS');
  });

  // offers are known by the server's address and port alone: the other connection may be the same client's
  test('an offer seen elsewhere is one in another connection, whoever had it', () => {
    const offeredElsewhere = { flow: '679ed2b2856660db', file: 'pop3.pcap', frame: 8 };
    const [en, ko] = said('pop3', { verb: 'STLS', asked: false, possiblyStripped: true, offeredElsewhere });
    expect(en).toBe('STLS was not offered here, though the same server offers it in another connection');
    expect(ko).toContain('다른 연결');
  });

  // frame numbers of one file are in the order of time
  test.each([
    [[4, 8], 'STARTTLS led to TLS, but only after this went in clear'],
    [[4, 15], 'STARTTLS led to TLS, but this went outside it'],
    [[15], 'STARTTLS led to TLS, but this went outside it'],
  ])('content in frames %j, with the step accepted in frame 11', (frames, sentence) => {
    const sayings = [['a.pcap'], ['a.pcap', 'b.pcap']].map((captures) => {
      const exposures = frames.map((frame) => ({ content: 'directory' as const, file: 'a.pcap', frame, time: 0 }));
      return upgradeWords(
        sampleFlow({
          protocol: 'ldap',
          captures,
          upgrade: { ...sampleFlow().upgrade!, asked: true, accepted: true, frames: { asked: 10, accepted: 11 } },
          encryption: { protection: 'none', mechanism: 'starttls', exposed: ['directory'], exposures },
        }),
        languages[0]!,
      );
    });
    expect(sayings).toEqual([sentence, 'STARTTLS led to TLS, but this went outside it']);
  });
});

test('a client without a certificate refuses nobody: it answers with none (RFC 5246 §7.4.6)', () => {
  const [en, ko] = languages.map((words) => factWords('client-certificate refused', words));
  expect(en).toContain('the client answered with none');
  expect(ko).toMatch(/인증서 없이/);
});
