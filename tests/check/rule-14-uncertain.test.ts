import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import {
  answer,
  auditFlows,
  between,
  exposed,
  judge,
  nothingToUpgrade,
  offers,
  secured,
  starttls,
  tls,
  upgraded,
} from '../support/judge-flow.ts';

describe('rule 14: a cell of low confidence', () => {
  const call = (facts: Fact[], port = 5060, path = 'sip') =>
    judge(between('cas1', 'um1', port, path, facts), 'cas-to-um')?.encryption;

  test('turns a failure into something worth knowing', () => {
    expect(call([exposed('call')])).toBe('informational reference-uncertain');
    expect(call([secured('tls', 'integrity')], 5061, 'tls')).toBe('informational reference-uncertain');
    expect(auditFlows([between('cas1', 'um1', 5060, 'sip', [exposed('call')])]).summary.paths.fail).toBe(0);
  });

  test('and leaves a pass and an unknown what they are', () => {
    expect(call(tls(), 5061, 'tls')).toBe('pass as-expected');
    expect(call([])).toBe('unknown no-content');
  });
});

describe('rule 14: an edge server and another organisation, in clear', () => {
  type Blind = NonNullable<Parameters<typeof between>[5]>['blind'];
  const out = (facts: Fact[], blind: Blind = []) =>
    judge(between('edge1', 'partner', 25, 'smtp', [...facts, exposed('message')], { blind }), 'edge-to-edge')
      ?.encryption;
  const into = (facts: Fact[]) =>
    judge(between('partner', 'edge1', 25, 'smtp', [...facts, exposed('message')]), 'edge-to-edge')?.encryption;

  test('their server offered no TLS', () => {
    expect(out([nothingToUpgrade])).toBe('informational not-offered');
    expect(
      answer([between('edge1', 'partner', 25, 'smtp', [nothingToUpgrade, exposed('message')])], 'edge-to-edge'),
    ).toEqual({
      port: 'pass as-expected',
      authentication: 'pass as-expected',
      encryption: 'informational not-offered',
    });
  });

  test('their server offered it, and it was not used', () => {
    expect(out([offers()])).toBe('fail clear-content');
    expect(out([offers(), nothingToUpgrade])).toBe('fail clear-content');
  });

  test('it was agreed on, and not followed', () => {
    expect(out(upgraded())).toBe('fail clear-content');
    expect(out([nothingToUpgrade, ...upgraded().slice(1)])).toBe('fail clear-content');
  });

  test('it offered another way than the one that was asked for', () => {
    const asked: Fact = { kind: 'described', what: 'upgrade-asked', verb: 'STARTTLS' };
    expect(out([nothingToUpgrade, offers('X-ANONYMOUSTLS'), asked])).toBe('fail clear-content');
  });

  test('nobody asked what their server offers (HELO)', () => {
    expect(out([])).toBe('fail clear-content');
  });

  test('what their server offered was not seen', () => {
    expect(out([], [['midstream', 1]])).toBe('unknown midstream');
    expect(out([], [['one-direction', 1]])).toBe('unknown one-direction');
    expect(out([], [['gap', 5]])).toBe('unknown gap');
    expect(out([], [['gap', 50]])).toBe('fail clear-content');
    expect(out([offers()], [['midstream', 1]])).toBe('fail clear-content');
  });

  test('what it offered was overwritten on the way: that is no proof that it offered nothing', () => {
    const masked: Fact = { kind: 'described', what: 'masked-capability', text: 'XXXXXXXX' };
    expect(out([masked, nothingToUpgrade])).toBe('fail clear-content');
  });

  test('our edge server offered none, or its offer was not used', () => {
    expect(into([nothingToUpgrade])).toBe('fail clear-content');
    expect(into([offers()])).toBe('fail clear-content');
    expect(into([])).toBe('fail clear-content');
  });

  test('protected in both directions', () => {
    for (const [from, to] of [
      ['edge1', 'partner'],
      ['partner', 'edge1'],
    ] as const) {
      expect(judge(between(from, to, 25, 'smtp/tls', starttls()), 'edge-to-edge')?.encryption).toBe('pass as-expected');
    }
  });

  test('nothing of this excuses hubs', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp', [nothingToUpgrade, exposed('message')]);
    expect(judge(flow, 'hub-to-hub')?.encryption).toBe('fail clear-content');
  });
});

describe('rule 14: documented opt-outs stay failures', () => {
  test('AD LDS on 50389 from afar', () => {
    const flow = between('hub1', 'edge1', 50389, 'ldap', [exposed('directory')]);
    expect(judge(flow, 'edgesync-hub-to-edge')).toMatchObject({
      port: 'fail unlisted-port',
      encryption: 'fail clear-content',
    });
  });

  test('TLS off between hubs', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp', [nothingToUpgrade, exposed('message')]);
    expect(auditFlows([flow]).summary.paths.fail).toBe(1);
  });
});

describe('rule 15: old TLS', () => {
  test.each([0x0002, 0x0300, 0x0301, 0x0302])('version %d encrypts, so it passes', (version) => {
    const flow = between('hub1', 'hub2', 25, 'smtp/tls', starttls({ version, suite: 0x002f }));
    expect(judge(flow, 'hub-to-hub')?.encryption).toBe('pass as-expected');
  });
});
