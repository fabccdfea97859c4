import { describe, expect, test } from 'vitest';
import { acceptedBy, allows } from '../../src/check/authentication-words.ts';
import type { AuthenticationMechanism, Fact } from '../../src/protocols/fact.ts';
import { between, exposed, judge, rulesWith, secured, tls, tried } from '../support/judge-flow.ts';
import { readPack } from '../support/read-pack.ts';

const pack = readPack();
const takes = (word: string, mechanism: AuthenticationMechanism, version?: string): boolean =>
  allows(acceptedBy([word], pack), {
    kind: 'authenticated',
    mechanism,
    outcome: 'accepted',
    protected: true,
    ...(version === undefined ? {} : { version }),
  });

describe('rule 8: words of the reference', () => {
  test.each(['basic', 'user-pass', 'login', 'plain', 'simple-bind'] as const)('basic takes %s', (mechanism) => {
    expect(takes('basic', mechanism)).toBe(true);
    expect(takes('kerberos', mechanism)).toBe(false);
    expect(takes('ntlm', mechanism)).toBe(false);
  });

  test('integrated Windows is Kerberos or NTLM; kerberos is not NTLM', () => {
    expect(takes('integrated-windows', 'kerberos')).toBe(true);
    expect(takes('integrated-windows', 'ntlm')).toBe(true);
    expect(takes('integrated-windows', 'basic')).toBe(false);
    expect(takes('kerberos', 'ntlm')).toBe(false);
  });

  test('NTLM version 1 fails where only version 2 is supported', () => {
    expect(takes('ntlm-v2-only', 'ntlm', 'v1')).toBe(false);
    expect(takes('ntlm-v2-only', 'ntlm', 'v2')).toBe(true);
    expect(takes('ntlm', 'ntlm', 'v1')).toBe(true);
  });

  test('inside Negotiate the one that was negotiated is judged', () => {
    const bind = (mechanism: AuthenticationMechanism) =>
      judge(
        between('hub1', 'dc1', 389, 'ldap', [tried(mechanism, 'accepted', { inside: 'negotiate' }), secured('sasl')]),
        'hub-ad-access',
      )?.authentication;
    expect(bind('kerberos')).toBe('pass as-expected');
    expect(bind('ntlm')).toBe('fail not-supported');
  });

  test('what is only offered proves nothing', () => {
    const offered: Fact = { kind: 'offered', what: 'authentication', mechanisms: ['GSSAPI', 'NTLM'] };
    const flow = between('hub1', 'hub2', 25, 'smtp', [offered, exposed('message')]);
    expect(judge(flow, 'hub-to-hub')?.authentication).toBe('fail not-authenticated');
  });

  test('supported but not the default is worth knowing', () => {
    const flow = between('cas1', 'old1', 110, 'pop3', [tried('user-pass'), exposed('mailbox')]);
    expect(judge(flow, 'cas-to-legacy-mailbox')?.authentication).toBe('informational not-default');
  });

  test('what a carrier takes beside the words', () => {
    const accepted = acceptedBy(['kerberos'], pack, ['netlogon']);
    const netlogon = { kind: 'authenticated', mechanism: 'netlogon', outcome: 'accepted', protected: true } as const;
    expect(allows(accepted, netlogon)).toBe(true);
    expect(allows(acceptedBy(['kerberos'], pack), netlogon)).toBe(false);
  });
});

describe('rule 8: by IP address', () => {
  const call = between('pbx1', 'um1', 5060, 'sip', [exposed('call')]);
  const path = 'um-phone-interaction';

  test('without gateways nothing on the wire tells', () => {
    expect(judge(call, path)?.authentication).toBe('unknown not-on-the-wire');
  });

  test('a listed gateway passes in both directions, another fails', () => {
    const listed = rulesWith('gateways: [10.0.0.80]\n');
    const back = between('um1', 'pbx1', 5060, 'sip', [exposed('call')]);
    expect(judge(call, path, listed)?.authentication).toBe('pass listed-gateway');
    expect(judge(back, path, listed)?.authentication).toBe('pass listed-gateway');
    expect(judge(call, path, rulesWith('gateways: [10.9.9.9]\n'))?.authentication).toBe('fail unlisted-gateway');
  });

  test('a connection that never came to content authenticates nobody', () => {
    const handshake = between('pbx1', 'um1', 5061, 'tls', tls('tls', { content: false }));
    expect(judge(handshake, path, rulesWith('gateways: [10.0.0.80]\n'))?.authentication).toBe('unknown no-content');
  });
});
