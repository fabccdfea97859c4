import { describe, expect, test } from 'vitest';
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
const emsmdb = bound('a4f1db00-ca47-1067-b31f-00dd010662da');
const nspi = bound('f5cc5a18-4264-101a-8c59-08002b2f8426');
const announced: Fact = {
  kind: 'described',
  what: 'announced',
  protocol: 'dcerpc',
  detail: 'x',
  announcedIn: { capture: 0, frame: 1 },
};

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
    expect(decided.length).toBeGreaterThan(3);
    for (const { evidence } of decided) expect(evidence.length).toBeGreaterThan(0);
  });

  test('by the results of data paths', () => {
    expect(of('tr-hub-hub-tls', between('hub1', 'hub2', 25, 'smtp', [exposed('message')]))).toBe('fail clear-content');
    expect(of('tr-hub-hub-tls', between('hub1', 'hub2', 25, 'smtp/tls', starttls()))).toBe('pass as-expected');
    expect(of('cas-pop-proxy-995', between('cas1', 'cas2', 110, 'pop3', [exposed('mailbox')]))).toBe(
      'fail unlisted-port',
    );
    expect(of('cas-pop-proxy-995', between('cas1', 'cas2', 995, 'tls', tls()))).toBe('pass as-expected');
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
    expect(of('um-ip-plaintext', call('tcp'))).toBe('pass as-expected');
    expect(of('um-ip-plaintext', call('udp'))).toBe('notchecked not-observed');
    expect(of('um-5060-5061', call('udp'))).toBe('notchecked not-observed');
  });

  test('mechanisms that are not supported, offered or used', () => {
    const ntlm: Fact = { kind: 'offered', what: 'authentication', mechanisms: ['NTLM', 'PLAIN'] };
    const plain: Fact = { kind: 'offered', what: 'authentication', mechanisms: ['PLAIN'] };
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4', [ntlm]))).toBe('fail not-supported');
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4', [tried('ntlm')]))).toBe(
      'fail not-supported',
    );
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4', [plain, exposed('mailbox')]))).toBe(
      'pass as-expected',
    );
    expect(of('cas-popimap-no-ntlm', between('client1', 'cas1', 143, 'imap4/tls', starttls()))).toBe(
      'unknown inside-encryption',
    );
  });

  test('the replication port', () => {
    expect(of('mb-64327-default', between('mbx1', 'mbx2', 64327, 'nns', [exposed('mailbox')]))).toBe(
      'pass as-expected',
    );
    expect(of('mb-64327-default', between('mbx1', 'mbx2', 64328, 'nns', [exposed('mailbox')]))).toBe(
      'fail unlisted-port',
    );
  });

  test('dynamic RPC is announced by the endpoint mapper; a cached answer leaves it open', () => {
    expect(of('fw-rpc-two-rules', between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb, announced]))).toBe(
      'pass as-expected',
    );
    expect(of('fw-rpc-two-rules', between('cas1', 'mbx1', 6005, 'dcerpc', [emsmdb]))).toBe('unknown not-observed');
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
