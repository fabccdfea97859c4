import { type ProtocolOracle, seenAs } from './oracle.ts';

export const heartbeat: ProtocolOracle = {
  name: 'heartbeat',
  fields: [],
  recognised: (flow) => flow.transport === 'udp' && seenAs(flow, /^MSRCP$/),
};
