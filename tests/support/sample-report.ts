import type { AuditReport, Counts, EndReport, FlowReport, PathReport } from '../../src/check/audit-report.ts';
import type { Reference } from '../../src/check/reference.ts';

/** Reports made by hand: what no capture is needed for, and every shape that a format has to print. */

export const counts = (some: Partial<Counts> = {}): Counts => ({
  pass: 0,
  fail: 0,
  unknown: 0,
  notchecked: 0,
  notapplicable: 0,
  informational: 0,
  error: 0,
  ...some,
});

const end = (name: string | null, address: string, port: number, ...roles: string[]): EndReport => ({
  address,
  port,
  name,
  roles,
});
export const hub1 = end('hub1', '10.0.0.11', 51_012, 'hub');
export const hub2 = end('hub2', '10.0.0.12', 25, 'hub');

/** An SMTP flow from hub1 to hub2 in which a message went in clear although STARTTLS was offered. */
export function sampleFlow(some: Partial<FlowReport> = {}): FlowReport {
  return {
    id: 'f0000000000000001',
    communityId: '1:wCb3OG7yAFWelaUydu0D+125CLM=',
    captures: ['hub.pcapng'],
    transport: 'tcp',
    client: hub1,
    server: hub2,
    beforeOffload: false,
    protocol: 'smtp',
    protocolPath: ['smtp'],
    firstSeen: '2026-03-02T08:15:00.000000000Z',
    lastSeen: '2026-03-02T08:15:01.250000000Z',
    frames: 24,
    bytes: { client: 1840, server: 620 },
    state: 'SF',
    missedBytes: 0,
    encryption: {
      protection: 'none',
      mechanism: null,
      exposed: ['message'],
      exposures: [{ content: 'message', file: 'hub.pcapng', frame: 17, time: 1_772_439_300 + 17 }],
    },
    upgrade: {
      verb: 'STARTTLS',
      offered: true,
      asked: false,
      accepted: false,
      refusedWith: null,
      possiblyStripped: false,
      offeredElsewhere: null,
      frames: { offered: 12 },
    },
    tls: null,
    authentication: { mechanisms: [], credentialsExposed: false, hidden: false, attempts: [] },
    rpc: null,
    smb: null,
    paths: ['hub-to-hub'],
    results: [
      { path: 'hub-to-hub', check: 'port', result: 'pass', reason: 'as-expected', evidence: [evidence(1, 'port 25')] },
      {
        path: 'hub-to-hub',
        check: 'authentication',
        result: 'fail',
        reason: 'not-authenticated',
        evidence: [evidence(17, 'MAIL FROM in clear')],
      },
      {
        path: 'hub-to-hub',
        check: 'encryption',
        result: 'fail',
        reason: 'clear-content',
        evidence: [evidence(17, 'MAIL FROM in clear')],
      },
    ],
    blindSpots: [],
    facts: 6,
    wiresharkFilter:
      'ip.addr == 10.0.0.11 && ip.addr == 10.0.0.12 && tcp.port == 51012 && tcp.port == 25 && frame.number >= 8 && frame.number <= 31',
    ...some,
  };
}

export const evidence = (frame: number, fact: string) => ({ file: 'hub.pcapng', frame, fact });

export function samplePath(some: Partial<PathReport> & { id: string }): PathReport {
  return {
    title: { en: `${some.id} in English`, ko: `${some.id} 한국어` },
    group: null,
    observed: 'no',
    port: { result: 'notchecked', reason: 'not-observed', flows: 0 },
    authentication: {
      result: 'notchecked',
      reason: 'not-observed',
      default: ['kerberos'],
      supported: ['kerberos'],
      observed: [],
    },
    encryption: { result: 'notchecked', reason: 'not-observed', byDefault: 'yes', supported: ['tls'], observed: [] },
    betterThanDocumented: false,
    flows: [],
    ...some,
  };
}

