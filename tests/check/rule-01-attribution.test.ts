import { describe, expect, test } from 'vitest';
import { auditFlows, between, exposed, judge, offers, report, rulesWith, tls } from '../support/judge-flow.ts';

const clearMail = [offers(), exposed('message')];
const unexpected = (...args: Parameters<typeof auditFlows>) => auditFlows(...args).unexpected.map(({ why }) => why);

describe('rule 1: by role pair and identified protocol, the port is judged afterwards', () => {
  test('a listed port passes, another fails; what was recognised stays on its path', () => {
    expect(judge(between('hub1', 'hub2', 25, 'smtp', clearMail), 'hub-to-hub')?.port).toBe('pass as-expected');
    expect(judge(between('hub1', 'hub2', 2525, 'smtp', clearMail), 'hub-to-hub')).toEqual({
      port: 'fail unlisted-port',
      authentication: 'fail not-authenticated',
      encryption: 'fail clear-content',
    });
  });

  test('the roles choose the path, in its direction', () => {
    expect(report(between('hub1', 'edge1', 25, 'smtp')).paths).toEqual(['hub-to-edge']);
    expect(report(between('edge1', 'hub1', 25, 'smtp')).paths).toEqual(['edge-to-hub']);
    expect(report(between('hub1', 'dc1', 389, 'ldap')).paths).toEqual(['hub-ad-access']);
    expect(report(between('dc1', 'hub1', 389, 'ldap')).paths).toEqual([]);
  });

  test('a carrier that either side opens: edge and other organisations', () => {
    expect(report(between('edge1', 'partner', 25, 'smtp')).paths).toEqual(['edge-to-edge']);
    expect(report(between('partner', 'edge1', 25, 'smtp')).paths).toEqual(['edge-to-edge']);
  });

  test('a carrier that only the far side opens: CAS calls OCS on 5061, OCS calls CAS on 5075 to 5077', () => {
    expect(report(between('cas1', 'ocs1', 5061, 'tls')).paths).toEqual(['ocs-to-cas']);
    expect(report(between('ocs1', 'cas1', 5061, 'tls')).paths).not.toContain('cas-to-ocs');
    expect(judge(between('ocs1', 'cas1', 5076, 'tls', tls()), 'ocs-to-cas')?.port).toBe('pass as-expected');
    expect(judge(between('ocs1', 'cas1', 5061, 'tls', tls()), 'ocs-to-cas')?.port).toBe('fail unlisted-port');
  });

  test('a row for clients takes external ones, and members of a network', () => {
    for (const client of ['client1', 'desk', 'stranger'] as const) {
      expect(report(between(client, 'hub1', 587, 'smtp')).paths).toEqual(['smtp-client-to-hub']);
    }
  });

  test('a load balancer stands for what is behind it', () => {
    expect(report(between('client1', 'lb1', 587, 'smtp')).paths).toContain('smtp-client-to-hub');
    expect(report(between('client1', 'lb1', 443, 'tls')).paths).toContain('outlook-web-app');
  });

  test("a topology's port replaces the pack's", () => {
    const rules = rulesWith('ports: { replication: 65000 }\n');
    expect(report(between('mbx1', 'mbx2', 64327, ''), rules).paths).toEqual([]);
    expect(report(between('mbx1', 'mbx2', 65000, ''), rules).paths).toEqual(['log-shipping', 'seeding']);
  });
});

describe('rule 1: what is known only as TLS', () => {
  test('belongs to the paths that list its port', () => {
    expect(report(between('client1', 'cas1', 443, 'tls', tls())).paths).toContain('outlook-web-app');
    expect(report(between('hub1', 'edge1', 50636, 'tls', tls())).paths).toEqual(['edgesync-hub-to-edge']);
    expect(report(between('client1', 'cas1', 8443, 'tls', tls())).paths).toEqual([]);
  });

  test.each([
    ['client1', 'hub1', 465, 'smtp-client-to-hub'],
    ['client1', 'cas1', 993, 'imap4'],
    ['client1', 'cas1', 995, 'pop3'],
  ] as const)("%s to %s on the protocol's registered port %d: %s", (from, to, port, path) => {
    expect(report(between(from, to, port, 'tls', tls())).paths).toEqual([path]);
  });

  test('a registered port that no row lists fails as a port', () => {
    expect(judge(between('client1', 'hub1', 465, 'tls', tls()), 'smtp-client-to-hub')?.port).toBe('fail unlisted-port');
  });

  test.each([636, 3269])(
    'LDAP inside TLS on %d of a domain controller is a known neighbour, so no failed port',
    (port) => {
      const flow = between('hub1', 'dc1', port, 'tls', tls());
      expect(report(flow).paths).toEqual([]);
      const audit = auditFlows([flow]);
      expect(audit.unexpected).toEqual([{ flow: 'f0', why: 'outside-reference' }]);
      expect(audit.summary.paths.fail).toBe(0);
    },
  );

  test('directory content in clear on such a port is attributed all the same: its exposure must not be lost', () => {
    const flow = between('hub1', 'dc1', 636, 'ldap', [exposed('directory')]);
    expect(judge(flow, 'hub-ad-access')).toMatchObject({
      port: 'fail unlisted-port',
      encryption: 'fail clear-content',
    });
  });
});

