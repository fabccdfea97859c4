import { le16, le32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/reader.ts';
import { utf16 } from '../../bytes/text.ts';
import { limits } from '../../limits.ts';

/** What an NTLMSSP message ([MS-NLMP] §2.2.1) tells in clear. Never a challenge, a response or a session key. */
export interface NtlmMessage {
  /** 1 negotiate, 2 challenge, 3 authenticate */
  type: 1 | 2 | 3;
  /** NegotiateFlags (§2.2.2.5), 0 where the message is too short to hold them */
  flags: number;
  /** of an authenticate message: `v1` for 24-byte responses, with extended session security or without; null where there is none */
  version: 'v1' | 'v2' | null;
  /** `DOMAIN\user`, or the user alone; null where none is named */
  principal: string | null;
  /** an authenticate message that proves nothing: no user and no response */
  anonymous: boolean;
  /** the computer that a client says it is (authenticate), or that a server says it is (challenge) */
  computer: string | null;
  /** a field lies outside the message */
  damaged: boolean;
}

export const NTLM_SIGN = 0x10;
export const NTLM_SEAL = 0x20;
const UNICODE = 0x01;

const AV_NETBIOS_COMPUTER = 1;
const AV_DNS_COMPUTER = 3;

/** Whether an NTLMSSP message begins at `start`: signature and a known type. */
export function isNtlm(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  if (end - start < 12) return false;
  for (let i = 0; i < 8; i++) if (bytes[start + i] !== 'NTLMSSP\0'.charCodeAt(i)) return false;
  const type = le32(bytes, start + 8);
  return type >= 1 && type <= 3;
}

/** The NTLMSSP message that fills `bytes`, or null where it is none. Never throws. */
export function readNtlm(bytes: Uint8Array): NtlmMessage | null {
  if (!isNtlm(bytes)) return null;
  const message: NtlmMessage = {
    type: le32(bytes, 8) as 1 | 2 | 3,
    flags: 0,
    version: null,
    principal: null,
    anonymous: false,
    computer: null,
    damaged: false,
  };
  switch (message.type) {
    case 1:
      message.flags = flagsAt(bytes, 12);
      return message;
    case 2:
      return readChallenge(bytes, message);
    case 3:
      return readAuthenticate(bytes, message);
    default:
      message.type satisfies never;
      return null;
  }
}

/** CHALLENGE_MESSAGE (§2.2.1.2): the server's name out of TargetInfo. */
function readChallenge(bytes: Uint8Array, message: NtlmMessage): NtlmMessage {
  message.flags = flagsAt(bytes, 20);
  const info = field(bytes, 40, 48, message);
  let netbios: string | null = null;
  for (let at = 0; at + 4 <= info.length; ) {
    const id = le16(info, at);
    const size = le16(info, at + 2);
    if (id === 0 || at + 4 + size > info.length) break;
    if (id === AV_DNS_COMPUTER) message.computer = text(info.subarray(at + 4, at + 4 + size), true);
    if (id === AV_NETBIOS_COMPUTER) netbios = text(info.subarray(at + 4, at + 4 + size), true);
    at += 4 + size;
  }
  message.computer ??= netbios;
  return message;
}

/** AUTHENTICATE_MESSAGE (§2.2.1.3). The flags come after all six fields; old clients leave them out (§2.2.1.3, product note). */
function readAuthenticate(bytes: Uint8Array, message: NtlmMessage): NtlmMessage {
  const lmLength = bytes.length >= 20 ? le16(bytes, 12) : 0;
  const ntLength = bytes.length >= 28 ? le16(bytes, 20) : 0;
  const payload = Math.min(...[12, 20, 28, 36, 44].map((at) => offsetAt(bytes, at)));
  message.flags = payload >= 64 ? flagsAt(bytes, 60) : UNICODE;
  const unicode = (message.flags & UNICODE) !== 0;
  const domain = text(field(bytes, 28, 36, message), unicode);
  const user = text(field(bytes, 36, 44, message), unicode);
  message.computer = text(field(bytes, 44, 52, message), unicode);
  if (user !== null) message.principal = domain === null ? user : `${domain}\\${user}`;
  if (ntLength > 24) message.version = 'v2';
  else if (ntLength === 24 || lmLength === 24) message.version = 'v1';
  message.anonymous = !message.damaged && user === null && ntLength === 0 && lmLength <= 1;
  return message;
}

function flagsAt(bytes: Uint8Array, at: number): number {
  return at + 4 <= bytes.length ? le32(bytes, at) : 0;
}

/** Where a field's payload begins; fields without payload do not count. */
function offsetAt(bytes: Uint8Array, at: number): number {
  return at + 8 <= bytes.length && le16(bytes, at) > 0 ? le32(bytes, at + 4) : Number.MAX_SAFE_INTEGER;
}

/** The payload that the field header (length, allocated, offset) at `at` points to; a header that does not fit is damage. */
function field(bytes: Uint8Array, at: number, headerEnd: number, message: NtlmMessage): Uint8Array {
  if (headerEnd > bytes.length) {
    message.damaged = true;
    return bytes.subarray(0, 0);
  }
  const length = le16(bytes, at);
  const offset = le32(bytes, at + 4);
  if (length === 0) return bytes.subarray(0, 0);
  if (offset + length > bytes.length) {
    message.damaged = true;
    return bytes.subarray(0, 0);
  }
  return bytes.subarray(offset, offset + length);
}

function text(bytes: Uint8Array, unicode: boolean): string | null {
  if (bytes.length === 0) return null;
  if (!unicode) return latin1(bytes, 0, Math.min(bytes.length, limits.text));
  return utf16(bytes);
}
