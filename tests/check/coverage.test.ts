import { describe, expect, test } from 'vitest';
import { createRoleMap } from '../../src/check/roles.ts';
import type { Rules } from '../../src/check/rules.ts';
import { loadTopology } from '../../src/check/topology.ts';
import { auditFlows, between, exposed, report, rulesWith, starttls, tls } from '../support/judge-flow.ts';

const { pack, analyzers } = rulesWith();
function rulesOf(text: string): Rules {
  const topology = loadTopology('t.yaml', text, Object.keys(pack.roles));
  return { pack, topology, roles: createRoleMap(topology, pack), analyzers };
}
const reasonOf = (id: string, rules: Rules) => auditFlows([], rules).paths.find((path) => path.id === id)!.encryption;

describe('paths that can never be on the wire', () => {
  const alone = rulesOf('hosts:\n  - { name: one, addresses: [10.0.0.1], roles: [hub, mailbox, cas] }\n');

  test('both ends on the one host that plays them', () => {
    expect(reasonOf('hub-to-mailbox-mapi', alone)).toEqual({
      result: 'notchecked',
      reason: 'local-only',
      byDefault: 'yes',
      supported: ['rpc-privacy'],
      observed: [],
    });
    expect(reasonOf('hub-to-hub', alone).reason).toBe('local-only');
  });

  test('not where another host plays an end, where nobody does, or where outsiders may', () => {
    const two = rulesOf(
      'hosts:\n  - { name: one, addresses: [10.0.0.1], roles: [hub, mailbox] }\n  - { name: two, addresses: [10.0.0.2], roles: [hub] }\n',
    );
    expect(reasonOf('hub-to-mailbox-mapi', two).reason).toBe('not-observed');
    expect(reasonOf('hub-to-hub', two).reason).toBe('not-observed');
    expect(reasonOf('um-to-hub', alone).reason).toBe('not-observed');
    expect(reasonOf('outlook-web-app', alone).reason).toBe('not-observed');
    const network = rulesOf(
      'hosts:\n  - { name: one, addresses: [10.0.0.1], roles: [hub, mailbox] }\nnetworks:\n  - { cidr: 10.9.0.0/16, roles: [hub] }\n',
    );
    expect(reasonOf('hub-to-mailbox-mapi', network).reason).toBe('not-observed');
  });
});

describe('load balancers', () => {
  test('a flow to one is judged as the path behind it, and said to be the segment before', () => {
    const flow = report(between('client1', 'lb1', 443, 'tls', tls()));
    expect(flow.beforeOffload).toBe(true);
    expect(flow.paths).toContain('outlook-web-app');
    expect(report(between('client1', 'cas1', 443, 'tls', tls())).beforeOffload).toBe(false);
  });
});

describe('documented exceptions stay failures and carry their note (rule 14)', () => {
  const documented = (flow: Parameters<typeof report>[0], path: string, rules = rulesWith()) =>
    report(flow, rules).results.find((row) => row.path === path && row.check === 'encryption')!;

  test('TLS switched off between hubs', () => {
    const row = documented(between('hub1', 'hub2', 25, 'smtp', [exposed('message')]), 'hub-to-hub');
    expect(row.result).toBe('fail');
    expect(row.documented?.en).toMatch(/WAN optimisation/);
    expect(documented(between('hub1', 'hub2', 25, 'smtp/tls', starttls()), 'hub-to-hub').documented).toBeUndefined();
  });

  test('RPC encryption not required by the CAS from SP1', () => {
    const emsmdb = {
      kind: 'described',
      what: 'rpc-interface',
      uuid: 'a4f1db00-ca47-1067-b31f-00dd010662da',
      version: '0.81',
      authType: 9,
      authLevel: 5,
    } as const;
    const outlook = rulesOf(
      'hosts:\n  - { name: outlook, addresses: [10.0.0.101], roles: [mapi-client] }\n  - { name: cas1, addresses: [10.0.0.41], roles: [cas] }\n',
    );
    const row = documented(
      between('client1', 'cas1', 6005, 'dcerpc', [emsmdb, exposed('rpc')]),
      'mapi-access',
      outlook,
    );
    expect(row).toMatchObject({ result: 'fail', reason: 'clear-content' });
    expect(row.documented?.en).toMatch(/EncryptionRequired/);
  });

  test('AD LDS on 50389 from afar, and on no other port', () => {
    const at = (port: number) =>
      documented(between('hub1', 'edge1', port, 'ldap', [exposed('directory')]), 'edgesync-hub-to-edge');
    expect(at(50389)).toMatchObject({ result: 'fail' });
    expect(at(50389).documented?.en).toMatch(/50389/);
    expect(at(50636).documented).toBeUndefined();
  });
});

describe('replication between sites, where a database availability group encrypts by default', () => {
  const dag = (other: string) =>
    rulesOf(
      `hosts:\n  - { name: mbx1, addresses: [10.0.0.31], roles: [mailbox], site: seoul }\n  - { name: mbx2, addresses: [10.0.0.32], roles: [mailbox]${other} }\n`,
    );
  const clear = between('mbx1', 'mbx2', 64327, 'nns', [exposed('mailbox')]);
  const said = (rules: Rules) => {
    const { result, reason } = auditFlows([clear], rules).paths.find(({ id }) => id === 'log-shipping')!.encryption;
    return `${result} ${reason}`;
  };

  test('in clear is told', () => {
    expect(said(dag(', site: busan'))).toBe('informational clear-between-sites');
  });

  test('within a site, or where a site is not known, it is as documented', () => {
    expect(said(dag(', site: seoul'))).toBe('informational clear-by-default');
    expect(said(dag(''))).toBe('informational clear-by-default');
  });
});
