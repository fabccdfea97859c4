// hot: called for every SMB 2 message.
import { Malformed } from '../../bytes/malformed.ts';
import { le16, le32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Opened, SmbState } from './state.ts';

/** [MS-SMB2] §2.2.1: 64 bytes before every command. */
export const SMB2_HEADER = 64;

export const Command = {
  negotiate: 0,
  sessionSetup: 1,
  logoff: 2,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  read: 8,
  write: 9,
  ioctl: 11,
  queryDirectory: 14,
  changeNotify: 15,
  queryInfo: 16,
  setInfo: 17,
} as const;

const FROM_SERVER = 1;
const ASYNC = 2;
const RELATED = 4;
const SIGNED = 8;

export const STATUS_PENDING = 0x103;
export const STATUS_MORE_PROCESSING = 0xc0000016;
export const STATUS_BUFFER_OVERFLOW = 0x80000005;

/** One command of a message, which may hold several. */
export interface Part {
  bytes: Uint8Array;
  /** where its header begins: offsets in it count from there */
  at: number;
  /** where it ends, or what is there of it ends */
  end: number;
  command: number;
  status: number;
  messageId: number;
  session: string;
  tree: string;
  signed: boolean;
  /** goes on with the file that the command before it opened */
  related: boolean;
  opened: Opened | null;
}

export const nextCommand = (bytes: Uint8Array, at: number): number => le32(bytes, at + 20);
export const commandAt = (bytes: Uint8Array, at: number): number => le16(bytes, at + 12);
/** Ids are given out one after the other; those beyond 2^53 lose their last bits. */
export const messageIdAt = (bytes: Uint8Array, at: number): number =>
  le32(bytes, at + 24) + le32(bytes, at + 28) * 2 ** 32;

/** Reads the header at `at`; `before` is the command before it in the same message. */
export function readPart(
  bytes: Uint8Array,
  at: number,
  end: number,
  direction: Direction,
  before: Part | null,
  state: SmbState,
): Part {
  if (end - at < SMB2_HEADER + 2) throw new Malformed('smb2 header', 0, SMB2_HEADER + 2, end - at);
  if (bytes[at] !== 0xfe || le16(bytes, at + 4) !== SMB2_HEADER)
    throw new Malformed('smb2 header', 4, SMB2_HEADER, le16(bytes, at + 4));
  const flags = le32(bytes, at + 16);
  // nobody answers his own question
  if (((flags & FROM_SERVER) !== 0) !== (direction === 'server')) throw new Malformed('smb2 sender', 16, 0, end - at);
  const related = before !== null && (flags & RELATED) !== 0;
  const session = related ? before.session : latin1(bytes, at + 40, at + 48);
  const treeId = (flags & ASYNC) !== 0 ? '' : latin1(bytes, at + 36, at + 40);
  return {
    bytes,
    at,
    end,
    command: commandAt(bytes, at),
    status: le32(bytes, at + 8),
    messageId: messageIdAt(bytes, at),
    session,
    tree: related ? before.tree : session + treeId,
    signed: (flags & SIGNED) !== 0 && isSigned(bytes, at, session, state),
    related,
    opened: related ? before.opened : null,
  };
}

/** A signature needs a key, which an accepted login gives. Where none was seen, the end shows whether one can have been missed. */
function isSigned(bytes: Uint8Array, at: number, session: string, state: SmbState): boolean {
  const known = state.sessions.get(session);
  if (known && !known.keyed) return false;
  for (let i = at + 48; i < at + 64; i++) {
    if (bytes[i] === 0) continue;
    // what comes before sets up, and the answer that ends a login is signed with the key that it makes
    if (!known && commandAt(bytes, at) >= Command.create) state.unproven = true;
    return true;
  }
  return false;
}

/** A u16 or u32 of the part, which must be there. */
export function u16(part: Part, offset: number): number {
  need(part, offset, 2);
  return le16(part.bytes, part.at + offset);
}

export function u32(part: Part, offset: number): number {
  need(part, offset, 4);
  return le32(part.bytes, part.at + offset);
}

/** Bytes of the part that lie where it says they do. */
export function slice(part: Part, offset: number, length: number): Uint8Array {
  if (length === 0) return part.bytes.subarray(0, 0);
  need(part, offset, length);
  return part.bytes.subarray(part.at + offset, part.at + offset + length);
}

function need({ at, end }: Part, offset: number, length: number): void {
  if (at + offset + length > end) throw new Malformed('smb2 command', offset, length, end - at - offset);
}

/** Success and information ([MS-ERREF] §2.3): neither a warning nor an error. */
export const succeeded = (status: number): boolean => status >>> 30 === 0;
