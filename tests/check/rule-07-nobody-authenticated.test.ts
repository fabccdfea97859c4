import { describe, expect, test } from 'vitest';
import { between, exposed, judge, report, secured, starttls, tls, tried } from '../support/judge-flow.ts';

const mail = (...facts: Parameters<typeof between>[4] & object) =>
  judge(between('hub1', 'hub2', 25, 'smtp', facts), 'hub-to-hub')?.authentication;
const directory = (facts: Parameters<typeof between>[4], some?: Parameters<typeof between>[5]) =>
  judge(between('hub1', 'dc1', 389, 'ldap', facts, some), 'hub-ad-access')?.authentication;

describe('rule 7: content in clear without authentication', () => {
  test('fails where the path requires it', () => {
    expect(mail(exposed('message'))).toBe('fail not-authenticated');
  });

  test.each(['refused', 'unfinished'] as const)('a %s exchange authenticates nobody', (outcome) => {
    expect(mail(tried('kerberos', outcome), exposed('message'))).toBe('fail not-authenticated');
  });

  test('an outcome that was not seen decides nothing', () => {
    expect(mail(tried('kerberos', 'unseen'), exposed('message'))).toMatch(/^unknown /);
  });

  test('content before the login fails, though somebody logs in later', () => {
    expect(mail(exposed('message'), tried('kerberos'))).toBe('fail not-authenticated');
    expect(mail(tried('kerberos'), exposed('message'))).toBe('pass as-expected');
  });

  test('content before a login, where an earlier login could have been missed', () => {
    expect(directory([exposed('directory'), tried('kerberos')], { blind: [['midstream', 1]] })).toBe(
      'unknown midstream',
    );
    expect(directory([exposed('directory'), tried('kerberos')], { blind: [['gap', 15]] })).toBe(
      'fail not-authenticated',
    );
  });

  test.each(['midstream', 'gap', 'truncated-capture', 'dropped-frames', 'malformed'] as const)(
    '%s before the content could hide the login; after it, it could not',
    (why) => {
      expect(directory([exposed('directory')], { blind: [[why, 5]] })).toBe(`unknown ${why}`);
      expect(directory([exposed('directory')], { blind: [[why, 10]] })).toBe(`unknown ${why}`);
      expect(directory([exposed('directory')], { blind: [[why, 11]] })).toBe('fail not-authenticated');
    },
  );

  test('a side that was never captured could hide it throughout', () => {
    expect(directory([exposed('directory')], { blind: [['one-direction', 99]] })).toBe('unknown one-direction');
  });

  test('two attempts: the accepted one counts', () => {
    expect(mail(tried('kerberos', 'refused'), tried('kerberos'), exposed('message'))).toBe('pass as-expected');
    expect(mail(tried('plain', 'refused'), tried('kerberos'), exposed('message'))).toBe('pass as-expected');
  });

  test('two accepted ones: an unsupported one fails, whatever the other', () => {
    expect(mail(tried('kerberos'), tried('plain'), exposed('message'))).toBe('fail not-supported');
    expect(mail(tried('plain'), tried('kerberos'), exposed('message'))).toBe('fail not-supported');
  });

  test('an unsupported one whose outcome was not seen keeps a supported one from being the answer', () => {
    expect(mail(tried('kerberos'), tried('plain', 'unseen'), exposed('message'))).toMatch(/^unknown /);
  });
});

describe('rule 7: anonymous', () => {
  test('passes where supported', () => {
    const flow = between('edge1', 'partner', 25, 'smtp', [exposed('message')]);
    expect(judge(flow, 'edge-to-edge')?.authentication).toBe('pass as-expected');
  });

  test('a refused login leaves the client anonymous there', () => {
    const flow = between('partner', 'edge1', 25, 'smtp', [tried('plain', 'refused'), exposed('message')]);
    expect(judge(flow, 'edge-to-edge')?.authentication).toBe('pass as-expected');
  });

  test('but a login that is not supported fails there, and one that may have been accepted is open', () => {
    const authentication = (outcome: 'accepted' | 'unseen') =>
      judge(between('partner', 'edge1', 25, 'smtp', [tried('plain', outcome), exposed('message')]), 'edge-to-edge')
        ?.authentication;
    expect(authentication('accepted')).toBe('fail not-supported');
    expect(authentication('unseen')).toMatch(/^unknown /);
  });

  test('nor is it proven by content that could have come after a login', () => {
    const flow = between('partner', 'edge1', 25, 'smtp', [exposed('message')], { blind: [['midstream', 1]] });
    expect(judge(flow, 'edge-to-edge')?.authentication).toBe('unknown midstream');
  });

  test('a bind as nobody authenticates nobody where it is not supported', () => {
    expect(directory([tried('anonymous'), exposed('directory')])).toBe('fail not-authenticated');
  });

  test('anonymous, then bound: only what goes between the two is anonymous', () => {
    expect(directory([tried('anonymous'), tried('kerberos'), exposed('directory')])).toBe('pass as-expected');
    expect(directory([tried('anonymous'), exposed('directory'), tried('kerberos')])).toBe('fail not-authenticated');
    expect(directory([tried('kerberos'), tried('anonymous'), exposed('directory')])).toBe('fail not-authenticated');
  });
});

describe('rule 7: content inside encryption', () => {
  test('hides the login', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp/tls', starttls());
    expect(judge(flow, 'hub-to-hub')?.authentication).toBe('unknown inside-encryption');
    expect(report(flow).authentication).toMatchObject({ hidden: true, mechanisms: [] });
  });

  test('hides it also where anonymous is supported: a login that is not could be inside', () => {
    const flow = between('edge1', 'partner', 25, 'smtp/tls', starttls());
    expect(judge(flow, 'edge-to-edge')?.authentication).toBe('unknown inside-encryption');
  });

  test('unless a clear exchange before it answers', () => {
    expect(directory([tried('kerberos'), secured('sasl')])).toBe('pass as-expected');
    const flow = between('hub1', 'hub2', 25, 'smtp/tls', [tried('kerberos'), ...starttls()]);
    expect(judge(flow, 'hub-to-hub')?.authentication).toBe('pass as-expected');
  });

  test('a blind spot in the clear part before it says why', () => {
    const facts = starttls();
    const flow = between('hub1', 'hub2', 25, 'smtp/tls', facts, { blind: [['midstream', 1]] });
    expect(judge(flow, 'hub-to-hub')?.authentication).toBe('unknown midstream');
  });

  test('a client certificate answers where certificates are supported', () => {
    const flow = between('edge1', 'partner', 25, 'smtp/tls', starttls({ client: 'a'.repeat(64) }));
    expect(judge(flow, 'edge-to-edge')?.authentication).toBe('pass as-expected');
  });

  test('elsewhere it neither answers nor fails: Kerberos may follow inside', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp/tls', starttls({ client: 'a'.repeat(64) }));
    expect(judge(flow, 'hub-to-hub')?.authentication).toBe('unknown inside-encryption');
  });

  test('an unsupported login in clear before the encryption fails', () => {
    const flow = between('hub1', 'dc1', 389, 'ldap/tls', [tried('simple-bind'), ...starttls()]);
    expect(judge(flow, 'hub-ad-access')?.authentication).toBe('fail not-supported');
  });

  test('TLS from the first byte has no clear part in which a login could have been missed', () => {
    const flow = between('client1', 'cas1', 443, 'tls', tls(), { blind: [['midstream', 1]] });
    expect(judge(flow, 'outlook-web-app')?.authentication).toBe('unknown inside-encryption');
  });
});
