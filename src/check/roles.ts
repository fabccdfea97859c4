import { formatAddress } from '../bytes/address.ts';
import { limits } from '../limits.ts';
import { contains, type Network, parseHost, parseNetwork } from './network-address.ts';
import type { Pack } from './pack.ts';
import type { Topology } from './topology.ts';

/** Who an address is. */
export interface HostRoles {
  name: string | null;
  /** empty where no topology says anything, so nobody knows */
  roles: string[];
  site: string | null;
  /** whether the topology names it, as a host or as part of a network */
  named: boolean;
}

export interface RoleMap {
  /** `address` as text, IPv4 or IPv6; the same answer for an IPv4-mapped IPv6 address as for the IPv4 address */
  hostOf(address: string): HostRoles;
}

/** Looks addresses up in a topology: a host beats a network, the longest prefix wins, and the rest has the pack's `unnamedRole`. */
export function createRoleMap(topology: Topology | null, pack: Pick<Pack, 'unnamedRole'>): RoleMap {
  const hosts = new Map<string, HostRoles>();
  for (const { name, addresses, roles, site } of topology?.hosts ?? []) {
    for (const address of addresses) hosts.set(address, { name, roles, site: site ?? null, named: true });
  }
  const networks: { network: Network; host: HostRoles }[] = [];
  for (const { cidr, roles, site } of topology?.networks ?? []) {
    const network = parseNetwork(cidr);
    if (network) networks.push({ network, host: { name: null, roles, site: site ?? null, named: true } });
  }
  networks.sort((a, b) => b.network.prefix - a.network.prefix);
  const unnamed: HostRoles = {
    name: null,
    roles: topology && pack.unnamedRole !== undefined ? [pack.unnamedRole] : [],
    site: null,
    named: false,
  };

  const known = new Map<string, HostRoles>();
  const find = (text: string): HostRoles => {
    const address = parseHost(text);
    if (!address) return unnamed;
    return (
      hosts.get(formatAddress(address)) ?? networks.find(({ network }) => contains(network, address))?.host ?? unnamed
    );
  };
  return {
    hostOf(address) {
      let host = known.get(address);
      if (!host) {
        host = find(address);
        if (known.size >= limits.knownAddresses) known.clear();
        known.set(address, host);
      }
      return host;
    },
  };
}
