import type { DataPath, Pack } from './pack.ts';
import type { Topology } from './topology.ts';

/** Paths whose two ends only one and the same host plays: that traffic never reaches a wire. */
export function pathsInsideOneHost(pack: Pack, topology: Topology): ReadonlySet<string> {
  const playersOf = (wanted: readonly string[]): string[] | null => {
    const accepted = wanted.flatMap((role) => [role, ...(pack.accepts[role] ?? [])]);
    const plays = ({ roles }: { roles: readonly string[] }) => roles.some((role) => accepted.includes(role));
    // anybody whom the topology does not name, or a whole network
    if (pack.unnamedRole !== undefined && accepted.includes(pack.unnamedRole)) return null;
    if (topology.networks.some(plays)) return null;
    return topology.hosts.filter(plays).map(({ name }) => name);
  };
  const isInside = ({ from, to }: DataPath): boolean => {
    const [senders, receivers] = [playersOf(from), playersOf(to)];
    return senders?.length === 1 && receivers?.length === 1 && senders[0] === receivers[0];
  };
  return new Set(pack.paths.filter(isInside).map(({ id }) => id));
}
