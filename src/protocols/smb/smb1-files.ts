// hot: called for every SMB 1 message about files.
import { Malformed } from '../../bytes/malformed.ts';
import { le16 } from '../../bytes/read.ts';
import type { Out } from '../analyzer.ts';
import { stateContent } from './content.ts';
import { type Data, findOpened, forgetOpened, keepOpened, pipeName, readData, startOpened } from './pipes.ts';
import { type Block, Command1, double, textAt, word } from './smb1-block.ts';
import { type Opened, type Pending, remember, type SmbState } from './state.ts';

/** WriteMode ([MS-CIFS] §2.2.4.43.1): two bytes of length lie before what is written to a pipe */
const RAW = 4;

export function askOpen(block: Block, pending: Pending, state: SmbState, out: Out): void {
  const { text } = textAt(block, block.data);
  const tree = state.trees.get(block.tree);
  const kind = tree === undefined ? 'unknown' : tree.kind === 'pipe' ? 'pipe' : 'file';
  pending.opened = startOpened(kind, text, state);
  pending.content = text.replace('\\', '') !== '';
  if (kind === 'pipe') out.fact({ kind: 'described', what: 'resource', name: pipeName(text) });
}

/** Opened; ResourceType says whether it is a pipe ([MS-CIFS] §2.2.4.64.2, §2.2.4.41.2). */
export function answerOpen(block: Block, pending: Pending, opened: Opened, state: SmbState, out: Out): void {
  const create = block.command === Command1.ntCreateAndx;
  const fid = block.words + (create ? 5 : 4);
  word(block, create ? 64 : 18);
  const type = le16(block.bytes, block.words + (create ? 63 : 18));
  if (opened.kind === 'unknown') {
    opened.kind = type === 1 || type === 2 ? 'pipe' : 'file';
    remember(state.trees, block.tree, { share: '', kind: opened.kind === 'pipe' ? 'pipe' : 'disk' }, out);
    if (opened.kind === 'pipe') out.fact({ kind: 'described', what: 'resource', name: pipeName(opened.name) });
  }
  keepOpened(opened, block.bytes.subarray(fid, fid + 2), state, out);
  if (opened.kind === 'file' && pending.content) stateContent(block.signed && pending.signed, state, out);
}

export function answerRead(block: Block, pending: Pending | null, state: SmbState, out: Out): void {
  const data = dataAt(block, word(block, 12), word(block, 10) + word(block, 14) * 65536);
  readData(pending?.opened ?? fileOf(block, state), data, (pending?.detail ?? 0) > 0, block.signed, state, out);
}

/** What is written has gone over the wire, whatever the server makes of it. */
export function askWrite(block: Block, state: SmbState, out: Out): void {
  const opened = openedAt(block, block.words + 4, state, out);
  const data = dataAt(block, word(block, 22), word(block, 20) + word(block, 18) * 65536);
  if (opened.kind === 'pipe' && (word(block, 14) & RAW) !== 0 && data.length > 2) {
    data.start += 2;
    data.length -= 2;
  }
  readData(opened, data, double(block, 6) > 0, block.signed, state, out);
}

export function answerClose(pending: Pending | null, state: SmbState, out: Out): void {
  if (pending?.opened) forgetOpened(pending.opened, state, out);
}

/** What the FID at `at` stands for. */
export function openedAt(block: Block, at: number, state: SmbState, out: Out): Opened {
  const known = findOpened(block.bytes, at, 2, state) ?? fileOf(block, state);
  if (known) return known;
  const opened = startOpened(state.trees.get(block.tree) ? 'pipe' : 'unknown', '', state);
  keepOpened(opened, block.bytes.subarray(at, at + 2), state, out);
  return opened;
}

/** On a disk, whatever is open is a file; null where the tree does not tell. */
function fileOf(block: Block, state: SmbState): Opened | null {
  const kind = state.trees.get(block.tree)?.kind;
  return kind === 'disk' || kind === 'print' ? { kind: 'file', name: '', rpc: false, channel: '', id: null } : null;
}

/** The data that a block says lies at `offset`; all of it must be there where the message is read whole. */
export function dataAt(block: Block, offset: number, length: number): Data {
  const start = block.at + offset;
  if (block.whole && length > 0 && start + length > block.end) {
    throw new Malformed('smb1 data', offset, length, block.end - start);
  }
  return { bytes: block.bytes, start: Math.min(start, block.end), end: Math.min(block.end, start + length), length };
}
