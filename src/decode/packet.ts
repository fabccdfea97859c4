import type { Frame } from '../capture/frame.ts';

/**
 * A decoded frame: one reused view, valid until the next frame. Addresses and payload stay where they were captured;
 * the fields are offsets into `bytes`. What the frame's lengths claim and what was captured are kept apart.
 */
export interface Packet {
  /** index of the capture and Wireshark's frame number in it */
  capture: number;
  frame: number;
  seconds: number;
  nanoseconds: number;
  bytes: Uint8Array;
  kind: PacketKind;
  /** 4 or 16 */
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
  trouble: Trouble;
}

/** `none`: nothing above the link that an audit could use, such as ARP, or a frame that could not be decoded (see `trouble`). */
export type PacketKind = 'tcp' | 'udp' | 'other' | 'fragment' | 'none';

/** Why a frame could not be decoded to its end: the length error as five facts. Reused like the packet. */
export interface Trouble {
  why: 'nothing' | 'malformed' | 'truncated-capture' | 'unknown-link' | 'limit';
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
    seconds: 0,
    nanoseconds: 0,
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
    trouble: { why: 'nothing', layer: '', offset: 0, needed: 0, available: 0 },
  };
}

/** Notes why the frame could not be decoded further; `offset` counts from `start`. */
export function giveUp(
  packet: Packet,
  why: Trouble['why'],
  layer: string,
  offset: number,
  needed: number,
  available: number,
): void {
  packet.kind = 'none';
  const trouble = packet.trouble;
  trouble.why = why;
  trouble.layer = layer;
  trouble.offset = offset;
  trouble.needed = needed;
  trouble.available = available;
}

/** A header that does not fit is cut off where the frame was captured short, and malformed where it was not. */
export function shortHeader(packet: Packet, frame: Frame, layer: string, at: number, needed: number): void {
  const cut = frame.end - frame.start < frame.wireLength;
  giveUp(packet, cut ? 'truncated-capture' : 'malformed', layer, at - frame.start, needed, frame.end - at);
}
