import { describe, expect, test } from 'vitest';
import { attribute } from '../../src/check/attribute.ts';
import { between, rulesWith } from '../support/judge-flow.ts';

const { pack, roles } = rulesWith();
const candidates = (flow: Parameters<typeof attribute>[0], ports = {}) =>
  attribute(flow, pack, roles, ports).map(({ path, by, portListed }) => [path.id, by, portListed]);

describe('how a candidate was found', () => {
  test('by protocol, by TLS on a port that stands for it, by the port alone', () => {
    expect(candidates(between('hub1', 'hub2', 25, 'smtp'))).toEqual([['hub-to-hub', 'protocol', true]]);
    expect(candidates(between('hub1', 'hub2', 26, 'smtp'))).toEqual([['hub-to-hub', 'protocol', false]]);
    expect(candidates(between('client1', 'cas1', 995, 'tls'))).toEqual([['pop3', 'tls-port', true]]);
    expect(candidates(between('client1', 'hub1', 465, 'tls'))).toEqual([['smtp-client-to-hub', 'tls-port', false]]);
    expect(candidates(between('hub1', 'hub2', 25, ''))).toEqual([['hub-to-hub', 'port-only', true]]);
  });

  test('a path is one candidate, by the carrier that fits best', () => {
    expect(candidates(between('hub1', 'dc1', 3268, 'ldap'))).toEqual([['hub-ad-access', 'protocol', true]]);
    expect(candidates(between('client1', 'hub1', 25, 'smtp'))).toEqual([['smtp-client-to-hub', 'protocol', true]]);
  });

  test('the transport must be the carrier’s', () => {
    expect(candidates(between('hub1', 'hub2', 25, 'smtp', [], { transport: 'udp' }))).toEqual([]);
    expect(candidates(between('hub1', 'dc1', 389, 'cldap', [], { transport: 'udp' }))).toHaveLength(1);
    for (const transport of ['esp', 'ah', 'icmp', 'sctp', 'ip'] as const) {
      expect(candidates(between('hub1', 'hub2', 25, 'smtp', [], { transport }))).toEqual([]);
    }
  });

  test('a range holds its ends', () => {
    for (const [port, listed] of [
      [5074, false],
      [5075, true],
      [5077, true],
      [5078, false],
    ] as const) {
      expect(candidates(between('ocs1', 'cas1', port, 'sip'))).toEqual([['ocs-to-cas', 'protocol', listed]]);
    }
  });

  test('an override takes the place of the port, for its own carriers only', () => {
    const ports = { replication: 70 };
    expect(candidates(between('mbx1', 'mbx2', 70, 'nns'), ports).map(([, , listed]) => listed)).toEqual([true, true]);
    expect(candidates(between('mbx1', 'mbx2', 64327, 'nns'), ports).map(([, , listed]) => listed)).toEqual([
      false,
      false,
    ]);
    expect(candidates(between('hub1', 'hub2', 25, 'smtp'), ports)).toEqual([['hub-to-hub', 'protocol', true]]);
  });

  test('an IPv4 address written inside IPv6 is the same host', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp', [], { client: { address: '::ffff:10.0.0.11', port: 4 } });
    expect(candidates(flow)).toEqual([['hub-to-hub', 'protocol', true]]);
  });
});
