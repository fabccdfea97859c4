import { z } from 'zod';

/** A rule pack as its YAML file holds it: data, no code. Every object is strict, so that a misspelt key is an error. */

const id = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'a name of lower-case letters, digits, dots and dashes');
const port = z.int().min(1).max(65_535);
const text = z.strictObject({ en: z.string().min(1), ko: z.string().min(1) });
const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'a UUID in lower-case hexadecimal digits');
const portForms = 'a port from 1 to 65535, a range [from, to] or dynamic';

export const checkNames = ['port', 'authentication', 'encryption'] as const;

/** What became of a protocol's own step to TLS, as far as a flow with content in clear shows it. */
export const upgradeCourses = [
  'not-seen',
  'not-offered',
  'offered-not-used',
  'possibly-stripped',
  'offered-elsewhere',
  'asked-no-answer',
  'refused',
  'accepted-not-followed',
  'accepted-not-finished',
  'content-beside',
] as const;
export type UpgradeCourse = (typeof upgradeCourses)[number];

/** How a data path travels: what an observed flow is held against. */
const carrier = z.strictObject({
  transport: z.enum(['tcp', 'udp']),
  /** one port, an inclusive range, or `dynamic`: learnt elsewhere (endpoint mapper, SDP), so no port is wrong */
  port: z.union([port, z.tuple([port, port]), z.literal('dynamic')], portForms),
  /** a protocol's name as analyzers give it */
  protocol: id,
  /** the document's label in the port cell */
  label: z.string().optional(),
  /** `clear`: the protocol starts readable and may upgrade; `tls`: TLS from the first byte */
  begins: z.enum(['clear', 'tls']).default('clear'),
  /** who opens it: the path's source, its destination, or either */
  direction: z.enum(['forward', 'reverse', 'either']).default('forward'),
  /** names out of the pack's `interfaces` or `unpublishedInterfaces`: only RPC calls of these belong to the path */
  interfaces: z.array(z.string()).optional(),
  /** HTTP paths, net.tcp addresses, named pipes or shares that select the path: compared from the left, in any case */
  resources: z.array(z.string()).optional(),
  /** mechanisms accepted on this carrier beside the path's words, such as `netlogon` of its own secure channel */
  alsoAccepts: z.array(z.string()).optional(),
  /** the name in a topology's `ports` that overrides the port */
  customisable: id.optional(),
  /** the port is no cell of the document's port column but follows from a note or from the protocol */
  inferred: z.boolean().optional(),
});

const authentication = z.strictObject({
  /** words out of the pack's `authenticationWords` */
  default: z.array(id),
  supported: z.array(id),
  /** the cells as printed */
  text: z.strictObject({ default: z.string(), supported: z.string() }).optional(),
});

const encryption = z.strictObject({
  supported: z.boolean().default(true),
  /** the documented mechanism; any confidential one passes */
  mechanism: id,
  /** content is protected unless somebody switched that off */
  byDefault: z.enum(['yes', 'no', 'yes-with-note']),
  /** between hosts of different sites content is protected by default, though not otherwise: clear content there is told */
  betweenSites: z.boolean().optional(),
  /** the oldest TLS that counts as protection; any where left out */
  tlsAtLeast: z.enum(['1.0', '1.1', '1.2', '1.3']).optional(),
  /** `low`: the cell is in doubt, so a failure is only reported as `reference-uncertain` */
  confidence: z.enum(['high', 'low']).default('high'),
  /** clear content is no failure where the peer of another organisation offers nothing better */
  opportunistic: z.boolean().default(false),
  /** the cells as printed */
  text: z.strictObject({ supported: z.string(), byDefault: z.string() }).optional(),
});

/** A documented way to run against the path's cells: it stays a failure, and says so (contract, rule 14). */
const documentedException = z.strictObject({
  check: z.enum(checkNames),
  /** of the server; any where left out */
  ports: z.array(port).optional(),
  text,
});

