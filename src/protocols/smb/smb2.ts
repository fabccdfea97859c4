// hot: called for every SMB 2 message.
import { Malformed } from '../../bytes/malformed.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { answerFile, askFile } from './smb2-files.ts';
import { Command, nextCommand, type Part, readPart, SMB2_HEADER, STATUS_PENDING, succeeded } from './smb2-header.ts';
import { answerNegotiate, answerSessionSetup, askNegotiate, askSessionSetup } from './smb2-login.ts';
import { answerTreeConnect, askTreeConnect } from './smb2-trees.ts';
import type { Pending, SmbState } from './state.ts';

/**
 * A message of one command or, compounded, several ([MS-SMB2] §3.2.4.1.4). `whole` is false where only the beginning is
 * there. No content, signed or not: NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT, TREE_DISCONNECT and ECHO set up and end;
 * FLUSH, LOCK, CANCEL, OPLOCK_BREAK and CLOSE name a file by its number; interim answers (STATUS_PENDING) are empty.
 */
export function readSmb2(
  bytes: Uint8Array,
  start: number,
  end: number,
  whole: boolean,
  direction: Direction,
  state: SmbState,
  out: Out,
): void {
  let before: Part | null = null;
  for (let at = start; at < end; ) {
    const next = nextCommand(bytes, at);
    const last = next === 0;
    if (!last && (next < SMB2_HEADER || at + next >= end)) {
      if (whole) throw new Malformed('smb2 compound', 20, next, end - at);
      out.blind('limit', 'smb: commands behind the first of a long message are not read');
    }
    const part: Part = readPart(bytes, at, last ? end : Math.min(end, at + next), direction, before, state);
    if (direction === 'client') ask(part, whole, state, out);
    else answer(part, whole, state, out);
    before = part;
    if (last) return;
    at += next;
  }
}

function ask(part: Part, whole: boolean, state: SmbState, out: Out): void {
  switch (part.command) {
    case Command.negotiate:
      state.negotiated.client = true;
      askNegotiate(part, out);
      return;
    case Command.sessionSetup:
      askSessionSetup(part, state, out);
      return;
    case Command.treeConnect:
      askTreeConnect(part, state, out);
      return;
    default:
      askFile(part, whole, state, out);
  }
}

function answer(part: Part, whole: boolean, state: SmbState, out: Out): void {
  if (part.status === STATUS_PENDING) return;
  const asked = state.pending.get(part.messageId) ?? null;
  // an answer to something else than was asked is no answer
  const pending: Pending | null = asked?.command === part.command ? asked : null;
  if (pending) state.pending.delete(part.messageId);
  switch (part.command) {
    case Command.negotiate:
      state.negotiated.server = true;
      answerNegotiate(part, state, out);
      return;
    case Command.sessionSetup:
      answerSessionSetup(part, pending, state, out);
      return;
    case Command.treeConnect:
      answerTreeConnect(part, pending, state, out);
      return;
    case Command.logoff: {
      const session = state.sessions.get(part.session);
      if (session && succeeded(part.status)) session.keyed = false;
      return;
    }
    default:
      answerFile(part, whole, pending, state, out);
  }
}
