// hot: called for every segment of an SMB message. No allocation.
import { le16 } from '../../bytes/read.ts';
import type { Direction } from '../../flows/direction.ts';
import { findOpened, looksLikeRpc } from './pipes.ts';
import { magicAt, SEALED_HEADER } from './session-service.ts';
import { Command1, SMB1_HEADER } from './smb1-block.ts';
import { Command, commandAt, messageIdAt, nextCommand } from './smb2-header.ts';
import type { Opened, SmbState } from './state.ts';

const NO_MORE = 0xff;

/** Whether a message must be read to its end: not where its beginning tells all, as for a file's content. */
export function needsWhole(bytes: Uint8Array, at: number, end: number, direction: Direction, state: SmbState): boolean {
  switch (magicAt(bytes, at)) {
    case 'smb1':
      return needsWhole1(bytes, at, end, direction, state);
    case 'smb2':
      return needsWhole2(bytes, at, end, direction, state);
    case 'sealed':
      return end - at < SEALED_HEADER;
    default:
      return false;
  }
}

function needsWhole2(bytes: Uint8Array, at: number, end: number, direction: Direction, state: SmbState): boolean {
  if (nextCommand(bytes, at) !== 0) return true;
  const command = commandAt(bytes, at);
  if (command === Command.queryDirectory) return false;
  if (command === Command.write && direction === 'client') {
    return mayBePipe(findOpened(bytes, at + 80, 16, state), bytes, at + le16(bytes, at + 66), end);
  }
  if (command === Command.read && direction === 'server') {
    const opened = state.pending.get(messageIdAt(bytes, at))?.opened ?? null;
    return mayBePipe(opened, bytes, at + bytes[at + 66]!, end);
  }
  return true;
}

function needsWhole1(bytes: Uint8Array, at: number, end: number, direction: Direction, state: SmbState): boolean {
  const command = bytes[at + 4]!;
  const words = at + SMB1_HEADER + 1;
  const alone = bytes[words] === NO_MORE;
  if (command === Command1.writeAndx && direction === 'client' && alone) {
    const raw = (le16(bytes, words + 14) & 4) !== 0 ? 2 : 0;
    return mayBePipe(findOpened(bytes, words + 4, 2, state), bytes, at + le16(bytes, words + 22) + raw, end);
  }
  if (command === Command1.readAndx && direction === 'server' && alone) {
    const request = (le16(bytes, at + 26) * 65536 + le16(bytes, at + 30)) * 256 + command;
    return mayBePipe(state.pending.get(request)?.opened ?? null, bytes, at + le16(bytes, words + 12), end);
  }
  return true;
}

function mayBePipe(opened: Opened | null, bytes: Uint8Array, at: number, end: number): boolean {
  if (opened?.kind === 'file') return false;
  return opened?.kind === 'pipe' || looksLikeRpc(bytes, at, end);
}
