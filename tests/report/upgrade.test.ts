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
});

test('a client without a certificate refuses nobody: it answers with none (RFC 5246 §7.4.6)', () => {
  const [en, ko] = languages.map((words) => factWords('client-certificate refused', words));
  expect(en).toContain('the client answered with none');
  expect(ko).toMatch(/인증서 없이/);
});