export const passingFlow = sampleFlow({
  id: 'f0000000000000002',
  server: end('edge1', '10.0.1.20', 25, 'edge'),
  protocolPath: ['smtp', 'tls'],
  encryption: { protection: 'privacy', mechanism: 'starttls', exposed: [], exposures: [] },
  upgrade: {
    verb: 'STARTTLS',
    offered: true,
    asked: true,
    accepted: true,
    refusedWith: null,
    possiblyStripped: false,
    offeredElsewhere: null,
    frames: { offered: 40, asked: 41, accepted: 42 },
  },
  tls: {
    version: 0x0303,
    cipherSuite: 0xc028,
    serverName: null,
    clientCertificateRequested: true,
    clientCertificate: true,
    resumed: false,
    finished: true,
    certificates: [
      {
        of: 'server',
        subject: 'CN=edge1',
        issuer: 'CN=edge1',
        selfSigned: true,
        sha256: 'ab'.repeat(32),
        notBefore: '2020-01-01T00:00:00.000000000Z',
        notAfter: '2030-01-01T00:00:00.000000000Z',
      },
    ],
  },
  paths: ['hub-to-edge', 'edge-to-hub'],
  results: (['hub-to-edge', 'edge-to-hub'] as const).flatMap((path) => [
    { path, check: 'port', result: 'pass', reason: 'as-expected', evidence: [evidence(33, 'port 25')] } as const,
    {
      path,
      check: 'authentication',
      result: 'pass',
      reason: 'as-expected',
      evidence: [evidence(45, 'client certificate proven')],
    } as const,
    {
      path,
      check: 'encryption',
      result: 'pass',
      reason: 'as-expected',
      evidence: [evidence(50, 'secured by starttls')],
    } as const,
  ]),
  wiresharkFilter: 'tcp.stream eq 1',
});

const undecidedFlow = sampleFlow({
  id: 'f0000000000000003',
  server: end('dc1', '10.0.0.5', 389, 'dc'),
  beforeOffload: false,
  protocol: 'ldap',
  protocolPath: ['ldap'],
  encryption: { protection: 'unknown', mechanism: null, exposed: [], exposures: [] },
  upgrade: null,
  paths: ['hub-to-dc-ldap'],
  results: [
    {
      path: 'hub-to-dc-ldap',
      check: 'port',
      result: 'pass',
      reason: 'as-expected',
      evidence: [evidence(60, 'port 389')],
    },
    { path: 'hub-to-dc-ldap', check: 'authentication', result: 'unknown', reason: 'midstream', evidence: [] },
    { path: 'hub-to-dc-ldap', check: 'encryption', result: 'unknown', reason: 'no-content', evidence: [] },
  ],
  blindSpots: [{ why: 'midstream', frame: 60, detail: 'no SYN' }],
  wiresharkFilter: 'tcp.stream eq 2',
});

const unexpectedFlow = sampleFlow({
  id: 'f0000000000000004',
  client: end(null, '10.0.0.77', 40_000, 'external'),
  server: end(null, 'fd00::12', 2525, 'hub'),
  encryption: {
    protection: 'none',
    mechanism: null,
    exposed: ['message', 'credentials'],
    exposures: [
      { content: 'message', file: 'hub.pcapng', frame: 33, time: 1_772_439_300 + 33 },
      { content: 'credentials', file: 'hub.pcapng', frame: 31, time: 1_772_439_300 + 31 },
    ],
  },
  upgrade: { ...sampleFlow().upgrade!, offered: true, asked: true, refusedWith: '454' },
  authentication: {
    mechanisms: ['login'],
    credentialsExposed: true,
    hidden: false,
    attempts: [
      {
        mechanism: 'login',
        inside: null,
        outcome: 'accepted',
        principal: 'scanner@contoso.example',
        protected: false,
        version: null,
        etype: null,
        frame: 80,
      },
    ],
  },
  paths: [],
  results: [],
  wiresharkFilter: 'tcp.stream eq 3',
});

