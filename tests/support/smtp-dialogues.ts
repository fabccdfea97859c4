import type { Fact } from '../../src/protocols/fact.ts';
import { hex } from './gss-tokens.ts';
import type { Observed, Step } from './play.ts';

/** A TLS 1.0 ClientHello as old Windows sends it: no extensions, TLS_RSA_WITH_AES_128_CBC_SHA and RC4 (RFC 5246 §7.4.1.2, RFC 5246 §6.2.1). */
export const clientHello = hex(
  `16 0301 0031 01 00002d 0301 ${'4c84b1d0'}${'5a'.repeat(28)} 00 0006 002f 0005 000a 01 00`,
);

/** Lines of the client, of the server. */
export const C = (...lines: string[]): Step => ['client', lines.map((line) => `${line}\r\n`).join('')];
export const S = (...lines: string[]): Step => ['server', lines.map((line) => `${line}\r\n`).join('')];

export const greeting = S('220 hub1.example.com Microsoft ESMTP MAIL Service ready at Mon, 6 Sep 2010 09:00:00 +0900');
/** EHLO of a default receive connector (wire-facts, b) */
export const hello = [
  C('EHLO edge1.example.com'),
  S(
    '250-hub1.example.com Hello [10.0.0.1]',
    '250-SIZE',
    '250-PIPELINING',
    '250-DSN',
    '250-ENHANCEDSTATUSCODES',
    '250-STARTTLS',
    '250-X-ANONYMOUSTLS',
    '250-AUTH NTLM',
    '250-X-EXPS GSSAPI NTLM',
    '250-8BITMIME',
    '250-BINARYMIME',
    '250-CHUNKING',
    '250-XEXCH50',
    '250-XRDST',
    '250 XSHADOW',
  ),
] as const;
export const opening: Step[] = [greeting, ...hello];

export const kinds = (observed: Observed, ...wanted: string[]) =>
  observed.facts.filter((fact) => wanted.includes(fact.kind === 'described' ? fact.what : fact.kind));
export const exposed = (observed: Observed) =>
  observed.facts.flatMap((fact) => (fact.kind === 'exposed' ? [fact.content] : []));
export const atFrame = (observed: Observed, what: Partial<Fact>) =>
  observed.stamped.find((fact) =>
    Object.entries(what).every(([key, value]) => fact[key as keyof typeof fact] === value),
  )?.frame;
