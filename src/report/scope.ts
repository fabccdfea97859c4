import type { EndReport } from '../check/audit-report.ts';
import { contains, parseHost, parseNetwork } from '../check/network-address.ts';

/** Addresses of no host elsewhere: groups, and those of one link (RFC 5771, 919, 3927 and 4291). */
const networks = {
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  broadcast: ['255.255.255.255/32'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
} as const;

export type Scope = keyof typeof networks;

const known = Object.entries(networks).flatMap(([scope, list]) =>
  list.map((network) => ({ scope: scope as Scope, network: parseNetwork(network)! })),
);

function scopeOf(address: string): Scope | null {
  const host = parseHost(address);
  return (host && known.find(({ network }) => contains(network, host))?.scope) ?? null;
}

/**
 * An end's roles for a person to read: where it has only that of addresses that no topology names, its address may say more.
 *
 * @param unnamed the roles of such addresses
 */
export function rolesShown({ address, name, roles }: Omit<EndReport, 'port'>, unnamed: ReadonlySet<string>): string[] {
  if (name !== null || !roles.every((role) => unnamed.has(role))) return roles;
  const scope = scopeOf(address);
  return scope === null ? roles : [scope];
}
