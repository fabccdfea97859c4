import { limits } from '../limits.ts';
import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import { createInterfaceNames, type InterfaceNames } from './interface-names.ts';
import type { Clue, Pack } from './pack.ts';
import { isListedResource, selectorsOf } from './selectors.ts';

/** What a capture shows of one host, for a person who writes a topology. */
export interface DraftedHost {
  addresses: string[];
  /** names it was called by, the first one first */
  names: Sighting[];
  /** per role, what speaks for it */
  roles: { role: string; certainty: Clue['certainty']; why: Clue['why']; seen: Sighting }[];
  flows: number;
}

/** Something seen, and where. */
export interface Sighting {
  text: string;
  capture: number;
  /** null: the file says so, and not one of its frames */
  frame: number | null;
}

/** Gathers who the hosts of a capture could be, by the clues of a pack. */
export class TopologyDraft {
  readonly #pack: Pack;
  readonly #names: InterfaceNames;
  readonly #hosts = new Map<string, DraftedHost>();
  leftOut = 0;

  constructor(pack: Pack) {
    this.#pack = pack;
    this.#names = createInterfaceNames(pack, null);
  }

  add(flow: FlowRecord): void {
    const client = this.#host(flow.client.address);
    // who never answered, and multicast, is nobody
    const server = flow.bytes.server > 0 ? this.#host(flow.server.address) : null;
    if (client) client.flows++;
    if (server) server.flows++;
    for (const fact of flow.facts) this.#addName(flow, fact);
    for (const clue of this.#pack.clues) {
      const host = clue.side === 'client' ? client : server;
      if (!host || host.roles.some(({ role, why }) => role === clue.role && why === clue.why)) continue;
      const seen = fits(clue, flow, this.#names);
      if (seen) host.roles.push({ role: clue.role, certainty: clue.certainty, why: clue.why, seen });
    }
  }

  /** What a capture file calls an address, once all flows are known. It is no evidence of anything, and comes last. */
  called(address: string, name: string, capture: number): void {
    const names = this.#hosts.get(address)?.names;
    if (names && names.length < limits.draftedNames) names.push({ text: `${name} (capture)`, capture, frame: null });
  }

  /** Hosts by address; addresses that DNS gives one and the same name are one host. */
  list(): DraftedHost[] {
    const all = [...this.#hosts].map(([address, host]) => ({ ...host, addresses: [address] }));
    const joined: DraftedHost[] = [];
    for (const host of all.sort((a, b) => (a.addresses[0]! < b.addresses[0]! ? -1 : 1))) {
      const own = dnsNames(host);
      const same = joined.find((other) => dnsNames(other).some((name) => own.includes(name)));
      if (same) join(same, host);
      else joined.push(host);
    }
    return joined;
  }

  #host(address: string): DraftedHost | null {
    let host = this.#hosts.get(address);
    if (host) return host;
    if (this.#hosts.size >= limits.hosts) {
      this.leftOut++;
      return null;
    }
    host = { addresses: [], names: [], roles: [], flows: 0 };
    this.#hosts.set(address, host);
    return host;
  }

  #addName(flow: FlowRecord, fact: StampedFact): void {
    if (fact.kind !== 'described') return;
    const { capture, frame } = fact;
    const call = (address: string, name: string, by: string) => {
      const names = this.#hosts.get(address)?.names;
      const text = `${name} (${by})`;
      if (names && names.length < limits.draftedNames && !names.some((known) => known.text === text)) {
        names.push({ text, capture, frame });
      }
    };
    if (fact.what === 'address-name') call(fact.address, fact.name, 'dns');
    else if (fact.what === 'peer-name') call(flow[fact.of].address, fact.name, fact.protocol);
    else if (fact.what === 'tls-client-hello' && fact.serverName) call(flow.server.address, fact.serverName, 'tls');
    else if (fact.what === 'ticket-shown') call(flow.server.address, fact.service.split('/')[1] ?? '', 'ticket');
  }
}

const dnsNames = ({ names }: DraftedHost): string[] =>
  names.filter(({ text }) => text.endsWith(' (dns)')).map(({ text }) => text.toLowerCase());

function join(host: DraftedHost, other: DraftedHost): void {
  host.addresses.push(...other.addresses);
  host.flows += other.flows;
  for (const name of other.names) if (!host.names.some(({ text }) => text === name.text)) host.names.push(name);
  for (const one of other.roles) {
    if (!host.roles.some(({ role, why }) => role === one.role && why === one.why)) host.roles.push(one);
  }
}

/** Where the flow shows what the clue asks for, all of it; null where it does not. */
function fits(clue: Clue, flow: FlowRecord, names: InterfaceNames): Sighting | null {
  const { protocols, ports, interfaces, resources, serviceClasses, banner, upgrade } = clue;
  if (protocols && !protocols.includes(flow.protocol)) return null;
  if (ports && !ports.includes(flow.server.port ?? 0)) return null;
  // who was not answered shows nothing
  if (flow.bytes.server === 0) return null;
  const selectors = selectorsOf(flow);
  let seen: Sighting = {
    text: `${flow.protocol} on ${flow.transport}/${flow.server.port ?? '-'}`,
    capture: flow.first.capture,
    frame: flow.first.frame,
  };
  if (interfaces) {
    const { uuids } = names.uuidsOf(interfaces);
    const uuid = selectors.interfaces.find((one) => uuids.has(one));
    if (uuid === undefined) return null;
    seen = { ...seen, text: `RPC interface ${names.nameOf(uuid) ?? uuid}` };
  }
  if (resources) {
    const found = selectors.resources.find((one) => isListedResource(one, resources));
    if (found === undefined) return null;
    seen = { ...seen, text: found };
  }
  const at = (fact: StampedFact | undefined, text: string): boolean => {
    if (fact) seen = { text, capture: fact.capture, frame: fact.frame };
    return fact !== undefined;
  };
  if (banner) {
    const said = flow.facts.find(
      (fact) => fact.kind === 'described' && fact.what === 'banner' && fact.text.includes(banner),
    );
    if (!at(said, `says "${banner}"`)) return null;
  }
  if (upgrade) {
    const offer = flow.facts.find(
      (fact) => fact.kind === 'offered' && fact.what === 'upgrade' && fact.verb === upgrade,
    );
    if (!at(offer, `offers ${upgrade}`)) return null;
  }
  if (serviceClasses) {
    const shown = flow.facts.find(
      (fact) =>
        fact.kind === 'described' &&
        fact.what === 'ticket-shown' &&
        serviceClasses.includes(fact.service.split('/')[0]!.toLowerCase()),
    );
    const service = shown?.kind === 'described' && shown.what === 'ticket-shown' ? shown.service : '';
    if (!at(shown, `is shown a ticket for ${service}`)) return null;
  }
  return seen;
}
