import { be16 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out, Recognition } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { readToken } from '../parts/gssapi.ts';
import { isNtlm } from '../parts/ntlmssp.ts';
import { saslChallenge, saslFact, saslResponse } from '../parts/sasl.ts';
import { type NnsState, newLogin, otherSide } from './state.ts';

/** MessageId, version 1.0, size of the payload ([MS-NNS] §2.2.1); TLS records have a 3 where the version is */
export const HEADER = 5;
const DONE = 0x14;
const ERROR = 0x15;
const IN_PROGRESS = 0x16;

/** Whether a handshake message may begin here. */
export function isHandshake(bytes: Uint8Array, start: number, end: number): 'yes' | 'no' | 'more' {
  const first = bytes[start]!;
  if (first < DONE || first > IN_PROGRESS) return 'no';
  if (end - start >= 2 && bytes[start + 1] !== 1) return 'no';
  if (end - start >= 3 && bytes[start + 2] !== 0) return 'no';
  return end - start < 3 ? 'more' : 'yes';
}

/** The stream by its first message, whose payload is a token, or an error of eight bytes. */
export function recogniseHandshake(bytes: Uint8Array, start: number, end: number): Recognition {
  const found = isHandshake(bytes, start, end);
  if (found === 'no') return 'no';
  if (found === 'more' || end - start < HEADER) return 'more';
  const size = be16(bytes, start + 3);
  if (bytes[start] === ERROR) return size === 8 ? 'certain' : 'no';
  if (size === 0) return bytes[start] === DONE ? 'possible' : 'no';
  if (end - start < HEADER + Math.min(size, 12)) return 'more';
  const token = bytes[start + HEADER]!;
  const isToken = token === 0x60 || token === 0xa0 || token === 0xa1 || isNtlm(bytes, start + HEADER, end);
  return isToken ? 'certain' : 'no';
}

export function readHandshake(reader: Reader, direction: Direction, state: NnsState, out: Out): void {
  const type = reader.u8();
  reader.skip(4);
  const side = state[direction];
  side.heard = true;
  if (type === ERROR) {
    const code = reader.remaining >= 4 ? reader.bytes.subarray(reader.end - 4, reader.end) : new Uint8Array(0);
    out.fact({
      kind: 'described',
      what: 'property',
      name: 'nns-error',
      value: `0x${Buffer.from(code).toString('hex')}`,
    });
    endLogin('refused', state, out);
    // the client may try again
    state.client.done = false;
    state.server.done = false;
    return;
  }
  readLogin(reader.take(reader.remaining), direction, state, out);
  if (type !== DONE) return;
  side.done = true;
  if (!state[otherSide(direction)].done) return;
  endLogin('accepted', state, out);
  state.stage = 'unknown';
}

function readLogin(token: Uint8Array, direction: Direction, state: NnsState, out: Out): void {
  if (token.length === 0) return;
  state.login ??= newLogin();
  const { login } = state;
  if (direction === 'client') {
    saslResponse(login, token);
    const ticket = readToken(token).kerberos?.ticket;
    if (ticket) out.fact({ kind: 'described', what: 'ticket-shown', ...ticket });
  } else saslChallenge(login, token);
  const name = login.computers[direction];
  if (name) out.fact({ kind: 'described', what: 'peer-name', of: direction, name });
}

/** States what the handshake came to, if a token of it was seen. */
export function endLogin(outcome: Authenticated['outcome'], state: NnsState, out: Out): void {
  const { login } = state;
  state.login = null;
  if (login === null) return;
  state.knowsFrames = login.mechanism === 'kerberos' || login.mechanism === 'ntlm';
  login.lost ||= state.client.lost || state.server.lost;
  out.fact(saslFact(login, outcome));
}
