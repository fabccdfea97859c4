import { hex } from './gss-tokens.ts';

/** [MS-NLMP] §4.2.4.3: the AUTHENTICATE_MESSAGE of its NTLMv2 example; user `User`, domain `Domain`, workstation `COMPUTER`. */
export const authenticateV2 = hex(
  `4e544c4d5353500003000000180018006c00000054005400840000000c000c0048000000080008005400000010001000
   5c00000010001000d8000000358288e20501280a0000000f44006f006d00610069006e005500730065007200
   43004f004d0050005500540045005200
   86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa
   68cd0ab851e51c96aabc927bebef6a1c01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000
   c5dad2544fc9799094ce1ce90bc9d03e`.replaceAll(/\s/g, ''),
);

/** A NEGOTIATE_MESSAGE (§2.2.1.1) without names. */
export const negotiate = hex(`4e544c4d5353500001000000978208e2${'00'.repeat(16)}0601b11d0000000f`);

/** [MS-NLMP] §4.2.4.3: the CHALLENGE_MESSAGE of its NTLMv2 example; the server is `Server`. */
export const challenge = hex(
  '4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef00000000000000002400240044000000' +
    '060070170000000f530065007200760065007200' +
    '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000',
);

/** An AUTHENTICATE_MESSAGE (§2.2.1.3) with these names and responses of so many bytes. */
export function authenticate(is: {
  domain: string;
  user: string;
  lm: number;
  nt: number;
  unicode?: boolean;
}): Uint8Array {
  const unicode = is.unicode ?? true;
  const text = (value: string) => Buffer.from(value, unicode ? 'utf16le' : 'latin1');
  const payloads = [
    Buffer.alloc(is.lm, 0xaa),
    Buffer.alloc(is.nt, 0xbb),
    text(is.domain),
    text(is.user),
    text('PC1'),
    Buffer.alloc(0),
  ];
  const head = Buffer.alloc(64);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(3, 8);
  let offset = 64;
  for (const [i, payload] of payloads.entries()) {
    head.writeUInt16LE(payload.length, 12 + 8 * i);
    head.writeUInt16LE(payload.length, 14 + 8 * i);
    head.writeUInt32LE(offset, 16 + 8 * i);
    offset += payload.length;
  }
  head.writeUInt32LE(unicode ? 0x01 : 0x02, 60);
  return new Uint8Array(Buffer.concat([head, ...payloads]));
}
