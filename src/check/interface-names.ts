import type { Pack } from './pack.ts';
import type { Topology } from './topology.ts';

/** Which RPC interface is which: the pack's list, and what a topology adds to it. */
export interface InterfaceNames {
  /** the name of a UUID; null where neither knows it */
  nameOf(uuid: string): string | null;
  /** UUIDs that go by one of these names; `open`: one of the names has none that is known */
  uuidsOf(names: readonly string[]): { uuids: ReadonlySet<string>; open: boolean };
}

export function createInterfaceNames(pack: Pack, topology: Topology | null): InterfaceNames {
  const names = new Map<string, string>();
  for (const [name, { uuid }] of Object.entries(pack.interfaces)) names.set(uuid, name);
  for (const [uuid, name] of Object.entries(topology?.interfaces ?? {})) names.set(uuid, name);
  return {
    nameOf: (uuid) => names.get(uuid) ?? null,
    uuidsOf(wanted) {
      const uuids = new Set([...names].filter(([, name]) => wanted.includes(name)).map(([uuid]) => uuid));
      const known = new Set(names.values());
      return { uuids, open: wanted.some((name) => !known.has(name)) };
    },
  };
}
