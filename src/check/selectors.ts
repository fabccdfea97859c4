import type { FlowRecord } from '../protocols/flow-record.ts';

/** What in a flow selects a data path among those that share its carrier (contract, rule 11). */
export interface Selectors {
  /** UUIDs of RPC interfaces that were bound or called, or that an endpoint mapper was asked for */
  interfaces: readonly string[];
  /** HTTP paths, shares, pipes, net.tcp addresses */
  resources: readonly string[];
}

const nothing: Selectors = { interfaces: [], resources: [] };

export function selectorsOf(flow: FlowRecord): Selectors {
  if (flow.facts.length === 0) return nothing;
  const interfaces = new Set<string>();
  const resources = new Set<string>();
  for (const fact of flow.facts) {
    if (fact.kind !== 'described') continue;
    switch (fact.what) {
      case 'rpc-interface':
      case 'rpc-endpoint':
        interfaces.add(fact.uuid);
        break;
      case 'rpc-call':
        if (fact.uuid !== null) interfaces.add(fact.uuid);
        break;
      case 'resource':
        resources.add(fact.name);
        break;
      default:
        break;
    }
  }
  return { interfaces: [...interfaces].sort(), resources: [...resources].sort() };
}

/**
 * Whether a resource is one that a carrier lists, or below it: compared from the left, in any case, up to the end of a name.
 * `/OAB` is not `/oabmail`.
 */
export const isListedResource = (resource: string, listed: readonly string[]): boolean =>
  listed.some((start) => {
    const ends = resource.length === start.length || /[/\\]/.test(resource[start.length] ?? '');
    return ends && resource.toLowerCase().startsWith(start.toLowerCase());
  });
