import type { Out } from '../analyzer.ts';
import { stateContent } from './content.ts';
import { readData } from './pipes.ts';
import { type Block, Command1, double, word } from './smb1-block.ts';
import { dataAt, openedAt } from './smb1-files.ts';
import type { Pending, SmbState } from './state.ts';

/** Pipe subcommands ([MS-CIFS] §2.2.5): TransactNmPipe, and those that only look at a pipe or wait for it */
const TRANSACT_PIPE = 0x26;
const PIPE_LOOKS: readonly number[] = [0x01, 0x21, 0x22, 0x23, 0x54];
/** TRANSACTION2 subcommands (§2.2.6) without content of files: QUERY_FS_INFORMATION, SET_FS_INFORMATION, GET_DFS_REFERRAL, REPORT_DFS_INCONSISTENCY */
const VOLUME_LOOKS: readonly number[] = [0x03, 0x04, 0x10, 0x11];

/** A request of which more may follow in secondary ones ([MS-CIFS] §2.2.4.33, §2.2.4.46, §2.2.4.62). */
export function askTransaction(block: Block, pending: Pending, state: SmbState, out: Out): void {
  if (block.command === Command1.ntTransact) {
    pending.content = true;
    return;
  }
  const setups = block.wordCount > 14 ? word(block, 28) : -1;
  pending.detail = setups;
  if (block.command === Command1.transaction2) {
    pending.content = !VOLUME_LOOKS.includes(setups);
    return;
  }
  if (setups === TRANSACT_PIPE) {
    pending.opened = openedAt(block, block.words + 30, state, out);
    readData(pending.opened, dataAt(block, word(block, 24), word(block, 22)), false, block.signed, state, out);
  } else pending.content = !PIPE_LOOKS.includes(setups);
}

/** The rest of a request's data. */
export function askMore(block: Block, pending: Pending | null, state: SmbState, out: Out): void {
  if (block.command !== Command1.transactionSecondary) return;
  const data = dataAt(block, word(block, 12), word(block, 10));
  readData(pending?.opened ?? null, data, false, block.signed, state, out);
}

/** An answer, or a part of one; returns whether it was the last. */
export function answerTransaction(block: Block, pending: Pending | null, state: SmbState, out: Out): boolean {
  const signed = block.signed && (pending?.signed ?? true);
  if (pending?.content && !(state.trees.get(block.tree)?.kind === 'pipe' && block.command !== Command1.transaction)) {
    stateContent(signed, state, out);
  }
  if (block.wordCount < 10) return true;
  if (block.command === Command1.ntTransact) return double(block, 19) + double(block, 27) >= double(block, 7);
  const count = word(block, 12);
  if (pending?.detail === TRANSACT_PIPE) {
    readData(pending.opened, dataAt(block, word(block, 14), count), false, block.signed, state, out);
  }
  return word(block, 16) + count >= word(block, 2);
}
