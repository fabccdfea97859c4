import { audit } from '../../src/check/audit.ts';
import type { AuditOptions } from '../../src/check/audit-input.ts';
import type { FlowReport } from '../../src/check/audit-report.ts';
import { createJudge, reportFlow } from '../../src/check/flow-report.ts';
import { Knowledge } from '../../src/check/knowledge.ts';
import { type CheckName, checkNames, type Pack } from '../../src/check/pack.ts';
import { createRoleMap } from '../../src/check/roles.ts';
import type { Rules } from '../../src/check/rules.ts';
import { loadTopology } from '../../src/check/topology.ts';
import type { BlindSpotWhy } from '../../src/flows/blind-spot.ts';
import type {
  Authenticated,
  AuthenticationMechanism,
  Content,
  Fact,
  ProtectionLevel,
  SecurityMechanism,
  UpgradeVerb,
} from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { registry } from '../../src/protocols/registry.ts';
import { flowWith } from './build-flow.ts';
import { readPack } from './read-pack.ts';

/** A network with one or two hosts of every role; `partner` and `stranger` are named by no topology. */
const addresses = {
  dc1: '10.0.0.5',
  rms1: '10.0.0.6',
  hub1: '10.0.0.11',
  hub2: '10.0.0.12',
  edge1: '10.0.0.21',
  mbx1: '10.0.0.31',
  mbx2: '10.0.0.32',
  cas1: '10.0.0.41',
  cas2: '10.0.0.42',
  um1: '10.0.0.51',
  old1: '10.0.0.61',
  pbx1: '10.0.0.80',
  ocs1: '10.0.0.81',
  lb1: '10.0.0.90',
  client1: '10.0.0.101',
  admin1: '10.0.0.103',
  all1: '10.0.0.110',
  desk: '10.1.2.3',
  desk2: '10.1.2.4',
  partner: '203.0.113.25',
  stranger: '198.51.100.7',
} as const;
export type HostName = keyof typeof addresses;
export const addressOf = (host: HostName): string => addresses[host];

const roles: Partial<Record<HostName, string>> = {
  dc1: 'dc',
  rms1: 'adrms',
  hub1: 'hub',
  hub2: 'hub',
  edge1: 'edge',
  mbx1: 'mailbox',
  mbx2: 'mailbox',
  cas1: 'cas',
  cas2: 'cas',
  um1: 'um',
  old1: 'legacy-mailbox',
  pbx1: 'ip-gateway',
  ocs1: 'ocs',
  lb1: 'load-balancer',
  client1: 'client',
  admin1: 'admin',
  all1: 'hub, cas, mailbox',
};

const topologyText = [
  'hosts:',
  ...Object.entries(roles).map(
    ([name, list]) => `  - { name: ${name}, addresses: [${addresses[name as HostName]}], roles: [${list}] }`,
  ),
  'networks:',
  '  - { cidr: 10.1.0.0/16, roles: [client] }',
  '',
].join('\n');

const pack = readPack();
const analyzers = new Set(registry.map((analyzer) => analyzer.name));

/** The pack with that network, more of a topology, or none; `change` alters the pack. */
export function rulesWith(more: string | null = '', change: (pack: Pack) => Pack = (same) => same): Rules {
  const changed = change(pack);
  const topology = more === null ? null : loadTopology('topology.yaml', topologyText + more, Object.keys(pack.roles));
  return { pack: changed, topology, roles: topology && createRoleMap(topology, changed), analyzers };
}
const usual = rulesWith();

/** A flow from host to host and port, whose protocol and protocol path are `path` (`smtp/tls`; none: `unknown`). */
export function between(
  from: HostName,
  to: HostName,
  port: number,
  path: string,
  facts: Fact[] = [],
  some: Partial<Omit<FlowRecord, 'facts' | 'blindSpots'>> & { blind?: [BlindSpotWhy, number][] } = {},
): FlowRecord {
  const { blind = [], ...fields } = some;
  const protocolPath = path === '' ? [] : path.split('/');
  return flowWith({
    client: { address: addresses[from], port: 40_000 },
    server: { address: addresses[to], port },
    protocol: protocolPath[0] ?? 'unknown',
    protocolPath,
    facts,
    blindSpots: blind.map(([why, frame]) => ({ why, frame })),
    ...fields,
  });
}

export const report = (flow: FlowRecord, rules: Rules = usual): FlowReport =>
  reportFlow(flow, {
    judges: [createJudge(rules)],
    files: new Map([[0, 'a.pcap']]),
    reused: new Set(),
    knowledge: new Knowledge(),
  });

/** Result and reason of each check on a path; null where the flow is not on it. */
export function judge(flow: FlowRecord, path: string, rules: Rules = usual): Record<CheckName, string> | null {
  const { results } = report(flow, rules);
  const found = checkNames.map((check) => [check, results.find((row) => row.path === path && row.check === check)]);
  if (found.some(([, row]) => row === undefined)) return null;
  return Object.fromEntries(
    found.map(([check, row]) => [check, typeof row === 'object' ? `${row.result} ${row.reason}` : '']),
  ) as Record<CheckName, string>;
}