const source = z.strictObject({
  order: z.int().min(1),
  table: z.string(),
  /** the port cell as printed */
  ports: z.string(),
  /** the ends as the reference reads the title */
  from: z.string(),
  to: z.string(),
  /** which cells the reference found present, restored or conflicting */
  cells: z.record(z.string(), z.string()),
  /** which other copy confirmed a restored cell */
  mirror: z.string().optional(),
  remark: z.string().optional(),
});

/** A flow as the path's author thinks of it, and what must come of it. Run by `rules validate` and by the tests. */
const example = z.strictObject({
  title: z.string().min(1),
  /** roles of client and server; the path's first ones where left out */
  from: id.optional(),
  to: id.optional(),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
  port,
  /** as flows have it: `[smtp, tls]` */
  protocols: z.array(id).min(1),
  /** facts as analyzers state them (src/protocols/fact.ts), in order */
  facts: z.array(
    z.looseObject({ kind: z.enum(['offered', 'refused', 'secured', 'exposed', 'authenticated', 'described']) }),
  ),
  /** result, or result and reason */
  expect: z.strictObject({
    port: z.string().optional(),
    authentication: z.string().optional(),
    encryption: z.string().optional(),
  }),
});

export const dataPath = z.strictObject({
  id,
  title: text,
  /** roles; a flow's client has one of `from`, its server one of `to` */
  from: z.array(id).min(1),
  to: z.array(id).min(1),
  carriers: z.array(carrier).min(1),
  /** left out: authentication is nothing to judge */
  authentication: authentication.optional(),
  encryption,
  /** ids of notes */
  notes: z.array(id).default([]),
  exceptions: z.array(documentedException).default([]),
  source: source.optional(),
  examples: z.array(example).default([]),
});

const authenticationWord = z.strictObject({
  /** observed mechanisms that satisfy the word */
  mechanisms: z.array(id).default([]),
  /** how it is decided where it is no mechanism on the wire */
  by: z.enum(['mechanism', 'client-certificate', 'peer-address', 'never-on-the-wire']).default('mechanism'),
  /** words that this one is better than: where one of those is the default, this passes as better than documented */
  betterThan: z.array(id).optional(),
  /** versions of the mechanism that do not satisfy the word, such as NTLM `v1` */
  exceptVersions: z.array(z.string()).optional(),
});

const protocol = z.strictObject({
  /** ports registered for this protocol inside TLS: a flow known only as TLS there belongs to it */
  tlsPorts: z.array(port).default([]),
  /** checks that have nothing to judge on this protocol */
  notApplicable: z.array(z.enum(checkNames)).default([]),
  /** checks that have nothing to judge where the data path is clear by default */
  notApplicableInClear: z.array(z.enum(checkNames)).default([]),
  /** ends of resources that select nothing and mean no use of their own, such as the share that holds all pipes */
  neutralResources: z.array(z.string().min(1)).default([]),
  /** service classes of Kerberos tickets that may answer for hidden authentication; compared in any case */
  serviceClasses: z.array(z.string().min(1)).default([]),
});

const neighbour = z.strictObject({
  transport: z.enum(['tcp', 'udp']),
  port,
  name: z.string(),
  /** roles of the client, and of the server; all where left out */
  from: z.array(id).optional(),
  to: z.array(id).optional(),
});

/** What in a flow speaks for a role of one of its hosts, for drafting a topology: all that is given must be seen. */
const clue = z.strictObject({
  role: id,
  /** `strong`: nobody else does so; `weak`: others do too */
  certainty: z.enum(['strong', 'weak']),
  side: z.enum(['server', 'client']).default('server'),
  why: text,
  protocols: z.array(id).optional(),
  ports: z.array(port).optional(),
  interfaces: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  /** of a Kerberos ticket that is shown to the server, in lower case */
  serviceClasses: z.array(z.string()).optional(),
  /** part of what the server says first */
  banner: z.string().optional(),
  /** an upgrade that the server offers */
  upgrade: z.string().optional(),
});