describe('rule 1: a port alone attributes a flow without recognised content only as unknown', () => {
  test('content that is not the protocol whose port it is', () => {
    const flow = between('hub1', 'hub2', 25, '');
    expect(judge(flow, 'hub-to-hub')).toEqual({
      port: 'unknown unrecognised-content',
      authentication: 'unknown unrecognised-content',
      encryption: 'unknown unrecognised-content',
    });
  });

  test.each([
    ['hub1', 'dc1', 88, 'tcp', 'hub-ad-access'],
    ['mbx1', 'mbx2', 3343, 'udp', 'clustering'],
    ['cas1', 'cas2', 808, 'tcp', 'mailbox-replication-service'],
    ['admin1', 'mbx1', 445, 'tcp', 'admin-smb-file'],
  ] as const)('%s to %s on %d/%s: no analyzer yet for %s', (from, to, port, transport, path) => {
    const rules = { ...rulesWith(), analyzers: new Set(['tls']) };
    expect(judge(between(from, to, port, '', [], { transport }), path, rules)?.encryption).toBe('unknown no-analyzer');
  });

  test('a flow without a byte: nothing was said, whatever the port', () => {
    for (const [to, port, path] of [
      ['hub2', 25, 'hub-to-hub'],
      ['dc1', 88, 'hub-ad-access'],
    ] as const) {
      const flow = between('hub1', to, port, '', [], { bytes: { client: 0, server: 0 }, state: 'S0' });
      expect(judge(flow, path)?.port).toBe('unknown no-content');
      expect(report(flow).blindSpots.map(({ why }) => why)).toEqual(['no-content']);
    }
  });

  test('a flow whose bytes were all cut off did have content', () => {
    const flow = between('hub1', 'hub2', 25, '', [], {
      bytes: { client: 0, server: 0 },
      missedBytes: 900,
      blind: [['truncated-capture', 5]],
    });
    expect(judge(flow, 'hub-to-hub')?.encryption).toBe('unknown truncated-capture');
    expect(report(flow).blindSpots.map(({ why }) => why)).toEqual(['truncated-capture']);
  });

  test('a dynamic port lists every port, so it attributes nothing that is not recognised', () => {
    expect(report(between('cas1', 'mbx1', 6010, '')).paths).toEqual([]);
    expect(report(between('cas1', 'mbx1', 6010, 'tls', tls())).paths).toEqual([]);
  });
});

describe('rule 1: the rest is unexpected', () => {
  test('between known roles but on no path', () => {
    expect(unexpected([between('hub1', 'mbx1', 3389, '')])).toEqual(['no-path']);
    expect(unexpected([between('desk', 'desk2', 6881, '')])).toEqual(['no-path']);
  });

  test("named by the pack's list of neighbours, where the roles are those of the entry", () => {
    const probe = (from: 'edge1' | 'mbx1') => between(from, 'partner', 1080, '');
    expect(unexpected([between('hub1', 'cas1', 445, '')])).toEqual(['outside-reference']);
    expect(unexpected([between('client1', 'dc1', 464, '', [], { transport: 'udp' })])).toEqual(['outside-reference']);
    expect(unexpected([probe('edge1')])).toEqual(['outside-reference']);
    expect(unexpected([probe('mbx1')])).toEqual(['no-path']);
    expect(unexpected([between('hub1', 'hub2', 636, 'tls', tls())])).toEqual(['no-path']);
  });

  test('strangers among themselves, and anybody without a topology, are nobody to expect anything of', () => {
    expect(unexpected([between('partner', 'stranger', 25, 'smtp', clearMail)])).toEqual([]);
    expect(unexpected([between('hub1', 'mbx1', 3389, '')], rulesWith(null))).toEqual([]);
  });
});

describe('rule 1: without a topology', () => {
  const rules = rulesWith(null);

  test.each([
    ['clear mail', between('hub1', 'hub2', 25, 'smtp', clearMail)],
    ['TLS', between('client1', 'cas1', 443, 'tls', tls())],
    ['an unknown protocol', between('hub1', 'dc1', 88, '')],
    ['a SYN alone', between('hub1', 'hub2', 25, '', [], { bytes: { client: 0, server: 0 } })],
  ])('%s: every answer is unknown, as the roles are', (_name, flow) => {
    const { results } = report(flow, rules);
    expect(results.length).toBeGreaterThan(0);
    expect(new Set(results.map(({ result, reason }) => `${result} ${reason}`))).toEqual(
      new Set(['unknown roles-unknown']),
    );
    expect(auditFlows([flow], rules).summary.paths).toMatchObject({ fail: 0, error: 0, pass: 0 });
  });

  test('exposures are still shown', () => {
    expect(report(between('hub1', 'hub2', 25, 'smtp', clearMail), rules).encryption.exposed).toEqual(['message']);
  });
});
