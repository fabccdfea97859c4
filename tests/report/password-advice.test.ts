import { describe, expect, test } from 'vitest';
import type { AttemptReport } from '../../src/check/audit-report.ts';
import { limits } from '../../src/limits.ts';
import { Accounts } from '../../src/report/accounts.ts';
import { passwordAdvice } from '../../src/report/password-advice.ts';
import { wordsOf } from '../../src/report/words/language.ts';
import { sampleFlow } from '../support/sample-report.ts';

const attempt = (principal: string | null, some: Partial<AttemptReport> = {}): AttemptReport => ({
  mechanism: 'plain',
  inside: null,
  outcome: 'accepted',
  principal,
  protected: false,
  version: null,
  etype: null,
  frame: 5,
  ...some,
});
const flow = (credentialsExposed: boolean, ...attempts: AttemptReport[]) =>
  sampleFlow({ authentication: { mechanisms: [], credentialsExposed, hidden: false, attempts } });

function adviceIn(language: 'en' | 'ko', ...flows: ReturnType<typeof flow>[]): string | null {
  const accounts = new Accounts();
  for (const one of flows) accounts.add(one);
  return passwordAdvice(accounts, wordsOf(language)).join('\n') || null;
}
const advice = (...flows: ReturnType<typeof flow>[]) => adviceIn('en', ...flows);

describe('accounts whose password crossed in clear', () => {
  test('are named once, refused logins too', () => {
    const text = advice(flow(true, attempt('anna')), flow(true, attempt('anna', { outcome: 'refused' })));
    expect(text!.match(/anna/g)).toHaveLength(1);
  });

  test('are none where no password crossed, and not those that logged in by a challenge', () => {
    expect(advice(flow(false, attempt('anna')))).toBeNull();
    const both = [attempt('labuser', { protected: true }), attempt('svc-lookup', { mechanism: 'ntlm' })];
    expect(advice(flow(true, attempt('anna'), ...both))).not.toMatch(/labuser|svc-lookup/);
  });

  test('are counted where the capture does not name them', () => {
    expect(advice(flow(true), flow(true, attempt(null)))).toContain('2 flows in which the account is not named');
  });

  test('are counted where they are more than a page holds', () => {
    const many = Array.from({ length: limits.tableRows + 7 }, (_, at) => flow(true, attempt(`user${at}`)));
    const text = advice(...many)!;
    expect(text.length).toBeLessThan(1000);
    expect(text).toMatch(/and 1,980 more; and those of 7 flows/);
  });

  // New-EdgeSubscription creates ESRA.<edge>… with a password that nobody knows
  test('of an Edge subscription are renewed with it, and not changed by hand', () => {
    const esra = attempt('cn=ESRA.edge1,ou=MSExchangeGateway', { mechanism: 'simple-bind' });
    expect(advice(flow(true, esra))).toMatch(/^Accounts of an Edge subscription .*not by hand: cn=ESRA\.edge1/);
    expect(advice(flow(true, esra), flow(true, attempt('anna')))).toMatch(/refused ones too: anna\.\n.*ESRA/);
  });

  // RFC 6750: whoever has a bearer token can use it; RFC 7009 revokes it
  test('are none where only a token crossed, which is to be revoked', () => {
    const token = attempt(null, { mechanism: 'bearer', outcome: 'unseen' });
    expect(advice(flow(true, token))).toMatch(/^Revoke the token that crossed in clear in 1 flow/);
    expect(advice(flow(true, token), flow(true, attempt('anna')))).toMatch(/refused ones too: anna\.\nRevoke/);
    expect(adviceIn('ko', flow(true, token))).toMatch(/토큰.*해지/);
    expect(adviceIn('ko', flow(true, token))).not.toMatch(/암호를/);
  });

  test('are named in Korean too', () => {
    expect(adviceIn('ko', flow(true, attempt('anna')))).toMatch(/암호.*anna/);
  });
});
