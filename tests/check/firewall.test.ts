import { describe, expect, test } from 'vitest';
import { Firewall } from '../../src/check/firewall.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { auditFlows, between, rulesWith } from '../support/judge-flow.ts';

function rows(host: string, flows: FlowRecord[]) {
  const firewall = new Firewall(rulesWith());
  for (const flow of flows) firewall.add(flow);
  return firewall.list().filter((row) => row.host === host);
}
const row = (host: string, port: number, flows: FlowRecord[]) => rows(host, flows).filter((one) => one.port === port);

// what opens what: the reference's table of firewall rules
describe('firewall rules against listening ports', () => {
  test('a port that a rule opens, and that was seen', () => {
    expect(row('hub1', 25, [between('hub2', 'hub1', 25, 'smtp'), between('hub2', 'hub1', 25, 'smtp')])).toEqual([
      {
        host: 'hub1',
        role: 'hub',
        transport: 'tcp',
        port: 25,
        kind: 'opened-and-seen',
        rules: ['fw-msexchangetransportworker-gfw-tcp-in', 'fw-msexchangetransportworker-tcp-in'],
        flows: 2,
      },
    ]);
  });

  test('a port that a rule opens, and that was not seen', () => {
    expect(row('hub1', 587, [])).toMatchObject([{ kind: 'opened-not-seen', flows: 0 }]);
  });

  test('a port that no rule opens', () => {
    expect(row('hub1', 2525, [between('hub2', 'hub1', 2525, 'smtp')])).toMatchObject([
      { kind: 'seen-not-opened', rules: [], flows: 1 },
    ]);
  });

  test('a dynamic port is open to RPC, and to nothing else', () => {
    const [rpc] = row('mbx1', 6005, [between('cas1', 'mbx1', 6005, 'dcerpc')]);
    expect(rpc).toMatchObject({ kind: 'opened-and-seen' });
    expect(rpc!.rules).toContain('fw-msexchangeis-rpc-tcp-in');
    expect(row('mbx1', 6005, [between('cas1', 'mbx1', 6005, 'http')])).toMatchObject([{ kind: 'seen-not-opened' }]);
  });

  test('UM servers open every port by SESWorker, which is called out', () => {
    expect(row('um1', 9999, [between('hub1', 'um1', 9999, '')])).toMatchObject([
      { kind: 'any-rule', rules: ['fw-sesworker-gfw-tcp-in', 'fw-sesworker-tcp-in'] },
    ]);
    expect(row('um1', 5060, [between('pbx1', 'um1', 5060, 'sip')])).toMatchObject([{ kind: 'opened-and-seen' }]);
  });

  test('80 and 443 are opened by IIS', () => {
    for (const port of [80, 443]) {
      expect(row('cas1', port, [between('client1', 'cas1', port, 'tls')])).toMatchObject([{ kind: 'iis', rules: [] }]);
    }
  });

  test('what another role of the host opens is no finding of this one', () => {
    const seen = row('all1', 25, [between('hub1', 'all1', 25, 'smtp')]);
    expect(seen).toMatchObject([{ role: 'hub', kind: 'opened-and-seen' }]);
  });

  test('a connection that was not taken shows no listener', () => {
    expect(row('hub1', 2525, [between('hub2', 'hub1', 2525, '', [], { history: 'Sr' })])).toEqual([]);
    expect(row('hub1', 25, [between('hub2', 'hub1', 25, '', [], { history: 'S' })])).toMatchObject([
      { kind: 'opened-not-seen' },
    ]);
  });

  test('hosts without such a role, and hosts without a name, have no rows', () => {
    expect(rows('dc1', [between('hub1', 'dc1', 389, 'ldap')])).toEqual([]);
    expect(new Firewall(rulesWith(null)).list()).toEqual([]);
  });

  test('stand in the report', () => {
    const { firewall } = auditFlows([between('hub2', 'hub1', 25, 'smtp')]);
    expect(firewall).toContainEqual(expect.objectContaining({ host: 'hub1', port: 25, kind: 'opened-and-seen' }));
  });
});
