import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/bytes/address.ts';
import { decode } from '../../src/decode/decode.ts';
import { createPacket, type Packet } from '../../src/decode/packet.ts';
import { limits } from '../../src/limits.ts';
import { concat, ethernet, frameOf, ipFrame, ipv4, ipv6, tcpFrame, udpFrame } from '../support/build-packets.ts';

const ends = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 1025, toPort: 25 };
const ends6 = { ...ends, from: '2001:db8::1', to: '2001:db8::2' };
const hello = Uint8Array.from([1, 2, 3]);

function decoded(bytes: Uint8Array, linkType = 1, wireLength = bytes.length): Packet {
  const packet = createPacket();
  decode(frameOf({ bytes, time: 0 }, 7, linkType, wireLength), 3, packet);
  return packet;
}

const payload = (packet: Packet) => [...packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)];

describe('ethernet', () => {
  test('IPv4 and TCP', () => {
    const packet = decoded(tcpFrame({ ...ends, flags: 'PA', sequence: 5, acknowledgment: 6, payload: hello }).bytes);
    expect(packet).toMatchObject({
      kind: 'tcp',
      capture: 3,
      frame: 7,
      addressLength: 4,
      sourcePort: 1025,
      destinationPort: 25,
      sequence: 5,
      acknowledgment: 6,
      flags: 0x18,
      payloadLength: 3,
    });
    expect(payload(packet)).toEqual([1, 2, 3]);
    expect([...packet.bytes.subarray(packet.source, packet.source + 4)]).toEqual([10, 0, 0, 1]);
  });

  test('IPv6 and UDP', () => {
    const packet = decoded(udpFrame({ ...ends6, payload: hello }).bytes);
    expect(packet).toMatchObject({ kind: 'udp', addressLength: 16, sourcePort: 1025, payloadLength: 3 });
    expect(payload(packet)).toEqual([1, 2, 3]);
  });

  test('padding behind a short packet is no payload', () => {
    const { bytes } = tcpFrame({ ...ends, payload: hello });
    expect(payload(decoded(concat(bytes, new Uint8Array(20))))).toEqual([1, 2, 3]);
  });

  test('802.1Q inside 802.1ad', () => {
    const ip = tcpFrame({ ...ends, payload: hello }).bytes.slice(14);
    const tagged = ethernet(0x88a8, concat(Uint8Array.of(0, 5, 0x81, 0, 0, 6, 0x08, 0), ip));
    expect(payload(decoded(tagged))).toEqual([1, 2, 3]);
  });

  test('more VLAN tags than anybody uses is a limit, not a loop', () => {
    const tags = concat(...Array.from({ length: limits.headers + 1 }, () => Uint8Array.of(0, 5, 0x81, 0)));
    expect(decoded(ethernet(0x8100, concat(tags, new Uint8Array(40)))).trouble.why).toBe('limit');
  });

  test('ARP and 802.3 length frames are nothing to audit, and no trouble', () => {
    for (const type of [0x0806, 0x0040]) {
      const packet = decoded(ethernet(type, new Uint8Array(46)));
      expect([packet.kind, packet.trouble.why]).toEqual(['none', 'nothing']);
    }
  });
});

describe('other links', () => {
  const ip4 = tcpFrame({ ...ends, payload: hello }).bytes.slice(14);
  const ip6 = tcpFrame({ ...ends6, payload: hello }).bytes.slice(14);
  const cases: [string, number, Uint8Array][] = [
    ['null, little-endian family', 0, concat(Uint8Array.of(2, 0, 0, 0), ip4)],
    ['null, big-endian family', 0, concat(Uint8Array.of(0, 0, 0, 30), ip6)],
    ['loop', 108, concat(Uint8Array.of(0, 0, 0, 2), ip4)],
    ['raw IPv4', 101, ip4],
    ['raw IPv6', 101, ip6],
    ['LINKTYPE_IPV4', 228, ip4],
    ['LINKTYPE_IPV6', 229, ip6],
    ['Linux cooked v1', 113, concat(new Uint8Array(14), Uint8Array.of(8, 0), ip4)],
    ['Linux cooked v2', 276, concat(Uint8Array.of(0x86, 0xdd), new Uint8Array(18), ip6)],
  ];
  test.each(cases)('%s', (_name, linkType, bytes) => {
    expect(payload(decoded(bytes, linkType))).toEqual([1, 2, 3]);
  });

  test('one that is not known is said', () => {
    expect(decoded(ip4, 147).trouble.why).toBe('unknown-link');
  });
});

