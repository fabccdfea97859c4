import type { ProtectionLevel } from '../fact.ts';

/** What the suites with NULL encryption protect: RFC 5246 A.5, RFC 4785, RFC 5487, RFC 4492, RFC 5489, RFC 9150, and GOST's. */
const withoutEncryption: ReadonlySet<number> = new Set([
  0x0000, 0x0001, 0x0002, 0x001c, 0x002c, 0x002d, 0x002e, 0x003b, 0x0047, 0x0082, 0x0083, 0x00b0, 0x00b1, 0x00b4,
  0x00b5, 0x00b8, 0x00b9, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015, 0xc039, 0xc03a, 0xc03b, 0xc0b4, 0xc0b5,
]);

/** Ranges of suite numbers all of which, but for those above, encrypt. SSL 2's have three bytes. */
const encrypting: readonly (readonly [number, number])[] = [
  [0x0003, 0x0046],
  [0x0060, 0x006d],
  [0x0084, 0x00c7],
  [0x1301, 0x1307],
  [0xc002, 0xc0b3],
  [0xc100, 0xc106],
  [0xcca8, 0xccae],
  [0xd001, 0xd005],
  [0x010080, 0x010080],
  [0x020080, 0x020080],
  [0x030080, 0x030080],
  [0x040080, 0x040080],
  [0x050080, 0x050080],
  [0x060040, 0x060040],
  [0x0700c0, 0x0700c0],
];

/** What content gets from a cipher suite; `unknown` for numbers that no registry explains. */
export function protectionOf(suite: number): ProtectionLevel | 'unknown' {
  if (withoutEncryption.has(suite)) return 'integrity';
  return encrypting.some(([first, last]) => suite >= first && suite <= last) ? 'privacy' : 'unknown';
}

/** bytes of a TLS 1.3 suite's hash and of what its AEAD adds to a record (RFC 8446 B.4, RFC 8998, RFC 9150); null where unknown */
export function tls13Sizes(suite: number): { hash: number; tag: number } | null {
  switch (suite) {
    case 0x1301:
    case 0x1303:
    case 0x1304:
    case 0x1307:
    case 0x00c6:
    case 0x00c7:
      return { hash: 32, tag: 16 };
    case 0x1302:
      return { hash: 48, tag: 16 };
    case 0x1305:
      return { hash: 32, tag: 8 };
    case 0x1306:
      return { hash: 64, tag: 16 };
    case 0xc0b4:
      return { hash: 32, tag: 32 };
    case 0xc0b5:
      return { hash: 48, tag: 48 };
    default:
      return null;
  }
}
