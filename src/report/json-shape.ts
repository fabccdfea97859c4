import type { AuditReport, FlowReport, PathReport } from '../check/audit-report.ts';

/**
 * The keys of a value in the order they are printed. It is total: a key added to a report does not compile before it has
 * its place here. `true` prints the value as it is.
 */
export type Shape<T> = T extends readonly (infer Element)[]
  ? Shape<Element>
  : T extends object
    ? string extends keyof T
      ? true
      : { [Key in keyof T]-?: Shape<NonNullable<T[Key]>> }
    : true;

/** A path as it is printed: its title in one language, its flows as a list. */
export type PrintedPath = Omit<PathReport, 'title' | 'flows'> & { title: string; flows: string[] };
/** A flow as it is printed: the time of an exposure is its frame's. */
export type PrintedFlow = Omit<FlowReport, 'encryption'> & {
  encryption: Omit<FlowReport['encryption'], 'exposures'> & {
    exposures: Omit<FlowReport['encryption']['exposures'][number], 'time'>[];
  };
};
/** A capture as the contract prints it. */
export type PrintedCapture = Omit<AuditReport['captures'][number], 'compression' | 'names'>;

const evidence = { file: true, frame: true, fact: true, comment: true } as const;
const accepted = { reason: true, by: true, until: true } as const;
const check = { result: true, reason: true, accepted } as const;
const alone = { result: true, reason: true } as const;
const judged = { ...check, alone, default: true, supported: true, observed: true } as const;
const end = { address: true, port: true, name: true, roles: true } as const;
const counts = {
  pass: true,
  fail: true,
  unknown: true,
  notchecked: true,
  notapplicable: true,
  informational: true,
  error: true,
} as const;

export const shapes = {
  tool: { name: true, version: true } satisfies Shape<AuditReport['tool']>,
  rulePacks: { id: true, version: true, sha256: true } satisfies Shape<AuditReport['rulePacks']>,
  topology: { sha256: true } satisfies Shape<NonNullable<AuditReport['topology']>>,
  captures: {
    file: true,
    sha256: true,
    format: true,
    linkTypes: true,
    frames: true,
    bytes: true,
    firstSeen: true,
    lastSeen: true,
    dropped: true,
    problems: { kind: true, byte: true, detail: true },
  } satisfies Shape<PrintedCapture[]>,
  summary: {
    paths: counts,
    checks: counts,
    decided: { decided: true, observed: true },
    accepted: { paths: true, checks: true },
  } satisfies Shape<AuditReport['summary']>,
  captureQuality: {
    flows: true,
    midstream: true,
    oneDirection: true,
    truncated: true,
    gaps: true,
    duplicates: true,
    droppedFrames: true,
    unreadFrames: true,
  } satisfies Shape<AuditReport['captureQuality']>,
  paths: {
    id: true,
    title: true,
    group: true,
    observed: true,
    port: { ...check, alone, flows: true },
    authentication: judged,
    encryption: { ...check, alone, byDefault: true, supported: true, observed: true },
    betterThanDocumented: true,
    flows: true,
  } satisfies Shape<PrintedPath>,
  groups: {
    id: true,
    paths: true,
    port: check,
    authentication: check,
    encryption: check,
  } satisfies Shape<AuditReport['groups']>,
  flows: {
    id: true,
    communityId: true,
    captures: true,
    transport: true,
    client: end,
    server: end,
    beforeOffload: true,
    interface: true,
    tunnels: { kind: true, from: true, to: true },
    virtualDirectories: true,
    keysInClear: true,
    protocol: true,
    protocolPath: true,
    firstSeen: true,
    lastSeen: true,
    frames: true,
    bytes: { client: true, server: true },
    state: true,
    missedBytes: true,
    encryption: {
      protection: true,
      mechanism: true,
      exposed: true,
      exposures: { content: true, file: true, frame: true, comment: true },
    },
    upgrade: {
      verb: true,
      offered: true,
      asked: true,
      accepted: true,
      refusedWith: true,
      possiblyStripped: true,
      offeredElsewhere: { flow: true, file: true, frame: true },
      frames: true,
    },
    tls: {
      version: true,
      cipherSuite: true,
      serverName: true,
      clientCertificateRequested: true,
      clientCertificate: true,
      resumed: true,
      finished: true,
      certificates: {
        of: true,
        subject: true,
        issuer: true,
        selfSigned: true,
        sha256: true,
        notBefore: true,
        notAfter: true,
      },
    },
    authentication: {
      mechanisms: true,
      credentialsExposed: true,
      hidden: true,
      attempts: {
        mechanism: true,
        inside: true,
        outcome: true,
        principal: true,
        protected: true,
        version: true,
        etype: true,
        frame: true,
      },
    },
    rpc: { interfaces: { uuid: true, name: true, authType: true, authLevel: true } },
    smb: { dialect: true, signed: true, encrypted: true },
    paths: true,
    results: {
      path: true,
      check: true,
      result: true,
      reason: true,
      evidence,
      accepted,
      documented: { en: true, ko: true },
    },
    blindSpots: { why: true, frame: true, detail: true },
    facts: true,
    wiresharkFilter: true,
  } satisfies Shape<PrintedFlow>,
  correlations: { kind: true, from: true, to: true, evidence } satisfies Shape<AuditReport['correlations']>,
  unexpected: { flow: true, why: true } satisfies Shape<AuditReport['unexpected']>,
  hosts: {
    address: true,
    name: true,
    roles: true,
    named: true,
    called: { name: true, file: true },
    flows: true,
    firstSeen: true,
    lastSeen: true,
  } satisfies Shape<AuditReport['hosts']>,
  firewall: {
    host: true,
    role: true,
    transport: true,
    port: true,
    kind: true,
    rules: true,
    flows: true,
  } satisfies Shape<AuditReport['firewall']>,
  assertions: { id: true, result: true, reason: true, evidence } satisfies Shape<AuditReport['assertions']>,
  exceptions: {
    sha256: true,
    list: {
      path: true,
      check: true,
      client: true,
      server: true,
      reason: true,
      by: true,
      until: true,
      state: true,
      flows: true,
    },
  } satisfies Shape<NonNullable<AuditReport['exceptions']>>,
  limits: { name: true, cap: true, hit: true, detail: true } satisfies Shape<AuditReport['limits']>,
};
