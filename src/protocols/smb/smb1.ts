// hot: called for every SMB 1 message.
import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { stateContent } from './content.ts';
import { type Block, Command1, double, firstBlock, nextBlock, word } from './smb1-block.ts';
import { answerClose, answerOpen, answerRead, askOpen, askWrite, openedAt } from './smb1-files.ts';
import {
  answerNegotiate,
  answerSessionSetup,
  answerTreeConnect,
  askNegotiate,
  askSessionSetup,
  askTreeConnect,
} from './smb1-login.ts';
import { answerTransaction, askMore, askTransaction } from './smb1-transactions.ts';
import { STATUS_BUFFER_OVERFLOW } from './smb2-header.ts';
import { type Pending, remember, type SmbState, startPending } from './state.ts';

/**
 * Commands that are answered without content of files ([MS-CIFS] §2.2.4): FLUSH, LOCK and UNLOCK BYTE RANGE, PROCESS EXIT, SEEK, WRITE
 * COMPLETE, QUERY SERVER, LOCKING, ECHO, FIND CLOSE2, FIND NOTIFY CLOSE, TREE CONNECT and DISCONNECT, LOGOFF, QUERY
 * INFORMATION DISK, FIND CLOSE, NT CANCEL; and writes, of which the request counts
 */
const CONTENTLESS: readonly number[] = [
  0x05, 0x0b, 0x0c, 0x0d, 0x11, 0x12, 0x14, 0x1d, 0x1e, 0x20, 0x21, 0x24, 0x2b, 0x2c, 0x2f, 0x34, 0x35, 0x70, 0x71,
  0x74, 0x80, 0x84, 0xa4,
];

/** A message with one command, or several of which one is put behind the other. */
export function readSmb1(
  bytes: Uint8Array,
  start: number,
  end: number,
  whole: boolean,
  direction: Direction,
  state: SmbState,
  out: Out,
): void {
  const first = firstBlock(bytes, start, end, whole, direction, state);
  for (let block: Block | null = first; block !== null; block = nextBlock(block)) {
    if (direction === 'client') ask(block, state, out);
    else answer(block, state, out);
    // what is refused has no words to go on from
    if (direction === 'server' && block.wordCount === 0) return;
  }
}

function ask(block: Block, state: SmbState, out: Out): void {
  const pending: Pending = { ...startPending(block.command), signed: block.signed, tree: block.tree };
  switch (block.command) {
    case Command1.negotiate:
      state.negotiated.client = true;
      askNegotiate(block, state);
      return;
    case Command1.sessionSetupAndx:
      askSessionSetup(block, state, out);
      return;
    case Command1.treeConnectAndx:
      askTreeConnect(block, state, out);
      return;
    case Command1.treeDisconnect:
      state.trees.delete(block.tree);
      return;
    case Command1.ntCreateAndx:
    case Command1.openAndx:
      askOpen(block, pending, state, out);
      break;
    case Command1.close:
      pending.opened = openedAt(block, block.words, state, out);
      break;
    case Command1.readAndx:
      pending.opened = openedAt(block, block.words + 4, state, out);
      pending.detail = double(block, 6);
      break;
    case Command1.writeAndx:
      askWrite(block, state, out);
      return;
    case Command1.write:
    case Command1.writeAndUnlock:
    case Command1.writeAndClose:
    case Command1.writeRaw:
    case Command1.writeMpx:
      askOldWrite(block, state, out);
      return;
    case Command1.transaction:
    case Command1.transaction2:
    case Command1.ntTransact:
      askTransaction(block, pending, state, out);
      break;
    case Command1.transactionSecondary:
    case Command1.transaction2Secondary:
    case Command1.ntTransactSecondary:
      askMore(block, state.pending.get(block.request - 1) ?? null, state, out);
      return;
    default:
      if (CONTENTLESS.includes(block.command)) return;
      pending.content = true;
  }
  remember(state.pending, block.request, pending, out);
}

/** Writes of before NT LM 0.12: no RPC goes through them any more. */
function askOldWrite(block: Block, state: SmbState, out: Out): void {
  word(block, 0);
  stateContent(block.signed, state, out);
}

function answer(block: Block, state: SmbState, out: Out): void {
  const pending = state.pending.get(block.request) ?? null;
  let last = true;
  const good = block.ok || block.status === STATUS_BUFFER_OVERFLOW;
  switch (block.command) {
    case Command1.negotiate:
      state.negotiated.server = true;
      answerNegotiate(block, state, out);
      break;
    case Command1.sessionSetupAndx:
      answerSessionSetup(block, pending, state, out);
      break;
    case Command1.treeConnectAndx:
      answerTreeConnect(block, pending, state, out);
      break;
    case Command1.ntCreateAndx:
    case Command1.openAndx:
      if (good && pending?.opened) answerOpen(block, pending, pending.opened, state, out);
      break;
    case Command1.close:
      answerClose(pending, state, out);
      break;
    case Command1.readAndx:
      if (good && block.wordCount >= 12) answerRead(block, pending, state, out);
      break;
    case Command1.transaction:
    case Command1.transaction2:
    case Command1.ntTransact:
      if (good && block.wordCount > 0) last = answerTransaction(block, pending, state, out);
      break;
    default:
      if (good && pending?.content && state.trees.get(block.tree)?.kind !== 'pipe') {
        stateContent(block.signed && pending.signed, state, out);
      }
  }
  if (last) state.pending.delete(block.request);
}
