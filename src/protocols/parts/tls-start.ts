/** Whether a TLS record (RFC 8446 §5.1), or after an upgrade an SSL 2 hello, begins here: lines of text begin with neither. */
export function looksLikeTls(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 3) return false;
  const first = bytes[start]!;
  if (first >= 0x14 && first <= 0x17) return bytes[start + 1] === 3 && bytes[start + 2]! <= 4;
  return first >= 0x80 && bytes[start + 2] === 1 && (bytes[start + 3] === 0 || bytes[start + 3] === 3);
}
