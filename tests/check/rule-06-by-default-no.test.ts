import { describe, expect, test } from 'vitest';
import { answer, auditFlows, between, exposed, judge, rulesWith, tls } from '../support/judge-flow.ts';

describe('rule 6: not by default', () => {
  test('clear is as documented', () => {
    const flow = between('cas1', 'old1', 80, 'http', [exposed('mailbox')]);
    expect(judge(flow, 'cas-to-legacy-mailbox')?.encryption).toBe('informational clear-by-default');
    expect(judge(between('pbx1', 'um1', 5060, 'sip', [exposed('call')]), 'um-phone-interaction')?.encryption).toBe(
      'informational clear-by-default',
    );
  });

  test('protected is better than documented, and passes', () => {
    const flow = between('cas1', 'old1', 443, 'tls', tls());
    expect(judge(flow, 'cas-to-legacy-mailbox')?.encryption).toBe('pass better-than-documented');
    const path = auditFlows([flow]).paths.find(({ id }) => id === 'cas-to-legacy-mailbox');
    expect(path).toMatchObject({ betterThanDocumented: true, encryption: { byDefault: 'no' } });
  });

  test('a clear flow beside a protected one is not better', () => {
    const flows = [
      between('cas1', 'old1', 443, 'tls', tls()),
      between('cas1', 'old1', 80, 'http', [exposed('mailbox')]),
    ];
    expect(answer(flows, 'cas-to-legacy-mailbox').encryption).toBe('informational clear-by-default');
    expect(auditFlows(flows).paths.find(({ id }) => id === 'cas-to-legacy-mailbox')?.betterThanDocumented).toBe(false);
  });

  test('"yes, with a note" is yes', () => {
    const flow = between('hub1', 'rms1', 443, 'http', [exposed('web')]);
    expect(judge(flow, 'hub-adrms-access')?.encryption).toBe('fail clear-content');
    expect(auditFlows([]).paths.find(({ id }) => id === 'hub-adrms-access')?.encryption.byDefault).toBe('yes');
  });

  test('credentials in clear are seen on such a path too', () => {
    const rules = rulesWith();
    const flow = between('cas1', 'old1', 110, 'pop3', [exposed('credentials')]);
    expect(judge(flow, 'cas-to-legacy-mailbox', rules)?.encryption).toBe('informational clear-by-default');
  });
});