const firewallRule = z.strictObject({
  id,
  name: z.string(),
  /** roles of the host that has the rule */
  roles: z.array(id).min(1),
  /** ports opened to TCP; `rpc-dynamic`, `rpc-epmap` (135) and `any` as in the document */
  ports: z.array(z.union([port, z.enum(['rpc-dynamic', 'any'])], 'a port from 1 to 65535, rpc-dynamic or any')).min(1),
  program: z.string(),
  /** a (GFW) rule: not bound to a process */
  processBound: z.boolean(),
  anomaly: z.string().optional(),
});

/** Ports that something else than these rules opens. */
const openedElsewhere = z.strictObject({ ports: z.array(port).min(1), by: z.enum(['iis']) });

/** Which flows a note speaks of; what is left out does not matter. */
const flowSelection = z.strictObject({
  protocols: z.array(id).optional(),
  transport: z.enum(['tcp', 'udp']).optional(),
  ports: z.array(port).optional(),
  /** roles of the client and of the server; `accepts` is not asked */
  from: z.array(id).optional(),
  to: z.array(id).optional(),
  /** names of RPC interfaces, one of which was bound or called */
  interfaces: z.array(z.string()).optional(),
});

/** What each of those flows must show. */
const expectation = z.union([
  /** content is encrypted */
  z.strictObject({ protection: z.literal('privacy') }),
  /** content goes in clear, and that is what the note says; `told` says with which result */
  z.strictObject({ clear: z.enum(['pass', 'informational']) }),
  /** whoever logged in did so by one of these mechanisms; `alsoSupported` are told, all others refute the note */
  z.strictObject({ mechanisms: z.array(id), alsoSupported: z.array(id) }),
  /** none of these mechanisms is offered or accepted; without a list of those offered it stays open */
  z.strictObject({ no: z.array(id) }),
  /** somebody logged in inside this negotiation */
  z.strictObject({ inside: z.literal('negotiate') }),
  /** content went over one of these ports; over another is told */
  z.strictObject({ ports: z.array(port) }),
  /** there is no such flow with content */
  z.strictObject({ never: z.literal(true) }),
  /** the server plays one of these roles */
  z.strictObject({ server: z.array(id).min(1) }),
  /** the server answers in clear on these ports, and in TLS on those */
  z.strictObject({ answersInClear: z.array(port), answersInTls: z.array(port) }),
  /** there is such a flow */
  z.strictObject({ seen: z.literal(true) }),
  /** another flow announced its port before (endpoint mapper, SDP) */
  z.strictObject({ announced: z.literal(true) }),
  /** the connection was taken */
  z.strictObject({ answered: z.literal(true) }),
  /** an upgrade that was offered was asked for */
  z.strictObject({ upgrade: z.literal(true) }),
  /** the client proved a certificate: each has to, or one that did is told of */
  z.strictObject({ certificate: z.enum(['required', 'possible']) }),
]);

/** What is seen as the note says does not show all of it, so that it is no proof: nothing contradicts the note. */
const partly = z.boolean().optional();

/** How a note is checked: by the results of data paths, by flows, or never by a capture. */
const noteCheck = z.union([
  z.strictObject({
    paths: z.array(id).min(1),
    checks: z.array(z.enum(checkNames)).min(1),
    /** encryption has to be by TLS; `self-signed`: under such a certificate of the server */
    tls: z.enum(['any', 'self-signed']).optional(),
    /** a failure for another reason says nothing of the note */
    refutedBy: z.array(id).min(1).optional(),
    partly,
  }),
  z.strictObject({ flows: flowSelection, expect: expectation, partly }),
  z.strictObject({ never: z.enum(['semantics', 'not-on-the-wire']) }),
]);

