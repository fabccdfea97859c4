import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../src/bytes/address.ts';
import { decode } from '../../src/decode/decode.ts';
import { createPacket, type Packet } from '../../src/decode/packet.ts';
import { limits } from '../../src/limits.ts';
import {
  type BuiltFrame,
  concat,
  ethernet,
  frameOf,
  ipFrame,
  ipv4,
  tcpFrame,
  udpFrame,
} from '../support/build-packets.ts';
import { flowsOf } from '../support/talk.ts';

// that every tunnel is read stands in captures/tunnels; here is what must not be taken for one, and what is inside is odd
const inner = { from: '192.168.0.1', to: '192.168.0.2', fromPort: 1025, toPort: 25 };
const frame = tcpFrame({ ...inner, payload: Uint8Array.of(7) }).bytes;
const ip = frame.slice(14);
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const ends = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 49_152 };
const udp = (toPort: number, payload: Uint8Array) => udpFrame({ ...ends, toPort, payload }).bytes;
const over = (protocol: number, payload: Uint8Array) => ipFrame(ends.from, ends.to, protocol, payload, 0).bytes;

function decoded(bytes: Uint8Array, wireLength = bytes.length): Packet {
  const packet = createPacket();
  decode(frameOf({ bytes, time: 0 }, 1, 1, wireLength), 0, packet);
  return packet;
}

describe('a port of tunnels proves nothing', () => {
  const cases: [string, number, Uint8Array][] = [
    ['VXLAN without its flag', 4789, concat(hex('00000000 00002a00'), frame)],
    ['VXLAN with reserved bits', 4789, concat(hex('08000001 00002a00'), frame)],
    ['VXLAN around no frame', 4789, concat(hex('08000000 00002a00'), new Uint8Array(40).fill(0xee))],
    ['GENEVE of another version', 6081, concat(hex('40006558 00002b00'), frame)],
    ['GENEVE whose options run past the end', 6081, hex('3f006558 00002b00')],
    ['GTP of the control plane', 2152, concat(hex('30010004 00000001'), ip)],
    ['GTP-U that claims more than there is', 2152, concat(hex('30fff000 00000001'), ip)],
    ['GTP-U with an extension of no length', 2152, concat(hex('34ff0030 00000001 00000085 00000000'), ip)],
    ['L2TP control messages', 1701, hex('c802000c 00010000 00000000')],
    ['L2TP with an unknown version', 1701, concat(hex('0005 0001 0002 ff03 0021'), ip)],
    ['Teredo around IPv4', 3544, ip],
    ['a question to a server of names', 4789, hex('1234 0100 0001 0000 0000 0000 03777777 00 0001 0001')],
    ['nothing', 4789, new Uint8Array(0)],
  ];
  test.each(cases)('%s stays a datagram', (_name, port, payload) => {
    const packet = decoded(udp(port, payload));
    expect(packet).toMatchObject({ kind: 'udp', destinationPort: port, payloadLength: payload.length });
    expect([packet.trouble.why, packet.outer.count]).toEqual(['nothing', 0]);
  });

  test('and neither does any other port: only registered ones are looked into', () => {
    expect(decoded(udp(5000, concat(hex('08000000 00002a00'), frame)))).toMatchObject({
      kind: 'udp',
      destinationPort: 5000,
    });
  });
});

describe('what carries is counted where what is carried cannot be', () => {
  const cases: [string, Uint8Array, object][] = [
    ['GRE of an unknown protocol', over(47, hex('0000 1234 0102')), { kind: 'other', protocol: 47, payloadLength: 6 }],
    ['a GRE keepalive', over(47, hex('0000 0000')), { kind: 'other', protocol: 47 }],
    [
      'GRE around encrypted PPP',
      over(47, hex('3001 880b 0004 0001 00000001 00fd9001')),
      { kind: 'other', protocol: 47 },
    ],
    ['GRE with endless routes', over(47, hex('4000 0800 00000000 0800 00ff')), { kind: 'other', protocol: 47 }],
    ['IP in IP around no IP', over(4, hex('0102030405')), { kind: 'other', protocol: 4 }],
    ['EtherIP of another version', over(97, concat(hex('2000'), frame)), { kind: 'other', protocol: 97 }],
    ['L2TPv3 around nothing known', over(115, hex('00000001 0102030405060708090a')), { kind: 'other', protocol: 115 }],
    [
      'ARP in VXLAN',
      udp(4789, concat(hex('08000000 00002a00'), ethernet(0x0806, new Uint8Array(28)))),
      { kind: 'udp' },
    ],
    ['a TCP header cut off in VXLAN', udp(4789, concat(hex('08000000 00002a00'), frame.slice(0, 40))), { kind: 'udp' }],
  ];
  test.each(cases)('%s', (_name, bytes, seen) => {
    const packet = decoded(bytes);
    expect(packet).toMatchObject({ ...seen, addressLength: 4 });
    expect(formatAddress(packet.bytes.subarray(packet.source, packet.source + 4))).toBe('10.0.0.1');
    expect(packet.outer.count).toBe(0);
  });
});

