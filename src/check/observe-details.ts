import type { FlowRecord } from '../protocols/flow-record.ts';
import type { FlowReport, TunnelReport } from './audit-report.ts';
import type { Observation } from './observe.ts';

type RpcReport = NonNullable<FlowReport['rpc']>['interfaces'][number];

/** The RPC interfaces of a flow, each with the least protected call that was seen; without calls, as it was bound. */
export function observeRpc(flow: FlowRecord, nameOf: (uuid: string) => string | null): FlowReport['rpc'] {
  const interfaces = new Map<string, RpcReport>();
  const called = new Set<string>();
  for (const fact of flow.facts) {
    if (fact.kind !== 'described' || (fact.what !== 'rpc-interface' && fact.what !== 'rpc-call')) continue;
    const { what, uuid, authType, authLevel } = fact;
    if (uuid === null) continue;
    const known = interfaces.get(uuid);
    const replaces = what === 'rpc-call' && (!called.has(uuid) || authLevel < known!.authLevel);
    if (!known || replaces) interfaces.set(uuid, { uuid, name: nameOf(uuid), authType, authLevel });
    if (what === 'rpc-call') called.add(uuid);
  }
  return interfaces.size > 0 ? { interfaces: [...interfaces.values()] } : null;
}

/** Names of dialects by their number ([MS-SMB2] §2.2.4); SMB 1's have one of their own. */
function dialectText(dialect: string | number | boolean): string {
  if (typeof dialect !== 'number') return String(dialect);
  const [major, minor, patch] = [dialect >> 8, (dialect >> 4) & 15, dialect & 15];
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

export function observeTunnels({ facts }: FlowRecord): TunnelReport[] {
  const tunnels = facts.filter((fact) => fact.kind === 'described' && fact.what === 'tunnel');
  return tunnels.map(({ carrier, source, destination }) => ({ kind: carrier, from: source, to: destination }));
}

/** as many as one server of the reference has */
const virtualDirectoriesKept = 8;

/** In any case, as IIS takes them. */
export function observeVirtualDirectories({ facts }: FlowRecord): string[] {
  const found = new Map<string, string>();
  for (const fact of facts) {
    if (fact.kind !== 'described' || fact.what !== 'resource' || fact.protocol !== 'http') continue;
    const [, segment] = /^\/([^/?#]+)/.exec(fact.name) ?? [];
    if (segment !== undefined && found.size < virtualDirectoriesKept) found.set(segment.toLowerCase(), `/${segment}`);
  }
  return [...found.values()];
}

/** Whether an authentication header guards the flow from one end to the other: nobody between them can change it unseen. */
export const isGuarded = ({ client, server }: FlowRecord, tunnels: readonly TunnelReport[]): boolean =>
  tunnels.some(
    ({ kind, from, to }) =>
      kind === 'ah' &&
      ((from === client.address && to === server.address) || (from === server.address && to === client.address)),
  );

export function observeSmb(flow: FlowRecord): FlowReport['smb'] {
  const property = (name: string) =>
    flow.facts.findLast((fact) => fact.kind === 'described' && fact.what === 'property' && fact.name === name);
  const value = (name: string) => {
    const fact = property(name);
    return fact?.kind === 'described' && fact.what === 'property' ? fact.value : undefined;
  };
  const dialect = value('smb-dialect');
  if (dialect === undefined && !flow.protocolPath.includes('smb')) return null;
  return {
    dialect: dialect === undefined ? 'unknown' : dialectText(dialect),
    signed: value('smb-signed') === true,
    encrypted: value('smb-encrypted') === true,
  };
}

/** Whether the signalling told everybody the keys of these media. */
export const haveKeysInClear = ({ facts }: FlowRecord, { protection }: Observation): boolean =>
  protection === 'unknown' &&
  facts.some((fact) => fact.kind === 'described' && fact.what === 'property' && fact.name === 'srtp-key-in-clear');
