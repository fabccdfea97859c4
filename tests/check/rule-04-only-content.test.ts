import { describe, expect, test } from 'vitest';
import {
  answer,
  between,
  exposed,
  judge,
  nothingToUpgrade,
  offers,
  report,
  starttls,
  tls,
  tried,
  upgraded,
} from '../support/judge-flow.ts';

const banner = { kind: 'described', what: 'banner', text: 'hub2 ESMTP' } as const;

describe('rule 4: only content counts', () => {
  test.each([
    ['a greeting and a capability list', 'hub2', 25, 'smtp', [banner, nothingToUpgrade], 'hub-to-hub'],
    [
      'a refused upgrade and a farewell',
      'hub2',
      25,
      'smtp',
      [offers(), { kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: '454' }],
      'hub-to-hub',
    ],
    ['an upgrade without a handshake', 'hub2', 25, 'smtp/tls', upgraded(), 'hub-to-hub'],
    ['a handshake without content', 'hub2', 25, 'smtp/tls', starttls({ content: false }), 'hub-to-hub'],
    ['a root DSE read', 'dc1', 389, 'ldap', [], 'hub-ad-access'],
    ['an anonymous bind and a root DSE read', 'dc1', 389, 'ldap', [tried('anonymous')], 'hub-ad-access'],
  ] as const)('%s exposes nothing and proves nothing', (_name, to, port, path, facts, id) => {
    const flow = between('hub1', to, port, path, [...facts]);
    expect(judge(flow, id)).toMatchObject({
      authentication: 'unknown no-content',
      encryption: 'unknown no-content',
    });
    expect(report(flow).encryption).toMatchObject({ protection: 'unknown', mechanism: null });
    expect(report(flow).blindSpots.map(({ why }) => why)).toEqual(['no-content']);
  });

  test.each([
    ['a resumed session', tls('tls', { resumed: true, content: false }), 'resumed-session', 20],
    ['TLS 1.3', tls('tls', { version: 0x0304, content: false }), 'encrypted', 20],
  ] as const)('%s hides certificates, which says nothing of content that never came', (_name, facts, why, frame) => {
    const flow = between('client1', 'cas1', 443, 'tls', [...facts], { blind: [[why, frame]] });
    expect(judge(flow, 'outlook-web-app')?.encryption).toBe('unknown no-content');
  });

  test('a suite that nobody knows and bytes that do not look encrypted: content came, and cannot be judged', () => {
    const facts = tls('tls', { suite: 0x7777, content: false });
    const flow = between('client1', 'cas1', 443, 'tls', facts, { blind: [['encrypted', 60]] });
    expect(judge(flow, 'outlook-web-app')?.encryption).toBe('unknown encrypted');
    expect(report(flow).blindSpots.map(({ why }) => why)).toEqual(['encrypted']);
    const protectedFlow = between('client1', 'cas1', 443, 'tls', tls());
    expect(answer([protectedFlow, flow], 'client-access-https').encryption).toBe('unknown encrypted');
  });

  test('credentials alone are content of nobody but of who showed them', () => {
    const flow = between('hub1', 'dc1', 389, 'ldap', [exposed('credentials'), tried('simple-bind', 'refused')]);
    expect(judge(flow, 'hub-ad-access')).toMatchObject({
      authentication: 'unknown no-content',
      encryption: 'fail clear-content',
    });
  });

  test('a message that could not be read may have been content', () => {
    const flow = between('hub1', 'dc1', 389, 'ldap', [], { blind: [['malformed', 7]] });
    expect(judge(flow, 'hub-ad-access')?.encryption).toBe('unknown malformed');
    expect(report(flow).blindSpots.map(({ why }) => why)).toEqual(['malformed']);
  });
});
