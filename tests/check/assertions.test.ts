import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../src/check/pack.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import {
  auditFlows,
  between,
  exposed,
  nothingToUpgrade,
  offers,
  rulesWith,
  secured,
  starttls,
  tls,
  tried,
} from '../support/judge-flow.ts';

const assertions = (...flows: FlowRecord[]) => auditFlows(flows).assertions;
const of = (id: string, ...flows: FlowRecord[]) => {
  const { result, reason } = assertions(...flows).find((one) => one.id === id)!;
  return `${result} ${reason}`;
};
const bound = (uuid: string): Fact => ({
  kind: 'described',
  what: 'rpc-interface',
  uuid,
  version: '1.0',
  authType: 9,
  authLevel: 6,
});
const open = 'unknown nothing-contradicts';
const emsmdb = bound('a4f1db00-ca47-1067-b31f-00dd010662da');
const nspi = bound('f5cc5a18-4264-101a-8c59-08002b2f8426');
const announced: Fact = {
  kind: 'described',
  what: 'announced',
  protocol: 'dcerpc',
  detail: 'x',
  announcedIn: { capture: 0, frame: 1 },
};

const neverPasses = (expected: Expectation): boolean =>
  'never' in expected || 'answered' in expected || ('clear' in expected && expected.clear === 'informational');

describe('the notes of the reference', () => {
  test('all 40 stand in the report, whatever was seen', () => {
    expect(assertions()).toHaveLength(40);
    for (const { result, reason } of assertions()) {
      expect([`${result} ${reason}`]).toContainEqual(
        expect.stringMatching(/^(notchecked not-observed|notapplicable not-on-the-wire)$/),
      );
    }
  });

  test('pass and fail carry evidence', () => {
    const flows = [
      between('hub1', 'hub2', 25, 'smtp', [exposed('message')]),
      between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb, announced, tried('kerberos'), secured('dcerpc')]),
      between('mbx1', 'mbx2', 64327, 'nns', [exposed('mailbox')]),
    ];
    const decided = assertions(...flows).filter(({ result }) => result === 'pass' || result === 'fail');
    expect(decided.length).toBeGreaterThan(1);
    for (const { evidence } of decided) expect(evidence.length).toBeGreaterThan(0);
  });

  test('by the results of data paths', () => {
    expect(of('tr-hub-hub-tls', between('hub1', 'hub2', 25, 'smtp', [exposed('message')]))).toBe('fail clear-content');
    expect(of('tr-hub-hub-tls', between('hub1', 'hub2', 25, 'smtp/tls', starttls()))).toBe('pass as-expected');
    expect(of('cas-pop-proxy-995', between('cas1', 'cas2', 110, 'pop3', [exposed('mailbox')]))).toBe(
      'fail unlisted-port',
    );
  });

  test('RPC is always encrypted: of Exchange interfaces, not of the endpoint mapper', () => {
    expect(of('mb-rpc-always', between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb, secured('dcerpc')]))).toBe(
      'pass as-expected',
    );
    expect(of('mb-rpc-always', between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb, exposed('rpc')]))).toBe(
      'fail clear-content',
    );
    expect(of('mb-rpc-always', between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb, secured('dcerpc', 'integrity')]))).toBe(
      'fail integrity-only',
    );
    expect(of('mb-rpc-always', between('cas1', 'mbx1', 135, 'epm'))).toBe('notchecked not-observed');
  });

  test('opportunistic TLS: what was offered must be used', () => {
    const to = (facts: Fact[], path = 'smtp') =>
      of('tr-opportunistic-tls', between('edge1', 'partner', 25, path, facts));
    expect(to([offers(), exposed('message')])).toBe('fail clear-content');
    expect(to([nothingToUpgrade, exposed('message')])).toBe('informational not-offered');
    expect(to(starttls(), 'smtp/tls')).toBe('pass as-expected');
  });

  test('what must not be seen', () => {
    expect(of('tr-recipient-filter-ad', between('edge1', 'dc1', 389, 'ldap', [exposed('directory')]))).toBe(
      'fail not-expected',
    );
  });

  test('where clients must connect to', () => {
    const outlook = (server: Parameters<typeof between>[1], facts: Fact[]) =>
      of('cas-mapi-clients-to-cas', between('client1', server, 6005, 'dcerpc', facts));
    expect(outlook('mbx1', [nspi, secured('dcerpc')])).toBe('fail not-expected');
    expect(outlook('cas1', [nspi, secured('dcerpc')])).toBe('pass as-expected');
    expect(outlook('cas1', [nspi])).toBe('notchecked not-observed');
    expect(outlook('partner', [nspi, secured('dcerpc')])).toBe('notchecked not-observed');
  });

  test('a call over UDP says nothing of what the document says of TCP', () => {
    const call = (transport: 'tcp' | 'udp') => between('pbx1', 'um1', 5060, 'sip', [exposed('call')], { transport });
    expect(of('um-5060-5061', call('tcp'))).toBe('pass as-expected');
    expect(of('um-ip-plaintext', call('tcp'))).toBe(open);
    expect(of('um-gw-auth', call('tcp'))).toBe(open);
    expect(of('um-gw-auth', call('udp'))).toBe('notchecked not-observed');
    expect(of('um-ip-plaintext', call('udp'))).toBe('notchecked not-observed');
    expect(of('um-5060-5061', call('udp'))).toBe('notchecked not-observed');
  });

  test('mechanisms that are not supported, offered or used', () => {
    const ntlm: Fact = { kind: 'offered', what: 'authentication', mechanisms: ['NTLM', 'PLAIN'] };
    const plain: Fact = { kind: 'offered', what: 'authentication', mechanisms: ['PLAIN'] };
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4', [ntlm]))).toBe('fail not-expected');
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4', [tried('ntlm')]))).toBe(
      'fail not-expected',
    );
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4', [plain, exposed('mailbox')]))).toBe(
      'pass as-expected',
    );
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4/tls', starttls()))).toBe(
      'unknown inside-encryption',
    );
  });

  test('a connection between Exchange servers that nobody answered', () => {
    const ignored = between('hub1', 'mbx1', 6005, '', [], { history: 'S', bytes: { client: 0, server: 0 } });
    expect(of('cas-no-firewall', between('hub1', 'hub2', 25, 'smtp'))).toBe('unknown not-on-the-wire');
    expect(assertions(ignored).find(({ id }) => id === 'cas-no-firewall')).toMatchObject({ result: 'informational' });
  });

  test('the worst flow answers', () => {
    const good = between('hub1', 'hub2', 25, 'smtp/tls', starttls());
    const bad = between('hub2', 'hub1', 25, 'smtp', [exposed('message')]);
    expect(of('tr-hub-hub-tls', good, bad)).toBe('fail clear-content');
    expect(of('tr-hub-hub-tls', bad, good)).toBe('fail clear-content');
  });

  test('without a topology nobody knows whose traffic it is', () => {
    const { assertions } = auditFlows([between('hub1', 'hub2', 25, 'smtp', [exposed('message')])], rulesWith(null));
    expect(assertions.find(({ id }) => id === 'tr-hub-hub-tls')).toMatchObject({
      result: 'unknown',
      reason: 'roles-unknown',
    });
  });
});

