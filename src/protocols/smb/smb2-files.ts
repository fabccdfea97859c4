// hot: called for every SMB 2 message about files.
import { utf16 } from '../../bytes/text.ts';
import type { Out } from '../analyzer.ts';
import { stateContent } from './content.ts';
import { findOpened, forgetOpened, keepOpened, pipeName, readData, startOpened } from './pipes.ts';
import { dataAt } from './smb2-data.ts';
import { Command, type Part, STATUS_BUFFER_OVERFLOW, slice, succeeded, u16, u32 } from './smb2-header.ts';
import { answerIoctl, askIoctl } from './smb2-ioctl.ts';
import { type Opened, type Pending, remember, type SmbState, startPending } from './state.ts';

/** InfoType ([MS-SMB2] §2.2.37): what is told of a volume is no content */
const FILE_SYSTEM = 2;

/** Requests about files and pipes. What a server may refuse counts when it has not: a refusal exposes nothing. */
export function askFile(part: Part, whole: boolean, state: SmbState, out: Out): void {
  const pending = { ...startPending(part.command), signed: part.signed, tree: part.tree };
  switch (part.command) {
    case Command.treeDisconnect:
      state.trees.delete(part.tree);
      return;
    case Command.create:
      askCreate(part, pending, state, out);
      break;
    case Command.close:
      pending.opened = openedAt(part, 72, state, out);
      break;
    case Command.read:
      pending.opened = openedAt(part, 80, state, out);
      pending.detail = u32(part, 72) + u32(part, 76);
      break;
    case Command.write: {
      const opened = openedAt(part, 80, state, out);
      const data = dataAt(part, u16(part, 66), u32(part, 68), whole);
      // what is written has gone over the wire, whatever the server makes of it
      readData(opened, data, u32(part, 72) + u32(part, 76) > 0, part.signed, state, out);
      return;
    }
    case Command.ioctl:
      askIoctl(part, openedAt(part, 72, state, out), whole, pending, state, out);
      break;
    case Command.queryInfo:
      pending.opened = openedAt(part, 88, state, out);
      pending.content = part.bytes[part.at + 66] !== FILE_SYSTEM;
      break;
    case Command.setInfo:
      pending.opened = openedAt(part, 80, state, out);
      pending.content = true;
      break;
    case Command.queryDirectory:
    case Command.changeNotify:
      pending.content = true;
      break;
    default:
      return;
  }
  remember(state.pending, part.messageId, pending, out);
}

function askCreate(part: Part, pending: Pending, state: SmbState, out: Out): void {
  const name = utf16(slice(part, u16(part, 108), u16(part, 110)));
  const tree = state.trees.get(part.tree);
  const kind = tree === undefined ? 'unknown' : tree.kind === 'pipe' ? 'pipe' : 'file';
  pending.opened = startOpened(kind, name, state);
  part.opened = pending.opened;
  // the root of a share has no name to show
  pending.content = name !== '';
  if (kind === 'pipe') out.fact({ kind: 'described', what: 'resource', name: pipeName(name) });
}

/** Answers about files and pipes. */
export function answerFile(part: Part, whole: boolean, pending: Pending | null, state: SmbState, out: Out): void {
  if (!succeeded(part.status) && part.status !== STATUS_BUFFER_OVERFLOW) return;
  const opened = pending?.opened ?? null;
  const signed = part.signed && (pending?.signed ?? true);
  switch (part.command) {
    case Command.create:
      if (pending?.opened) answerCreate(part, pending, pending.opened, signed, state, out);
      return;
    case Command.close:
      if (opened) forgetOpened(opened, state, out);
      return;
    case Command.read: {
      const data = dataAt(part, part.bytes[part.at + 66]!, u32(part, 68), whole);
      readData(opened ?? fileOf(part.tree, state), data, (pending?.detail ?? 0) > 0, part.signed, state, out);
      return;
    }
    case Command.ioctl:
      answerIoctl(part, whole, pending, state, out);
      return;
    case Command.queryInfo:
    case Command.setInfo:
      if (pending?.content && opened?.kind !== 'pipe') stateContent(signed, state, out);
      return;
    case Command.queryDirectory:
    case Command.changeNotify:
      if (u32(part, 68) > 0) stateContent(signed, state, out);
      return;
    default:
  }
}

/** Opened: what it is shows by then at the latest, as a pipe has no times ([MS-SMB2] §2.2.14). */
function answerCreate(
  part: Part,
  { tree, content }: Pending,
  opened: Opened,
  signed: boolean,
  state: SmbState,
  out: Out,
): void {
  const id = slice(part, 128, 16);
  if (opened.kind === 'unknown') {
    opened.kind = hasTimes(part) ? 'file' : 'pipe';
    remember(state.trees, tree, { share: '', kind: opened.kind === 'pipe' ? 'pipe' : 'disk' }, out);
    if (opened.kind === 'pipe') out.fact({ kind: 'described', what: 'resource', name: pipeName(opened.name) });
  }
  keepOpened(opened, id, state, out);
  if (opened.kind === 'file' && content) stateContent(signed, state, out);
}

/** Windows gives a pipe zeros for times, Samba the beginning of 1970 */
const NO_TIMES: readonly string[] = ['0000000000000000', '00803ed5deb19d01'];

const hasTimes = (part: Part): boolean =>
  ![72, 80, 88, 96].every((at) => NO_TIMES.includes(Buffer.from(slice(part, at, 8)).toString('hex')));

/** What the FileId at `offset` stands for: in a related request, what the one before it opens. */
function openedAt(part: Part, offset: number, state: SmbState, out: Out): Opened {
  const id = slice(part, offset, 16);
  if (part.related && part.opened && id.every((byte) => byte === 0xff)) return part.opened;
  const known = findOpened(part.bytes, part.at + offset, 16, state) ?? fileOf(part.tree, state);
  if (known) return known;
  // opened before anything was seen of it
  const opened = startOpened(state.trees.get(part.tree) ? 'pipe' : 'unknown', '', state);
  keepOpened(opened, id, state, out);
  return opened;
}

/** On a disk, whatever is open is a file; null where the tree does not tell. */
function fileOf(tree: string, state: SmbState): Opened | null {
  const kind = state.trees.get(tree)?.kind;
  return kind === 'disk' || kind === 'print' ? aFile : null;
}

const aFile: Opened = { kind: 'file', name: '', rpc: false, channel: '', id: null };
