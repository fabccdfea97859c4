import { le32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { other } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { isReadable } from '../parts/randomness.ts';
import { property, stateContent } from './content.ts';
import { SEALED_HEADER } from './session-service.ts';
import { Command, commandAt, readPart, SMB2_HEADER } from './smb2-header.ts';
import type { SmbState } from './state.ts';

/**
 * bytes of the longest sealed answer that surely holds no content: VALIDATE_NEGOTIATE_INFO of 64 + 48 + 24 ([MS-SMB2] §2.2.32.6); those to
 * TREE_CONNECT, LOGOFF and ECHO and errors are shorter, the one to CREATE (64 + 88) is longer
 */
const CONTENTLESS = 136;

/**
 * An encrypted message ([MS-SMB2] §2.2.41): signature, nonce, length, session. It proves encryption where both sides have
 * sent such in a session that has a key, the bytes do not read like text, and it is long enough to hold more than set-up.
 */
export function readSealed(
  bytes: Uint8Array,
  at: number,
  end: number,
  direction: Direction,
  state: SmbState,
  out: Out,
): void {
  const session = state.sessions.get(latin1(bytes, at + 44, at + 52));
  const hasKey = session ? session.keyed : !state.complete;
  const header =
    !isZero(bytes, at + 4, at + 20) && !isZero(bytes, at + 20, at + 36) && bytes[at + 42] === 1 && bytes[at + 43] === 0;
  if (!hasKey || !header || !state.canEncrypt || isReadable(bytes, at + SEALED_HEADER, end)) {
    out.blind('malformed', 'smb: a message that says it is encrypted, and is not of a session with a key, or readable');
    return;
  }
  if (state.stated.privacy) return;
  if (!state.stated.sealed) property(out, 'smb-encrypted', true);
  state.stated.sealed = true;
  state.sealed[direction] = true;
  if (direction !== 'server' || !state.sealed[other(direction)] || le32(bytes, at + 36) <= CONTENTLESS) return;
  state.stated.privacy = true;
  out.fact({ kind: 'secured', mechanism: 'smb3', level: 'privacy' });
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** without content */
const SET_UP: readonly number[] = [Command.negotiate, Command.sessionSetup, Command.treeConnect, Command.logoff];

/**
 * A compressed message ([MS-SMB2] §2.2.42), neither encrypted nor hidden: only those with much content are compressed. What is in front of it
 * in clear, mostly the header, says whether it is signed.
 */
export function readCompressed(
  bytes: Uint8Array,
  at: number,
  end: number,
  direction: Direction,
  state: SmbState,
  out: Out,
): void {
  property(out, 'smb-compressed', true);
  // the first part uncompressed: `Offset` bytes of it, or (chained) a first payload with algorithm 0
  const clear = (bytes[at + 10]! & 1) !== 0 && bytes[at + 8] !== 0 ? 0 : le32(bytes, at + 12);
  const inner = at + 16;
  if (clear < SMB2_HEADER || inner + SMB2_HEADER + 2 > end || bytes[inner] !== 0xfe) {
    out.blind('malformed', 'smb: a compressed message whose header is compressed too');
    return;
  }
  const part = readPart(bytes, inner, end, direction, null, state);
  if (SET_UP.includes(commandAt(bytes, inner))) return;
  stateContent(part.signed, state, out);
}