describe('what was not seen proves no note', () => {
  const calls = [emsmdb, secured('dcerpc')];
  test.each([
    ['midstream', 'midstream'],
    ['left-protocol', 'left-protocol'],
    ['limit', 'limit'],
    ['gap', 'gap'],
  ] as const)('encryption with a blind spot: %s', (why, reason) => {
    const flow = between('cas1', 'mbx1', 6005, 'dcerpc', calls, { blind: [[why, 1]] });
    expect(of('mb-rpc-always', flow)).toBe(`unknown ${reason}`);
  });

  test('a gap inside the established protection changes nothing', () => {
    expect(of('mb-rpc-always', between('cas1', 'mbx1', 6005, 'dcerpc', calls, { blind: [['gap', 900]] }))).toBe(
      'pass as-expected',
    );
  });

  test('an upgrade after which the stream left its protocol', () => {
    const flow = between('edge1', 'partner', 25, 'smtp/tls', starttls(), { blind: [['left-protocol', 900]] });
    expect(of('tr-opportunistic-tls', flow)).toBe('unknown left-protocol');
  });

  test('a client certificate that was refused, or whose fate was not seen', () => {
    for (const outcome of ['refused', 'unseen', 'unfinished'] as const) {
      const facts = starttls({ client: 'a'.repeat(64), outcome });
      expect(of('tr-domain-security', between('edge1', 'partner', 25, 'smtp/tls', facts))).not.toMatch(/^pass/);
    }
  });

  test('no NTLM among what was offered, where not all of it was seen', () => {
    const flow = between('client1', 'cas1', 110, 'pop3', [exposed('mailbox')], { blind: [['one-direction', 1]] });
    expect(of('cas-popimap-no-ntlm', flow)).toBe('unknown one-direction');
  });

  test('one login of two, the other without an answer', () => {
    const facts = [tried('kerberos'), tried('basic', 'unseen'), exposed('web')];
    expect(of('cas-2003-kerberos', between('cas1', 'old1', 80, 'http', facts))).toMatch(/^unknown/);
  });
});

