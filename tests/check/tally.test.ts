import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/commands/auditing.ts';
import { limits } from '../../src/limits.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { answer, auditFlows, between, exposed, rulesWith, secured, starttls, tried } from '../support/judge-flow.ts';

const failing = between('client1', 'hub1', 587, 'smtp', [tried('ntlm'), exposed('message')]);
const passing = between('client1', 'hub1', 587, 'smtp/tls', [tried('ntlm'), ...starttls()]);
const open = between('client1', 'hub1', 587, 'smtp/tls', starttls(), { blind: [['midstream', 1]] });
const empty = between('client1', 'hub1', 587, 'smtp');
const syn = between('client1', 'hub1', 587, '', [], { bytes: { client: 0, server: 0 } });

const encryption = (...flows: FlowRecord[]) => answer(flows, 'smtp-client-to-hub').encryption;

describe("results: a path's result per check", () => {
  test('any fail wins, in any order', () => {
    expect(encryption(failing, passing, open, empty)).toBe('fail clear-content');
    expect(encryption(empty, open, passing, failing)).toBe('fail clear-content');
  });

  test('of several failures the gravest is told, in any order', () => {
    const signed = between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl', 'integrity')]);
    const clear = between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), exposed('directory')]);
    expect(answer([signed, clear], 'hub-ad-access').encryption).toBe('fail clear-content');
    expect(answer([clear, signed], 'hub-ad-access').encryption).toBe('fail clear-content');
    expect(answer([signed], 'hub-ad-access').encryption).toBe('fail integrity-only');
  });

  test('then unknown', () => {
    expect(encryption(passing, open)).toBe('unknown midstream');
    expect(encryption(open, passing)).toBe('unknown midstream');
  });

  test('then informational, then pass', () => {
    const clear = between('cas1', 'old1', 110, 'pop3', [exposed('mailbox')]);
    const sealed = between('cas1', 'old1', 110, 'pop3', [secured('stls')]);
    expect(answer([sealed, clear], 'cas-to-legacy-mailbox').encryption).toBe('informational clear-by-default');
    expect(answer([sealed, sealed], 'cas-to-legacy-mailbox').encryption).toBe('pass better-than-documented');
    expect(encryption(passing)).toBe('pass as-expected');
  });

  test('flows without content are left out, and alone they leave the path unknown', () => {
    expect(encryption(passing, empty, syn)).toBe('pass as-expected');
    expect(encryption(empty)).toBe('unknown no-content');
    expect(encryption(syn)).toBe('unknown no-content');
  });

  test('a protocol without an analyzer', () => {
    const kerberos = between('hub1', 'dc1', 88, '', [], { transport: 'udp' });
    const rules = { ...rulesWith(), analyzers: new Set(['ldap']) };
    expect(answer([kerberos], 'hub-ad-access', rules).encryption).toBe('unknown no-analyzer');
    const bind = between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl')]);
    expect(answer([kerberos, bind], 'hub-ad-access', rules).encryption).toBe('unknown no-analyzer');
  });

  test('no flow at all', () => {
    expect(encryption()).toBe('notchecked not-observed');
  });
});

describe('results: the summary', () => {
  const { paths, groups, summary } = auditFlows([failing, passing]);

  test('counts every path or group once', () => {
    const alone = paths.filter(({ group }) => group === null).length;
    const total = Object.values(summary.paths).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(alone + groups.length);
    expect(Object.values(summary.checks).reduce((sum, count) => sum + count, 0)).toBe(3 * total);
    expect(summary.paths).toMatchObject({ fail: 1, notchecked: total - 1 });
  });

  test('a path is as bad as its worst check', () => {
    expect(summary.checks).toMatchObject({ fail: 1, pass: 2 });
    expect(summary.decided).toEqual({ decided: 3, observed: 3 });
  });

  test('all paths are there, in pack order, also those that nothing was seen of', () => {
    expect(paths.map(({ id }) => id)).toEqual(rulesWith().pack.paths.map(({ id }) => id));
    expect(auditFlows([]).summary.paths.notchecked).toBe(
      Object.values(summary.paths).reduce((sum, count) => sum + count, 0),
    );
  });

  test('mechanisms and protections of a path are those of its flows', () => {
    expect(paths.find(({ id }) => id === 'smtp-client-to-hub')).toMatchObject({
      flows: ['f0', 'f1'],
      port: { flows: 2 },
      authentication: { observed: ['ntlm'], default: ['ntlm', 'kerberos'] },
      encryption: { observed: ['none', 'starttls'], byDefault: 'yes' },
    });
  });
});

describe('what surrounds the results', () => {
  test('capture quality counts flows by what they miss, and duplicates', () => {
    const gap = between('hub1', 'hub2', 25, 'smtp', [], {
      blind: [
        ['gap', 3],
        ['gap', 9],
        ['midstream', 1],
      ],
      duplicates: 3,
    });
    expect(auditFlows([gap, passing, { ...passing, duplicates: 2 }]).captureQuality).toMatchObject({
      flows: 3,
      gaps: 1,
      midstream: 1,
      oneDirection: 0,
      duplicates: 5,
    });
  });

  test('hosts are named by the topology, as such or as part of a network', () => {
    const { hosts } = auditFlows([between('desk', 'hub1', 587, 'smtp'), between('stranger', 'hub1', 587, 'smtp')]);
    expect(hosts.map(({ address, name, named, roles, flows }) => [address, name, named, roles, flows])).toEqual([
      ['10.0.0.11', 'hub1', true, ['hub'], 2],
      ['10.1.2.3', null, true, ['client'], 1],
      ['198.51.100.7', null, false, ['external'], 1],
    ]);
  });

  test('a list that is full says how much was left off', () => {
    const scan = Array.from({ length: limits.hosts + 5 }, (_, index) => ({
      ...between('stranger', 'hub1', 25, ''),
      client: { address: `2001:db8::${(index + 1).toString(16)}`, port: 1 },
    }));
    const audit = auditFlows(scan);
    expect(audit.hosts.filter(({ named }) => !named)).toHaveLength(limits.hosts - 1);
    expect(audit.limits).toEqual([{ name: 'hosts', cap: limits.hosts, hit: 6, detail: expect.any(String) }]);
  });
});

describe('exit codes', () => {
  const exit = (flows: FlowRecord[], options = {}, rules = rulesWith()) =>
    exitCodeOf(auditFlows(flows, rules), { inference: true, ...options });

  test('1 where something failed, else 0', () => {
    expect(exit([failing, passing])).toBe(1);
    expect(exit([passing])).toBe(0);
    expect(exit([open])).toBe(0);
    expect(exit([])).toBe(0);
  });

  test('with --strict also where something stayed open', () => {
    expect(exit([open], { strict: true })).toBe(1);
    expect(exit([passing], { strict: true })).toBe(0);
  });

  test('0 where no topology says who is who', () => {
    expect(exit([failing], {}, rulesWith(null))).toBe(0);
    expect(exit([failing], { strict: true }, rulesWith(null))).toBe(1);
  });

  test('0 for what is unexpected', () => {
    expect(exit([between('hub1', 'mbx1', 23, '')])).toBe(0);
  });
});
