/** Builds GSS-API tokens for tests from their ASN.1 (RFC 4178 §4.2, RFC 4120 §5.3 and §5.5.1, RFC 2743 §3.1). */

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

export const oid = {
  spnego: hex('06062b0601050502'),
  kerberos: hex('06092a864886f712010202'),
  msKerberos: hex('06092a864882f712010202'),
  ntlm: hex('060a2b06010401823702020a'),
};

export function der(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return new Uint8Array(Buffer.concat([Uint8Array.of(tag, ...length), content]));
}

const integer = (value: number) => der(0x02, Uint8Array.of(value));
const general = (text: string) => der(0x1b, Buffer.from(text));

export function apReq(realm: string, service: string[], etype: number): Uint8Array {
  const encrypted = der(0x30, der(0xa0, integer(etype)), der(0xa2, der(0x04, new Uint8Array(200).fill(0xee))));
  const name = der(0x30, der(0xa0, integer(2)), der(0xa1, der(0x30, ...service.map(general))));
  const ticket = der(
    0x61,
    der(0x30, der(0xa0, integer(5)), der(0xa1, general(realm)), der(0xa2, name), der(0xa3, encrypted)),
  );
  return der(
    0x6e,
    der(
      0x30,
      der(0xa0, integer(5)),
      der(0xa1, integer(14)),
      der(0xa2, der(0x03, Uint8Array.of(0, 0x20, 0, 0, 0))),
      der(0xa3, ticket),
      der(0xa4, encrypted),
    ),
  );
}

/** A Kerberos token with its GSS header; `id` is TOK_ID (RFC 4121 §4.1). */
export function krbToken(id: number, message: Uint8Array): Uint8Array {
  return der(0x60, oid.kerberos, Uint8Array.of(id >> 8, id & 255), message);
}

export function negTokenInit(mechanisms: Uint8Array[], token?: Uint8Array): Uint8Array {
  const parts = [der(0xa0, der(0x30, ...mechanisms))];
  if (token) parts.push(der(0xa2, der(0x04, token)));
  return der(0x60, oid.spnego, der(0xa0, der(0x30, ...parts)));
}

export function negTokenResp(is: { state?: number; mechanism?: Uint8Array; token?: Uint8Array }): Uint8Array {
  const parts: Uint8Array[] = [];
  if (is.state !== undefined) parts.push(der(0xa0, der(0x0a, Uint8Array.of(is.state))));
  if (is.mechanism) parts.push(der(0xa1, is.mechanism));
  if (is.token) parts.push(der(0xa2, der(0x04, is.token)));
  return der(0xa1, der(0x30, ...parts));
}
