import type { CaptureProblemKind } from '../../src/capture/capture-summary.ts';
import type { AuditReport, Counts, EndReport, FlowReport, PathReport } from '../../src/check/audit-report.ts';
import { checkNames } from '../../src/check/pack.ts';
import type { PathReference, Reference } from '../../src/check/reference.ts';
import { type Reason, results } from '../../src/check/result.ts';
import type { BlindSpotWhy } from '../../src/flows/blind-spot.ts';
import type { Content } from '../../src/protocols/fact.ts';
import { english } from '../../src/report/words/english.ts';

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
const hub1 = end('hub1', '10.0.0.11', 51_012, 'hub');
const hub2 = end('hub2', '10.0.0.12', 25, 'hub');

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

const evidence = (frame: number, fact: string) => ({ file: 'hub.pcapng', frame, fact });

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

const passingFlow = sampleFlow({
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
        notBefore: '2020-01-01T00:00:00Z',
        notAfter: '2030-01-01T00:00:00Z',
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
    paths: new Map([
      ['hub-to-hub', path('hub', 'hub', '25/tcp', 'tr-hub-hub-tls')],
      ['hub-to-edge', path('hub', 'edge', '25/tcp')],
      ['edge-to-hub', path('edge', 'hub', '25/tcp')],
      ['hub-to-dc-ldap', path('hub', 'dc', '389/tcp')],
      ['cas-to-um', path('cas', 'um', '5060/tcp')],
      ['mailbox-to-dc', path('mailbox', 'dc', '389/tcp')],
    ]),
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

/** The sample with every section and every word of a closed set in it. */
export function everythingReport(): AuditReport {
  const sample = sampleReport();
  const accepted = { reason: 'moves-in-May', by: 'C.Kim', until: '2026-12-31' };
  const all = Object.keys(english.reason) as Reason[];
  const paths = all.map((reason, at) => {
    const result = results[at % results.length]!;
    const check = { result, reason, ...(result === 'fail' ? { accepted } : {}) };
    return samplePath({
      id: `path-${at}`,
      observed: result === 'notchecked' ? 'no' : 'itself',
      port: { ...check, flows: 1 },
      authentication: { ...check, default: ['kerberos'], supported: ['kerberos'], observed: ['ntlm'] },
      encryption: { ...check, byDefault: at % 2 === 0 ? 'yes' : 'no', supported: ['tls'], observed: ['starttls'] },
      flows: [`flow-${at}`],
    });
  });
  const contents = Object.keys(english.content) as Content[];
  const flows = all.map((reason, at) =>
    sampleFlow({
      id: `flow-${at}`,
      protocol: at % 2 === 0 ? 'smtp' : 'ldap',
      encryption: {
        protection: 'none',
        mechanism: null,
        exposed: contents,
        exposures: contents.map((content) => ({ content, file: 'hub.pcapng', frame: 17, time: 1_772_439_300 + at })),
      },
      paths: [`path-${at}`],
      results: checkNames.map((check) => ({
        path: `path-${at}`,
        check,
        result: results[at % results.length]!,
        reason,
        evidence: [evidence(17, 'message in clear'), evidence(18, 'starttls privacy'), evidence(19, 'tls-finished')],
        ...(at % 3 === 0 ? { accepted } : {}),
      })),
      blindSpots: (Object.keys(english.blindSpot) as BlindSpotWhy[]).map((why) => ({
        why,
        frame: 3,
        detail: 'detail',
      })),
    }),
  );
  const { reference } = sample;
  return {
    ...sample,
    topology: null,
    partial: true,
    stamp: '2026-03-03T00:00:00Z',
    options: {},
    captures: sample.captures.map((capture) => ({
      ...capture,
      dropped: 3,
      problems: (Object.keys(english.captureProblem) as CaptureProblemKind[]).map((kind) => ({
        kind,
        byte: 7,
        detail: 'detail',
      })),
    })),
    summary: { ...sample.summary, accepted: { paths: 1, checks: 1 } },
    captureQuality: {
      flows: 4,
      midstream: 1,
      oneDirection: 1,
      truncated: 1,
      gaps: 1,
      duplicates: 3,
      droppedFrames: 1,
      unreadFrames: 1,
    },
    paths: [...sample.paths, ...paths],
    flows: [...sample.flows, ...flows],
    reference: {
      ...reference,
      lacksTopology: true,
      paths: new Map([
        ...reference.paths,
        ...paths.map(({ id }): [string, PathReference] => [
          id,
          { from: ['hub'], to: ['dc'], ports: ['25/tcp'], notes: [] },
        ]),
      ]),
    },
    unexpected: [
      { flow: 'f0000000000000004', why: 'no-path' },
      { flow: 'f0000000000000003', why: 'outside-reference' },
    ],
    firewall: (Object.keys(english.firewall) as (keyof typeof english.firewall)[]).map((kind) => ({
      ...sample.firewall[0]!,
      kind,
    })),
    exceptions: {
      sha256: '0a'.repeat(32),
      list: (['in-force', 'expired', 'unused'] as const).map((state) => ({
        path: 'hub-to-hub',
        check: 'port',
        client: 'hub1',
        server: null,
        ...accepted,
        state,
        flows: 1,
      })),
    },
    limits: ['flows', 'hosts', 'names'].map((name) => ({ name, cap: 10, hit: 2, detail: 'in English' })),
  };
}

/** What an attacker would put into a capture, a file name or a certificate. */
export const hostileText = {
  script: '<script>alert(1)</script>',
  attribute: '" onmouseover="alert(2)" \'x',
  escape: '\x1b[2J\x1b]0;owned\x07\x9b31m',
  bidi: '\u202eexe.cod\u2066\u200b',
  formula: '=cmd|"/c calc"!A1',
  line: 'one\r\ntwo\u2028three',
  surrogate: 'lone \ud800 surrogate',
} as const;

/** The sample with such text wherever a capture, a file name or a topology can put any. */
export function hostileReport(text: string): AuditReport {
  const sample = sampleReport();
  const dirty = { file: text, frame: 17, fact: text };
  const flow = (id: string, some: Partial<FlowReport>) =>
    sampleFlow({
      id,
      captures: [text],
      client: { ...hub1, name: text },
      server: { ...hub2, name: text },
      protocol: text,
      protocolPath: [text],
      wiresharkFilter: text,
      blindSpots: [{ why: 'malformed', frame: 3, detail: text }],
      ...some,
    });
  return {
    ...sample,
    options: { asOf: text },
    captures: sample.captures.map((capture) => ({
      ...capture,
      file: text,
      problems: [{ kind: 'damaged', byte: 1, detail: text }],
    })),
    flows: [
      flow('a', { results: sampleFlow().results.map((result) => ({ ...result, evidence: [dirty] })) }),
      flow('b', { results: [], paths: [], tls: { ...passingFlow.tls!, serverName: text } }),
    ],
    unexpected: [{ flow: 'b', why: 'no-path' }],
    hosts: sample.hosts.map((host) => ({ ...host, address: text, name: text, roles: [text] })),
    firewall: sample.firewall.map((line) => ({ ...line, host: text, role: text, rules: [text] })),
    assertions: sample.assertions.map((assertion) => ({ ...assertion, evidence: [dirty] })),
    correlations: [{ kind: text, from: { [text]: text }, to: { spn: text }, evidence: [dirty] }],
    limits: [{ name: text, cap: 1, hit: 1, detail: text }],
  };
}