/** What the pack would say: a remedy for mail in clear, and the ends and ports of the sample's paths. */
export function sampleReference(): Reference {
  const both = (text: string) => ({ en: text, ko: `${text} 한국어` });
  const path = (from: string, to: string, port: string, ...notes: string[]) => ({
    from: [from],
    to: [to],
    ports: [port],
    dynamic: [],
    ownTls: [],
    exceptionPorts: [],
    ticketAnswers: true,
    notes,
  });
  return {
    lacksTopology: false,
    remedies: [
      {
        id: 'mail-tls',
        for: { protocols: ['smtp'], checks: ['encryption'], upgrade: ['offered-not-used'] },
        at: 'client',
        title: { en: 'Make the sending server use TLS', ko: '보내는 서버가 TLS를 사용하도록 설정' },
        steps: { en: ['Look at the Send connectors.'], ko: ['송신 커넥터를 확인하십시오.'] },
        commands: ['Get-SendConnector | Format-List Name,IgnoreSTARTTLS'],
        proof: { en: 'STARTTLS is asked for.', ko: 'STARTTLS를 요청합니다.' },
      },
    ],
    documents: [{ title: both('Port Reference'), product: 'Product 2010', lastModified: '2016-11-28' }],
    shells: [both('Commands run in the shell of the server.')],
    paths: new Map([
      ['hub-to-hub', path('hub', 'hub', '25/tcp', 'tr-hub-hub-tls')],
      ['hub-to-edge', path('hub', 'edge', '25/tcp')],
      ['edge-to-hub', path('edge', 'hub', '25/tcp')],
      ['hub-to-dc-ldap', path('hub', 'dc', '389/tcp')],
      ['cas-to-um', path('cas', 'um', '5060/tcp')],
      ['mailbox-to-dc', path('mailbox', 'dc', '389/tcp')],
    ]),
    unnamedRoles: new Set(['external']),
    roles: new Map(['hub', 'edge', 'dc', 'cas', 'um', 'mailbox'].map((role) => [role, both(role)])),
    notes: new Map([
      ['tr-hub-hub-tls', { en: 'All traffic between hubs is encrypted.', ko: '허브 사이는 암호화됩니다.' }],
    ]),
    hosts: new Map([
      ['hub', ['hub1', 'hub2']],
      ['edge', ['edge1']],
      ['dc', ['dc1']],
    ]),
    addresses: new Map([['hub1', ['10.0.0.11']]]),
    tlsPorts: new Map([['smtp', new Set([465])]]),
  };
}

const seen = { result: 'pass', reason: 'as-expected' } as const;

