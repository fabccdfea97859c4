import type { AuditReport, EvidenceReport } from '../check/audit-report.ts';
import type { Words } from './words.ts';

/** An address that a protocol calls by the name of another host of the topology. */
export interface OtherName {
  address: string;
  /** as the topology has it; null where it does not name the address */
  host: string | null;
  called: string;
  by: string;
  /** the host that bears that name in the topology */
  other: string;
  where: EvidenceReport | null;
}

const short = (name: string): string => name.split('.', 1)[0]!.toLowerCase();

/** Where the topology and the captures disagree on who is who: one may be wrong, or somebody gave a false name. */
export function otherNames({ correlations, reference, hosts }: AuditReport): OtherName[] {
  const bearers = new Map([...reference.addresses.keys()].map((host) => [short(host), host]));
  const hostOf = new Map(hosts.map(({ address, name }) => [address, name]));
  const found: OtherName[] = [];
  for (const { kind, from, to, evidence } of correlations) {
    const { address } = from;
    const { name: called, by } = to;
    if (kind !== 'name' || typeof address !== 'string' || typeof called !== 'string') continue;
    const other = bearers.get(short(called));
    const host = hostOf.get(address) ?? null;
    if (other === undefined || other === host || reference.addresses.get(other)!.includes(address)) continue;
    found.push({ address, host, called, by: `${by ?? ''}`, other, where: evidence[0] ?? null });
  }
  return found;
}

export function otherNameLine({ address, host, called, by, other, where }: OtherName, { phrases }: Words): string {
  const line = phrases.otherName(host === null ? address : `${host} (${address})`, called, by, other);
  return where === null ? line : `${line} (${phrases.ofFile(where.frame, where.file)})`;
}

/** Those that leave it in doubt which host is meant by one of these names (of hosts, or addresses without one). */
export const inDoubt = (found: readonly OtherName[], names: ReadonlySet<string>): OtherName[] =>
  found.filter(({ address, host }) => names.has(host ?? address));

export const addressesOf = (found: readonly OtherName[]): number => new Set(found.map(({ address }) => address)).size;
