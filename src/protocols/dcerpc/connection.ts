import { Malformed } from '../../bytes/malformed.ts';
import { latin1, type Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { NEED_MORE, NOT_THIS_PROTOCOL, type Out } from '../analyzer.ts';
import { readBind, readBindAnswer, readBindNak } from './bind.ts';
import { exposeDue, readFault, readRequest, readResponse } from './calls.ts';
import { HEADER, lengthAt, looksLikeHeader, Ptype, readPdu, senderOf } from './pdu.ts';
import { abandonSecurity, loseTokens, readClientToken } from './security.ts';
import type { Hole, RpcState } from './state.ts';

/** What `dcerpc` and `epm` have in common: all but the name. */

/** A server of RPC over HTTP says this first, without a line's end ([MS-RPCH] §2.1.2.1.2). */
export const BANNER = 'ncacn_http/1.0';

export function frameRpc(bytes: Uint8Array, start: number, end: number, direction: Direction, state: RpcState): number {
  if (direction === 'server' && state.bannerDue && bytes[start] === BANNER.charCodeAt(0)) {
    const there = Math.min(end - start, BANNER.length);
    if (latin1(bytes, start, start + there) !== BANNER.slice(0, there)) return NOT_THIS_PROTOCOL;
    return there < BANNER.length ? NEED_MORE : there;
  }
  if (!looksLikeHeader(bytes, start, end)) return NOT_THIS_PROTOCOL;
  if (end - start < HEADER) return NEED_MORE;
  const length = lengthAt(bytes, start);
  return end - start < length ? NEED_MORE : length;
}

export function readRpc(reader: Reader, direction: Direction, state: RpcState, out: Out): void {
  if (reader.bytes[reader.at] === BANNER.charCodeAt(0)) {
    state.bannerDue = false;
    state.mayBeMapper = true;
    out.fact({ kind: 'described', what: 'banner', text: BANNER });
    return;
  }
  if (direction === 'server') state.bannerDue = false;
  const pdu = readPdu(reader);
  const sender = senderOf(pdu.type);
  // nobody answers his own question
  if (sender !== 'both' && sender !== direction) throw new Malformed('dcerpc sender', 2, 0, reader.end - reader.start);
  switch (pdu.type) {
    case Ptype.request:
      readRequest(reader, pdu, state, out);
      break;
    case Ptype.response:
      readResponse(reader, pdu, state, out);
      break;
    case Ptype.fault:
      readFault(reader, pdu, state, out);
      break;
    case Ptype.bind:
    case Ptype.alterContext:
      readBind(reader, pdu, state, out);
      break;
    case Ptype.bindAck:
    case Ptype.alterContextResponse:
      readBindAnswer(reader, pdu, state, out);
      break;
    case Ptype.bindNak:
      readBindNak(pdu, state, out);
      break;
    case Ptype.auth3:
      if (pdu.verifier) readClientToken(pdu.verifier, state, out);
      break;
    // nothing to learn: cancel and orphaned name a call, shutdown nothing, RTS the channels of RPC over HTTP
    default:
  }
}

/** After lost bytes: where a PDU begins, and after it, as far as it can be seen, another. */
export function resumeRpc(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  state: RpcState,
): number {
  loseTokens(state);
  state.bannerDue = false;
  for (let at = start; at + HEADER <= end; at++) {
    if (bytes[at] !== 5 || !looksLikeHeader(bytes, at, end)) continue;
    const sender = senderOf(bytes[at + 2]!);
    if (sender !== 'both' && sender !== direction) continue;
    const next = at + lengthAt(bytes, at);
    if (next >= end || looksLikeHeader(bytes, next, end)) return at;
  }
  return -1;
}

/** Beside sealed calls there may be others: what is lost before there were any, a gap says. */
export function loseRpc({ stated, hole }: RpcState, direction: Direction): void {
  if (!stated.privacy) return;
  hole.in[direction] = true;
  hole.sealed = { client: false, server: false };
}

export function endRpc(state: RpcState, out: Out): void {
  abandonSecurity(state, out);
  exposeDue(state, out);
  if (couldHideClearCall(state.hole)) {
    out.blind('left-protocol', 'dcerpc: bytes were lost beside sealed calls that could have been calls in clear');
  }
}

/**
 * A call is answered, and the answer protected as the call was ([MS-RPCE] §3.3.1.5.2): bytes lost of one side hide no call
 * in clear where those of the other are all there, and both go on sealed.
 */
function couldHideClearCall({ in: lost, sealed, answered }: Hole): boolean {
  if (!lost.client && !lost.server) return false;
  return (lost.client && lost.server) || answered || !sealed.client || !sealed.server;
}
