import { z } from 'zod';
import { type Findings, loadYaml, type Path } from './load-yaml.ts';
import { canonicalAddress, formatNetwork, networkOf, parseNetwork } from './network-address.ts';
import type { Pack } from './pack.ts';
import { choices, show } from './schema-issue.ts';

/** What a person says of the network that was captured: which host plays which role. Strict, as a rule pack is. */

const name = z.string().regex(/^[^\p{Cc}]{1,255}$/u, 'a name of 1 to 255 characters');
const port = z.int().min(1).max(65_535);
const uuid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/, 'a UUID');
const thumbprint = z
  .string()
  .regex(
    /^[0-9a-fA-F]{2}([: ]?[0-9a-fA-F]{2}){31}$/,
    'a SHA-256 thumbprint: 64 hexadecimal digits, with or without colons',
  );
const roles = z.array(z.string()).min(1);

export const topologySchema = z.strictObject({
  hosts: z
    .array(z.strictObject({ name, addresses: z.array(z.string()).min(1), roles, site: name.optional() }))
    .default([]),
  /** the longest prefix wins, and a host beats any network */
  networks: z.array(z.strictObject({ cidr: z.string(), roles, site: name.optional() })).default([]),
  /** instead of the pack's ports, by a carrier's `customisable` name */
  ports: z.record(z.string(), port).default({}),
  /** addresses of UM IP gateways and PBXs */
  gateways: z.array(z.string()).default([]),
  /** UUID → name of an RPC interface that the pack does not know */
  interfaces: z.record(uuid, name).default({}),
  /** host → SHA-256 thumbprints of the certificates that direct trust accepts of it */
  thumbprints: z.record(name, z.array(thumbprint)).default({}),
});

/** Addresses and networks are as `canonicalAddress` and `formatNetwork` write them, UUIDs and thumbprints lower-case hexadecimal. */
export type Topology = z.infer<typeof topologySchema>;

/**
 * The topology that a YAML text holds; a `RuleError` names every mistake in it with file, line and column. `roles` are
 * those of the packs it is for, and `ports` their customisable ports; any port name goes where they are not given.
 */
export function loadTopology(
  fileName: string,
  text: string,
  roles: readonly string[],
  ports: readonly string[] | null = null,
): Topology {
  const topology = loadYaml(fileName, text, topologySchema, (value, findings) => {
    checkRoles(value, roles, findings);
    checkAddresses(value, findings);
    for (const port of Object.keys(value.ports)) {
      if (ports && !ports.includes(port)) {
        findings.problem(['ports', port], `no port is called ${show(port)}; ${choices(port, ports)}`, 'key');
      }
    }
  });
  return normalise(topology);
}

/** The names in a topology's `ports` that mean something to a pack. */
export function customisablePorts(pack: Pack): string[] {
  const names = pack.paths.flatMap((path) => path.carriers.flatMap((carrier) => carrier.customisable ?? []));
  return [...new Set(names)];
}

function checkRoles(topology: Topology, roles: readonly string[], findings: Findings): void {
  for (const list of ['hosts', 'networks'] as const) {
    for (const [i, entry] of topology[list].entries()) {
      for (const [j, role] of entry.roles.entries()) {
        if (roles.includes(role)) continue;
        findings.problem([list, i, 'roles', j], `no role is called ${show(role)}; ${choices(role, roles)}`);
      }
    }
  }
}

/** Is every address one, and whose is it? */
function checkAddresses(topology: Topology, findings: Findings): void {
  const seen = new Map<string, { path: Path; owner: string }>();
  const take = (text: string, key: string, path: Path, owner: string, rule: string) => {
    const before = seen.get(key);
    if (!before) seen.set(key, { path, owner });
    else
      findings.problem(
        path,
        `${show(text)} already stands on line ${findings.lineOf(before.path)}${before.owner}; ${rule}`,
      );
  };
  const address = (text: string, path: Path): string | null => {
    const canonical = canonicalAddress(text);
    if (canonical === null) findings.problem(path, `${show(text)} is no address; write one like 10.0.0.11 or fd00::11`);
    return canonical;
  };
  for (const [i, { name, addresses }] of topology.hosts.entries()) {
    take(name, `host ${name.toLowerCase()}`, ['hosts', i, 'name'], '', 'a host stands here once, under one name');
    for (const [j, text] of addresses.entries()) {
      const path = ['hosts', i, 'addresses', j];
      const key = address(text, path);
      if (key !== null)
        take(text, `address ${key}`, path, ` as an address of ${name}`, 'an address belongs to one host');
    }
  }
  for (const [i, { cidr }] of topology.networks.entries()) {
    const path = ['networks', i, 'cidr'];
    const network = parseNetwork(cidr);
    if (!network) {
      findings.problem(path, `${show(cidr)} is no network; write one like 10.1.0.0/16 or fd00:1::/64`);
      continue;
    }
    const [written, meant] = [formatNetwork(network), formatNetwork(networkOf(network))];
    if (written === meant) take(cidr, `network ${meant}`, path, '', 'a network stands here once');
    else findings.problem(path, `${show(cidr)} is an address inside a network; the network is ${meant}`);
  }
  for (const [i, text] of topology.gateways.entries()) address(text, ['gateways', i]);
}

function normalise(topology: Topology): Topology {
  const canonical = (text: string) => canonicalAddress(text) ?? text;
  const hexadecimal = (text: string) => text.replaceAll(/[: ]/g, '').toLowerCase();
  return {
    ...topology,
    hosts: topology.hosts.map((host) => ({ ...host, addresses: host.addresses.map(canonical) })),
    gateways: topology.gateways.map(canonical),
    interfaces: Object.fromEntries(
      Object.entries(topology.interfaces).map(([uuid, title]) => [uuid.toLowerCase(), title]),
    ),
    thumbprints: Object.fromEntries(
      Object.entries(topology.thumbprints).map(([host, prints]) => [host, prints.map(hexadecimal)]),
    ),
  };
}
