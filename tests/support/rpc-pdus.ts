/** Builds connection-oriented DCE/RPC PDUs for tests, from [C706] chapter 12 and [MS-RPCE] §2.2. */
import { hex } from './gss-tokens.ts';
import type { Step } from './play.ts';

export const interfaces = {
  epm: { uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', major: 3, minor: 0 },
  samr: { uuid: '12345778-1234-abcd-ef00-0123456789ac', major: 1, minor: 0 },
  lsarpc: { uuid: '12345778-1234-abcd-ef00-0123456789ab', major: 0, minor: 0 },
  netlogon: { uuid: '12345678-1234-abcd-ef00-01234567cffb', major: 1, minor: 0 },
  emsmdb: { uuid: 'a4f1db00-ca47-1067-b31f-00dd010662da', major: 0, minor: 81 },
  mgmt: { uuid: 'afa8bd80-7d8a-11c9-bef4-08002b102989', major: 1, minor: 0 },
  objectExporter: { uuid: '99fcfec4-5260-101b-bbcb-00aa0021347a', major: 0, minor: 0 },
  activator: { uuid: '000001a0-0000-0000-c000-000000000046', major: 0, minor: 0 },
} as const;
export type Interface = { uuid: string; major: number; minor: number };

export const transfer = {
  ndr: '8a885d04-1ceb-11c9-9fe8-08002b104860',
  ndr64: '71710533-beba-4937-8319-b5dbef9ccc36',
  features: '6cb71c2c-9812-4540-0300-000000000000',
};

export interface Auth {
  type: number;
  level: number;
  id?: number;
  token: Uint8Array;
  pad?: number;
}

export interface Options {
  call?: number;
  flags?: number;
  auth?: Auth;
  bigEndian?: boolean;
}

const FIRST_LAST = 0x03;

/** Integers in the order of `big`. */
class Writer {
  readonly big: boolean;
  readonly parts: Buffer[] = [];
  constructor(big: boolean) {
    this.big = big;
  }
  u8(...values: number[]): this {
    this.parts.push(Buffer.from(values));
    return this;
  }
  u16(value: number): this {
    const bytes = Buffer.alloc(2);
    if (this.big) bytes.writeUInt16BE(value);
    else bytes.writeUInt16LE(value);
    this.parts.push(bytes);
    return this;
  }
  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    if (this.big) bytes.writeUInt32BE(value >>> 0);
    else bytes.writeUInt32LE(value >>> 0);
    this.parts.push(bytes);
    return this;
  }
  uuid(text: string): this {
    const [a, b, c, d, e] = text.split('-') as [string, string, string, string, string];
    this.u32(Number.parseInt(a, 16)).u16(Number.parseInt(b, 16)).u16(Number.parseInt(c, 16));
    this.parts.push(Buffer.from(d + e, 'hex'));
    return this;
  }
  bytes(value: Uint8Array): this {
    this.parts.push(Buffer.from(value));
    return this;
  }
  done(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** A PDU with this body; the verifier, if any, aligned to four octets. */
export function pdu(type: number, body: Uint8Array, options: Options = {}): Uint8Array {
  const { call = 1, flags = FIRST_LAST, auth, bigEndian = false } = options;
  const pad = auth ? (auth.pad ?? (4 - (body.length % 4)) % 4) : 0;
  const trailer = auth
    ? new Writer(bigEndian)
        .u8(auth.type, auth.level, pad, 0)
        .u32(auth.id ?? 0)
        .bytes(auth.token)
        .done()
    : Buffer.alloc(0);
  const length = 16 + body.length + pad + trailer.length;
  const header = new Writer(bigEndian)
    .u8(5, 0, type, flags, bigEndian ? 0x00 : 0x10, 0, 0, 0)
    .u16(length)
    .u16(auth ? auth.token.length : 0)
    .u32(call)
    .done();
  return new Uint8Array(Buffer.concat([header, body, Buffer.alloc(pad), trailer]));
}

export interface Asked {
  id?: number;
  of: Interface;
  syntaxes?: string[];
}

function contextList(asked: Asked[], big: boolean): Buffer {
  const writer = new Writer(big).u16(4280).u16(4280).u32(0).u8(asked.length, 0, 0, 0);
  for (const { id = 0, of, syntaxes = [transfer.ndr] } of asked) {
    writer
      .u16(id)
      .u8(syntaxes.length, 0)
      .uuid(of.uuid)
      .u32((of.minor << 16) | of.major);
    for (const syntax of syntaxes) writer.uuid(syntax).u32(2);
  }
  return writer.done();
}

export const bind = (asked: Asked[], options: Options = {}): Uint8Array =>
  pdu(11, contextList(asked, options.bigEndian ?? false), options);
export const alter = (asked: Asked[], options: Options = {}): Uint8Array =>
  pdu(14, contextList(asked, options.bigEndian ?? false), options);

/** `results`: 0 acceptance, 1 and 2 rejections, 3 negotiate_ack ([MS-RPCE] §2.2.2.4). */
function resultList(results: number[], port: string, big: boolean, syntax: string): Buffer {
  const writer = new Writer(big)
    .u16(4280)
    .u16(4280)
    .u32(1)
    .u16(port.length === 0 ? 0 : port.length + 1);
  if (port.length > 0) writer.bytes(Buffer.from(`${port}\0`));
  const at = 16 + writer.done().length;
  writer.bytes(Buffer.alloc((4 - (at % 4)) % 4)).u8(results.length, 0, 0, 0);
  for (const result of results) {
    writer
      .u16(result)
      .u16(0)
      .uuid(result === 0 ? syntax : '00000000-0000-0000-0000-000000000000')
      .u32(result === 0 ? 2 : 0);
  }
  return writer.done();
}

export const bindAck = (results: number[], options: Options & { port?: string; syntax?: string } = {}): Uint8Array =>
  pdu(
    12,
    resultList(results, options.port ?? '49152', options.bigEndian ?? false, options.syntax ?? transfer.ndr),
    options,
  );
export const alterAck = (results: number[], options: Options = {}): Uint8Array =>
  pdu(15, resultList(results, '', options.bigEndian ?? false, transfer.ndr), options);
export const bindNak = (reason: number, options: Options = {}): Uint8Array =>
  pdu(13, new Writer(false).u16(reason).u8(1, 5, 0).done(), options);
export const auth3 = (options: Options): Uint8Array => pdu(16, Buffer.from([0xff, 0xff, 0xff, 0xff]), options);

export interface CallOptions extends Options {
  context?: number;
  operation?: number;
  object?: string;
}

export function request(stub: Uint8Array, options: CallOptions = {}): Uint8Array {
  const { context = 0, operation = 0, object, bigEndian = false } = options;
  const writer = new Writer(bigEndian).u32(stub.length).u16(context).u16(operation);
  if (object) writer.uuid(object);
  const flags = (options.flags ?? FIRST_LAST) | (object ? 0x80 : 0);
  return pdu(0, writer.bytes(stub).done(), { ...options, flags });
}
export function response(stub: Uint8Array, options: CallOptions = {}): Uint8Array {
  const { context = 0, bigEndian = false } = options;
  return pdu(2, new Writer(bigEndian).u32(stub.length).u16(context).u8(0, 0).bytes(stub).done(), options);
}
export function fault(status: number, options: CallOptions = {}): Uint8Array {
  const { context = 0, bigEndian = false } = options;
  return pdu(3, new Writer(bigEndian).u32(0).u16(context).u8(0, 0).u32(status).u32(0).done(), options);
}

/** Bytes that look like ciphertext: of every two neighbours one has its high bit set. */
export const sealed = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (((i * 167 + 13) * 29) & 0x7f) | (i % 2 === 0 ? 0x80 : 0));
/** As NDR has it: zeros, small numbers, UTF-16 text. */
export const readable = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i % 2 === 0 ? 0x41 + (i % 26) : 0));

/** [MS-NLMP] §2.2.2.9 */
export const ntlmSignature = hex('01000000112233445566778800000000');
/** CFX wrap token of the acceptor or initiator, sealed or not (RFC 4121 §4.2.6.2). */
export const wrapToken = (isSealed: boolean): Uint8Array =>
  hex(`0504${isSealed ? '06' : '04'}ff0010001c0000000000000001${'a7'.repeat(16)}`);
export const micToken = hex(`040404ffffffffff0000000000000001${'a7'.repeat(12)}`);
/** [MS-NRPC] §2.2.1.3.3: HMAC-SHA256 with AES, or not sealed */
export const netlogonSignature = (isSealed: boolean): Uint8Array =>
  hex(`1300${isSealed ? '1a00' : 'ffff'}ffff0000${'a7'.repeat(24)}`);
/** NL_AUTH_MESSAGE (§2.2.1.3.1) with OEM names. */
export const netlogonNegotiate = (domain: string, computer: string): Uint8Array =>
  new Uint8Array(Buffer.concat([hex('0000000003000000'), Buffer.from(`${domain}\0${computer}\0`)]));

export const client = (bytes: Uint8Array): Step => ['client', bytes];
export const server = (bytes: Uint8Array): Step => ['server', bytes];
