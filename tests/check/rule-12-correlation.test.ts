import { describe, expect, test } from 'vitest';
import { upgradeCourse } from '../../src/check/upgrade-course.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import {
  answer,
  auditFlows,
  between,
  exposed,
  nothingToUpgrade,
  offers,
  rulesWith,
  starttls,
  tls,
  tried,
} from '../support/judge-flow.ts';

// build-flow.ts: a flow's first fact is stated at 2026-01-01T00:00:00Z, and that is when flows begin unless they say otherwise.
const issued = (service: string): Fact => ({
  kind: 'described',
  what: 'ticket-issued',
  client: 'HUB1$@EXAMPLE.TEST',
  service,
  realm: 'EXAMPLE.TEST',
  etype: 18,
});
const kdc = (service: string, from: 'hub1' | 'hub2' = 'hub1') =>
  between(from, 'dc1', 88, 'kerberos', [issued(service)]);
const at = (seconds: number) => ({ firstSeen: new Date(1_767_225_600_000 + 1000 * seconds).toISOString() });
const hidden = (seconds = 5, some = {}) =>
  between('hub1', 'hub2', 25, 'smtp/tls', starttls({}, 'X-ANONYMOUSTLS'), { ...at(seconds), ...some });

describe('rule 12: a ticket answers for hidden authentication', () => {
  test('issued to the client, for the service class at the server, shortly before: pass, and listed as inferred', () => {
    const flows = [kdc('SMTPSVC/hub2.example.test'), hidden()];
    expect(answer(flows, 'hub-to-hub').authentication).toBe('pass correlated-ticket');
    const { correlations, flows: judged } = auditFlows(flows);
    const tickets = correlations.filter(({ kind }) => kind === 'ticket');
    expect(tickets).toHaveLength(1);
    expect(tickets[0]!.to).toMatchObject({ flow: 'f1' });
    const row = [...judged][1]!.results.find(({ check }) => check === 'authentication')!;
    // both places: where the ticket was issued, and what it answers for
    expect(row.evidence.map(({ frame }) => frame)).toHaveLength(2);
    expect(row.evidence[0]!.fact).toContain('SMTPSVC/hub2.example.test');
  });

  test('at most 300 seconds before the first frame, and never after it', () => {
    for (const [seconds, expected] of [
      [0, 'pass correlated-ticket'],
      [300, 'pass correlated-ticket'],
      [301, 'unknown inside-encryption'],
      [-1, 'unknown inside-encryption'],
    ] as const) {
      const flows = [kdc('SMTPSVC/hub2'), hidden(seconds)];
      expect([seconds, answer(flows, 'hub-to-hub').authentication]).toEqual([seconds, expected]);
    }
  });

  test.each([
    ['another service class', [kdc('host/hub2.example.test')]],
    ['another server', [kdc('SMTPSVC/hub1.example.test')]],
    ['another client', [kdc('SMTPSVC/hub2.example.test', 'hub2')]],
    ['a domain that only begins like the server', [kdc('SMTPSVC/hub22.example.test')]],
    ['a ticket that was only asked for', [between('hub1', 'dc1', 88, 'kerberos')]],
  ])('%s answers for nothing', (_what, before) => {
    expect(answer([...before, hidden()], 'hub-to-hub').authentication).toBe('unknown inside-encryption');
  });

  test('the server may be known by DNS, or by a ticket that was shown to it', () => {
    const named: Fact = { kind: 'described', what: 'address-name', address: '10.0.0.12', name: 'mail.example.test' };
    const shown: Fact = {
      kind: 'described',
      what: 'ticket-shown',
      service: 'HTTP/mail.example.test',
      realm: 'E',
      etype: 18,
    };
    const before = kdc('SMTPSVC/mail.example.test');
    expect(answer([before, hidden()], 'hub-to-hub').authentication).toBe('unknown inside-encryption');
    const dns = between('hub1', 'dc1', 53, 'dns', [named], { transport: 'udp' });
    expect(answer([before, dns, hidden()], 'hub-to-hub').authentication).toBe('pass correlated-ticket');
    const http = between('hub1', 'hub2', 80, 'http', [shown, tried('kerberos')]);
    expect(answer([before, http, hidden()], 'hub-to-hub').authentication).toBe('pass correlated-ticket');
  });

  test.each([
    ['was refused', [tried('kerberos', 'refused')]],
    ['has no answer', [tried('kerberos', 'unseen')]],
    ['belongs to a login in another way', [tried('ntlm')]],
    ['leads to nothing', []],
  ])('a ticket that %s names no server', (_what, after) => {
    const shown: Fact = { kind: 'described', what: 'ticket-shown', service: 'HTTP/mail.test', realm: 'E', etype: 18 };
    const http = between('hub1', 'hub2', 80, 'http', [shown, ...after]);
    const flows = [kdc('SMTPSVC/mail.test'), http, hidden()];
    expect(answer(flows, 'hub-to-hub').authentication).toBe('unknown inside-encryption');
  });

  test('a namesake in another domain is another host, where the domain is known', () => {
    const named: Fact = { kind: 'described', what: 'address-name', address: '10.0.0.12', name: 'hub2.example.test' };
    const dns = between('hub1', 'dc1', 53, 'dns', [named], { transport: 'udp' });
    const ticket = (service: string) => answer([kdc(service), dns, hidden()], 'hub-to-hub').authentication;
    expect(ticket('SMTPSVC/hub2.evil.test')).toBe('unknown inside-encryption');
    expect(ticket('SMTPSVC/hub2.example.test')).toBe('pass correlated-ticket');
    expect(ticket('SMTPSVC/hub2')).toBe('pass correlated-ticket');
  });

  test.each(['SMTPSVC', 'SMTPSVC/', 'SMTPSVC//hub2', '/hub2', 'SMTPSVC/.hub2', 'SMTPSVC/hub2@EXAMPLE.TEST'])(
    'a service %o has no host that is the server',
    (service) => {
      expect(answer([kdc(service), hidden()], 'hub-to-hub').authentication).toBe('unknown inside-encryption');
    },
  );

  test('competing evidence in clear leaves it unknown or failed', () => {
    const before = kdc('SMTPSVC/hub2');
    const refused = between('hub1', 'hub2', 25, 'smtp/tls', [tried('ntlm', 'refused'), ...starttls()], at(5));
    expect(answer([before, refused], 'hub-to-hub').authentication).toMatch(/^unknown/);
    const ntlm = between('hub1', 'hub2', 25, 'smtp/tls', [tried('ntlm'), ...starttls()], at(5));
    expect(answer([before, ntlm], 'hub-to-hub').authentication).toBe('fail not-supported');
    const clear = between('hub1', 'hub2', 25, 'smtp', [exposed('message')], at(5));
    expect(answer([before, clear], 'hub-to-hub').authentication).toBe('fail not-authenticated');
    const directory = kdc('ldap/dc1');
    const anonymous = [tried('anonymous'), ...tls('ldap-starttls')];
    const bound = between('hub1', 'dc1', 389, 'ldap/tls', anonymous, at(5));
    expect(answer([directory, bound], 'hub-ad-access').authentication).toBe('unknown inside-encryption');
    // TLS without a cipher hides no login: that it was not read is no reason to infer one
    const open = between('hub1', 'hub2', 25, 'smtp/tls', starttls({ level: 'integrity' }, 'X-ANONYMOUSTLS'), at(5));
    expect(answer([before, open], 'hub-to-hub').authentication).toBe('unknown inside-encryption');
  });

  test('a flow whose beginning was not seen has no beginning to measure from', () => {
    const flows = [kdc('SMTPSVC/hub2'), hidden(5, { opened: false })];
    expect(answer(flows, 'hub-to-hub').authentication).toBe('unknown inside-encryption');
  });

  test('--no-inference', () => {
    const { paths } = auditFlows([kdc('SMTPSVC/hub2'), hidden()], rulesWith(), { inference: false });
    expect(paths.find(({ id }) => id === 'hub-to-hub')!.authentication).toMatchObject({
      result: 'unknown',
      reason: 'inside-encryption',
    });
  });

  test('where Kerberos is not supported a ticket answers for nothing', () => {
    const flows = [kdc('ldap/edge1'), between('hub1', 'edge1', 50636, 'tls', tls(), at(5))];
    expect(answer(flows, 'edgesync-hub-to-edge').authentication).toBe('unknown inside-encryption');
  });

  test('a client that the topology knows under two addresses is one host', () => {
    const flows = [kdc('SMTPSVC/all1', 'hub1'), between('hub1', 'all1', 25, 'smtp/tls', starttls(), at(1))];
    expect(answer(flows, 'hub-to-hub').authentication).toBe('pass correlated-ticket');
  });
});

