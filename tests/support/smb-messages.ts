/** Builds SMB 2 and SMB 1 messages for tests from [MS-SMB2] §2.2 and [MS-CIFS] §2.2. */

export interface Smb2 {
  command: number;
  body: Uint8Array;
  answer?: boolean;
  status?: number;
  id?: number;
  tree?: number;
  session?: number;
  /** 16 bytes of 0xaa where true; the flag with zeros where 'empty' */
  signed?: boolean | 'empty';
  flags?: number;
  /** an async answer has no tree */
  async?: boolean;
}

const bytesOf = (...parts: (Uint8Array | number[])[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((p) => Uint8Array.from(p))));
const le = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) & 255);
export const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));

/** The session service's header: 00 and 24 bits of length. */
export const framed = (message: Uint8Array): Uint8Array =>
  bytesOf([0, message.length >> 16, (message.length >> 8) & 255, message.length & 255], message);

/** One command with its header, `next` bytes to the one after it. */
export function smb2Part(is: Smb2, next = 0): Uint8Array {
  const flags = (is.answer ? 1 : 0) | (is.async ? 2 : 0) | (is.signed ? 8 : 0) | (is.flags ?? 0);
  const pad = next > 0 ? next - 64 - is.body.length : 0;
  return bytesOf(
    [
      0xfe,
      0x53,
      0x4d,
      0x42,
      ...le(64, 2),
      0,
      0,
      ...le(is.status ?? 0, 4),
      ...le(is.command, 2),
      1,
      0,
      ...le(flags, 4),
      ...le(next, 4),
    ],
    [...le(is.id ?? 1, 8), ...le(0, 4), ...le(is.tree ?? 1, 4), ...le(is.session ?? 7, 8)],
    new Uint8Array(16).fill(is.signed === true ? 0xaa : 0),
    is.body,
    new Uint8Array(pad),
  );
}

export const smb2 = (is: Smb2): Uint8Array => framed(smb2Part(is));

/** Several commands in one message, each at a multiple of eight. */
export function compound(...parts: Smb2[]): Uint8Array {
  return framed(
    bytesOf(
      ...parts.map((part, i) => {
        const size = 64 + part.body.length;
        return smb2Part(part, i + 1 < parts.length ? size + ((8 - (size % 8)) % 8) : 0);
      }),
    ),
  );
}

