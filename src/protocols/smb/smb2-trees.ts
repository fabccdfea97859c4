import { utf16 } from '../../bytes/text.ts';
import type { Out } from '../analyzer.ts';
import { property } from './content.ts';
import { type Part, slice, succeeded, u16, u32 } from './smb2-header.ts';
import { type Pending, remember, type SmbState, startPending, type Tree } from './state.ts';

/** ShareType ([MS-SMB2] §2.2.10), from 1 */
const KINDS: readonly Tree['kind'][] = ['disk', 'pipe', 'print'];
const ENCRYPT_DATA = 0x8000;

export function askTreeConnect(part: Part, state: SmbState, out: Out): void {
  const share = utf16(slice(part, u16(part, 68), u16(part, 70)));
  remember(state.pending, part.messageId, { ...startPending(part.command), share }, out);
}

export function answerTreeConnect(part: Part, pending: Pending | null, state: SmbState, out: Out): void {
  if (!succeeded(part.status)) return;
  const kind = KINDS[part.bytes[part.at + 66]! - 1];
  const encrypted = (u32(part, 68) & ENCRYPT_DATA) !== 0;
  if (kind === undefined) return;
  const share = pending?.share ?? '';
  remember(state.trees, part.tree, { share, kind }, out);
  if (share === '') return;
  out.fact({ kind: 'described', what: 'resource', name: share });
  if (encrypted) property(out, 'smb-share-encryption', share);
}
