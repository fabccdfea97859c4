import type { CaptureSummary } from '../capture/capture-summary.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type { Direction } from '../flows/direction.ts';
import type {
  AuthenticationMechanism,
  Content,
  ProtectionLevel,
  SecurityMechanism,
  TunnelKind,
  UpgradeVerb,
} from '../protocols/fact.ts';
import type { Transport } from '../protocols/flow-record.ts';
import type { FlowList } from './flow-list.ts';
import type { CheckName } from './pack.ts';
import type { Reference } from './reference.ts';
import type { Reason, Result } from './result.ts';

/**
 * Everything an audit found, in the shape of the public JSON report (schemaVersion 1). Formats print it and compute
 * nothing. Flows come as an iterable that can be walked again and again, as there may be more than memory holds.
 */
export interface AuditReport {
  tool: { name: string; version: string };
  rulePacks: { id: string; version: string; sha256: string }[];
  topology: { sha256: string } | null;
  options: Record<string, string | boolean>;
  /** RFC 3339; only where the user asked for a time stamp */
  stamp: string | null;
  captures: CaptureSummary[];
  partial: boolean;
  summary: {
    paths: Counts;
    checks: Counts;
    /** checks that came to pass, fail or informational, of those with a flow to judge */
    decided: { decided: number; observed: number };
    /** failing paths and checks of which every failure is an accepted risk; they are counted as `fail` as well */
    accepted: { paths: number; checks: number };
  };
  captureQuality: CaptureQuality;
  paths: PathReport[];
  groups: GroupReport[];
  flows: Iterable<FlowReport>;
  correlations: Correlation[];
  unexpected: { flow: string; why: 'no-path' | 'outside-reference' }[];
  hosts: HostReport[];
  firewall: FirewallReport[];
  assertions: { id: string; result: Result; reason: Reason; evidence: EvidenceReport[] }[];
  /** for reports that people read; the JSON report leaves it out */
  reference: Reference;
  /** accepted risks, in the order of their file; null where none was given */
  exceptions: { sha256: string; list: ExceptionReport[] } | null;
  limits: { name: string; cap: number; hit: number; detail: string }[];
}

export type Counts = Record<Result, number>;

export interface CaptureQuality {
  flows: number;
  midstream: number;
  oneDirection: number;
  truncated: number;
  gaps: number;
  duplicates: number;
  droppedFrames: number;
  unreadFrames: number;
}

export interface CheckReport {
  result: Result;
  reason: Reason;
  /** of a `fail`: every failure behind it is an accepted risk */
  accepted?: Accepted;
}

/** Who answers for a failure, why, and up to which day. */
export interface Accepted {
  reason: string;
  by: string;
  until: string;
}

export interface ExceptionReport extends Accepted {
  path: string | null;
  check: CheckName | null;
  client: string | null;
  server: string | null;
  state: 'in-force' | 'expired' | 'unused';
  /** with a failure that it fits, also where it has expired */
  flows: number;
}

/** A check of a row; in a group it is the group's. */
export interface RowCheckReport extends CheckReport {
  /** where the group's result is another: what came of the row's own flows */
  alone?: Pick<CheckReport, 'result' | 'reason'>;
}

export interface PathReport {
  id: string;
  title: { en: string; ko: string };
  group: string | null;
  observed: 'itself' | 'group' | 'no';
  port: RowCheckReport & { flows: number };
  authentication: RowCheckReport & { default: string[]; supported: string[]; observed: string[] };
  encryption: RowCheckReport & { byDefault: 'yes' | 'no'; supported: string[]; observed: string[] };
  betterThanDocumented: boolean;
  /** ids, by first frame */
  flows: FlowList;
}

export interface GroupReport {
  id: string;
  paths: string[];
  port: CheckReport;
  authentication: CheckReport;
  encryption: CheckReport;
}

export interface EvidenceReport {
  file: string;
  frame: number;
  fact: string;
  /** what the capture file says of the frame: anybody's words */
  comment?: string;
}

export interface EndReport {
  address: string;
  port: number | null;
  name: string | null;
  roles: string[];
}

export type Protection = 'none' | ProtectionLevel | 'unknown';

