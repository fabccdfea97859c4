import { hex, join, noise, u16 } from './builder.ts';

/** SSL 2.0 messages, laid out as in Hickman, "The SSL Protocol" (1995). */

/** `bytes` in a record with a header of two bytes */
export const ssl2Record = (bytes: Uint8Array): Uint8Array => join(u16(0x8000 | bytes.length), bytes);

interface ClientHelloFields {
  version?: number;
  ciphers?: Uint8Array;
  sessionId?: Uint8Array;
}

const threeCiphers = hex('010080 0700c0 000004');

export function ssl2ClientHello({ version = 2, ciphers = threeCiphers, sessionId = hex('') }: ClientHelloFields = {}) {
  const lengths = join(u16(ciphers.length), u16(sessionId.length), u16(16));
  return ssl2Record(join(hex('01'), u16(version), lengths, ciphers, sessionId, noise(16, 1)));
}

export function ssl2ServerHello(certificate: Uint8Array, hit = false): Uint8Array {
  const ciphers = hit ? hex('') : hex('010080');
  const fixed = hit ? hex('04 01 00 0002') : hex('04 00 01 0002');
  const lengths = join(u16(certificate.length), u16(ciphers.length), u16(16));
  return ssl2Record(join(fixed, lengths, certificate, ciphers, noise(16, 2)));
}

/** CLIENT-MASTER-KEY with SSL_CK_RC4_128_WITH_MD5: no clear key, an RSA block, no IV */
export const ssl2MasterKey = ssl2Record(join(hex('02 010080 0000 0100 0000'), noise(256, 3)));

/** an encrypted record; with a header of three bytes where it is padded */
export const ssl2Encrypted = (length: number, padded = false): Uint8Array =>
  padded ? join(u16(length), hex('05'), noise(length, length)) : ssl2Record(noise(length, length));