describe('a server that offers an upgrade in one flow and not in another', () => {
  const elsewhere = between('hub2', 'edge1', 25, 'smtp', [offers(), exposed('message')]);
  const here = between('hub1', 'edge1', 25, 'smtp', [nothingToUpgrade, exposed('message')]);

  test('is a possible stripping, with both frames', () => {
    const { flows, correlations } = auditFlows([elsewhere, here]);
    expect([...flows][1]!.upgrade).toMatchObject({ offered: false, possiblyStripped: true });
    const [stripping] = correlations.filter(({ kind }) => kind === 'possible-stripping');
    expect(stripping).toMatchObject({ from: { flow: 'f0' }, to: { flow: 'f1' } });
    expect(stripping!.evidence).toHaveLength(2);
  });

  test('is not excused as a server that offers no TLS', () => {
    const partner = (facts: Fact[], from: 'edge1' | 'all1' = 'edge1') => between(from, 'partner', 25, 'smtp', facts);
    const plain = [nothingToUpgrade, exposed('message')];
    expect(answer([partner(plain)], 'edge-to-edge').encryption).toBe('informational not-offered');
    const flows = [partner([offers(), ...starttls()]), partner(plain)];
    expect(answer(flows, 'edge-to-edge').encryption).toBe('fail clear-content');
  });

  // RFC 4302 §1: AH guards what it carries against change, from the one address of its IP header to the other
  test.each([
    ['between its two ends: none', '10.0.0.11', '10.0.0.21', false],
    ['between two gateways: on the way to them it may be', '192.0.2.1', '192.0.2.2', true],
  ])('guarded by IPsec AH %s', (_title, source, destination, possiblyStripped) => {
    const guard: Fact = { kind: 'described', what: 'tunnel', carrier: 'ah', id: 7, source, destination };
    const guarded = between('hub1', 'edge1', 25, 'smtp', [guard, nothingToUpgrade, exposed('message')]);
    const { flows, correlations } = auditFlows([elsewhere, guarded]);
    const flow = [...flows][1]!;
    expect(flow.upgrade!.possiblyStripped).toBe(possiblyStripped);
    expect(correlations.some(({ kind }) => kind === 'possible-stripping')).toBe(possiblyStripped);
    expect(upgradeCourse(flow)).toBe(possiblyStripped ? 'offered-elsewhere' : 'not-offered');
    expect(answer([elsewhere, guarded], 'hub-to-edge').encryption).toBe('fail clear-content');
  });

  test('is none where nobody was offered anything, and where it was offered to this client too', () => {
    expect([...auditFlows([here]).flows][0]!.upgrade!.possiblyStripped).toBe(false);
    const both = between('hub1', 'edge1', 25, 'smtp', [nothingToUpgrade, offers(), exposed('message')]);
    expect([...auditFlows([elsewhere, both]).flows][1]!.upgrade!.possiblyStripped).toBe(false);
  });
});

