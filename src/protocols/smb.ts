import { Malformed } from '../bytes/malformed.ts';
import { be24 } from '../bytes/read.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Direction } from '../flows/direction.ts';
import { limits } from '../limits.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Out, type Recognition } from './analyzer.ts';
import { abandonLogins } from './smb/login.ts';
import { readCompressed, readSealed } from './smb/sealed.ts';
import { beginsMessage, HEADER, isSessionRequest, magicAt, serviceLength } from './smb/session-service.ts';
import { readSmb1 } from './smb/smb1.ts';
import { readSmb2 } from './smb/smb2.ts';
import { type SmbState, startSmb } from './smb/state.ts';
import { needsWhole } from './smb/whole.ts';

/**
 * SMB 1, 2 and 3 ([MS-CIFS], [MS-SMB], [MS-SMB2]), over TCP directly or in the NetBIOS session service: dialect, logins, signing,
 * encryption, what of files goes in clear, and the pipes that carry RPC.
 */
export const smb = defineAnalyzer<SmbState>({
  name: 'smb',
  transports: ['tcp'],
  ports: [445, 139],
  start: startSmb,
  recognise: recogniseSmb,

  frame(bytes, start, end, direction, state) {
    if (end - start < HEADER) return NEED_MORE;
    const service = serviceLength(bytes, start);
    if (service > 0) return end - start < service ? NEED_MORE : service;
    if (end - start < 2 * HEADER) return bytes[start] === 0 ? NEED_MORE : NOT_THIS_PROTOCOL;
    if (!beginsMessage(bytes, start, end)) return NOT_THIS_PROTOCOL;
    const total = HEADER + be24(bytes, start + 1);
    const head = Math.min(total, HEAD);
    if (end - start < head) return NEED_MORE;
    if (total > limits.message || !needsWhole(bytes, start + HEADER, start + head, direction, state)) return head;
    return end - start < total ? NEED_MORE : total;
  },

  message(reader, direction, state, out) {
    if (serviceLength(reader.bytes, reader.at) > 0) return;
    readMessage(reader, direction, state, out);
    if (state.unproven) state.unprovenAt ??= out.now();
  },

  resume(bytes, start, end, _direction, state) {
    state.complete = false;
    for (let at = start; at + MESSAGE_START <= end; at++) if (beginsMessage(bytes, at, end)) return at;
    return -1;
  },

  lost(state) {
    if (everySessionEncrypts(state)) return;
    state.lostBesideSealed ||= state.stated.privacy;
    state.lostBesideCalls ||= state.carriesCalls;
  },

  end(state, out) {
    abandonLogins(state, out);
    // signed with what key, if the whole connection was seen, and nobody logged in
    const { negotiated, unprovenAt, complete } = state;
    if (unprovenAt !== null && complete && negotiated.client && negotiated.server) {
      out.fact({ kind: 'exposed', content: 'file' }, unprovenAt);
    }
    const asked = [...state.pending.values()].some(({ content }) => content);
    if (asked && !state.stated.file) {
      const beside = state.stated.privacy ? 'left-protocol' : 'gap';
      out.blind(beside, 'smb: the answer to a request about files was not seen');
    }
    const told = state.stated.file || state.stated.integrity;
    if (state.lostBesideSealed || (state.lostBesideCalls && !told)) {
      out.blind(
        'left-protocol',
        'smb: bytes were lost that could have been in clear: not all of each session is encrypted',
      );
    }
  },
});

/** bytes of a message that show what it is: session header 4, SMB 2 header 64, READ or WRITE 48, RPC header 16 */
const HEAD = 192;
/** bytes that tell a message from chance: session header, signature, and what its header says of its size */
const MESSAGE_START = 18;

/** Whether what is lost of this connection was encrypted for certain: the server takes nothing else ([MS-SMB2] §3.3.5.2.9). */
function everySessionEncrypts({ sessions }: SmbState): boolean {
  const keyed = [...sessions.values()].filter((session) => session.keyed);
  return keyed.length > 0 && keyed.every(({ encrypts }) => encrypts);
}

function readMessage({ bytes, at: start, end }: Reader, direction: Direction, state: SmbState, out: Out): void {
  const at = start + HEADER;
  const unread = be24(bytes, start + 1) - (end - at);
  if (unread > 0) out.skip(unread);
  const magic = magicAt(bytes, at);
  switch (magic) {
    case 'smb2':
      readSmb2(bytes, at, end, unread === 0, direction, state, out);
      return;
    case 'smb1':
      readSmb1(bytes, at, end, unread === 0, direction, state, out);
      return;
    case 'sealed':
      readSealed(bytes, at, end, direction, state, out);
      return;
    case 'compressed':
      readCompressed(bytes, at, end, direction, state, out);
      return;
    case 'unix-sealed':
      out.blind('encrypted', 'smb: encryption of the CIFS UNIX extensions, which does not tell what it does');
      return;
    case 'none':
      throw new Malformed('smb', 0, HEADER, end - at);
    default:
      magic satisfies never;
  }
}

function recogniseSmb(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  if (end - start < HEADER) return bytes[start] === 0 || bytes[start] === 0x81 ? 'more' : 'no';
  if (direction === 'client' && isSessionRequest(bytes, start, end)) return 'certain';
  const service = serviceLength(bytes, start);
  // a session's refusal or acceptance, or a sign of life
  if (service > 0) return service === HEADER ? 'possible' : 'no';
  if (bytes[start] !== 0) return bytes[start] === 0x81 && end - start < HEADER + 34 ? 'more' : 'no';
  if (end - start < MESSAGE_START) return 'more';
  if (!beginsMessage(bytes, start, end)) return 'no';
  const at = start + HEADER;
  switch (magicAt(bytes, at)) {
    case 'smb1':
      return ((bytes[at + 9]! & 0x80) !== 0) === (direction === 'server') ? 'certain' : 'possible';
    case 'smb2':
      if (end - at < 20) return 'more';
      return ((bytes[at + 16]! & 1) !== 0) === (direction === 'server') ? 'certain' : 'possible';
    default:
      return 'possible';
  }
}
