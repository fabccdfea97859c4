import { describe, expect, test } from 'vitest';
import { between, exposed, judge, report, rulesWith, starttls, tls, tried } from '../support/judge-flow.ts';

const mine = 'a'.repeat(64);
const other = 'b'.repeat(64);
type Some = Parameters<typeof between>[5];

/** Hub to edge: direct trust. */
const trust = (some: Parameters<typeof starttls>[0], flow: Some = {}, rules = rulesWith()) =>
  judge(between('hub1', 'edge1', 25, 'smtp/tls', starttls(some), flow), 'hub-to-edge', rules)?.authentication;

describe('rule 9: a client certificate with proof of possession in a full handshake', () => {
  test('passes, though it is self-signed and expired, and the report says both', () => {
    const flow = between('hub1', 'edge1', 25, 'smtp/tls', starttls({ client: mine }));
    expect(judge(flow, 'hub-to-edge')?.authentication).toBe('pass as-expected');
    expect(report(flow).tls?.certificates.at(-1)).toMatchObject({
      of: 'client',
      selfSigned: true,
      notAfter: '2021-01-01T00:00:00Z',
    });
  });

  test('asked and refused', () => {
    expect(trust({ refuse: true })).toBe('fail no-client-certificate');
  });

  test('not asked', () => {
    expect(trust({})).toBe('fail no-client-certificate');
  });

  test('the evidence is the refusal, or else the end of the handshake', () => {
    const evidence = (some: Parameters<typeof starttls>[0]) => {
      const flow = between('hub1', 'edge1', 25, 'smtp/tls', starttls(some));
      return report(flow).results.find(({ check }) => check === 'authentication')?.evidence;
    };
    expect(evidence({ refuse: true })).toEqual([{ file: 'a.pcap', frame: 80, fact: 'client-certificate refused' }]);
    expect(evidence({})).toEqual([{ file: 'a.pcap', frame: 70, fact: 'tls-finished' }]);
  });

  test('asked, and the answer was not seen', () => {
    expect(trust({ request: true }, { blind: [['gap', 60]] })).toBe('unknown gap');
  });

  test('implicit TLS', () => {
    const call = (some: Parameters<typeof tls>[1]) =>
      judge(between('ocs1', 'cas1', 5075, 'tls', tls('tls', some)), 'ocs-to-cas')?.authentication;
    expect(call({ client: mine })).toBe('pass as-expected');
    expect(call({})).toBe('fail no-client-certificate');
    expect(call({ refuse: true })).toBe('fail no-client-certificate');
  });

  test('proven, but the handshake was refused or not finished', () => {
    for (const outcome of ['refused', 'unfinished'] as const) {
      expect(trust({ client: mine, outcome, finished: false, content: false })).toMatch(/^unknown /);
      expect(trust({ client: mine, outcome, finished: false })).toMatch(/^unknown /);
    }
  });

  test('shown without proof that the key is there', () => {
    const facts = starttls({ client: mine }).filter(
      (fact) =>
        fact.kind !== 'authenticated' && !(fact.kind === 'described' && fact.what === 'client-certificate-proven'),
    );
    const flow = between('hub1', 'edge1', 25, 'smtp/tls', facts);
    expect(judge(flow, 'hub-to-edge')?.authentication).toMatch(/^unknown /);
  });

  test('a handshake without content after it', () => {
    expect(trust({ content: false })).toBe('unknown no-content');
  });
});

describe('rule 9: where a certificate could be hidden', () => {
  test('after X-ANONYMOUSTLS', () => {
    const flow = between('hub1', 'edge1', 25, 'smtp/tls', starttls({}, 'X-ANONYMOUSTLS'));
    expect(judge(flow, 'hub-to-edge')?.authentication).toBe('unknown inside-encryption');
  });

  test('in a resumed session', () => {
    expect(trust({ resumed: true })).toBe('unknown resumed-session');
  });

  test('in TLS 1.3', () => {
    expect(trust({ version: 0x0304, suite: 0x1302 })).toBe('unknown encrypted');
  });

  test('in a renegotiation', () => {
    expect(trust({ renegotiated: true })).toBe('unknown inside-encryption');
  });

  test.each(['gap', 'truncated-capture', 'dropped-frames', 'malformed'] as const)(
    '%s in the handshake; before and after it, it hides no certificate',
    (why) => {
      expect(trust({}, { blind: [[why, 60]] })).toBe(`unknown ${why}`);
      expect(trust({}, { blind: [[why, 5]] })).toBe('fail no-client-certificate');
      expect(trust({}, { blind: [[why, 95]] })).toBe('fail no-client-certificate');
    },
  );

  test('the report claims no more', () => {
    const flow = between('hub1', 'edge1', 25, 'smtp/tls', starttls(), { blind: [['gap', 60]] });
    expect(report(flow).tls).toMatchObject({ clientCertificateRequested: null, clientCertificate: null });
  });

  test('a midstream start before a handshake that was seen whole hides nothing of it', () => {
    expect(trust({}, { blind: [['midstream', 1]] })).toBe('fail no-client-certificate');
  });
});

describe('rule 9: thumbprints', () => {
  const given = (text: string) => rulesWith(`thumbprints: { ${text} }\n`);

  test('one of those under the name of the client passes, another fails', () => {
    expect(trust({ client: mine }, {}, given(`hub1: ["${mine}"]`))).toBe('pass as-expected');
    expect(trust({ client: other }, {}, given(`hub1: ["${mine}"]`))).toBe('fail unlisted-certificate');
  });

  test("another host's certificate is not the client's own", () => {
    const rules = given(`hub1: ["${mine}"], edge1: ["${other}"]`);
    expect(trust({ client: other }, {}, rules)).toBe('fail unlisted-certificate');
  });

  test('names are compared in any case', () => {
    expect(trust({ client: mine }, {}, given(`HUB1: ["${mine}"]`))).toBe('pass as-expected');
  });

  test('a client without an entry is held to all that are listed; what is on no list is open', () => {
    expect(trust({ client: mine }, {}, given(`hub2: ["${mine}"]`))).toBe('pass as-expected');
    expect(trust({ client: other }, {}, given(`hub2: ["${mine}"]`))).toBe('unknown unlisted-certificate');
  });

  test('a certificate that cannot be read has no thumbprint to compare', () => {
    const facts = starttls({ client: mine }).filter((fact) => !('of' in fact && fact.of === 'client'));
    const flow = between('hub1', 'edge1', 25, 'smtp/tls', facts, { blind: [['malformed', 60]] });
    expect(judge(flow, 'hub-to-edge', given(`hub1: ["${mine}"]`))?.authentication).toBe('unknown unlisted-certificate');
    expect(judge(flow, 'hub-to-edge')?.authentication).toBe('pass as-expected');
  });
});

describe('rule 9: content in clear', () => {
  test('was authenticated by nobody, whatever certificate came later', () => {
    const early = between('hub1', 'edge1', 25, 'smtp/tls', [exposed('message'), ...starttls({ client: mine })]);
    expect(judge(early, 'hub-to-edge')).toMatchObject({
      authentication: 'fail not-authenticated',
      encryption: 'fail clear-content',
    });
    const clear = between('edge1', 'hub1', 25, 'smtp', [exposed('message')]);
    expect(judge(clear, 'edge-to-hub')?.authentication).toBe('fail not-authenticated');
  });

  test('a password is no client certificate', () => {
    const flow = between('edge1', 'hub1', 25, 'smtp', [tried('login'), exposed('message')]);
    expect(judge(flow, 'edge-to-hub')?.authentication).toBe('fail not-supported');
  });
});
