import { OuterPath, type TunnelKind } from './tunnels/outer-path.ts';

/**
 * A decoded frame: one reused view, valid until the next frame. Addresses and payload stay where they were captured;
 * the fields are offsets into `bytes`. What the frame's lengths claim and what was captured are kept apart.
 */
export interface Packet {
  /** index of the capture and Wireshark's frame number in it */
  capture: number;
  frame: number;
  /** its place among all frames of the run, from 1; 0 where only one capture is read */
  order: number;
  seconds: number;
  nanoseconds: number;
  /** of the frame: where it was captured, and what somebody wrote about it; empty where the file does not say */
  interfaceName: string;
  comment: string;
  bytes: Uint8Array;
  kind: PacketKind;
  /** 4 or 16; 0 before an IP header was read */
  addressLength: number;
  /** offsets of the addresses */
  source: number;
  destination: number;
  /** IP protocol number of the payload */
  protocol: number;
  /** 0 where the transport has none; for ICMP the type and the code */
  sourcePort: number;
  destinationPort: number;
  /** TCP header; 0 for others */
  sequence: number;
  acknowledgment: number;
  flags: number;
  /** captured payload of the transport */
  payloadStart: number;
  payloadEnd: number;
  /** payload bytes that the IP header claims; more than captured where the snap length cut the frame */
  payloadLength: number;
  /** of a fragment: identification, offset in bytes, more to come */
  fragmentId: number;
  fragmentOffset: number;
  moreFragments: boolean;
  /** what the packet lay in, from the outermost */
  readonly outer: OuterPath;
  readonly trouble: Trouble;
  readonly reading: Reading;
  readonly carrier: Carrier;
}

/** `none`: nothing above the link that an audit could use, such as ARP, or a frame that could not be decoded (see `trouble`). */
export type PacketKind = 'tcp' | 'udp' | 'other' | 'fragment' | 'none';

/** A header that can be read next. */
export type Layer =
  | 'done'
  /** whatever a LINKTYPE number says, in `type` */
  | 'link'
  | 'ethernet'
  /** whatever an EtherType says, in `type` */
  | 'ether-type'
  | 'llc'
  | 'ppp'
  | 'mpls'
  /** IP of the version that its first nibble says */
  | 'ip'
  | 'ipv4'
  | 'ipv6'
  /** the packet's `protocol` at its `payloadStart`: in IPv6 extension headers, then the transport */
  | 'ip-payload'
  | 'gre'
  | 'l2tp-v3'
  | 'udp-payload';

/** Where decoding stands. Every layer reads at `at` and no farther than `end`, and says what comes next and where. */
export interface Reading {
  next: Layer;
  type: number;
  at: number;
  /** the frame's first byte; offsets in trouble count from it */
  start: number;
  /** where the layer's captured bytes end, and where it ends by what the headers around it claim */
  end: number;
  wireEnd: number;
  /** whether the frame was captured short */
  cut: boolean;
}

/** The packet that carries the one being read: what the frame is taken for where that one cannot be read. */
export interface Carrier {
  kind: PacketKind;
  outerCount: number;
  addressLength: number;
  source: number;
  destination: number;
  protocol: number;
  sourcePort: number;
  destinationPort: number;
  payloadStart: number;
  payloadEnd: number;
  payloadLength: number;
}

/** Why a frame could not be decoded to its end: the length error as five facts. Reused like the packet. */
export interface Trouble {
  why: 'nothing' | 'malformed' | 'truncated-capture' | 'unknown-link' | 'encrypted' | 'limit';
  layer: string;
  /** bytes from the start of the frame */
  offset: number;
  needed: number;
  available: number;
}

export const tcpFlags = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10, urg: 0x20 } as const;
export const ipProtocols = { icmp: 1, tcp: 6, udp: 17, esp: 50, ah: 51, icmp6: 58, sctp: 132 } as const;

