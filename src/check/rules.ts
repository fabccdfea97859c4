import type { Pack } from './pack.ts';
import type { RoleMap } from './roles.ts';
import type { Topology } from './topology.ts';

/** What a check is made with. */
export interface Rules {
  pack: Pack;
  topology: Topology | null;
  /** null without a topology */
  roles: RoleMap | null;
  /** protocols that an analyzer exists for */
  analyzers: ReadonlySet<string>;
}
