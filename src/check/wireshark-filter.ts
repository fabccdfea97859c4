import type { FlowRecord } from '../protocols/flow-record.ts';

const ipProtocols: Partial<Record<FlowRecord['transport'], string>> = {
  esp: 'esp',
  ah: 'ah',
  icmp: '(icmp || icmpv6)',
  sctp: 'sctp',
};

/**
 * A Wireshark display filter that selects this flow and no other. Where its endpoints were `reused` by another flow of the
 * same capture, frame numbers bound it.
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
  const protocol = ported ? '' : (ipProtocols[transport] ?? '');
  const bounds =
    reused && flow.captures.length === 1
      ? `frame.number >= ${flow.first.frame} && frame.number <= ${flow.last.frame}`
      : '';
  return [ends, protocol, bounds].filter((part) => part !== '').join(' && ');
}
