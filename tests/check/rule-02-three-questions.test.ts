import { describe, expect, test } from 'vitest';
import { between, exposed, judge, report, secured, tried } from '../support/judge-flow.ts';

describe('rule 2: port, encryption and authentication are judged apart', () => {
  test('a password in clear where Basic is supported passes authentication and fails encryption', () => {
    const flow = between('hub1', 'edge1', 50636, 'ldap', [
      exposed('credentials'),
      tried('simple-bind', 'accepted', { protected: false }),
      exposed('directory'),
    ]);
    expect(judge(flow, 'edgesync-hub-to-edge')).toEqual({
      port: 'pass as-expected',
      authentication: 'pass as-expected',
      encryption: 'fail clear-content',
    });
    expect(report(flow).authentication).toMatchObject({ credentialsExposed: true, hidden: false });
  });

  test('a password shown counts also when the login was refused', () => {
    const flow = between('client1', 'hub1', 587, 'smtp', [exposed('credentials'), tried('login', 'refused')]);
    expect(report(flow).authentication).toMatchObject({ credentialsExposed: true, mechanisms: [] });
    expect(judge(flow, 'smtp-client-to-hub')?.encryption).toBe('fail clear-content');
  });

  test('a challenge and response is no password', () => {
    const flow = between('client1', 'hub1', 587, 'smtp', [tried('ntlm', 'accepted', { version: 'v2' })]);
    expect(report(flow).authentication).toMatchObject({ credentialsExposed: false, mechanisms: ['ntlm'] });
  });

  test('a wrong port changes nothing of the other two', () => {
    const flow = between('hub1', 'dc1', 3890, 'ldap', [tried('kerberos'), secured('sasl')]);
    expect(judge(flow, 'hub-ad-access')).toEqual({
      port: 'fail unlisted-port',
      authentication: 'pass as-expected',
      encryption: 'pass as-expected',
    });
  });

  test('every pass and every fail names a frame', () => {
    const flows = [
      between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl')]),
      between('hub1', 'hub2', 2525, 'smtp', [exposed('message')]),
    ];
    for (const { results } of flows.map((flow) => report(flow))) {
      for (const { result, evidence } of results) {
        if (result === 'pass' || result === 'fail') expect(evidence[0]).toMatchObject({ file: 'a.pcap' });
      }
    }
  });
});
