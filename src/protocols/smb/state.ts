import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Moment, Out, StartContext } from '../analyzer.ts';
import type { Sasl } from '../parts/sasl.ts';

/** What is remembered of one SMB connection. Numbers that identify things are as on the wire. */
export interface SmbState {
  /** as far as is known everything so far was seen: what is not known here is not there */
  complete: boolean;
  /** who was heard negotiating, as every connection begins */
  negotiated: Record<Direction, boolean>;
  /** something was signed in a session of which no login was seen, and when first */
  unproven: boolean;
  unprovenAt: Moment | null;
  sessions: Map<string, Session>;
  trees: Map<string, Tree>;
  /** named pipes that are open, and what else may be one; the latest ones */
  pipes: Opened[];
  /** requests whose answers tell more: by MessageId, or by PID and MID */
  pending: Map<number, Pending>;
  /** logins that go on, by what their next message will be known by */
  exchanges: Map<string, Exchange>;
  /** the dialects of an SMB 1 NEGOTIATE, in order */
  dialects: string[];
  /** the server takes no hashed passwords (SMB 1 SecurityMode without bit 1); null where it did not say */
  plaintext: boolean | null;
  /** pipes opened so far, for telling their channels apart */
  channels: number;
  /** dialects before 3.0 encrypt nothing ([MS-SMB2] §1.7); true until the server has chosen one */
  canEncrypt: boolean;
  /** bytes were lost after content was encrypted, of which some could have been in clear */
  lostBesideSealed: boolean;
  /** a pipe has carried calls, and bytes were lost after that */
  carriesCalls: boolean;
  lostBesideCalls: boolean;
  /** bytes seen in encrypted messages, by direction */
  sealed: Record<Direction, boolean>;
  /** what was stated so far and need not be said for every message */
  stated: { file: boolean; integrity: boolean; privacy: boolean; signed: boolean; sealed: boolean };
}

export interface Session {
  /** an accepted login gave it a key to sign with: no guest, nobody anonymous */
  keyed: boolean;
  /** the server says that all of it is encrypted, not only what some share asks for */
  encrypts: boolean;
}

export interface Tree {
  share: string;
  kind: TreeKind;
}

export type TreeKind = 'disk' | 'pipe' | 'print';

/** A file or pipe that is being opened or is open. */
export interface Opened {
  kind: 'pipe' | 'file' | 'unknown';
  /** as asked for, without a leading backslash */
  name: string;
  /** whether what goes through the pipe is RPC; null before anything did */
  rpc: boolean | null;
  /** the carried stream, unlike that of any other pipe of the flow */
  channel: string;
  /** FileId (SMB 2), or FID (SMB 1); null until the server has said */
  id: Uint8Array | null;
}

/** A request that waits for its answer. */
export interface Pending {
  command: number;
  /** whether it was signed, and so whether what it names was */
  signed: boolean;
  /** the file or pipe that it is about, where that is known */
  opened: Opened | null;
  /** it names or carries content, which counts once the server has not refused it */
  content: boolean;
  /** key of the tree that it belongs to */
  tree: string;
  /** the share that it asks for (TREE_CONNECT) */
  share: string;
  /** of an IOCTL: its code; of a READ: how far from the beginning it reads, where that is not 0 */
  detail: number;
  exchange: Exchange | null;
}

/** A login from its first message to its outcome. */
export interface Exchange {
  sasl: Sasl;
  /** the server has asked for another step and got none so far */
  waiting: boolean;
  /** the client has sent what proves who it is: not only what it offers */
  proven: boolean;
}

export function startSmb(context: StartContext): SmbState {
  return {
    complete: context.fromTheStart,
    negotiated: { client: false, server: false },
    unproven: false,
    unprovenAt: null,
    sessions: new Map(),
    trees: new Map(),
    pipes: [],
    pending: new Map(),
    exchanges: new Map(),
    dialects: [],
    plaintext: null,
    channels: 0,
    canEncrypt: true,
    lostBesideSealed: false,
    carriesCalls: false,
    lostBesideCalls: false,
    sealed: { client: false, server: false },
    stated: { file: false, integrity: false, privacy: false, signed: false, sealed: false },
  };
}

export const startPending = (command: number): Pending => ({
  command,
  signed: false,
  opened: null,
  content: false,
  tree: '',
  share: '',
  detail: 0,
  exchange: null,
});

/** Keeps an entry; where there is no room, the oldest one is forgotten, and that is said. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, out: Out): void {
  map.delete(key);
  if (map.size >= limits.smbEntries) {
    out.blind('limit', 'smb: more sessions, trees or unanswered requests at once than are kept');
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
}
