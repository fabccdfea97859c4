// hot: called for every datagram of a media flow. No allocation, closure or string.
import { be16 } from '../../bytes/read.ts';

/** bytes of a record's header: type, version, epoch, sequence number, length (RFC 6347 §4.1) */
export const recordHeader = 13;
const changeCipherSpec = 20;
const heartbeat = 24;

/** The record that begins here, header included; 0 where none does. */
export function recordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < recordHeader || bytes[at]! < changeCipherSpec || bytes[at]! > heartbeat) return 0;
  // DTLS 1.0, 1.2 and the draft that OpenSSL once spoke; 1.3 writes 1.2 (RFC 9147 §4)
  const version = be16(bytes, at + 1);
  if (version !== 0xfeff && version !== 0xfefd && version !== 0x0100) return 0;
  const length = recordHeader + be16(bytes, at + 11);
  return length > recordHeader && length <= end - at ? length : 0;
}

/** The encrypted record of DTLS 1.3 that begins here (RFC 9147 §4: `001CSLEE`); 0 where none does. Without a connection ID, which only the handshake tells of. */
export function unifiedLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (end - at < 2 || first >> 5 !== 1 || (first & 0x10) !== 0) return 0;
  const header = unifiedHeader(first);
  if ((first & 0x04) === 0) return end - at > header ? end - at : 0;
  if (end - at < header) return 0;
  const length = header + be16(bytes, at + header - 2);
  return length > header && length <= end - at ? length : 0;
}

export const unifiedHeader = (first: number): number =>
  1 + ((first & 0x08) !== 0 ? 2 : 1) + ((first & 0x04) !== 0 ? 2 : 0);

/** Whether the datagram is nothing but whole records: by chance that happens once in 2^36 times. */
export function isRecords(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const length = recordLength(bytes, at, end) || (at > start ? unifiedLength(bytes, at, end) : 0);
    if (length === 0) return false;
    at += length;
  }
  return at > start;
}
