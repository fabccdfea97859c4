import type { BlindSpot } from '../flows/blind-spot.ts';
import type { StampedFact } from './fact.ts';

/** All that is known of one flow once it has ended: one row of the store. */
export interface FlowRecord {
  /** from its endpoints and the time of its first frame, so the same whatever was read before it */
  id: string;
  communityId: string;
  /** indexes of the captures it was seen in, ascending */
  captures: number[];
  transport: Transport;
  client: Endpoint;
  server: Endpoint;
  /** whether the flow's opening was seen, so that client and server are certain */
  opened: boolean;
  /** the protocol that owns the flow (`smtp` also after STARTTLS); `unknown` where nothing was recognised */
  protocol: string;
  /** the protocols one inside or after the other: `smtp`, `tls` */
  protocolPath: string[];
  /** RFC 3339 UTC, nine digits */
  firstSeen: string;
  lastSeen: string;
  /** of the first and the last frame: capture index and frame number */
  first: FrameReference;
  last: FrameReference;
  frames: number;
  /** payload seen, retransmissions not counted */
  bytes: { client: number; server: number };
  /** Zeek's connection state */
  state: string;
  /** Zeek's history letters */
  history: string;
  missedBytes: number;
  duplicates: number;
  facts: StampedFact[];
  blindSpots: BlindSpot[];
}

export type Transport = 'tcp' | 'udp' | 'icmp' | 'esp' | 'ah' | 'sctp' | 'ip';

export interface Endpoint {
  /** RFC 5952 */
  address: string;
  /** null where the transport has none */
  port: number | null;
}

export interface FrameReference {
  capture: number;
  frame: number;
}
