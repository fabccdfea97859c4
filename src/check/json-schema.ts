import { z } from 'zod';
import { packSchema } from './pack.ts';
import { topologySchema } from './topology.ts';

/** The JSON Schema of a rule pack's file, for editors. References between its parts are checked by `loadPack` alone. */
export function packJsonSchema(): object {
  return { ...z.toJSONSchema(packSchema, { target: 'draft-7', io: 'input' }), title: 'pcap-audit rule pack' };
}

/** The JSON Schema of a topology's file, for editors. Addresses and roles are checked by `loadTopology` alone. */
export function topologyJsonSchema(): object {
  return { ...z.toJSONSchema(topologySchema, { target: 'draft-7', io: 'input' }), title: 'pcap-audit topology' };
}
