import { type ProtocolOracle, seenAs } from './oracle.ts';

export const dns: ProtocolOracle = { name: 'dns', fields: [], recognised: (flow) => seenAs(flow, /^DNS$/) };