describe('what one flow says of another', () => {
  test('an announced flow carries the frame that announced it', () => {
    const announced: Fact = {
      kind: 'described',
      what: 'announced',
      protocol: 'dcerpc',
      detail: 'a4f1db00-ca47-1067-b31f-00dd010662da',
      announcedIn: { capture: 0, frame: 7 },
    };
    const { correlations } = auditFlows([between('cas1', 'mbx1', 6005, 'dcerpc', [announced])]);
    expect(correlations).toContainEqual({
      kind: 'announced',
      from: { file: 'capture 0', frame: 7, protocol: 'dcerpc', detail: 'a4f1db00-ca47-1067-b31f-00dd010662da' },
      to: { flow: 'f0' },
      evidence: [
        { file: 'capture 0', frame: 7, fact: 'dcerpc announced: a4f1db00-ca47-1067-b31f-00dd010662da' },
        { file: 'capture 0', frame: 1, fact: 'dcerpc flow begins' },
      ],
    });
  });

  test('DNS, TLS and NTLM names label hosts, once each', () => {
    const ntlm: Fact = { kind: 'described', what: 'peer-name', of: 'server', name: 'DC1' };
    const dns: Fact = { kind: 'described', what: 'address-name', address: '10.0.0.5', name: 'dc1.example.test' };
    const { correlations } = auditFlows([
      between('hub1', 'dc1', 389, 'ldap', [ntlm, ntlm]),
      between('hub1', 'dc1', 53, 'dns', [dns], { transport: 'udp' }),
    ]);
    const names = correlations
      .filter(({ kind }) => kind === 'name')
      .map(({ from, to }) => [from.address, to.name, to.by]);
    expect(names).toEqual([
      ['10.0.0.5', 'DC1', 'ldap'],
      ['10.0.0.5', 'dc1.example.test', 'dns'],
    ]);
  });

  test('IPsec between two hosts shows the frame of its least protected moment', () => {
    const level = (name: 'privacy' | 'integrity'): Fact => ({ kind: 'secured', mechanism: 'esp', level: name });
    const esp = between('admin1', 'mbx1', 0, 'esp', [level('privacy'), level('integrity')], { transport: 'esp' });
    const [found] = auditFlows([esp]).correlations;
    expect(found).toMatchObject({ to: { protection: 'integrity' }, evidence: [{ frame: esp.facts[1]!.frame }] });
    expect(esp.facts[1]!.frame).not.toBe(esp.first.frame);
  });

  test('IPsec between two hosts is told once, since when', () => {
    const esp = between('admin1', 'mbx1', 0, 'esp', [{ kind: 'secured', mechanism: 'esp', level: 'privacy' }], {
      transport: 'esp',
    });
    const { correlations } = auditFlows([esp, esp]);
    expect(correlations).toMatchObject([
      {
        kind: 'ipsec',
        from: { address: '10.0.0.103', since: esp.firstSeen },
        to: { address: '10.0.0.31', mechanism: 'esp', protection: 'privacy' },
      },
    ]);
  });
});