export interface FlowReport {
  id: string;
  communityId: string;
  captures: string[];
  transport: Transport;
  client: EndReport;
  server: EndReport;
  /** the server ends the protection and passes the content on (load balancer): this is the segment before it */
  beforeOffload: boolean;
  /** of the first frame, as the capture file calls it, where it has several */
  interface?: string;
  /** what its first packet lay in, from the outermost; left out where it lay in nothing */
  tunnels?: TunnelReport[];
  /** first segments of the HTTP paths that were asked for (`/owa`), at most a few; left out where there is none */
  virtualDirectories?: string[];
  /** media that seem encrypted, with keys that went in clear in the signalling: whoever recorded both can hear them; left out where not so */
  keysInClear?: true;
  protocol: string;
  protocolPath: string[];
  firstSeen: string;
  lastSeen: string;
  frames: number;
  bytes: { client: number; server: number };
  state: string;
  missedBytes: number;
  encryption: {
    protection: Protection;
    mechanism: SecurityMechanism | null;
    exposed: Content[];
    /** the first frame of each kind of content */
    exposures: {
      content: Content;
      file: string;
      frame: number;
      /** seconds since 1970 */
      time: number;
      comment?: string;
    }[];
  };
  upgrade: UpgradeReport | null;
  tls: TlsReport | null;
  authentication: {
    mechanisms: AuthenticationMechanism[];
    credentialsExposed: boolean;
    hidden: boolean;
    attempts: AttemptReport[];
  };
  rpc: { interfaces: { uuid: string; name: string | null; authType: number; authLevel: number }[] } | null;
  smb: { dialect: string; signed: boolean; encrypted: boolean } | null;
  paths: string[];
  results: FlowResultReport[];
  blindSpots: { why: BlindSpotWhy; frame: number; detail: string }[];
  facts: number;
  wiresharkFilter: string;
}

export interface TunnelReport {
  kind: TunnelKind;
  /** its ends; null where it has no addresses of its own */
  from: string | null;
  to: string | null;
}

export interface FlowResultReport {
  path: string;
  check: CheckName;
  result: Result;
  reason: Reason;
  evidence: EvidenceReport[];
  /** of a `fail` */
  accepted?: Accepted;
  /** of a `fail`: the pack's word that it can be configured so */
  documented?: { en: string; ko: string };
}

export interface UpgradeReport {
  verb: UpgradeVerb;
  offered: boolean;
  asked: boolean;
  accepted: boolean;
  /** the server's code */
  refusedWith: string | null;
  possiblyStripped: boolean;
  /** where the same server offered an upgrade in another connection, though none was offered here */
  offeredElsewhere: { flow: string; file: string; frame: number } | null;
  /** frame numbers of what was seen: `offered`, `asked`, `accepted`, `refused` */
  frames: Record<string, number>;
}

export interface TlsReport {
  /** as on the wire, 0x0002 for SSL 2, 0x0300 … 0x0304 (formats print names); null where no ServerHello was seen */
  version: number | null;
  /** IANA's number */
  cipherSuite: number | null;
  serverName: string | null;
  clientCertificateRequested: boolean | null;
  clientCertificate: boolean | null;
  resumed: boolean;
  finished: boolean;
  certificates: {
    of: Direction;
    subject: string;
    issuer: string;
    selfSigned: boolean;
    sha256: string;
    notBefore: string;
    notAfter: string;
  }[];
}

export interface AttemptReport {
  mechanism: AuthenticationMechanism;
  inside: string | null;
  outcome: 'accepted' | 'refused' | 'unfinished' | 'unseen';
  principal: string | null;
  protected: boolean;
  version: string | null;
  etype: number | null;
  frame: number;
}

export interface Correlation {
  kind: string;
  from: Record<string, string | number>;
  to: Record<string, string | number>;
  evidence: EvidenceReport[];
}

export interface HostReport {
  address: string;
  name: string | null;
  roles: string[];
  named: boolean;
  /** what a capture file calls it, where the topology does not name it: anybody's words, never judged by */
  called?: { name: string; file: string };
  flows: number;
  firstSeen: string;
  lastSeen: string;
}

export interface FirewallReport {
  host: string;
  role: string;
  transport: 'tcp' | 'udp';
  port: number;
  kind: 'opened-and-seen' | 'opened-not-seen' | 'seen-not-opened' | 'any-rule' | 'iis';
  rules: string[];
  flows: number;
}