describe('L2TPv3', () => {
  const cases: [string, Uint8Array][] = [
    ['without a cookie', over(115, concat(hex('00000001'), frame))],
    ['with a cookie of 8 bytes', over(115, concat(hex('00000001 a1a2a3a4a5a6a7a8'), frame))],
    ['with a cookie of 4 bytes and a sublayer', over(115, concat(hex('00000001 a1a2a3a4 40000001'), frame))],
    ['over UDP', udp(1701, concat(hex('0003 0000 00000001 a1a2a3a4'), frame))],
    ['around IP', over(115, concat(hex('00000001'), summed(ip)))],
  ];
  test.each(cases)('%s', (_name, bytes) => {
    const packet = decoded(bytes);
    expect(packet).toMatchObject({ kind: 'tcp', sourcePort: 1025, payloadLength: 1 });
    expect(packet.outer.list()).toMatchObject([{ kind: 'l2tp', id: 1 }]);
  });

  /** with the header's checksum, as real ones have it */
  function summed(packet: Uint8Array): Uint8Array {
    const bytes = packet.slice();
    let sum = 0;
    for (let at = 0; at < 20; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
    sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    bytes.set([sum >> 8, sum & 0xff], 10);
    return bytes;
  }
});

describe('packets in each other', () => {
  const nest = (times: number): Uint8Array => {
    let packet: Uint8Array = ip;
    for (let i = 0; i < times; i++) packet = ipv4(parseAddress(ends.from)!, parseAddress(ends.to)!, 4, packet);
    return ethernet(0x0800, packet);
  };

  test('are read down to the cap, with every layer kept', () => {
    const packet = decoded(nest(limits.tunnels));
    expect(packet.kind).toBe('tcp');
    expect(packet.outer.list()).toHaveLength(limits.tunnels);
  });

  test('beyond it the frame is given up, and said to be', () => {
    const packet = decoded(nest(limits.tunnels + 1));
    expect([packet.kind, packet.trouble.why]).toEqual(['none', 'limit']);
  });

  test('an inner packet reaches no farther than what carries it', () => {
    const lying = ip.slice();
    new DataView(lying.buffer).setUint16(2, 1000);
    const packet = decoded(concat(over(4, lying), new Uint8Array(30).fill(0x58)));
    expect(packet.payloadEnd - packet.payloadStart).toBe(1);
    expect(packet.payloadLength).toBe(960);
  });

  test('an ICMP error quotes a packet that is no flow', () => {
    const packet = decoded(over(1, concat(hex('0301 0000 00000000'), ip)));
    expect(packet).toMatchObject({ kind: 'other', protocol: 1, sourcePort: 3, destinationPort: 1 });
  });
});

describe('flows', () => {
  const at = (bytes: Uint8Array, index: number): BuiltFrame => ({ bytes, time: 1_700_000_000 + index });

  test('of what carries there are none, and the flow inside knows its ends', () => {
    const flows = flowsOf([at(over(47, concat(hex('2000 0800 00000063'), ip)), 0)]);
    expect(flows).toMatchObject([
      {
        transport: 'tcp',
        client: { address: '192.168.0.1' },
        facts: [{ what: 'tunnel', carrier: 'gre', id: 99, source: '10.0.0.1', destination: '10.0.0.2', frame: 1 }],
      },
    ]);
  });

  test('AH is one of its own beside what it guards', () => {
    const header = hex('06040000 00001234 00000001 5a5a5a5a5a5a5a5a5a5a5a5a');
    const guarded = concat(header, ip.slice(20));
    const flows = flowsOf([at(over(51, guarded), 0), at(over(51, guarded.slice(0, 10)), 1)]);
    expect(flows.map(({ transport, frames }) => [transport, frames])).toEqual([
      ['tcp', 1],
      ['ah', 2],
    ]);
    expect(flows[0]!.facts).toMatchObject([{ what: 'tunnel', carrier: 'ah', id: 0x1234 }]);
  });

  test('whose tunnel was fragmented are put together, also where they were fragmented inside', () => {
    const [source, destination] = [parseAddress(ends.from)!, parseAddress(ends.to)!];
    const datagram = udpFrame({ ...inner, toPort: 53, payload: new Uint8Array(64).fill(9) }).bytes.slice(34);
    const [a, b] = [parseAddress(inner.from)!, parseAddress(inner.to)!];
    const halves = [ipv4(a, b, 17, datagram.slice(0, 40), 0x2000, 5), ipv4(a, b, 17, datagram.slice(40), 5, 5)];
    const carried = halves.map((half) => concat(hex('0000 0800'), half));
    const pieces = carried.flatMap((bytes, index) => [
      ipv4(source, destination, 47, bytes.slice(0, 16), 0x2000, 70 + index),
      ipv4(source, destination, 47, bytes.slice(16), 2, 70 + index),
    ]);
    const flows = flowsOf(pieces.map((bytes, index) => at(ethernet(0x0800, bytes), index)));
    expect(flows).toMatchObject([
      { transport: 'udp', bytes: { client: 64 }, facts: [{ what: 'tunnel', carrier: 'gre' }] },
    ]);
  });

  test('whose tunnel lost a fragment are in doubt: a receiver may have had it', () => {
    const [source, destination] = [parseAddress(ends.from)!, parseAddress(ends.to)!];
    const whole = over(47, concat(hex('0000 0800'), ip));
    const lost = ethernet(0x0800, ipv4(source, destination, 47, new Uint8Array(16), 0x2000, 9));
    const [flow] = flowsOf([at(whole, 0), at(lost, 1), at(whole, 2)]);
    expect(flow!.blindSpots.map(({ why }) => why)).toContain('gap');
  });
});
