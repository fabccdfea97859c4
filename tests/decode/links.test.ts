import { describe, expect, test } from 'vitest';
import { decode } from '../../src/decode/decode.ts';
import { linkTypes } from '../../src/decode/link/link.ts';
import { createPacket, type Packet } from '../../src/decode/packet.ts';
import { concat, ethernet, frameOf, tcpFrame } from '../support/build-packets.ts';

// What captures/tunnels holds is read from there; here are those that tshark cannot read from a file, and what cannot be read.
const frame = tcpFrame({
  from: '10.0.0.1',
  to: '10.0.0.2',
  fromPort: 1025,
  toPort: 25,
  payload: Uint8Array.of(7),
}).bytes;
const ip = frame.slice(14);
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const behind = (text: string, rest: Uint8Array = ip) => concat(hex(text), rest);

function decoded(bytes: Uint8Array, linkType: number): Packet {
  const packet = createPacket();
  decode(frameOf({ bytes, time: 0 }, 1, linkType), 0, packet);
  return packet;
}

describe('a TCP segment is found', () => {
  const snap = 'aaaa03 000000 0800';
  const wlan = `0801 0000 ${'02'.repeat(18)} 0000 ${snap}`;
  const cases: [string, number, Uint8Array][] = [
    ['in SLIP', linkTypes.slip, behind(`0040${'00'.repeat(14)}`)],
    ['in PPP with protocol field compression behind address and control', linkTypes.ppp, behind('ff03 21')],
    ['in a whole multilink packet, long numbers', linkTypes.ppp, behind('003d c0000001 0021')],
    ['in a whole multilink packet, short numbers', linkTypes.ppp, behind('003d c101 0021')],
    ['in a frame bridged over PPP', linkTypes.ppp, behind('0031 0001', frame)],
    ['in what pppd logs', linkTypes.pppd, behind('0003 0021')],
    ['in PPP with direction', linkTypes.pppWithDirection, behind('01 ff03 0021')],
    ['in HDLC with direction', linkTypes.hdlcWithDirection, behind('01 0f00 0800')],
    ['in frame relay with direction', linkTypes.frameRelayWithDirection, behind('01 1841 03cc')],
    ['in frame relay of Cisco', linkTypes.frameRelay, behind('1841 0800')],
    ['in frame relay, bridged', linkTypes.frameRelay, behind('1841 03 00 80 0080c2 0007', frame)],
    ['in MPLS', linkTypes.mpls, behind('00014140')],
    ['in IPNET', linkTypes.ipnet, behind('00'.repeat(24))],
    ['in pflog', linkTypes.pflog, behind(`3d${'00'.repeat(63)}`)],
    ['behind a preamble', linkTypes.ethernetPreamble, behind('55555555555555d5', frame)],
    ['in Prism', linkTypes.prism, behind(`44000000 90000000${'00'.repeat(136)}${wlan}`)],
    ['in AVS', linkTypes.avs, behind(`80211001 00000040${'00'.repeat(56)}${wlan}`)],
    [
      'in 802.11 between two access points',
      linkTypes.wlan,
      behind(`0803 0000 ${'02'.repeat(18)} 0000 ${'02'.repeat(6)} ${snap}`),
    ],
    ['in PPI around 802.11', linkTypes.ppi, behind(`00000800 69000000${wlan}`)],
    ['in 802.3 with LLC alone', linkTypes.ethernet, ethernet(3 + ip.length, behind('060603'))],
    [
      'in MACsec that only authenticates',
      linkTypes.ethernet,
      ethernet(0x88e5, behind('2000 00000001 0102030405060708 0800')),
    ],
    ['in an E-Tag', linkTypes.ethernet, ethernet(0x893f, behind('0000 0000 0000 0800'))],
    ['in NFLOG of a big-endian host', linkTypes.nflog, behind('02000000 00060001 0800 0000 01000009')],
  ];
  test.each(cases)('%s', (_name, linkType, bytes) => {
    const packet = decoded(bytes, linkType);
    expect(packet).toMatchObject({ kind: 'tcp', sourcePort: 1025, destinationPort: 25, payloadLength: 1 });
    expect(packet.bytes[packet.payloadStart]).toBe(7);
  });
});

describe('what cannot be read is said', () => {
  const cases: [string, number, Uint8Array, string][] = [
    ['compressed headers in SLIP', linkTypes.slip, behind(`0080${'00'.repeat(14)}`), 'encrypted'],
    ['encryption in PPP', linkTypes.ppp, behind('00fd'), 'encrypted'],
    ['a part of a multilink packet', linkTypes.ppp, behind('003d 80000001 0021'), 'unknown-link'],
    ['MACsec', linkTypes.ethernet, ethernet(0x88e5, behind('2c00 00000001 0102030405060708 0800')), 'encrypted'],
    ['802.11 protected', linkTypes.wlan, behind(`0841 0000 ${'02'.repeat(18)} 0000`), 'encrypted'],
    ['a fragment of 802.11', linkTypes.wlan, behind(`0805 0000 ${'02'.repeat(18)} 0000`), 'unknown-link'],
    ['aggregates of 802.11', linkTypes.wlan, behind(`8801 0000 ${'02'.repeat(18)} 0000 8000`), 'unknown-link'],
    [
      'a label stack around nothing known',
      linkTypes.mpls,
      hex('00014140 ffffffff ffffffffffffffffffff'),
      'unknown-link',
    ],
    ['network service headers', linkTypes.ethernet, ethernet(0x894f, ip), 'unknown-link'],
    ['labels without end', linkTypes.mpls, hex('00014040'.repeat(40)), 'limit'],
    ['PPI inside PPI', linkTypes.ppi, hex(`00000800c0000000`.repeat(200)), 'limit'],
    ['NFLOG attributes without length', linkTypes.nflog, hex('02000000 00000000 00000000'), 'malformed'],
  ];
  test.each(cases)('%s', (_name, linkType, bytes, why) => {
    const packet = decoded(bytes, linkType);
    expect([packet.kind, packet.trouble.why]).toEqual(['none', why]);
  });

  test('and what carries no packets is no trouble', () => {
    const beacon = hex(`8000 0000 ${'ff'.repeat(6)} ${'02'.repeat(12)} 0000`);
    for (const [linkType, bytes] of [
      [linkTypes.wlan, beacon],
      [linkTypes.ppp, behind('c021')],
      [linkTypes.hdlc, behind('8f00 8035')],
      [linkTypes.ethernet, ethernet(38, hex('424203'))],
    ] as const) {
      const packet = decoded(bytes, linkType);
      expect([packet.kind, packet.trouble.why]).toEqual(['none', 'nothing']);
    }
  });
});

test('any bytes on any link decode to something, in bounded time', () => {
  let state = 99;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  };
  const links = Object.values(linkTypes);
  for (let round = 0; round < 60_000; round++) {
    const bytes = Uint8Array.from({ length: random() % 120 }, random);
    const packet = decoded(bytes, links[round % links.length]!);
    expect(packet.payloadStart).toBeLessThanOrEqual(Math.max(packet.payloadEnd, bytes.length));
    expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length);
  }
});