const note = z.strictObject({
  id,
  section: z.string(),
  kind: z.string(),
  checkable: z.string(),
  assertion: z.string(),
  /** the same in Korean */
  assertionKo: z.string().optional(),
  test: z.string(),
  check: noteCheck.default({ never: 'semantics' }),
  /** where the document contradicts or misspells itself */
  remark: z.string().optional(),
});

const texts = z.array(z.string().min(1)).min(1);

/** What one would do about a finding. A finding has to have what each list of `for` that is given names; the first entry that fits answers. */
const remedy = z.strictObject({
  id,
  for: z.strictObject({
    /** of the flow */
    protocols: z.array(id).min(1).optional(),
    checks: z.array(z.enum(checkNames)).min(1).optional(),
    reasons: z.array(id).min(1).optional(),
    /** how far the protocol's own step to TLS got */
    upgrade: z.array(z.enum(upgradeCourses)).min(1).optional(),
    /** mechanisms of logins, one of which was accepted or may have been */
    mechanisms: z.array(id).min(1).optional(),
    /** roles, one of which the server has */
    servers: z.array(id).min(1).optional(),
    /** one of which the flow is on */
    paths: z.array(id).min(1).optional(),
  }),
  /** which end of the flow is changed; `between`: what stands on the way */
  at: z.enum(['client', 'server', 'both', 'between']),
  title: text,
  steps: z.strictObject({ en: texts, ko: texts }),
  /** to be typed as they are, but for what stands in angle brackets; `note` says where, or what for */
  commands: z.array(z.union([z.string().min(1), z.strictObject({ run: z.string().min(1), note: text })])).default([]),
  /** what a capture shows once it is done */
  proof: text,
});

export const packSchema = z.strictObject({
  id,
  version: z.string(),
  title: text,
  document: z.strictObject({ product: z.string(), lastModified: z.string(), url: z.url() }).optional(),
  /** no topology is needed: every host plays `unnamedRole`, whatever a topology says */
  withoutTopology: z.boolean().default(false),
  /** role → what it is; no other word is a role in this pack or in a topology for it */
  roles: z.record(id, text),
  /** the role of a host that no topology names */
  unnamedRole: id.optional(),
  /** a path's role → roles of hosts that are also accepted there */
  accepts: z.record(id, z.array(id)).default({}),
  authenticationWords: z.record(id, authenticationWord).default({}),
  protocols: z.record(id, protocol),
  /** seconds for which an issued ticket answers for a flow that begins after it */
  ticketSeconds: z.int().min(0).default(300),
  /** RPC interface name → UUID */
  interfaces: z.record(id, z.strictObject({ uuid, title: z.string().optional() })).default({}),
  /** RPC interfaces whose UUID nobody has published → title; a topology's `interfaces` can give it */
  unpublishedInterfaces: z.record(id, z.string().min(1)).default({}),
  paths: z.array(dataPath).min(1),
  /** rows that no capture can tell apart: they answer together */
  groups: z.array(z.strictObject({ id, paths: z.array(id).min(2) })).default([]),
  /** what hosts of these roles normally do outside the document */
  neighbours: z.array(neighbour).default([]),
  firewall: z.array(firewallRule).default([]),
  openedElsewhere: z.array(openedElsewhere).default([]),
  clues: z.array(clue).default([]),
  /** roles of hosts that end the protection of what they pass on: a flow to them is judged as the path behind them */
  offloads: z.array(id).default([]),
  notes: z.array(note).default([]),
  /** for readers of reports: no result depends on them */
  remedies: z.array(remedy).default([]),
  /** in which shell the commands of remedies run, and on which host */
  shell: text.optional(),
  anomalies: z.array(z.string()).default([]),
});

export type Pack = z.infer<typeof packSchema>;
export type DataPath = Pack['paths'][number];
export type Carrier = DataPath['carriers'][number];
export type Clue = Pack['clues'][number];
export type Note = Pack['notes'][number];
export type FlowSelection = z.infer<typeof flowSelection>;
export type Expectation = z.infer<typeof expectation>;
export type CheckName = (typeof checkNames)[number];
