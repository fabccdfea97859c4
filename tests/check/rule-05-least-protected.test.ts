import { describe, expect, test } from 'vitest';
import { between, exposed, judge, report, secured, starttls, tried } from '../support/judge-flow.ts';

describe('rule 5: the least protected moment decides', () => {
  const handshake = starttls();
  test.each([
    ['before', [exposed('message'), ...handshake]],
    ['after', [...handshake, exposed('message')]],
    ['on both sides of', [exposed('credentials'), ...handshake, exposed('message')]],
  ])('one message in clear %s protection', (_name, facts) => {
    const flow = between('hub1', 'hub2', 25, 'smtp/tls', facts);
    expect(report(flow).encryption).toMatchObject({ protection: 'none', mechanism: null });
    expect(judge(flow, 'hub-to-hub')?.encryption).toBe('fail clear-content');
  });

  test('an upgrade that was agreed and not followed', () => {
    const facts = [
      ...starttls({ content: false }).slice(0, 3),
      { kind: 'described', what: 'upgrade-not-followed', verb: 'STARTTLS' } as const,
      exposed('message'),
    ];
    expect(judge(between('hub1', 'hub2', 25, 'smtp', facts), 'hub-to-hub')?.encryption).toBe('fail clear-content');
  });

  test('a sealed bind, and a search in clear beside it', () => {
    const flow = between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl'), exposed('directory')]);
    expect(judge(flow, 'hub-ad-access')?.encryption).toBe('fail clear-content');
  });
});