export function createPacket(): Packet {
  return {
    capture: 0,
    frame: 0,
    order: 0,
    seconds: 0,
    nanoseconds: 0,
    interfaceName: '',
    comment: '',
    bytes: new Uint8Array(0),
    kind: 'none',
    addressLength: 4,
    source: 0,
    destination: 0,
    protocol: 0,
    sourcePort: 0,
    destinationPort: 0,
    sequence: 0,
    acknowledgment: 0,
    flags: 0,
    payloadStart: 0,
    payloadEnd: 0,
    payloadLength: 0,
    fragmentId: 0,
    fragmentOffset: 0,
    moreFragments: false,
    outer: new OuterPath(),
    trouble: { why: 'nothing', layer: '', offset: 0, needed: 0, available: 0 },
    reading: { next: 'done', type: 0, at: 0, start: 0, end: 0, wireEnd: 0, cut: false },
    carrier: {
      kind: 'none',
      outerCount: 0,
      addressLength: 0,
      source: 0,
      destination: 0,
      protocol: 0,
      sourcePort: 0,
      destinationPort: 0,
      payloadStart: 0,
      payloadEnd: 0,
      payloadLength: 0,
    },
  };
}

/** The next layer to read, and where it begins. */
export function goOn(packet: Packet, next: Layer, at: number, type = 0): void {
  const reading = packet.reading;
  reading.next = next;
  reading.at = at;
  reading.type = type;
}

/** Nothing more in this frame that an audit could use. */
export function stop(packet: Packet): void {
  packet.reading.next = 'done';
}

/** Notes why the frame could not be decoded further; `offset` counts from the frame's start. */
export function giveUp(
  packet: Packet,
  why: Trouble['why'],
  layer: string,
  at: number,
  needed: number,
  available: number,
): void {
  packet.kind = 'none';
  packet.reading.next = 'done';
  const trouble = packet.trouble;
  trouble.why = why;
  trouble.layer = layer;
  trouble.offset = at - packet.reading.start;
  trouble.needed = needed;
  trouble.available = available;
}

/** A header that does not fit is cut off where the frame was captured short, and malformed where it was not. */
export function shortHeader(packet: Packet, layer: string, at: number, needed: number): void {
  const { cut, end } = packet.reading;
  giveUp(packet, cut ? 'truncated-capture' : 'malformed', layer, at, needed, Math.max(0, end - at));
}

/**
 * What follows lies inside the packet or frame read so far. `addressed`: the layer goes between the packet's own addresses.
 * False, and the frame given up, where packets lie in each other deeper than the cap.
 */
export function enter(packet: Packet, kind: TunnelKind, id: number | null, addressed: boolean): boolean {
  const { outer, bytes, source, destination, addressLength, reading } = packet;
  if (outer.enter(kind, id, bytes, source, destination, addressed ? addressLength : 0)) return true;
  giveUp(packet, 'limit', kind, reading.at, 0, 0);
  return false;
}

/**
 * The packet read so far carries another, which begins where reading goes on: should that one not be readable, the frame
 * is a packet of this kind.
 */
export function carry(packet: Packet, kind: PacketKind, next: Layer, at: number, type = 0): void {
  const { carrier, reading } = packet;
  carrier.kind = kind;
  carrier.outerCount = packet.outer.count;
  carrier.addressLength = packet.addressLength;
  carrier.source = packet.source;
  carrier.destination = packet.destination;
  carrier.protocol = packet.protocol;
  carrier.sourcePort = packet.sourcePort;
  carrier.destinationPort = packet.destinationPort;
  carrier.payloadStart = packet.payloadStart;
  carrier.payloadEnd = packet.payloadEnd;
  carrier.payloadLength = packet.payloadLength;
  packet.kind = 'none';
  packet.sourcePort = 0;
  packet.destinationPort = 0;
  reading.end = packet.payloadEnd;
  reading.wireEnd = packet.payloadStart + packet.payloadLength;
  goOn(packet, next, at, type);
}

/** What is carried cannot be read: the frame is what carries it. */
export function fallBack(packet: Packet): void {
  const { carrier } = packet;
  packet.kind = carrier.kind;
  packet.outer.count = carrier.outerCount;
  packet.addressLength = carrier.addressLength;
  packet.source = carrier.source;
  packet.destination = carrier.destination;
  packet.protocol = carrier.protocol;
  packet.sourcePort = carrier.sourcePort;
  packet.destinationPort = carrier.destinationPort;
  packet.payloadStart = carrier.payloadStart;
  packet.payloadEnd = carrier.payloadEnd;
  packet.payloadLength = carrier.payloadLength;
  packet.trouble.why = 'nothing';
}
