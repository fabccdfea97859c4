import { describe, expect, test } from 'vitest';
import type { Pack } from '../../src/check/pack.ts';
import { answer, auditFlows, between, judge, rulesWith, secured, tried } from '../support/judge-flow.ts';

const udp = { transport: 'udp' } as const;

describe('rule 10: nothing to judge', () => {
  test.each([
    ['dns', 53],
    ['cldap', 389],
  ])('%s: only the port', (protocol, port) => {
    expect(judge(between('hub1', 'dc1', port, protocol, [], udp), 'hub-ad-access')).toEqual({
      port: 'pass as-expected',
      authentication: 'notapplicable nothing-to-judge',
      encryption: 'notapplicable nothing-to-judge',
    });
  });

  test('the endpoint mapper and the heartbeat', () => {
    expect(judge(between('cas1', 'mbx1', 135, 'epm'), 'cas-to-mailbox')).toMatchObject({
      authentication: 'notapplicable nothing-to-judge',
      encryption: 'notapplicable nothing-to-judge',
    });
    expect(judge(between('mbx1', 'mbx2', 3343, 'heartbeat', [], udp), 'clustering')).toMatchObject({
      authentication: 'notapplicable nothing-to-judge',
      encryption: 'notapplicable nothing-to-judge',
    });
  });

  test('Kerberos: no encryption to judge', () => {
    expect(judge(between('hub1', 'dc1', 88, 'kerberos', [], udp), 'hub-ad-access')?.encryption).toBe(
      'notapplicable nothing-to-judge',
    );
  });

  test('such flows alone leave a path unknown, and beside others they are left out', () => {
    const name = between('hub1', 'dc1', 53, 'dns', [], udp);
    const bind = between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl')]);
    expect(answer([name], 'hub-ad-access')).toEqual({
      port: 'pass as-expected',
      authentication: 'unknown no-content',
      encryption: 'unknown no-content',
    });
    expect(answer([name, bind, name], 'hub-ad-access')).toEqual({
      port: 'pass as-expected',
      authentication: 'pass as-expected',
      encryption: 'pass as-expected',
    });
  });

  test('RTP: encryption only on paths that encrypt by default', () => {
    const media = between('pbx1', 'um1', 30_000, 'rtp', [], udp);
    expect(judge(media, 'um-phone-interaction')).toMatchObject({
      authentication: 'notapplicable nothing-to-judge',
      encryption: 'notapplicable nothing-to-judge',
    });
    const byDefault = (pack: Pack): Pack => ({
      ...pack,
      paths: pack.paths.map((path) => ({ ...path, encryption: { ...path.encryption, byDefault: 'yes' as const } })),
    });
    const call = between('pbx1', 'um1', 30_000, 'rtp', [{ kind: 'exposed', content: 'call' }], udp);
    expect(judge(call, 'um-phone-interaction', rulesWith('', byDefault))).toMatchObject({
      authentication: 'notapplicable nothing-to-judge',
      encryption: 'fail clear-content',
    });
  });
});

test('ICMP, ESP and AH are nothing unexpected, and IKE is a known neighbour', () => {
  const none = (['icmp', 'esp', 'ah'] as const).map((transport) => between('hub1', 'hub2', 0, '', [], { transport }));
  const ike = between('hub1', 'hub2', 500, 'ike', [], { transport: 'udp' });
  expect(auditFlows([...none, ike]).unexpected).toEqual([{ flow: 'f3', why: 'outside-reference' }]);
});
