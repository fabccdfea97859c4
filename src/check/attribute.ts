import { limits } from '../limits.ts';
import type { Endpoint, FlowRecord } from '../protocols/flow-record.ts';
import { createInterfaceNames, type InterfaceNames } from './interface-names.ts';
import type { Carrier, DataPath, Pack } from './pack.ts';
import type { RoleMap } from './roles.ts';
import type { Rules } from './rules.ts';
import { isListedResource, type Selectors, selectorsOf } from './selectors.ts';

/** A data path that could own a flow, and the carrier that says so. */
export interface Candidate {
  path: DataPath;
  carrier: Carrier;
  /** what ties the flow to the path: its recognised protocol, TLS on a port that stands for it, or the port alone */
  by: 'protocol' | 'tls-port' | 'port-only';
  portListed: boolean;
  selection: Selection;
}

/**
 * How the flow's own facts choose the path among those of its carrier: `selected` by an interface or a resource that the
 * carrier lists; `open`: the carrier lists interfaces, and the flow's is not known or is one that nobody has named; `none`:
 * nothing chooses.
 */
export type Selection = 'selected' | 'open' | 'none';

/** Ports that a topology gives instead of the pack's, by the carrier's `customisable` name. */
export type PortOverrides = Readonly<Record<string, number>>;

/** Finds the data paths that could own a flow. */
export type Attributor = (flow: FlowRecord) => readonly Candidate[];

/** `attribute`, remembering its answers: most flows are between the same roles, on the same ports. */
export function createAttributor(rules: Rules): Attributor {
  const known = new Map<string, readonly Candidate[]>();
  const attributing = prepare(rules);
  const isListedPort = createPortLookup(attributing);
  const rolesOf = (address: string) => rules.roles?.hostOf(address).roles.join() ?? '';
  return (flow) => {
    const { transport, protocol, client, server } = flow;
    // a scan is millions of them, on as many ports
    if (protocol === 'unknown' && !isListedPort(transport, server.port)) return none;
    const selectors = selectorsOf(flow);
    const selecting = [...selectors.interfaces, ...selectors.resources].join('\n');
    const key = `${rolesOf(client.address)}>${rolesOf(server.address)} ${transport}/${server.port} ${protocol} ${selecting}`;
    let candidates = known.get(key);
    if (!candidates) {
      candidates = attribute(flow, selectors, attributing);
      if (known.size < limits.attributions) known.set(key, candidates);
    }
    return candidates;
  };
}

const none: readonly Candidate[] = [];

/** Whether any path lists a port: for what was not recognised, nothing else speaks. */
function createPortLookup({ pack, ports }: Attributing): (transport: string, port: number | null) => boolean {
  const carriers = pack.paths.flatMap((path) => path.carriers).filter((carrier) => carrier.port !== 'dynamic');
  const known = new Map<string, Map<number, boolean>>();
  return (transport, port) => {
    const ofTransport = known.get(transport) ?? new Map<number, boolean>();
    known.set(transport, ofTransport);
    let listed = ofTransport.get(port ?? 0);
    if (listed === undefined) {
      listed = carriers.some((carrier) => carrier.transport === transport && isListed(carrier, port ?? 0, ports));
      ofTransport.set(port ?? 0, listed);
    }
    return listed;
  };
}

/** What attribution asks of the rules. */
interface Attributing {
  pack: Pack;
  roles: RoleMap | null;
  ports: PortOverrides;
  names: InterfaceNames;
}

const prepare = ({ pack, roles, topology }: Rules): Attributing => ({
  pack,
  roles,
  ports: topology?.ports ?? {},
  names: createInterfaceNames(pack, topology),
});

/**
 * The data paths that could own a flow: by the roles of its ends and its identified protocol; what is known only as TLS by
 * a listed port or the protocol's registered TLS port; what was not recognised by a listed port alone (contract, rule 1).
 * Paths that list the port go before paths that do not. Without a topology (`roles` null) every path of the carrier could.
 */
