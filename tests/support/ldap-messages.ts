/** Builds LDAP messages for tests from their ASN.1 (RFC 4511 Appendix B). */

export const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'utf8'));
export const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A BER element with the shortest length; `windows` writes the length in four bytes, as Active Directory does. */
export function ber(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const size = content.length;
  if (size < 0x80) return join(Uint8Array.of(tag, size), content);
  if (size < 0x100) return join(Uint8Array.of(tag, 0x81, size), content);
  if (size < 0x10000) return join(Uint8Array.of(tag, 0x82, size >> 8, size), content);
  return windows(tag, content);
}

export function windows(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const header = Buffer.alloc(6);
  header[0] = tag;
  header[1] = 0x84;
  header.writeUInt32BE(content.length, 2);
  return join(header, content);
}

const number = (value: number) => ber(0x02, Uint8Array.of(value));
const octets = (value: string | Uint8Array) => ber(0x04, typeof value === 'string' ? text(value) : value);
const enumerated = (value: number) => ber(0x0a, Uint8Array.of(value));

export const message = (id: number, ...operation: Uint8Array[]): Uint8Array => ber(0x30, number(id), ...operation);

const bind = (id: number, name: string, choice: Uint8Array) => message(id, ber(0x60, number(3), octets(name), choice));
export const simpleBind = (id: number, name: string, password: string): Uint8Array =>
  bind(id, name, ber(0x80, text(password)));
export const saslBind = (id: number, mechanism: string, credentials?: string | Uint8Array): Uint8Array =>
  bind(id, '', ber(0xa3, octets(mechanism), ...(credentials === undefined ? [] : [octets(credentials)])));
/** [MS-ADTS] §5.1.1.1.3: 9 package discovery, 10 negotiate, 11 response */
export const sicilyBind = (id: number, step: 9 | 10 | 11, token: Uint8Array): Uint8Array =>
  bind(id, step === 10 ? 'NTLM' : '', ber(0x80 | step, token));

/** LDAPResult in an operation with this tag. */
export const result = (id: number, tag: number, code: number, ...more: Uint8Array[]): Uint8Array =>
  message(id, ber(tag, enumerated(code), octets(''), octets(''), ...more));
export const bindResponse = (id: number, code: number, challenge?: string | Uint8Array): Uint8Array => {
  const bytes = typeof challenge === 'string' ? text(challenge) : challenge;
  return result(id, 0x61, code, ...(bytes ? [ber(0x87, bytes)] : []));
};
export const sicilyResponse = (id: number, code: number, challenge: Uint8Array): Uint8Array =>
  message(id, ber(0x61, enumerated(code), octets(challenge), octets('')));

export const search = (id: number, base: string, scope: 0 | 1 | 2 = 2): Uint8Array =>
  message(
    id,
    ber(
      0x63,
      octets(base),
      enumerated(scope),
      enumerated(0),
      number(0),
      number(0),
      ber(0x01, Uint8Array.of(0)),
      ber(0x87, text('objectClass')),
      ber(0x30),
    ),
  );
export const entry = (id: number, name: string, attributes: Record<string, string[]>): Uint8Array =>
  message(
    id,
    ber(
      0x64,
      octets(name),
      ber(
        0x30,
        ...Object.entries(attributes).map(([type, values]) =>
          ber(0x30, octets(type), ber(0x31, ...values.map(octets))),
        ),
      ),
    ),
  );
export const searchDone = (id: number, code = 0): Uint8Array => result(id, 0x65, code);
export const unbind = (id: number): Uint8Array => message(id, ber(0x42));

export const extendedRequest = (id: number, oid: string, value?: Uint8Array): Uint8Array =>
  message(id, ber(0x77, ber(0x80, text(oid)), ...(value ? [ber(0x81, value)] : [])));
export const extendedResponse = (id: number, code: number, oid?: string): Uint8Array =>
  result(id, 0x78, code, ...(oid ? [ber(0x8a, text(oid))] : []));
export const startTls = '1.3.6.1.4.1.1466.20037';

/** A buffer of a SASL layer (RFC 4422 §3.7). */
export function saslBuffer(...token: Uint8Array[]): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.concat(token).length);
  return join(length, ...token);
}
