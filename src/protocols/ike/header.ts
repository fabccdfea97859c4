import { be32 } from '../../bytes/read.ts';

export const HEADER = 28;

/** Exchange types of IKEv1 (RFC 2408 §3.1, RFC 2409) and IKEv2 (RFC 7296 §3.1 and IANA). */
const EXCHANGES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 32, 33, 34, 35, 36, 37, 38, 43, 44]);

/** Whether one whole IKE message lies between `start` and `end`: an initiator's SPI, a version and a length that are right. */
export function isIke(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER || be32(bytes, start + 24) !== end - start) return false;
  if (be32(bytes, start) === 0 && be32(bytes, start + 4) === 0) return false;
  const exchange = bytes[start + 18]!;
  return (
    versionAt(bytes, start) !== null && EXCHANGES.has(exchange) && exchange >= 34 === (versionAt(bytes, start) === 2)
  );
}

/** Major version of the message at `start`, or null where it is none of the two. */
export function versionAt(bytes: Uint8Array, start: number): 1 | 2 | null {
  const major = bytes[start + 17]! >> 4;
  return major === 1 || major === 2 ? major : null;
}
