import { parseAddress } from '../../src/bytes/address.ts';
import type { Frame } from '../../src/capture/frame.ts';

/** A frame's bytes and time, as a capture would hold them. Built by hand, sharing no code with the decoder. */
export interface BuiltFrame {
  bytes: Uint8Array;
  /** seconds since 1970, with a fraction */
  time: number;
}

export interface SegmentFields {
  from: string;
  to: string;
  fromPort: number;
  toPort: number;
  sequence?: number;
  acknowledgment?: number;
  /** letters out of `SAFRP` */
  flags?: string;
  payload?: Uint8Array;
  time?: number;
}

/** An Ethernet frame with an IPv4 or IPv6 TCP segment. */
export function tcpFrame(fields: SegmentFields): BuiltFrame {
  const { fromPort, toPort, sequence = 0, acknowledgment = 0, flags = 'A', payload = new Uint8Array(0) } = fields;
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint16(0, fromPort);
  view.setUint16(2, toPort);
  view.setUint32(4, sequence >>> 0);
  view.setUint32(8, acknowledgment >>> 0);
  header[12] = 5 << 4;
  for (const letter of flags) header[13]! |= { F: 1, S: 2, R: 4, P: 8, A: 16 }[letter] ?? 0;
  view.setUint16(14, 65_535);
  return ipFrame(fields.from, fields.to, 6, concat(header, payload), fields.time ?? 0);
}

/** An Ethernet frame with an IPv4 or IPv6 UDP datagram. */
export function udpFrame(fields: Omit<SegmentFields, 'sequence' | 'acknowledgment' | 'flags'>): BuiltFrame {
  const payload = fields.payload ?? new Uint8Array(0);
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint16(0, fields.fromPort);
  view.setUint16(2, fields.toPort);
  view.setUint16(4, 8 + payload.length);
  return ipFrame(fields.from, fields.to, 17, concat(header, payload), fields.time ?? 0);
}

/** An Ethernet frame with an IP packet of this protocol. */
export function ipFrame(from: string, to: string, protocol: number, payload: Uint8Array, time: number): BuiltFrame {
  const source = parseAddress(from)!;
  const ip =
    source.length === 4
      ? ipv4(source, parseAddress(to)!, protocol, payload)
      : ipv6(source, parseAddress(to)!, protocol, payload);
  return { bytes: ethernet(source.length === 4 ? 0x0800 : 0x86dd, ip), time };
}

export function ethernet(etherType: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(14);
  new DataView(header.buffer).setUint16(12, etherType);
  return concat(header, payload);
}

export function ipv4(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  payload: Uint8Array,
  fragment = 0,
  id = 0,
): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  header[0] = 0x45;
  view.setUint16(2, 20 + payload.length);
  view.setUint16(4, id);
  view.setUint16(6, fragment);
  header[8] = 64;
  header[9] = protocol;
  header.set(source, 12);
  header.set(destination, 16);
  return concat(header, payload);
}

export function ipv6(source: Uint8Array, destination: Uint8Array, next: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(40);
  header[0] = 0x60;
  new DataView(header.buffer).setUint16(4, payload.length);
  header[6] = next;
  header[7] = 64;
  header.set(source, 8);
  header.set(destination, 24);
  return concat(header, payload);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A frame as the capture room would hand it on. */
export function frameOf({ bytes, time }: BuiltFrame, number: number, linkType = 1, wireLength = bytes.length): Frame {
  const seconds = Math.floor(time);
  return {
    bytes,
    start: 0,
    end: bytes.length,
    wireLength,
    seconds,
    nanoseconds: Math.round((time - seconds) * 1e9),
    number,
    byte: 0,
    linkType,
    checkSequence: 0,
    interfaceName: '',
    comment: '',
  };
}