export function auditFlows(
  flows: FlowRecord[],
  rules: Rules = usual,
  some: Partial<Pick<AuditOptions, 'exceptions' | 'options' | 'inference'>> = {},
) {
  const numbered = flows.map((flow, index) => ({ ...flow, id: `f${index}` }));
  const observed = {
    captures: [],
    limits: [],
    flows: () => numbered,
    flowsStating: () => numbered,
    reusedCommunityIds: () => new Set<string>(),
  };
  const report = audit(observed, {
    tool: { name: 'pcap-audit', version: 'test' },
    rules: [rules],
    inference: true,
    rulePacks: [],
    topology: null,
    options: {},
    exceptions: null,
    stamp: null,
    partial: false,
    ...some,
  });
  return { ...report, paths: report.paths.map((path) => ({ ...path, flows: [...path.flows] })) };
}

/** Result and reason of each check of a path, or of a group, of a whole audit. */
export function answer(flows: FlowRecord[], id: string, rules: Rules = usual) {
  const { paths, groups } = auditFlows(flows, rules);
  const found = [...paths, ...groups].find((one) => one.id === id)!;
  return Object.fromEntries(checkNames.map((check) => [check, `${found[check].result} ${found[check].reason}`]));
}

export const exposed = (content: Content): Fact => ({ kind: 'exposed', content });
export const secured = (mechanism: SecurityMechanism, level: ProtectionLevel = 'privacy'): Fact => ({
  kind: 'secured',
  mechanism,
  level,
});
export const tried = (
  mechanism: AuthenticationMechanism,
  outcome: Authenticated['outcome'] = 'accepted',
  more: Partial<Authenticated> = {},
): Fact => ({ kind: 'authenticated', mechanism, outcome, protected: true, ...more });
export const offers = (verb: UpgradeVerb = 'STARTTLS'): Fact => ({ kind: 'offered', what: 'upgrade', verb });
export const nothingToUpgrade: Fact = { kind: 'described', what: 'nothing-to-upgrade' };
/** asked and agreed */
export const upgraded = (verb: UpgradeVerb = 'STARTTLS'): Fact[] => [
  offers(verb),
  { kind: 'described', what: 'upgrade-asked', verb },
  { kind: 'described', what: 'upgrade-accepted', verb, code: '220' },
];

const certificate = (of: 'client' | 'server', sha256: string): Fact => ({
  kind: 'described',
  what: 'certificate',
  of,
  subject: `CN=${of}`,
  issuer: `CN=${of}`,
  selfSigned: true,
  sha256,
  notBefore: '2020-01-01T00:00:00Z',
  notAfter: '2021-01-01T00:00:00Z',
});

/** A handshake up to the first content; `client` is the thumbprint of the certificate that the client proves to hold. */
export function tls(
  mechanism: SecurityMechanism = 'tls',
  some: {
    version?: number;
    suite?: number;
    resumed?: boolean;
    request?: boolean;
    refuse?: boolean;
    client?: string;
    outcome?: Authenticated['outcome'];
    renegotiated?: boolean;
    level?: ProtectionLevel;
    content?: boolean;
    finished?: boolean;
  } = {},
): Fact[] {
  const { version = 0x0303, suite = 0xc030, resumed = false, finished = true, content = true } = some;
  const full = version < 0x0304 && !resumed;
  return [
    { kind: 'described', what: 'tls-client-hello', version, serverName: null, offersResumption: resumed },
    { kind: 'described', what: 'tls-server-hello', version, cipherSuite: suite, resumed },
    ...(full ? [certificate('server', '5'.repeat(64))] : []),
    ...(some.request || some.client || some.refuse ? [{ kind: 'offered', what: 'client-certificate' } as const] : []),
    ...(some.refuse ? [{ kind: 'refused', what: 'client-certificate' } as const] : []),
    ...(some.client
      ? [certificate('client', some.client), { kind: 'described', what: 'client-certificate-proven' } as const]
      : []),
    ...(finished ? [{ kind: 'described', what: 'tls-finished' } as const] : []),
    ...(some.client ? [tried('certificate', some.outcome ?? 'accepted')] : []),
    ...(some.renegotiated ? [{ kind: 'described', what: 'tls-renegotiated' } as const] : []),
    ...(content ? [secured(mechanism, some.level)] : []),
  ];
}
/** SMTP that goes over to TLS. */
export const starttls = (some: Parameters<typeof tls>[1] = {}, verb: UpgradeVerb = 'STARTTLS'): Fact[] => [
  ...upgraded(verb),
  ...tls(verb === 'STARTTLS' ? 'starttls' : 'x-anonymoustls', some),
];
