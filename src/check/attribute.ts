import { limits } from '../limits.ts';
import type { Endpoint, FlowRecord } from '../protocols/flow-record.ts';
import type { Carrier, DataPath, Pack } from './pack.ts';
import type { RoleMap } from './roles.ts';

/** A data path that could own a flow, and the carrier that says so. */
export interface Candidate {
  path: DataPath;
  carrier: Carrier;
  /** what ties the flow to the path: its recognised protocol, TLS on a port that stands for it, or the port alone */
  by: 'protocol' | 'tls-port' | 'port-only';
  portListed: boolean;
}

/** Ports that a topology gives instead of the pack's, by the carrier's `customisable` name. */
export type PortOverrides = Readonly<Record<string, number>>;

/** Finds the data paths that could own a flow. */
export type Attributor = (flow: FlowRecord) => readonly Candidate[];

/** `attribute`, remembering its answers: most flows are between the same roles, on the same ports. */
export function createAttributor(pack: Pack, roles: RoleMap | null, ports: PortOverrides): Attributor {
  const known = new Map<string, readonly Candidate[]>();
  const rolesOf = (address: string) => roles?.hostOf(address).roles.join() ?? '';
  return (flow) => {
    const { transport, protocol, client, server } = flow;
    const key = `${rolesOf(client.address)}>${rolesOf(server.address)} ${transport}/${server.port} ${protocol}`;
    let candidates = known.get(key);
    if (!candidates) {
      candidates = attribute(flow, pack, roles, ports);
      if (known.size < limits.attributions) known.set(key, candidates);
    }
    return candidates;
  };
}

/**
 * The data paths that could own a flow: by the roles of its ends and its identified protocol; what is known only as TLS by
 * a listed port or the protocol's registered TLS port; what was not recognised by a listed port alone (contract, rule 1).
 * Paths that list the port go before paths that do not. Without a topology (`roles` null) every path of the carrier could.
 */
export function attribute(flow: FlowRecord, pack: Pack, roles: RoleMap | null, ports: PortOverrides): Candidate[] {
  if (flow.transport !== 'tcp' && flow.transport !== 'udp') return [];
  const found: Candidate[] = [];
  for (const path of pack.paths) {
    const best = path.carriers
      .filter((carrier) => carrier.transport === flow.transport && rolesFit(flow, path, carrier, pack, roles))
      .map((carrier) => match(flow, path, carrier, pack, ports))
      .filter((candidate) => candidate !== null)
      .sort((a, b) => rank(a) - rank(b))[0];
    if (best) found.push(best);
  }
  // nothing but a registered TLS port speaks for such a path, and that of a known neighbour speaks against it
  const guessed = found.every((candidate) => candidate.by === 'tls-port' && !candidate.portListed);
  if (guessed && isKnownNeighbour(flow, pack, roles)) return [];
  // without roles only a listed port keeps a flow from fitting every path of its protocol
  const listed = found.filter((candidate) => candidate.portListed);
  return listed.length > 0 || roles === null ? listed : found;
}

const rank = (candidate: Candidate): number =>
  (candidate.portListed ? 0 : 4) + ['protocol', 'tls-port', 'port-only'].indexOf(candidate.by);

function match(flow: FlowRecord, path: DataPath, carrier: Carrier, pack: Pack, ports: PortOverrides): Candidate | null {
  const port = flow.server.port ?? 0;
  const portListed = isListed(carrier, port, ports);
  if (flow.protocol === carrier.protocol) return { path, carrier, by: 'protocol', portListed };
  if (flow.protocol === 'tls') {
    const registered = pack.protocols[carrier.protocol]?.tlsPorts.includes(port) ?? false;
    const fixed = portListed && carrier.port !== 'dynamic';
    return fixed || registered ? { path, carrier, by: 'tls-port', portListed } : null;
  }
  if (flow.protocol === 'unknown' && portListed && carrier.port !== 'dynamic') {
    return { path, carrier, by: 'port-only', portListed };
  }
  return null;
}

function isListed(carrier: Carrier, port: number, ports: PortOverrides): boolean {
  if (carrier.port === 'dynamic') return true;
  const custom = carrier.customisable === undefined ? undefined : ports[carrier.customisable];
  if (custom !== undefined) return port === custom;
  return typeof carrier.port === 'number' ? port === carrier.port : port >= carrier.port[0] && port <= carrier.port[1];
}

function rolesFit(flow: FlowRecord, path: DataPath, carrier: Carrier, pack: Pack, roles: RoleMap | null): boolean {
  if (!roles) return true;
  const clientRoles = roles.hostOf(flow.client.address).roles;
  const serverRoles = roles.hostOf(flow.server.address).roles;
  const forward = plays(clientRoles, path.from, pack) && plays(serverRoles, path.to, pack);
  if (carrier.direction === 'forward') return forward;
  const reverse = plays(clientRoles, path.to, pack) && plays(serverRoles, path.from, pack);
  return carrier.direction === 'reverse' ? reverse : forward || reverse;
}

/** Whether the flow is what the pack lists as normal between such hosts, though no data path. */
export function isKnownNeighbour(
  flow: Pick<FlowRecord, 'transport'> & { client: Pick<Endpoint, 'address'>; server: Endpoint },
  pack: Pack,
  roles: RoleMap | null,
): boolean {
  if (!roles) return false;
  const has = (address: string, wanted: readonly string[] | undefined): boolean =>
    wanted === undefined || plays(roles.hostOf(address).roles, wanted, pack);
  return pack.neighbours.some(
    ({ transport, port, from, to }) =>
      transport === flow.transport &&
      port === flow.server.port &&
      has(flow.client.address, from) &&
      has(flow.server.address, to),
  );
}

/** Whether a host with these roles can stand at an end that asks for one of `wanted`. */
function plays(has: readonly string[], wanted: readonly string[], pack: Pack): boolean {
  return wanted.some((role) => has.includes(role) || (pack.accepts[role] ?? []).some((other) => has.includes(other)));
}
