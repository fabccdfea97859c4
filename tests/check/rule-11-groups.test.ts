import { describe, expect, test } from 'vitest';
import { answer, auditFlows, between, exposed, judge, report, secured, tls, tried } from '../support/judge-flow.ts';

const trio = ['mailbox-ad-access', 'system-attendant-legacy-ad', 'recipient-update-ad'];
const clearSearch = between('mbx1', 'dc1', 389, 'ldap', [tried('kerberos'), exposed('directory')]);

describe('rule 11: rows that no capture can tell apart', () => {
  test('answer together, once; its members show it', () => {
    const audit = auditFlows([clearSearch]);
    expect(audit.groups.find(({ id }) => id === 'mailbox-active-directory')).toEqual({
      id: 'mailbox-active-directory',
      paths: trio,
      port: { result: 'pass', reason: 'as-expected' },
      authentication: { result: 'pass', reason: 'as-expected' },
      encryption: { result: 'fail', reason: 'clear-content' },
    });
    for (const id of trio) {
      expect(audit.paths.find((path) => path.id === id)).toMatchObject({
        group: 'mailbox-active-directory',
        observed: 'group',
        encryption: { result: 'fail', reason: 'clear-content' },
        flows: ['f0'],
      });
    }
    expect(audit.summary.paths.fail).toBe(1);
    expect(audit.summary.checks).toMatchObject({ fail: 1, pass: 2 });
    expect(audit.summary.decided).toEqual({ decided: 3, observed: 3 });
  });

  test('a path outside any group is observed itself', () => {
    const audit = auditFlows([between('hub1', 'hub2', 25, 'smtp', [exposed('message')])]);
    expect(audit.paths.find(({ id }) => id === 'hub-to-hub')).toMatchObject({ group: null, observed: 'itself' });
    expect(audit.paths.find(({ id }) => id === 'mailbox-ad-access')).toMatchObject({ observed: 'no' });
  });

  test("the flow lists the member rows, never the group's id", () => {
    expect(report(clearSearch).paths).toEqual(trio);
  });

  test('a flow that only some members list makes the group fail all the same', () => {
    const flow = between('cas1', 'cas2', 80, 'http', [tried('kerberos'), exposed('web')]);
    expect(report(flow).paths).toEqual(['cas-to-cas-activesync', 'cas-to-cas-owa']);
    const secure = between('cas1', 'cas2', 443, 'tls', tls());
    for (const flows of [[flow], [flow, secure], [secure, flow]]) {
      expect(answer(flows, 'cas-to-cas-https').encryption).toBe('fail clear-content');
      expect(answer(flows, 'cas-to-cas-ews').encryption).toBe('fail clear-content');
      expect(auditFlows(flows).paths.find(({ id }) => id === 'cas-to-cas-ews')?.observed).toBe('group');
    }
  });

  test('a row says what came of its own flows where its group has another result', () => {
    // the reference has the offline address book in clear by default, and Outlook Web App encrypted
    const asked = (name: string) =>
      between('client1', 'cas1', 80, 'http', [{ kind: 'described', what: 'resource', name }, exposed('web')]);
    const row = (id: string, ...flows: Parameters<typeof auditFlows>[0]) =>
      auditFlows(flows).paths.find((path) => path.id === id)!.encryption;
    expect(row('outlook-oab-download', asked('/OAB/'), asked('/owa/'))).toMatchObject({
      result: 'fail',
      alone: { result: 'informational', reason: 'clear-by-default' },
    });
    expect(row('outlook-web-app', asked('/OAB/'), asked('/owa/')).alone).toBeUndefined();
    expect(row('outlook-oab-download', asked('/OAB/')).alone).toBeUndefined();
    expect(row('outlook-oab-download', asked('/owa/')).alone).toBeUndefined();
  });

  test('protected HTTPS passes for the whole group, the row that is clear by default being better', () => {
    const audit = auditFlows([between('client1', 'cas1', 443, 'tls', tls())]);
    expect(audit.groups.find(({ id }) => id === 'client-access-https')?.encryption).toEqual({
      result: 'pass',
      reason: 'as-expected',
    });
    expect(audit.paths.find(({ id }) => id === 'outlook-oab-download')?.betterThanDocumented).toBe(true);
    expect(audit.paths.find(({ id }) => id === 'outlook-web-app')?.betterThanDocumented).toBe(false);
  });
});

describe('rule 11: several candidates', () => {
  test('rows of a group that disagree: no failure stands without a fact that selects the row', () => {
    const flow = between('client1', 'cas1', 80, 'http', [tried('basic'), exposed('web')]);
    expect(judge(flow, 'outlook-web-app')?.encryption).toBe('unknown ambiguous-path');
    expect(judge(flow, 'outlook-oab-download')?.encryption).toBe('informational clear-by-default');
    expect(answer([flow], 'client-access-https')).toMatchObject({ encryption: 'unknown ambiguous-path' });
    expect(report(flow).encryption.exposed).toEqual(['web']);
  });

  test('a pass beside a failure is no proof either: the flow may be the other path’s', () => {
    const flow = between('stranger', 'lb1', 25, 'smtp', [exposed('message')]);
    expect(report(flow).paths).toEqual(['edge-to-edge', 'smtp-client-to-hub']);
    expect(judge(flow, 'edge-to-edge')).toMatchObject({
      port: 'pass as-expected',
      authentication: 'unknown ambiguous-path',
      encryption: 'fail clear-content',
    });
    expect(judge(flow, 'smtp-client-to-hub')).toMatchObject({
      authentication: 'unknown ambiguous-path',
      encryption: 'fail clear-content',
    });
  });

  test('a host of several roles: where all its paths agree, the answer stands', () => {
    const flow = between('all1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl')]);
    expect(report(flow).paths).toEqual(['hub-ad-access', ...trio.slice(0, 2), 'recipient-update-ad', 'cas-ad-access']);
    for (const path of report(flow).paths) {
      expect(judge(flow, path)).toEqual({
        port: 'pass as-expected',
        authentication: 'pass as-expected',
        encryption: 'pass as-expected',
      });
    }
    const simple = between('all1', 'dc1', 389, 'ldap', [tried('simple-bind'), exposed('directory')]);
    expect(judge(simple, 'cas-ad-access')).toMatchObject({
      authentication: 'fail not-supported',
      encryption: 'fail clear-content',
    });
  });

  test('paths that list the port go before those that do not', () => {
    const flow = between('client1', 'hub1', 587, 'smtp', [exposed('message')]);
    expect(judge(flow, 'smtp-client-to-hub')?.port).toBe('pass as-expected');
    expect(report(between('all1', 'edge1', 50636, 'ldap', [exposed('directory')])).paths).toEqual([
      'edgesync-hub-to-edge',
    ]);
  });

  test('calls of an RPC interface that was not seen belong to no path for certain', () => {
    const flow = between('cas1', 'mbx1', 6010, 'dcerpc', [tried('kerberos'), secured('dcerpc')]);
    for (const path of ['availability-cas-to-mailbox', 'cas-to-mailbox']) {
      expect(judge(flow, path)).toEqual({
        port: 'unknown interface-unknown',
        authentication: 'unknown interface-unknown',
        encryption: 'unknown interface-unknown',
      });
    }
  });
});
