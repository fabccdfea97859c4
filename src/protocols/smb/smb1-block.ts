// hot: called for every SMB 1 message.

import { Malformed } from '../../bytes/malformed.ts';
import { le16, le32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/reader.ts';
import { utf16 } from '../../bytes/text.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import { succeeded } from './smb2-header.ts';
import type { SmbState } from './state.ts';

/** [MS-CIFS] §2.2.3.1 */
export const SMB1_HEADER = 32;
const REPLY = 0x80;
const SIGNED = 0x0004;
const NT_STATUS = 0x4000;
const UNICODE = 0x8000;

/** [MS-CIFS] §2.2.2.1 */
export const Command1 = {
  close: 0x04,
  write: 0x0b,
  writeAndUnlock: 0x14,
  writeRaw: 0x1d,
  writeMpx: 0x1e,
  writeComplete: 0x20,
  lockingAndx: 0x24,
  transaction: 0x25,
  transactionSecondary: 0x26,
  writeAndClose: 0x2c,
  openAndx: 0x2d,
  readAndx: 0x2e,
  writeAndx: 0x2f,
  transaction2: 0x32,
  transaction2Secondary: 0x33,
  treeConnect: 0x70,
  treeDisconnect: 0x71,
  negotiate: 0x72,
  sessionSetupAndx: 0x73,
  logoffAndx: 0x74,
  treeConnectAndx: 0x75,
  ntTransact: 0xa0,
  ntTransactSecondary: 0xa1,
  ntCreateAndx: 0xa2,
} as const;

/** Commands that another one may follow in the same message ([MS-CIFS] §2.2.3.4) */
const ANDX: readonly number[] = [0x24, 0x2d, 0x2e, 0x2f, 0x73, 0x74, 0x75, 0xa2];
const NO_MORE = 0xff;

/** One command of a message: its words (parameters) and its bytes (data). */
export interface Block {
  bytes: Uint8Array;
  /** where the message's header begins: offsets in it count from there */
  at: number;
  end: number;
  command: number;
  words: number;
  wordCount: number;
  data: number;
  dataEnd: number;
  ok: boolean;
  status: number;
  tree: string;
  uid: string;
  /** tells the requests that wait for answers apart, with the command */
  request: number;
  signed: boolean;
  unicode: boolean;
  whole: boolean;
}

/** The first command of the message at `at`; `whole` is false where only the beginning is there. */
export function firstBlock(
  bytes: Uint8Array,
  at: number,
  end: number,
  whole: boolean,
  direction: Direction,
  state: SmbState,
): Block {
  if (end - at < SMB1_HEADER + 3) throw new Malformed('smb1 header', 0, SMB1_HEADER + 3, end - at);
  const reply = (bytes[at + 9]! & REPLY) !== 0;
  const command = bytes[at + 4]!;
  // nobody answers his own question; only the server's notice that a lock is to be given up looks like one ([MS-CIFS] §3.2.5.42)
  if (reply !== (direction === 'server') && command !== Command1.lockingAndx)
    throw new Malformed('smb1 sender', 9, 0, end - at);
  const flags = le16(bytes, at + 10);
  const status = le32(bytes, at + 5);
  const block: Block = {
    bytes,
    at,
    end,
    command,
    words: 0,
    wordCount: 0,
    data: 0,
    dataEnd: 0,
    ok: (flags & NT_STATUS) !== 0 ? succeeded(status) : (status & 0xff) === 0,
    status,
    tree: `${le16(bytes, at + 24)}`,
    uid: `${le16(bytes, at + 28)}`,
    request: (le16(bytes, at + 26) * 65536 + le16(bytes, at + 30)) * 256 + command,
    signed: (flags & SIGNED) !== 0 && isSigned(bytes, at, state),
    unicode: (flags & UNICODE) !== 0,
    whole,
  };
  return place(block, SMB1_HEADER);
}

/** The command after this one in the same message, or null. It lies behind this one: so they end. */
export function nextBlock(block: Block): Block | null {
  if (!block.whole || block.wordCount < 2 || !ANDX.includes(block.command)) return null;
  const command = block.bytes[block.words]!;
  if (command === NO_MORE) return null;
  const offset = le16(block.bytes, block.words + 2);
  if (block.at + offset < block.words + 2 * block.wordCount)
    throw new Malformed('smb1 andx', offset, 0, block.end - block.at);
  const request = block.request - block.command + command;
  return place({ ...block, command, request }, offset);
}

function place(block: Block, offset: number): Block {
  const { bytes, at, end } = block;
  const count = at + offset;
  if (count + 3 > end) throw new Malformed('smb1 block', offset, 3, end - count);
  block.wordCount = bytes[count]!;
  block.words = count + 1;
  const size = block.words + 2 * block.wordCount;
  if (size + 2 > end) throw new Malformed('smb1 words', offset, 2 * block.wordCount + 2, end - block.words);
  block.data = size + 2;
  // large reads and writes have more bytes than the count can say
  block.dataEnd = Math.min(end, block.data + le16(bytes, size));
  return block;
}

/** what is there in place of a signature before there is a key */
const NO_KEY = Buffer.from('BSRSPYL', 'latin1');
export const CONNECTION = 'smb1';

/** Signing is the whole connection's, with the key of its first login ([MS-CIFS] §3.1.1.1). */
function isSigned(bytes: Uint8Array, at: number, state: SmbState): boolean {
  const known = state.sessions.get(CONNECTION);
  if (known && !known.keyed) return false;
  const signature = bytes.subarray(at + 14, at + 22);
  if (signature.every((byte) => byte === 0) || NO_KEY.every((byte, i) => byte === signature[i])) return false;
  // the answer that ends a login is signed with the key that it makes
  if (!known && bytes[at + 4] !== Command1.sessionSetupAndx) state.unproven = true;
  return true;
}

export function word(block: Block, offset: number): number {
  if (offset + 2 > 2 * block.wordCount) throw new Malformed('smb1 word', offset, 2, 2 * block.wordCount - offset);
  return le16(block.bytes, block.words + offset);
}

export const double = (block: Block, offset: number): number => word(block, offset) + word(block, offset + 2) * 65536;

/** The text at `at`, up to its zero; moves past it. UTF-16 lies at an even distance from the header. */
export function textAt(block: Block, at: number, unicode = block.unicode): { text: string; next: number } {
  const width = unicode ? 2 : 1;
  const from = unicode && (at - block.at) % 2 !== 0 ? at + 1 : at;
  let to = from;
  while (to + width <= block.dataEnd && (block.bytes[to] !== 0 || (unicode && block.bytes[to + 1] !== 0))) to += width;
  const cut = block.bytes.subarray(from, Math.min(to, from + width * limits.text));
  return { text: unicode ? utf16(cut) : latin1(cut, 0, cut.length), next: to + width };
}
