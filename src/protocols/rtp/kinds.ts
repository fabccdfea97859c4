// hot: called for every datagram of a media flow. No allocation, closure or string.
import { be16, be32 } from '../../bytes/read.ts';

/** What shares the flow of a media stream, told by the first bytes (RFC 7983 §7, RFC 5761 §4). */
export type Kind = 'stun' | 'zrtp' | 'dtls' | 'turn' | 'rtp' | 'rtcp' | 'other';

export const rtpHeader = 12;
const stunCookie = 0x2112a442;
const zrtpCookie = 0x5a525450;

export function kindOf(bytes: Uint8Array, start: number, end: number): Kind {
  if (end - start < 8) return 'other';
  const first = bytes[start]!;
  if (first < 4) return isStun(bytes, start, end) ? 'stun' : 'other';
  if (first >= 16 && first < 20) return be32(bytes, start + 4) === zrtpCookie ? 'zrtp' : 'other';
  if (first >= 20 && first < 64) return 'dtls';
  if (first >= 64 && first < 80) return 'turn';
  if (first < 128 || first >= 192) return 'other';
  const second = bytes[start + 1]!;
  if (second >= 192 && second < 224) return 'rtcp';
  return payloadAt(bytes, start, end) < 0 ? 'other' : 'rtp';
}

/** RFC 8489 §5: the cookie, and a length that is a multiple of four and leads to the end. */
function isStun(bytes: Uint8Array, start: number, end: number): boolean {
  const length = be16(bytes, start + 2);
  return end - start >= 20 && length % 4 === 0 && end - start === 20 + length && be32(bytes, start + 4) === stunCookie;
}

/** Where the payload of an RTP packet begins (RFC 3550 §5.1, §5.3.1); -1 where its header does not fit. SRTP's header is the same, in clear. */
export function payloadAt(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start]!;
  let at = start + rtpHeader + 4 * (first & 15);
  if (at > end) return -1;
  if ((first & 0x10) !== 0) {
    if (at + 4 > end) return -1;
    at += 4 + 4 * be16(bytes, at + 2);
  }
  return at <= end ? at : -1;
}
