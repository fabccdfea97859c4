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
  return passwordAdvice(accounts, wordsOf(language));
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

  test('are named in Korean too', () => {
    expect(adviceIn('ko', flow(true, attempt('anna')))).toMatch(/암호.*anna/);
  });
});