function attribute(flow: FlowRecord, selectors: Selectors, attributing: Attributing): Candidate[] {
  if (flow.transport !== 'tcp' && flow.transport !== 'udp') return [];
  const { pack, roles } = attributing;
  const found: Candidate[] = [];
  for (const path of pack.paths) {
    const best = path.carriers
      .filter((carrier) => carrier.transport === flow.transport && rolesFit(flow, path, carrier, pack, roles))
      .map((carrier) => match(flow, selectors, path, carrier, attributing))
      .filter((candidate) => candidate !== null)
      .sort((a, b) => rank(a) - rank(b))[0];
    if (best) found.push(best);
  }
  // nothing but a registered TLS port speaks for such a path, and that of a known neighbour speaks against it
  const guessed = found.every((candidate) => candidate.by === 'tls-port' && !candidate.portListed);
  if (guessed && isKnownNeighbour(flow, pack, roles)) return [];
  const chosen = choose(found, flow, selectors, pack);
  // without roles only a listed port keeps a flow from fitting every path of its protocol
  const listed = chosen.filter((candidate) => candidate.portListed);
  return listed.length > 0 || roles === null ? listed : chosen;
}

/**
 * Where the flow's facts select paths, the others stay only for what the selected ones do not account for. A path that
 * lists resources and is not selected stays only where no path of the same protocol takes any.
 */
function choose(found: Candidate[], flow: FlowRecord, { resources }: Selectors, pack: Pack): Candidate[] {
  const selected = found.filter(({ selection }) => selection === 'selected');
  const takesAny = ({ selection, carrier }: Candidate): boolean =>
    selection === 'none' && carrier.resources === undefined && carrier.interfaces === undefined;
  if (selected.length === 0) {
    const general = found.filter((candidate) => candidate.by === 'protocol' && takesAny(candidate));
    const specific = ({ carrier, by }: Candidate) => by === 'protocol' && carrier.resources !== undefined;
    return general.length > 0 ? found.filter((candidate) => !specific(candidate)) : found;
  }
  const neutral = pack.protocols[flow.protocol]?.neutralResources ?? [];
  const accounted = selected.flatMap(({ carrier }) => carrier.resources ?? []);
  const left = resources.some(
    (resource) =>
      !isListedResource(resource, accounted) &&
      !neutral.some((end) => resource.toLowerCase().endsWith(end.toLowerCase())),
  );
  return found.filter((candidate) => candidate.selection !== 'none' || (left && takesAny(candidate)));
}

const rank = (candidate: Candidate): number =>
  (candidate.selection === 'selected' ? 0 : 8) +
  (candidate.portListed ? 0 : 4) +
  ['protocol', 'tls-port', 'port-only'].indexOf(candidate.by);

function match(
  flow: FlowRecord,
  selectors: Selectors,
  path: DataPath,
  carrier: Carrier,
  { pack, ports, names }: Attributing,
): Candidate | null {
  const port = flow.server.port ?? 0;
  const portListed = isListed(carrier, port, ports);
  if (flow.protocol === carrier.protocol) {
    const selection = select(selectors, path, carrier, names);
    return selection === 'excluded' ? null : { path, carrier, by: 'protocol', portListed, selection };
  }
  const fixed = portListed && carrier.port !== 'dynamic';
  if (flow.protocol === 'tls') {
    const registered = pack.protocols[carrier.protocol]?.tlsPorts.includes(port) ?? false;
    return fixed || registered ? { path, carrier, by: 'tls-port', portListed, selection: 'none' } : null;
  }
  if (flow.protocol === 'unknown' && fixed) return { path, carrier, by: 'port-only', portListed, selection: 'none' };
  return null;
}

/** Do the flow's interfaces or resources choose this carrier, rule it out, or leave it open? */
function select(
  { interfaces, resources }: Selectors,
  path: DataPath,
  carrier: Carrier,
  names: InterfaceNames,
): Selection | 'excluded' {
  if (carrier.resources !== undefined) {
    const listed = carrier.resources;
    return resources.some((resource) => isListedResource(resource, listed)) ? 'selected' : 'none';
  }
  // whoever asks an endpoint mapper asks for the interfaces of the path's other carriers
  const asksFor = carrier.interfaces ?? path.carriers.flatMap((other) => other.interfaces ?? []);
  const own = carrier.interfaces !== undefined;
  const aboutInterfaces = own || (asksFor.length > 0 && interfaces.length > 0);
  if (!aboutInterfaces) return 'none';
  if (interfaces.length === 0) return 'open';
  const { uuids, open } = names.uuidsOf(asksFor);
  if (interfaces.some((uuid) => uuids.has(uuid))) return 'selected';
  const strange = interfaces.some((uuid) => names.nameOf(uuid) === null);
  return open && strange ? 'open' : 'excluded';
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
