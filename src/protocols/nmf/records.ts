import { NEED_MORE, NOT_THIS_PROTOCOL } from '../analyzer.ts';

/** Record types of [MC-NMF] §2.2.1. */
export const RecordType = {
  version: 0x00,
  mode: 0x01,
  via: 0x02,
  knownEncoding: 0x03,
  extensibleEncoding: 0x04,
  unsizedEnvelope: 0x05,
  sizedEnvelope: 0x06,
  end: 0x07,
  fault: 0x08,
  upgradeRequest: 0x09,
  upgradeResponse: 0x0a,
  preambleAck: 0x0b,
  preambleEnd: 0x0c,
} as const;

/** what only a client sends ([MC-NMF] §3.1.4), and what only a server sends */
const ofClient: readonly number[] = [
  RecordType.version,
  RecordType.mode,
  RecordType.via,
  RecordType.knownEncoding,
  RecordType.extensibleEncoding,
  RecordType.upgradeRequest,
  RecordType.preambleEnd,
];
const ofServer: readonly number[] = [RecordType.fault, RecordType.upgradeResponse, RecordType.preambleAck];

export const mayCome = (type: number, from: 'client' | 'server'): boolean =>
  type <= RecordType.preambleEnd && !(from === 'client' ? ofServer : ofClient).includes(type);

/** bytes of a via, an encoding, an upgrade's name or a fault; .NET takes 2048 of a via, 256 of the others */
const TEXT_AT_MOST = 1 << 14;

/** A size of one to five bytes, seven bits each, the lowest first ([MC-NMF] §2.2.2); `length` 0 where it is not whole, -1 where it is none. */
export interface Size {
  value: number;
  length: number;
}

export function sizeAt(bytes: Uint8Array, at: number, end: number): Size {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    if (at + i >= end) return { value: 0, length: 0 };
    const byte = bytes[at + i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, length: value < 2 ** 31 ? i + 1 : -1 };
  }
  return { value: 0, length: -1 };
}

/** How many bytes of the record at `start` are to be read: all, but of an envelope only its head. */
export function recordLength(bytes: Uint8Array, start: number, end: number): number {
  switch (bytes[start]) {
    case RecordType.version:
      return end - start < 3 ? NEED_MORE : 3;
    case RecordType.mode:
    case RecordType.knownEncoding:
      return end - start < 2 ? NEED_MORE : 2;
    case RecordType.via:
    case RecordType.extensibleEncoding:
    case RecordType.fault:
    case RecordType.upgradeRequest: {
      const size = sizeAt(bytes, start + 1, end);
      if (size.length < 0 || size.value > TEXT_AT_MOST) return NOT_THIS_PROTOCOL;
      const total = 1 + size.length + size.value;
      return size.length === 0 || end - start < total ? NEED_MORE : total;
    }
    case RecordType.sizedEnvelope:
      return sizeLength(bytes, start + 1, end, 1);
    default:
      return 1;
  }
}

/** The head of an envelope or of a chunk of one: `before` bytes and a size. */
export function sizeLength(bytes: Uint8Array, at: number, end: number, before: number): number {
  const { length } = sizeAt(bytes, at, end);
  if (length < 0) return NOT_THIS_PROTOCOL;
  return length === 0 ? NEED_MORE : before + length;
}

/** bytes in which the envelope of a binary SOAP message shows itself: behind its string table ([MC-NBFSE]) */
const LOOKED_AT = 512;
/** [MC-NBFS]: an element `s:Envelope` with the namespaces of SOAP 1.2 and of WS-Addressing */
const ENVELOPE = [0x56, 0x02, 0x0b, 0x01, 0x73, 0x04, 0x0b, 0x01, 0x61, 0x06];

/** Whether a sized envelope with a binary SOAP message begins here, as in the midst of a session. */
export function beginsEnvelope(bytes: Uint8Array, start: number, end: number): 'yes' | 'no' | 'more' {
  if (bytes[start] !== RecordType.sizedEnvelope) return 'no';
  const size = sizeAt(bytes, start + 1, end);
  if (size.length === 0) return 'more';
  if (size.length < 0) return 'no';
  const from = start + 1 + size.length;
  const to = Math.min(end, from + Math.min(size.value, LOOKED_AT));
  for (let at = from; at + ENVELOPE.length <= to; at++) {
    if (ENVELOPE.every((byte, i) => bytes[at + i] === byte)) return 'yes';
  }
  return to < from + Math.min(size.value, LOOKED_AT) ? 'more' : 'no';
}
