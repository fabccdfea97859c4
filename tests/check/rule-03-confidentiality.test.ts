import { describe, expect, test } from 'vitest';
import { between, exposed, judge, report, secured, starttls, tls, tried } from '../support/judge-flow.ts';

const encryption = (facts: Parameters<typeof between>[4]) =>
  judge(between('hub1', 'dc1', 389, 'ldap', facts), 'hub-ad-access')?.encryption;

describe('rule 3: encryption means confidentiality', () => {
  test('signed LDAP fails where the path expects encryption', () => {
    expect(encryption([tried('kerberos'), secured('sasl', 'integrity')])).toBe('fail integrity-only');
  });

  test('a suite that does not encrypt fails', () => {
    const flow = between('client1', 'cas1', 993, 'tls', tls('tls', { suite: 0x0002, level: 'integrity' }));
    expect(judge(flow, 'imap4')?.encryption).toBe('fail integrity-only');
    const mail = between('hub1', 'hub2', 25, 'smtp/tls', starttls({ suite: 0x0002, level: 'integrity' }));
    expect(judge(mail, 'hub-to-hub')?.encryption).toBe('fail integrity-only');
    expect(report(mail).authentication.hidden).toBe(false);
  });

  test('signed first and sealed later, or the other way round: the least protected decides', () => {
    const [signed, sealed] = [secured('sasl', 'integrity'), secured('sasl', 'privacy')];
    expect(encryption([tried('kerberos'), signed, sealed])).toBe('fail integrity-only');
    expect(encryption([tried('kerberos'), sealed, signed])).toBe('fail integrity-only');
  });

  test('integrity is told of where the path is clear by default, and is no encryption', () => {
    const flow = between('client1', 'cas1', 443, 'tls', tls('tls', { level: 'integrity' }));
    expect(judge(flow, 'outlook-oab-download')?.encryption).toBe('informational integrity-only');
  });

  test('any confidential mechanism passes, and is named', () => {
    const flow = between('hub1', 'dc1', 389, 'ldap/tls', starttls());
    expect(judge(flow, 'hub-ad-access')?.encryption).toBe('pass as-expected');
    expect(report(flow).encryption).toEqual({
      protection: 'privacy',
      mechanism: 'starttls',
      exposed: [],
      exposures: [],
    });
    expect(encryption([tried('kerberos'), secured('sasl')])).toBe('pass as-expected');
  });

  test('an exposure beside integrity is an exposure', () => {
    expect(encryption([exposed('directory'), secured('sasl', 'integrity')])).toBe('fail clear-content');
  });
});
