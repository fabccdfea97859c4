/** A datagram that only keeps a way open: blanks, line ends or zeros (RFC 5626 §4.4.1, RFC 6263 §4, and what phones send in its place). */
export function isKeepAlive(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 64) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte !== 0 && byte !== 0x20 && byte !== 0x0d && byte !== 0x0a) return false;
  }
  return true;
}
