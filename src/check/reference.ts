import { acceptedBy } from './authentication-words.ts';
import type { DataPath, Pack } from './pack.ts';
import type { Rules } from './rules.ts';

/** What packs and topology say for a person who reads a report: no result depends on it. */
export interface Reference {
  /** no topology was given, and a pack cannot judge without */
  lacksTopology: boolean;
  /** in pack order; the first that fits answers */
  remedies: Remedy[];
  /** what each pack is made from */
  documents: { title: Text; product: string | null; lastModified: string | null }[];
  /** where the commands of remedies run */
  shells: Text[];
  paths: Map<string, PathReference>;
  /** roles of addresses that no topology names */
  unnamedRoles: Set<string>;
  /** what a role is called */
  roles: Map<string, Text>;
  notes: Map<string, Text>;
  /** names of the topology's hosts by role */
  hosts: Map<string, string[]>;
  /** addresses that the topology gives hosts, by the host's name */
  addresses: Map<string, string[]>;
  /** ports on which a protocol begins with TLS */
  tlsPorts: Map<string, Set<number>>;
}

export type Text = { en: string; ko: string };
export type Remedy = Pack['remedies'][number];

export interface PathReference {
  from: string[];
  to: string[];
  /** `25/tcp`, `dynamic/tcp`; each once, in pack order */
  ports: string[];
  /** protocols whose port is learnt elsewhere */
  dynamic: string[];
  /** protocols that have a port of their own here on which they begin with TLS */
  ownTls: string[];
  /** ports that a documented exception names */
  exceptionPorts: number[];
  /** a login that encryption hides may be Kerberos, which a ticket would tell of */
  ticketAnswers: boolean;
  /** ids of notes */
  notes: string[];
}

export function referenceOf(rules: readonly Rules[]): Reference {
  const packs = rules.map(({ pack }) => pack);
  const entries = <T>(list: (pack: Pack) => [string, T][]) => new Map(packs.flatMap(list));
  const hosts = new Map<string, string[]>();
  const addresses = new Map<string, string[]>();
  for (const host of rules[0]?.topology?.hosts ?? []) {
    for (const role of host.roles) hosts.set(role, [...(hosts.get(role) ?? []), host.name]);
    addresses.set(host.name, host.addresses);
  }
  const tlsPorts = new Map<string, Set<number>>();
  for (const [protocol, { tlsPorts: ports }] of packs.flatMap((pack) => Object.entries(pack.protocols))) {
    tlsPorts.set(protocol, new Set([...(tlsPorts.get(protocol) ?? []), ...ports]));
  }
  return {
    lacksTopology: rules.some(({ pack, topology }) => topology === null && !pack.withoutTopology),
    remedies: packs.flatMap((pack) => pack.remedies),
    documents: packs.map(({ title, document }) => ({
      title,
      product: document?.product ?? null,
      lastModified: document?.lastModified ?? null,
    })),
    shells: packs.flatMap(({ shell }) => shell ?? []),
    paths: new Map(
      rules.flatMap(({ pack, topology }) =>
        pack.paths.map((path) => [path.id, pathReference(path, pack, topology?.ports ?? {})] as const),
      ),
    ),
    unnamedRoles: new Set(packs.flatMap(({ unnamedRole }) => unnamedRole ?? [])),
    roles: entries((pack) => Object.entries(pack.roles)),
    notes: entries((pack) =>
      pack.notes.map(({ id, assertion, assertionKo }) => [id, { en: assertion, ko: assertionKo ?? assertion }]),
    ),
    hosts,
    addresses,
    tlsPorts,
  };
}

/** @param moved ports of the topology, by a carrier's `customisable` name */
function pathReference(
  { from, to, carriers, authentication, exceptions, notes }: DataPath,
  pack: Pack,
  moved: Record<string, number>,
): PathReference {
  const ports = carriers.map(({ transport, port, customisable }) => {
    const used = (customisable === undefined ? undefined : moved[customisable]) ?? port;
    return `${Array.isArray(used) ? used.join('-') : used}/${transport}`;
  });
  const dynamic = carriers.filter(({ port }) => port === 'dynamic').map(({ protocol }) => protocol);
  const ownTls = carriers.filter(({ begins }) => begins === 'tls').map(({ protocol }) => protocol);
  const { certificate, words } = acceptedBy(authentication?.supported ?? [], pack);
  const kerberos = certificate !== 'required' && words.some(({ mechanisms }) => mechanisms.includes('kerberos'));
  return {
    from,
    to,
    ports: [...new Set(ports)],
    dynamic: [...new Set(dynamic)],
    ownTls: [...new Set(ownTls)],
    exceptionPorts: exceptions.flatMap(({ ports }) => ports ?? []),
    ticketAnswers:
      kerberos && carriers.some(({ protocol }) => (pack.protocols[protocol]?.serviceClasses.length ?? 0) > 0),
    notes,
  };
}
