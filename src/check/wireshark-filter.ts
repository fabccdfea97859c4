import type { FlowRecord } from '../protocols/flow-record.ts';

const ipProtocols: Partial<Record<FlowRecord['transport'], string>> = {
  esp: 'esp',
  ah: 'ah',
  icmp: '(icmp || icmpv6)',
  sctp: 'sctp',
};

/** for a packet of another protocol */
const noTransport = '!tcp && !udp && !sctp && !esp && !ah && !icmp && !icmpv6';

/**
 * A Wireshark display filter that selects this flow and no other. Where its endpoints were `reused` by another flow,
 * frame numbers bound it.
 */
export function wiresharkFilter(flow: FlowRecord, reused: boolean): string {
  const ip = flow.client.address.includes(':') ? 'ipv6' : 'ip';
  const { transport, client, server } = flow;
  const ported = transport === 'tcp' || transport === 'udp';
  const one = (from: typeof client, to: typeof server) => {
    const hosts = `${ip}.src == ${from.address} && ${ip}.dst == ${to.address}`;
    return ported
      ? `(${hosts} && ${transport}.srcport == ${from.port} && ${transport}.dstport == ${to.port})`
      : `(${hosts})`;
  };
  const ends = `(${one(client, server)} || ${one(server, client)})`;
  // an ICMP error quotes the packet that it is about, and Wireshark reads the quotation as well
  const protocol = ported ? '!icmp && !icmpv6' : (ipProtocols[transport] ?? noTransport);
  const bounds = reused ? boundsOf(flow) : '';
  return [ends, protocol, bounds].filter((part) => part !== '').join(' && ');
}

/** Where the flow lies in its capture; where several files hold it, as frame numbers begin anew in each, in time. */
function boundsOf({ captures, first, last, firstSeen, lastSeen }: FlowRecord): string {
  return captures.length === 1
    ? `frame.number >= ${first.frame} && frame.number <= ${last.frame}`
    : `frame.time_epoch >= ${epoch(firstSeen)} && frame.time_epoch <= ${epoch(lastSeen)}`;
}

/** Seconds since 1970 of an RFC 3339 time, with its nine digits. */
function epoch(time: string): string {
  return `${Date.parse(`${time.slice(0, 19)}Z`) / 1000}${time.slice(19, -1)}`;
}