describe('what a capture cannot show is no pass', () => {
  test('only these notes are shown by what a capture has', () => {
    const provable = rulesWith().pack.notes.filter(
      ({ check }) => !('never' in check) && !check.partly && !('flows' in check && neverPasses(check.expect)),
    );
    expect(provable.map(({ id }) => id)).toEqual([
      'tr-hub-hub-tls',
      'tr-edge-hub-mtls',
      'tr-edgesync-50636',
      'tr-opportunistic-tls',
      'tr-irm-adrms',
      'mb-rpc-always',
      'cas-mapi-clients-to-cas',
      'cas-popimap-no-ntlm',
      'um-gw-mtls',
      'um-5060-5061',
    ]);
  });

  const mtls = tls('tls', { client: 'a'.repeat(64) });

  test('rules and classifications inside a sealed LDAP connection', () => {
    const sealed = between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl')]);
    expect(of('tr-rules-in-ad', sealed)).toBe(open);
    expect(assertions(sealed).find(({ id }) => id === 'tr-rules-in-ad')!.evidence).not.toEqual([]);
  });

  test('how many firewall rules Setup made, or that ports vary, by one port that was announced', () => {
    const call = between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb, announced]);
    expect(of('fw-rpc-two-rules', call)).toBe(open);
    expect(of('cas-many-ports', call)).toBe(open);
    expect(of('fw-rpc-two-rules', between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb]))).toBe('unknown not-observed');
  });

  test('that a port in use is the default, which an administrator may change', () => {
    const replication = (port: number) => between('mbx1', 'mbx2', port, 'nns', [exposed('mailbox')]);
    expect(of('mb-64327-default', replication(64327))).toBe(open);
    expect(of('mb-64327-default', replication(64328))).toBe('informational unlisted-port');
    expect(of('mb-64327-default', between('mbx1', 'mbx2', 64327, 'nns'))).toBe('notchecked not-observed');
  });

  test('that cluster nodes talk periodically, by one datagram', () => {
    const one = between('mbx1', 'mbx2', 3343, 'heartbeat', [], { transport: 'udp', bytes: { client: 40, server: 0 } });
    expect(of('mb-cluster-udp3343', one)).toBe(open);
  });

  test('the order of a negotiation, by the mechanism that it came to', () => {
    const login = (...facts: Fact[]) => of('cas-negotiate-order', between('client1', 'cas1', 80, 'http', facts));
    expect(login(tried('kerberos', 'accepted', { inside: 'negotiate' }), exposed('web'))).toBe(open);
    expect(login(tried('ntlm', 'accepted', { inside: 'negotiate' }), exposed('web'))).toBe(open);
  });

  test('a login outside any negotiation says nothing of its order', () => {
    const facts = [tried('basic', 'accepted', { protected: false }), exposed('credentials')];
    expect(of('cas-negotiate-order', between('client1', 'cas1', 80, 'http', facts))).toBe('notchecked not-observed');
  });

  test('which protocol the client had used, by the proxied connection', () => {
    expect(of('cas-pop-proxy-995', between('cas1', 'cas2', 995, 'tls', tls()))).toBe(open);
    expect(of('cas-imap-proxy-993', between('cas1', 'cas2', 993, 'tls', tls()))).toBe(open);
  });

  test('that calls of others are rejected, by the call of a gateway that is listed', () => {
    const rules = rulesWith('gateways: [10.0.0.80]\n');
    const call = between('pbx1', 'um1', 5060, 'sip', [exposed('call')]);
    const { assertions } = auditFlows([call], rules);
    expect(assertions.find(({ id }) => id === 'um-ipgw-object')).toMatchObject({ reason: 'nothing-contradicts' });
  });

  test('local delivery beside the remote one', () => {
    const call = (mechanism: 'ntlm' | 'kerberos') =>
      of('tr-hub-mbx-auth', between('hub1', 'mbx1', 6005, 'dcerpc', [emsmdb, tried(mechanism), secured('dcerpc')]));
    expect(call('ntlm')).toBe(open);
    expect(call('kerberos')).toBe('informational not-default');
  });

  test('Domain Security, by a client certificate alone', () => {
    const facts = starttls({ client: 'a'.repeat(64) });
    expect(of('tr-domain-security', between('edge1', 'partner', 25, 'smtp/tls', facts))).toBe(open);
  });

  test('that another organisation enables TLS at Setup', () => {
    expect(of('tr-edge-edge-tls', between('edge1', 'partner', 25, 'smtp/tls', starttls()))).toBe(open);
  });

  test('that NTLM and Basic are disabled, by a login with Kerberos', () => {
    const proxied = (...facts: Fact[]) => of('cas-2003-kerberos', between('cas1', 'old1', 80, 'http', facts));
    const basic: Fact = { kind: 'offered', what: 'authentication', mechanisms: ['Negotiate', 'Basic'] };
    expect(proxied(tried('kerberos'), exposed('web'))).toBe(open);
    expect(proxied(basic, tried('kerberos'), exposed('web'))).toBe('fail not-expected');
    expect(proxied(tried('ntlm'), exposed('web'))).toBe('fail not-expected');
  });

  test('that NTLM is not supported, where no list of mechanisms was asked for', () => {
    const mail = (...facts: Fact[]) => of('cas-popimap-no-ntlm', between('client1', 'cas1', 110, 'pop3', facts));
    expect(mail(tried('basic'), exposed('mailbox'))).toBe(open);
    expect(mail(tried('ntlm', 'refused'), exposed('mailbox'))).toBe(open);
  });

  test('TLS under a self-signed certificate, where another protection or none of its kind was seen', () => {
    const mail = (facts: Fact[], path = 'smtp/tls') => of('tr-hub-hub-tls', between('hub1', 'hub2', 25, path, facts));
    const issued = starttls().map((fact) =>
      fact.kind === 'described' && fact.what === 'certificate' ? { ...fact, selfSigned: false } : fact,
    );
    expect(mail(starttls())).toBe('pass as-expected');
    expect(mail(issued)).toBe('informational not-default');
    expect(mail(starttls({ resumed: true }))).toBe('unknown resumed-session');
    expect(mail(starttls({ version: 0x0304 }))).toBe('unknown encrypted');
    expect(mail([secured('sasl')], 'smtp')).toBe(open);
  });

  test('mutual TLS with gateways, unless each of them proves a certificate', () => {
    const call = (facts: Fact[]) => between('pbx1', 'um1', 5061, 'tls', facts);
    expect(of('um-gw-mtls', call(mtls))).toBe('pass as-expected');
    expect(of('um-gw-mtls', call(mtls), call(tls()))).toBe('fail no-client-certificate');
    expect(of('um-gw-mtls', call(mtls), call(tls('tls', { resumed: true })))).toBe('unknown resumed-session');
  });

  test('where the UM server listens, by a port that nobody answered on or that serves the other kind', () => {
    const call = (port: number, path: string, facts: Fact[], server = 100) =>
      of('um-5060-5061', between('pbx1', 'um1', port, path, facts, { bytes: { client: 100, server } }));
    expect(call(5060, 'sip', [exposed('call')])).toBe('pass as-expected');
    expect(call(5061, 'tls', tls())).toBe('pass as-expected');
    expect(call(5060, 'sip', [exposed('call')], 0)).toBe('notchecked not-observed');
    expect(call(5061, 'sip', [exposed('call')])).toBe('fail clear-content');
    expect(call(5061, 'tls', tls('tls', { content: false }))).toBe('notchecked not-observed');
  });

  test('TLS that was asked for and refused was attempted', () => {
    const asked: Fact = { kind: 'described', what: 'upgrade-asked', verb: 'STARTTLS' };
    const mail = (...facts: Fact[]) => of('tr-opportunistic-tls', between('edge1', 'partner', 25, 'smtp', facts));
    const refused: Fact = { kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: '454' };
    expect(mail(offers(), asked, refused, exposed('message'))).toBe('pass as-expected');
    expect(mail(offers(), exposed('message'), asked, refused)).toBe('fail clear-content');
  });
});