/** Bodies: what follows the 64 bytes of the header. */
export const body = {
  negotiate: (mode = 1) => bytesOf(le(36, 2), le(1, 2), le(mode, 2), le(0, 30), le(0x0210, 2)),
  negotiated: (dialect: number, mode = 1, token: Uint8Array = new Uint8Array(0)) =>
    bytesOf(le(65, 2), le(mode, 2), le(dialect, 2), le(0, 50), le(128, 2), le(token.length, 2), le(0, 4), token),
  setup: (token: Uint8Array, mode = 1) =>
    bytesOf(le(25, 2), [0, mode], le(0, 8), le(88, 2), le(token.length, 2), le(0, 8), token),
  setUp: (flags: number, token: Uint8Array = new Uint8Array(0)) =>
    bytesOf(le(9, 2), le(flags, 2), le(72, 2), le(token.length, 2), token),
  tree: (path: string) => bytesOf(le(9, 2), le(0, 2), le(72, 2), le(2 * path.length, 2), utf16(path)),
  treeAnswer: (type: 1 | 2 | 3, shareFlags = 0) => bytesOf(le(16, 2), [type, 0], le(shareFlags, 4), le(0, 8)),
  create: (name: string) => bytesOf(le(57, 2), le(0, 42), le(120, 2), le(2 * name.length, 2), le(0, 8), utf16(name)),
  created: (file: number, time = 1) => bytesOf(le(89, 2), le(0, 6), le(time, 8), le(0, 48), fileId(file), le(0, 8)),
  close: (file: number) => bytesOf(le(24, 2), le(0, 6), fileId(file)),
  closed: () => bytesOf(le(60, 2), le(0, 58)),
  read: (file: number, offset = 0) => bytesOf(le(49, 2), le(0, 2), le(4096, 4), le(offset, 8), fileId(file), le(0, 17)),
  data: (data: Uint8Array) => bytesOf(le(17, 2), [80, 0], le(data.length, 4), le(0, 8), data),
  write: (file: number, data: Uint8Array, offset = 0) =>
    bytesOf(le(49, 2), le(112, 2), le(data.length, 4), le(offset, 8), fileId(file), le(0, 16), data),
  written: () => bytesOf(le(17, 2), le(0, 14)),
  ioctl: (code: number, file: number, input: Uint8Array) =>
    bytesOf(
      le(57, 2),
      le(0, 2),
      le(code, 4),
      fileId(file),
      le(120, 4),
      le(input.length, 4),
      le(0, 4),
      le(0, 4),
      le(0, 4),
      le(4096, 4),
      le(1, 4),
      le(0, 4),
      input,
    ),
  ioctlAnswer: (code: number, file: number, output: Uint8Array) =>
    bytesOf(
      le(49, 2),
      le(0, 2),
      le(code, 4),
      fileId(file),
      le(112, 4),
      le(0, 4),
      le(112, 4),
      le(output.length, 4),
      le(0, 8),
      output,
    ),
  find: (file: number) => bytesOf(le(33, 2), le(0, 6), fileId(file), le(96, 2), le(2, 2), le(4096, 4), utf16('*')),
  found: (data: Uint8Array) => bytesOf(le(9, 2), le(72, 2), le(data.length, 4), data),
  info: (file: number, type: number) => bytesOf(le(41, 2), [type, 5], le(24, 4), le(0, 16), fileId(file)),
  error: () => bytesOf(le(9, 2), le(0, 7)),
};

/** The same on both sides, or, for 255, the one that a related request uses. */
export const fileId = (file: number): Uint8Array => new Uint8Array(16).fill(file);

/** An encrypted message ([MS-SMB2] §2.2.41) of so many bytes. */
export function sealed(size: number, is: { session?: number; content?: Uint8Array; nonce?: number } = {}): Uint8Array {
  const content = is.content ?? Uint8Array.from({ length: size }, (_, i) => (i * 167 + 91 + ((i * i) >> 3)) & 255);
  return framed(
    bytesOf(
      [0xfd, 0x53, 0x4d, 0x42],
      new Uint8Array(16).fill(0xbb),
      new Uint8Array(16).fill(is.nonce ?? 0xcc),
      [...le(content.length, 4), 0, 0, 1, 0, ...le(is.session ?? 7, 8)],
      content,
    ),
  );
}

export interface Smb1 {
  command: number;
  words: number[];
  data: Uint8Array;
  answer?: boolean;
  status?: number;
  flags2?: number;
  signature?: Uint8Array;
  tree?: number;
  user?: number;
  id?: number;
}

/** An SMB 1 message ([MS-CIFS] §2.2.3); UNICODE, NT status and extended security unless `flags2` says otherwise. */
export function smb1(is: Smb1): Uint8Array {
  const signature = is.signature ?? new Uint8Array(8);
  return framed(
    bytesOf(
      [
        0xff,
        0x53,
        0x4d,
        0x42,
        is.command,
        ...le(is.status ?? 0, 4),
        is.answer ? 0x80 : 0,
        ...le(is.flags2 ?? 0xc801, 2),
        0,
        0,
      ],
      signature,
      [0, 0, ...le(is.tree ?? 1, 2), 1, 0, ...le(is.user ?? 9, 2), ...le(is.id ?? 1, 2)],
      [is.words.length / 2, ...is.words, ...le(is.data.length, 2)],
      is.data,
    ),
  );
}

/** The words of an SMB 1 command, as [value, bytes] each. */
export const words = (...fields: [value: number, bytes: number][]): number[] =>
  fields.flatMap(([value, size]) => le(value, size));
/** no command follows */
export const noMore: [number, number][] = [
  [0xff, 1],
  [0, 3],
];
