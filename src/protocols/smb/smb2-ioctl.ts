import type { Out } from '../analyzer.ts';
import { stateContent } from './content.ts';
import { readData } from './pipes.ts';
import { dataAt } from './smb2-data.ts';
import { type Part, u32 } from './smb2-header.ts';
import type { Opened, Pending, SmbState } from './state.ts';

/** [MS-FSCC] §2.3.41 */
const PIPE_TRANSCEIVE = 0x0011c017;

/** What carries nothing of files: they look around, or set up the connection ([MS-SMB2] §2.2.31, [MS-FSCC] §2.3). */
const CONTENTLESS: readonly number[] = [
  0x00060194, // DFS_GET_REFERRALS
  0x000601b0, // DFS_GET_REFERRALS_EX
  0x00110018, // PIPE_WAIT: whether a pipe is free
  0x0011400c, // PIPE_PEEK: how much there is to read; what it shows is read afterwards
  0x00140078, // SRV_REQUEST_RESUME_KEY
  0x001401d4, // LMR_REQUEST_RESILIENCY
  0x001401fc, // QUERY_NETWORK_INTERFACE_INFO
  0x00140204, // VALIDATE_NEGOTIATE_INFO
  0x001440f2, // SRV_COPYCHUNK: the server copies, only ranges are named
  0x001480f2, // SRV_COPYCHUNK_WRITE
];

export function askIoctl(
  part: Part,
  opened: Opened,
  whole: boolean,
  pending: Pending,
  state: SmbState,
  out: Out,
): void {
  const code = u32(part, 68);
  pending.detail = code;
  pending.opened = opened;
  const data = dataAt(part, u32(part, 88), u32(part, 92), whole);
  pending.content = data.length > 0 && !CONTENTLESS.includes(code);
  if (code === PIPE_TRANSCEIVE) readData(opened, data, false, part.signed, state, out);
}

export function answerIoctl(part: Part, whole: boolean, pending: Pending | null, state: SmbState, out: Out): void {
  const code = u32(part, 68);
  if (CONTENTLESS.includes(code)) return;
  const data = dataAt(part, u32(part, 96), u32(part, 100), whole);
  if (code === PIPE_TRANSCEIVE) readData(pending?.opened ?? null, data, false, part.signed, state, out);
  else if (data.length > 0 || pending?.content) stateContent(part.signed && (pending?.signed ?? true), state, out);
}