describe('IP', () => {
  test('total length 0 from segmentation offload reaches to the end of the frame', () => {
    const { bytes } = tcpFrame({ ...ends, payload: hello });
    bytes.set([0, 0], 16);
    expect(payload(decoded(bytes))).toEqual([1, 2, 3]);
  });

  test('IPv4 options are passed over', () => {
    const { bytes } = tcpFrame({ ...ends, payload: hello });
    const ip = concat(bytes.slice(14, 34), Uint8Array.of(1, 1, 1, 1), bytes.slice(34));
    ip[0] = 0x46;
    new DataView(ip.buffer).setUint16(2, ip.length);
    expect(payload(decoded(ethernet(0x0800, ip)))).toEqual([1, 2, 3]);
  });

  test('IPv6 extension headers are passed over (RFC 8200 §4)', () => {
    const segment = tcpFrame({ ...ends6, payload: hello }).bytes.slice(54);
    const hopByHop = concat(Uint8Array.of(60, 0), new Uint8Array(6));
    const destination = concat(Uint8Array.of(6, 1), new Uint8Array(14));
    const ip = ipv6(parseAddress('::1')!, parseAddress('::2')!, 0, concat(hopByHop, destination, segment));
    expect(payload(decoded(ethernet(0x86dd, ip)))).toEqual([1, 2, 3]);
  });

  test('a fragment is told apart, with its offset in bytes', () => {
    const ip = ipv4(parseAddress('1.1.1.1')!, parseAddress('2.2.2.2')!, 17, new Uint8Array(16), 0x2000 | 185, 77);
    const packet = decoded(ethernet(0x0800, ip));
    expect(packet).toMatchObject({ kind: 'fragment', fragmentId: 77, fragmentOffset: 1480, moreFragments: true });
  });

  test('ESP and ICMP are flows without ports', () => {
    expect(decoded(ipFrame('1.1.1.1', '2.2.2.2', 50, hello, 0).bytes)).toMatchObject({ kind: 'other', protocol: 50 });
  });
});

describe('damage', () => {
  const good = tcpFrame({ ...ends, payload: hello }).bytes;
  const good6 = tcpFrame({ ...ends6, payload: hello }).bytes;

  test('a frame cut anywhere by the snap length is truncated, never malformed, and never an exception', () => {
    for (const whole of [good, good6]) {
      for (let length = 0; length < whole.length - 3; length++) {
        const packet = decoded(whole.slice(0, length), 1, whole.length);
        expect(packet.kind).toBe('none');
        expect(packet.trouble.why).toBe('truncated-capture');
      }
    }
  });

  test('a frame that is short on the wire is malformed', () => {
    expect(decoded(good.slice(0, 40)).trouble).toMatchObject({
      why: 'malformed',
      layer: 'tcp',
      offset: 34,
      needed: 20,
      available: 6,
    });
  });

  test('lengths that lie are malformed', () => {
    const header = good.slice();
    header[14] = 0x41;
    expect(decoded(header).trouble.why).toBe('malformed');
    const total = good.slice();
    total.set([0, 10], 16);
    expect(decoded(total).trouble.why).toBe('malformed');
    const offset = good.slice();
    offset[46] = 0xf0;
    expect(decoded(offset).trouble.why).toBe('malformed');
  });

  test('any bytes on any link decode to something', () => {
    let state = 12_345;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    };
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: random() % 120 }, random);
      if (bytes.length > 15 && round % 2) bytes.set([8, 0, 0x45], 12);
      const packet = decoded(bytes, [0, 1, 101, 113, 276][round % 5]);
      expect(packet.payloadStart).toBeLessThanOrEqual(Math.max(packet.payloadEnd, bytes.length));
    }
  });
});