export function sampleReport(some: Partial<AuditReport> = {}): AuditReport {
  const together = {
    group: 'edge-transport',
    observed: 'group',
    port: { ...seen, flows: 1 },
    authentication: { ...seen, default: ['direct-trust'], supported: ['direct-trust'], observed: ['certificate'] },
    encryption: { ...seen, byDefault: 'yes', supported: ['tls'], observed: ['starttls'] },
    flows: [passingFlow.id],
  } as const satisfies Partial<PathReport>;
  return {
    tool: { name: 'pcap-audit', version: '0.1.0' },
    rulePacks: [{ id: 'exchange-2010', version: '1.0.0', sha256: 'cd'.repeat(32) }],
    topology: { sha256: 'ef'.repeat(32) },
    options: { strict: false },
    stamp: null,
    captures: [
      {
        file: 'hub.pcapng',
        sha256: '01'.repeat(32),
        format: 'pcapng',
        compression: 'gzip',
        linkTypes: [1],
        frames: 12_345,
        bytes: 9_876_543,
        firstSeen: '2026-03-02T08:14:59.000000000Z',
        lastSeen: '2026-03-02T09:20:00.000000000Z',
        dropped: null,
        problems: [{ kind: 'cut-short', byte: 9_876_000, detail: 'the last record is incomplete' }],
        names: [],
      },
    ],
    partial: false,
    summary: {
      paths: counts({ fail: 1, pass: 1, unknown: 1, notchecked: 2 }),
      checks: counts({ fail: 2, pass: 5, unknown: 2, notchecked: 6 }),
      decided: { decided: 7, observed: 9 },
      accepted: { paths: 0, checks: 0 },
    },
    captureQuality: {
      flows: 4,
      midstream: 1,
      oneDirection: 0,
      truncated: 0,
      gaps: 0,
      duplicates: 3,
      droppedFrames: 0,
      unreadFrames: 0,
    },
    paths: [
      samplePath({
        id: 'hub-to-hub',
        title: {
          en: 'Hub Transport server to Hub Transport server',
          ko: '허브 전송 서버에서 허브 전송 서버로',
        },
        observed: 'itself',
        port: { ...seen, flows: 1 },
        authentication: {
          result: 'fail',
          reason: 'not-authenticated',
          default: ['kerberos'],
          supported: ['kerberos'],
          observed: [],
        },
        encryption: { result: 'fail', reason: 'clear-content', byDefault: 'yes', supported: ['tls'], observed: [] },
        flows: ['f0000000000000001'],
      }),
      samplePath({
        id: 'hub-to-edge',
        title: {
          en: 'Hub Transport server to Edge Transport server',
          ko: '허브 전송 서버에서 Edge 전송 서버로',
        },
        ...together,
      }),
      samplePath({
        id: 'edge-to-hub',
        title: {
          en: 'Edge Transport server to Hub Transport server',
          ko: 'Edge 전송 서버에서 허브 전송 서버로',
        },
        ...together,
      }),
      samplePath({
        id: 'hub-to-dc-ldap',
        title: {
          en: 'Active Directory access from a Hub Transport server to a domain controller of its site',
          ko: '허브 전송 서버에서 해당 사이트의 도메인 컨트롤러로 Active Directory 액세스',
        },
        observed: 'itself',
        port: { ...seen, flows: 1 },
        authentication: {
          result: 'unknown',
          reason: 'midstream',
          default: ['kerberos'],
          supported: ['kerberos'],
          observed: [],
        },
        encryption: { result: 'unknown', reason: 'no-content', byDefault: 'yes', supported: ['sasl'], observed: [] },
        flows: ['f0000000000000003'],
      }),
      samplePath({ id: 'cas-to-um' }),
      samplePath({ id: 'mailbox-to-dc' }),
    ],
    groups: [
      {
        id: 'edge-transport',
        paths: ['hub-to-edge', 'edge-to-hub'],
        port: seen,
        authentication: seen,
        encryption: seen,
      },
    ],
    flows: [sampleFlow(), passingFlow, undecidedFlow, unexpectedFlow],
    correlations: [
      {
        kind: 'kerberos-ticket',
        from: { flow: 'f0000000000000009', spn: 'SMTPSVC/hub2' },
        to: { flow: 'f0000000000000003' },
        evidence: [evidence(7, 'TGS-REP for SMTPSVC/hub2')],
      },
    ],
    unexpected: [{ flow: 'f0000000000000004', why: 'no-path' }],
    hosts: [
      {
        address: '10.0.0.11',
        name: 'hub1',
        roles: ['hub'],
        named: true,
        flows: 3,
        firstSeen: '2026-03-02T08:15:00.000000000Z',
        lastSeen: '2026-03-02T09:20:00.000000000Z',
      },
    ],
    firewall: [
      { host: 'hub2', role: 'hub', transport: 'tcp', port: 2525, kind: 'seen-not-opened', rules: [], flows: 1 },
    ],
    assertions: [
      {
        id: 'tr-hub-hub-tls',
        result: 'fail',
        reason: 'clear-content',
        evidence: [evidence(17, 'MAIL FROM in clear')],
      },
    ],
    reference: sampleReference(),
    exceptions: null,
    limits: [{ name: 'names', cap: 100_000, hit: 2, detail: 'names past the limit were not learnt' }],
    ...some,
  };
}
