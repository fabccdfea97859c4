import type { BlindSpotWhy } from '../../src/flows/blind-spot.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';

/** A flow as the store gives it: facts at frames 10, 20, 30 …, blind spots at the frames named; what TLS states is TLS's. */
export function flowWith(
  fields: Partial<Omit<FlowRecord, 'facts' | 'blindSpots'>> & {
    facts?: Fact[];
    blindSpots?: { why: BlindSpotWhy; frame: number }[];
  },
): FlowRecord {
  const { facts = [], blindSpots = [], ...rest } = fields;
  return {
    id: 'abc',
    communityId: '1:x',
    captures: [0],
    transport: 'tcp',
    client: { address: '10.0.0.11', port: 40_000 },
    server: { address: '10.0.0.12', port: 25 },
    opened: true,
    protocol: 'smtp',
    protocolPath: ['smtp'],
    firstSeen: '2026-01-01T00:00:00.000000000Z',
    lastSeen: '2026-01-01T00:00:01.000000000Z',
    first: { capture: 0, frame: 1 },
    last: { capture: 0, frame: 99 },
    frames: 99,
    bytes: { client: 100, server: 100 },
    state: 'SF',
    history: 'ShADadFf',
    missedBytes: 0,
    duplicates: 0,
    facts: facts.map((fact, index) => ({
      ...fact,
      capture: 0,
      frame: 10 * (index + 1),
      time: 1_767_225_600 + index / 10,
      from: 'client',
      protocol: isOfTls(fact) ? 'tls' : (rest.protocol ?? 'smtp'),
    })),
    blindSpots: blindSpots.map((spot) => ({ ...spot, capture: 0, detail: '' })),
    ...rest,
  };
}

/** Whether the TLS analyzer states such facts. */
function isOfTls(fact: Fact): boolean {
  switch (fact.kind) {
    case 'secured':
      return !['sasl', 'dcerpc', 'smb-signing', 'smb3', 'nns'].includes(fact.mechanism);
    case 'offered':
    case 'refused':
      return fact.what === 'client-certificate';
    case 'authenticated':
      return fact.mechanism === 'certificate';
    case 'described':
      return fact.what.startsWith('tls-') || ['certificate', 'client-certificate-proven'].includes(fact.what);
    case 'exposed':
      return false;
    default:
      return fact satisfies never;
  }
}
