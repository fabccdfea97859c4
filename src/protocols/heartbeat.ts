import { Malformed } from '../bytes/malformed.ts';
import { be16, be32, le16 } from '../bytes/read.ts';
import { defineAnalyzer } from './analyzer.ts';

/** fixed part of a route control message: identifier, version, reserved, type, next header, total length, sequence number */
const ROUTE_CONTROL_HEADER = 16;
const ROUTE_CONTROL = 0x55555555;
const SECURITY = 0x11e6c4eb;
const SECURITY_HEADER = 24;
const ETHERNET_HEADER = 14;

/**
 * Between the nodes of a Windows failover cluster, on UDP 3343. Microsoft has published no specification. Wireshark's dissector (MSRCP)
 * and descriptions of Network Monitor's parser agree on the heartbeat's own shape; of the other two only the latter tell. So none is
 * recognised but on its port, and what else goes there stays unknown. All are opaque: which was seen is all that is stated.
 */
export const heartbeat = defineAnalyzer({
  name: 'heartbeat',
  transports: ['udp'],
  ports: [3343],
  start: () => null,
  recognise: (bytes, start, end) => (kindOf(bytes, start, end) === null ? 'no' : 'possible'),
  frame: (_bytes, start, end) => end - start,

  message({ bytes, at, end }, _direction, _state, out) {
    const value = kindOf(bytes, at, end);
    if (value === null) throw new Malformed('heartbeat', 0, 4, end - at);
    out.fact({ kind: 'described', what: 'property', name: 'cluster-message', value });
  },
});

/** `tunnelled`: an Ethernet frame of the cluster's virtual adapter, with whatever the cluster service says in it. */
function kindOf(bytes: Uint8Array, start: number, end: number): 'route-control' | 'security' | 'tunnelled' | null {
  const length = end - start;
  if (length >= ROUTE_CONTROL_HEADER && be32(bytes, start) === ROUTE_CONTROL) {
    const asksOrAnswers = le16(bytes, start + 6) <= 1;
    const extension = le16(bytes, start + 8) <= 4;
    const total = le16(bytes, start + 10);
    return asksOrAnswers && extension && total >= ROUTE_CONTROL_HEADER && total <= length ? 'route-control' : null;
  }
  if (length >= SECURITY_HEADER && be32(bytes, start) === SECURITY) return 'security';
  if (length <= ETHERNET_HEADER || (bytes[start + 6]! & 0x03) !== 0x02) return null;
  const version = bytes[start + ETHERNET_HEADER]! >> 4;
  const type = be16(bytes, start + 12);
  return (type === 0x86dd && version === 6) || (type === 0x0800 && version === 4) ? 'tunnelled' : null;
}
