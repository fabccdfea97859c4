import type { FlowRecord } from '../protocols/flow-record.ts';
import { type IssuedTicket, isNamesake, isSameHost, type Knowledge } from './knowledge.ts';
import type { Carrier } from './pack.ts';
import type { Rules } from './rules.ts';

/** Finds the ticket that answers for a flow's hidden authentication on a carrier; null where none does, or none may. */
export type Inference = (flow: FlowRecord, carrier: Carrier) => IssuedTicket | null;

export const noInference: Inference = () => null;

/**
 * A ticket answers where a KDC issued it to the flow's client, for a service class that the pack names for the carrier's
 * protocol, at the flow's server, at most `ticketSeconds` before the flow began (contract, rule 12).
 */
export function inferFrom(knowledge: Knowledge, { pack, topology, roles }: Rules): Inference {
  const addresses = new Map(topology?.hosts.map(({ name, addresses }) => [name, addresses]));
  return (flow, carrier) => {
    const classes = pack.protocols[carrier.protocol]?.serviceClasses ?? [];
    // where the beginning was not seen nobody knows when the flow began
    if (classes.length === 0 || !flow.opened) return null;
    const client = roles?.hostOf(flow.client.address).name;
    const server = roles?.hostOf(flow.server.address).name;
    const names = [...knowledge.namesOf(flow.server.address)];
    const isServer = (host: string): boolean => {
      if (host === flow.server.address || names.includes(host)) return true;
      // a short name in the topology stands for any domain, but not for another than the server is known to have
      if (names.some((name) => isNamesake(host, name))) return false;
      return (server != null && isSameHost(host, server)) || names.some((name) => isSameHost(host, name));
    };
    const own = (client != null && addresses.get(client)) || [flow.client.address];
    return knowledge.ticket(own, classes, isServer, Date.parse(flow.firstSeen) / 1000, pack.ticketSeconds);
  };
}
