// hot: called for every SMB message. No allocation.
import { be24, le16, le32 } from '../../bytes/read.ts';

/** NetBIOS session service (RFC 1002 §4.3) and direct TCP ([MS-SMB2] §2.1): a type, 24 bits of length, then an SMB message. */

export const HEADER = 4;
/** types other than a session message (0): request, positive and negative response, retarget, keep-alive; lengths up to 17 bits */
const SESSION_REQUEST = 0x81;
const KEEP_ALIVE = 0x85;
/** bytes; names of called and calling, the longest with scopes */
const SERVICE_AT_MOST = 600;

export type Magic = 'smb1' | 'smb2' | 'sealed' | 'compressed' | 'unix-sealed' | 'none';

/** What kind of SMB message begins at `at`; four bytes are there. */
export function magicAt(bytes: Uint8Array, at: number): Magic {
  if (bytes[at] === 0xff && bytes[at + 1] === 0x45) return 'unix-sealed';
  if (bytes[at + 1] !== 0x53 || bytes[at + 2] !== 0x4d || bytes[at + 3] !== 0x42) return 'none';
  switch (bytes[at]) {
    case 0xff:
      return 'smb1';
    case 0xfe:
      return 'smb2';
    case 0xfd:
      return 'sealed';
    case 0xfc:
      return 'compressed';
    default:
      return 'none';
  }
}

/** Bytes of a message of the session service itself with its header, or 0 where none begins here; four bytes are there. */
export function serviceLength(bytes: Uint8Array, at: number): number {
  const type = bytes[at]!;
  const length = be24(bytes, at + 1);
  if (type === 0) return length === 0 ? HEADER : 0;
  if (type < SESSION_REQUEST || type > KEEP_ALIVE || length > SERVICE_AT_MOST) return 0;
  return HEADER + length;
}

/** Whether a session request (RFC 1002 §4.3.2) begins here: two names of 32 letters from A to P each. */
export function isSessionRequest(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER + 34 || bytes[at] !== SESSION_REQUEST || bytes[at + 1] !== 0 || bytes[at + 4] !== 0x20)
    return false;
  for (let i = at + 5; i < at + 37; i++) if (bytes[i]! < 0x41 || bytes[i]! > 0x50) return false;
  return true;
}

/** fewest bytes of each, behind the session header */
const SMB1_LEAST = 35;
const SMB2_LEAST = 64;
export const SEALED_HEADER = 52;
/** commands of [MS-SMB2] §2.2.1: 0 to 18 */
const SMB2_COMMANDS = 19;

/**
 * Whether a message begins at `at` as they really do: lengths and sizes fit, as far as the bytes there go. `end - at` is
 * at least 8.
 */
export function beginsMessage(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== 0) return false;
  const length = be24(bytes, at + 1);
  const from = at + HEADER;
  switch (magicAt(bytes, from)) {
    case 'smb1':
      return length >= SMB1_LEAST;
    case 'smb2':
      if (length < SMB2_LEAST) return false;
      if (end - from >= 6 && le16(bytes, from + 4) !== SMB2_LEAST) return false;
      return end - from < 14 || le16(bytes, from + 12) < SMB2_COMMANDS;
    case 'sealed':
      if (length < SEALED_HEADER + SMB2_LEAST) return false;
      return end - from < 40 || le32(bytes, from + 36) + SEALED_HEADER === length;
    case 'compressed':
      return length > 16;
    case 'unix-sealed':
      return length > 8;
    default:
      return false;
  }
}
