import type { EndReport, TunnelReport } from '../../check/audit-report.ts';
import type { Reference } from '../../check/reference.ts';
import type { Case } from '../to-do.ts';

type TunnelKind = TunnelReport['kind'];

/** past these a filter names ports alone */
const hostsNamed = 16;

/** Packets of tunnels, in which libpcap sees no hosts and ports of what is inside: by protocol number and port as IANA has them. */
const carriers: Record<TunnelKind, string[]> = {
  ah: ['ah', 'esp', 'udp port 4500'],
  mpls: ['proto 137', 'udp port 6635'],
  pppoe: [],
  l2tp: ['proto 115', 'udp port 1701'],
  gre: ['proto 47'],
  erspan: ['proto 47'],
  vxlan: ['udp port 4789', 'udp port 8472'],
  geneve: ['udp port 6081'],
  'gtp-u': ['udp port 2152'],
  'ip-in-ip': ['proto 4', 'proto 41'],
  etherip: ['proto 97'],
  teredo: ['udp port 3544'],
};

/** What a case needs to be recorded: the connection as it was, and as it should be. */
interface Wanted {
  hosts: string;
  /** null: any, as the port is a new one after the next start of the service */
  ports: Set<string> | null;
}

/**
 * A capture filter (pcap-filter) for these connections, before and after they are mended; empty where none would do.
 *
 * @param all whether there are no more of them
 */
export function captureFilter(reference: Reference, cases: readonly Case[], all: boolean): string {
  const wanted = new Map<string, Wanted>();
  const want = (hosts: string, ports: Set<string> | null) => {
    const known = wanted.get(hosts);
    if (!known) wanted.set(hosts, { hosts, ports });
    else if (ports === null) known.ports = null;
    else for (const port of ports) known.ports?.add(port);
  };
  for (const found of cases) {
    const ports = portsOf(reference, found);
    want(ports === null ? pairOf(reference, found) : anyOf(addressesOf(reference, found.flow.server)), ports);
    const [outermost] = found.flow.tunnels ?? [];
    if (outermost === undefined) continue;
    const { kind, from, to } = outermost;
    // libpcap looks for hosts and ports behind no label or session unless told of each
    if (from === null || to === null) return '';
    want(`host ${from} and host ${to}`, new Set(carriers[kind]));
  }
  const list = [...wanted.values()];
  if (all && list.length <= hostsNamed) {
    const parts = list.map(({ hosts, ports }) => (ports === null ? hosts : `${hosts} and ${anyOf(sorted(ports))}`));
    return parts.length === 1 ? parts[0]! : parts.map((part) => `(${part})`).join(' or ');
  }
  if (list.some(({ ports }) => ports === null)) return '';
  return sorted(list.flatMap(({ ports }) => [...ports!])).join(' or ');
}

/** The port that was used, those of the paths and of their exceptions, and those on which the protocol begins with TLS; null where any will do. */
function portsOf({ paths, tlsPorts }: Reference, { flow, rows: found }: Case): Set<string> | null {
  const { port } = flow.server;
  const rows = found.flatMap(({ id }) => paths.get(id) ?? []);
  if (port === null || rows.some(({ dynamic }) => dynamic.includes(flow.protocol))) return null;
  const listed = rows.flatMap(({ ports }) => ports.map((name) => name.split('/')[0]!));
  const fixed = listed
    .filter((name) => /^\d/.test(name))
    .map((name) => `${name.includes('-') ? 'portrange' : 'port'} ${name}`);
  const usual = rows.some(({ ownTls }) => ownTls.includes(flow.protocol)) ? [] : (tlsPorts.get(flow.protocol) ?? []);
  const others = [...usual, ...rows.flatMap(({ exceptionPorts }) => exceptionPorts)].map((name) => `port ${name}`);
  const ipsec = found.some(({ encryption }) => encryption.supported.includes('ipsec'));
  return new Set([`port ${port}`, ...fixed, ...others, ...(ipsec ? ['esp', 'udp port 4500'] : [])]);
}

/** Both ends, as nothing else selects the connection; the server alone where clients may be anybody. */
function pairOf(reference: Reference, { flow: { client, server } }: Case): string {
  const there = anyOf(addressesOf(reference, server));
  return client.name === null ? there : `${anyOf(addressesOf(reference, client))} and ${there}`;
}

function addressesOf({ addresses }: Reference, { name, address }: EndReport): string[] {
  const others = name === null ? [] : (addresses.get(name) ?? []);
  return [...new Set([address, ...others])].sort().map((own) => `host ${own}`);
}

const anyOf = (parts: readonly string[]): string => (parts.length === 1 ? parts[0]! : `(${parts.join(' or ')})`);

/** By number, each once; what has no number last. */
function sorted(ports: Iterable<string>): string[] {
  const number = (port: string) => Number(/^port(?:range)? (\d+)/.exec(port)?.[1] ?? Number.POSITIVE_INFINITY);
  return [...new Set(ports)].sort((a, b) => (number(a) === number(b) ? 0 : number(a) - number(b)));
}
