import { hex } from './gss-tokens.ts';

/** A TLS 1.0 ClientHello as old Windows sends it: no extensions, TLS_RSA_WITH_AES_128_CBC_SHA and RC4 (RFC 5246 §7.4.1.2, RFC 5246 §6.2.1). */
export const clientHello = hex(
  `16 0301 0031 01 00002d 0301 ${'4c84b1d0'}${'5a'.repeat(28)} 00 0006 002f 0005 000a 01 00`,
);
