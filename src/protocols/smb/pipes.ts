import { be16, le16 } from '../../bytes/read.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { signing, stateContent, stateSigned } from './content.ts';
import type { Opened, SmbState } from './state.ts';

/** Where bytes of a file or pipe lie. `end` may lie before the last of them, where the message is not read whole. */
export interface Data {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** bytes there are on the wire */
  length: number;
}

/** Bytes written to or read from something open. Pipes hand them on as RPC; what is no RPC, and files, are content. */
export function readData(
  opened: Opened | null,
  data: Data,
  far: boolean,
  signed: boolean,
  state: SmbState,
  out: Out,
): void {
  if (data.length === 0) return;
  const rpc = opened?.rpc ?? looksLikeRpc(data.bytes, data.start, data.end);
  if (opened?.kind === 'unknown' && rpc) opened.kind = 'pipe';
  if (opened === null || opened.kind !== 'pipe') {
    // what is read or written further on than the beginning, or by more than the longest fragment, is no pipe
    if (opened?.kind === 'file' || far || data.length > 0xffff) stateContent(signed, state, out);
    // an opening that was encrypted, and data that are not
    else
      out.blind(
        state.stated.sealed ? 'left-protocol' : 'midstream',
        'smb: data of a file or pipe whose opening was not seen',
      );
    return;
  }
  opened.rpc = rpc;
  if (!rpc) {
    stateContent(signed, state, out);
    return;
  }
  if (signed) stateSigned(state, out);
  if (data.end - data.start < data.length)
    out.blind('limit', `smb: ${data.length} bytes of a pipe at once, not all read`);
  state.carriesCalls = true;
  out.carry('dcerpc', opened.channel, data.bytes, data.start, data.end, signed ? signing : null);
}

/** Whether a fragment of connection-oriented RPC begins here (C706 §12.6.3.1): version 5.0 or 5.1, a known type, a length that can be. */
export function looksLikeRpc(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 16 || bytes[at] !== 5 || bytes[at + 1]! > 1 || bytes[at + 2]! > 20) return false;
  const order = bytes[at + 4]!;
  if (order !== 0x10 && order !== 0x00) return false;
  return (order === 0x10 ? le16(bytes, at + 8) : be16(bytes, at + 8)) >= 16;
}

/** A file or pipe that a client asks to open. */
export function startOpened(kind: Opened['kind'], name: string, state: SmbState): Opened {
  state.channels++;
  return { kind, name, rpc: null, channel: `${state.channels}`, id: null };
}

/** The server has opened it and given it this number; only what may be a pipe is kept. */
export function keepOpened(opened: Opened, id: Uint8Array, state: SmbState, out: Out): void {
  opened.id = id.slice();
  if (opened.kind === 'file') return;
  if (state.pipes.length >= limits.smbEntries) {
    state.pipes.shift();
    out.blind('limit', 'smb: more pipes open at once than are kept');
  }
  state.pipes.push(opened);
}

/** The pipe with the number at `at`, or null. */
export function findOpened(bytes: Uint8Array, at: number, size: number, state: SmbState): Opened | null {
  for (let i = state.pipes.length - 1; i >= 0; i--) {
    const { id } = state.pipes[i]!;
    if (id !== null && id.length === size && id.every((byte, k) => byte === bytes[at + k])) return state.pipes[i]!;
  }
  return null;
}

export function forgetOpened(opened: Opened, state: SmbState, out: Out): void {
  if (opened.rpc) out.endCarried(opened.channel);
  const at = state.pipes.indexOf(opened);
  if (at >= 0) state.pipes.splice(at, 1);
}

/** `\PIPE\name`, as the carriers of rule packs name pipes. */
export const pipeName = (name: string): string => `\\PIPE\\${name.replace(/^\\?(PIPE\\)?/i, '').toLowerCase()}`;
