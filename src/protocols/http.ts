import type { Direction } from '../flows/direction.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Out, WAIT } from './analyzer.ts';
import { frameBody, readBody, readCut, readKept } from './http/body.ts';
import { stateContent } from './http/content.ts';
import { leaveExchange } from './http/credentials.ts';
import {
  beginsPreface,
  PREFACE,
  recogniseHttp,
  recogniseRequest,
  recogniseStatus,
  skipEmptyLines,
} from './http/recognise.ts';
import { dropPending, readRequest } from './http/request.ts';
import { readResponse } from './http/response.ts';
import { type HttpState, startBody, startHttp } from './http/state.ts';
import { lineLength } from './parts/lines.ts';

/** Bytes of the client that are held for an answer of the server; by then it has plainly answered, unseen. */
const HELD_AT_MOST = 1 << 16;
const LF = 0x0a;
const CR = 0x0d;

/**
 * HTTP/1.x (RFC 9110, 9112): who logs in and how (Basic 7617, Digest 7616, Negotiate 4559, NTLM [MS-NTHT], Bearer 6750,
 * login forms), which paths are asked for, and what of the content goes in clear. RPC over HTTP ([MS-RPCH]) is carried on.
 * HTTP inside TLS is TLS to us.
 */
export const http = defineAnalyzer<HttpState>({
  name: 'http',
  transports: ['tcp'],
  ports: [80, 81, 591, 3128, 5985, 8000, 8008, 8080, 8088, 47001],
  start: ({ fromTheStart }) => startHttp(fromTheStart),
  recognise: recogniseHttp,

  frame(bytes, start, end, direction, state) {
    const side = state[direction];
    if (side.mode === 'held' && direction === 'client') {
      if (mayWait(state, end - start)) return WAIT;
      side.mode = side.heldMode === null ? 'head' : 'settling';
    }
    if (side.mode === 'head' && direction === 'client' && beginsPreface(bytes, start, end) === 'yes')
      side.mode = 'preface';
    if (side.mode === 'settling') {
      const next = recogniseRequest(bytes, start, end);
      if (next === 'more') return NEED_MORE;
      side.mode = next === 'certain' ? 'head' : (side.heldMode ?? 'head');
      side.heldMode = null;
    }
    switch (side.mode) {
      case 'head':
        return frameHead(bytes, start, end, direction, state);
      case 'lost':
        return NOT_THIS_PROTOCOL;
      case 'preface':
        return framePreface(bytes, start, end, direction);
      case 'tunnel':
        return end - start;
      default:
        return frameBody(bytes, start, end, direction, state);
    }
  },

  message(reader, direction, state, out) {
    const { bytes, at, end } = reader;
    if (direction === 'server') state.serverLost = false;
    if (state.lost) giveUp(state, out);
    switch (state[direction].mode) {
      case 'preface':
        out.release();
        return;
      case 'head':
        if (skipEmptyLines(bytes, at, end) === end) return;
        state[direction].searched = 0;
        if (direction === 'client') readRequest(bytes, at, end, state, out);
        else readResponse(bytes, at, end, state, out);
        return;
      case 'tunnel':
        stateContent(state, out);
        out.done();
        return;
      default:
        readBody(reader, direction, state, out);
    }
  },

  resume(bytes, start, end, direction, state) {
    const side = state[direction];
    if (direction === 'server') state.serverLost = true;
    state.lost = true;
    side.searched = 0;
    if (side.mode === 'tunnel') return start;
    if (side.body?.use.kind === 'stream') {
      // how much of it was lost is not told: it goes on, as these do, to the end
      side.mode = 'rest';
      return start;
    }
    if (side.body) state.cut = side.body;
    side.mode = 'head';
    side.body = null;
    side.heldMode = null;
    const recognise = direction === 'client' ? recogniseRequest : recogniseStatus;
    for (let at = start; at < end; at++) {
      const begins = at === start || bytes[at - 1] === LF;
      if (begins && recognise(bytes, at, end) === 'certain') return at;
    }
    return -1;
  },

  lost(state) {
    state.lostBesideSealed ||= state.told;
  },

  handOverFailed(state, out) {
    out.fact({ kind: 'described', what: 'upgrade-not-followed', verb: 'TLS/1.0' });
    for (const side of [state.client, state.server]) side.mode = 'head';
  },

  end(state, out) {
    for (const { body } of [state.client, state.server]) if (body) readKept(body, false, state, out);
    for (const to of ['server', 'proxy'] as const) leaveExchange(to, state, out);
    giveUp(state, out);
    if (state.answerMissed) out.blind('gap', 'http: the answer to a request was not seen');
    if (state.lostBesideSealed) {
      out.blind('left-protocol', 'http: bytes were lost beside encrypted bodies that could have been in clear');
    }
  },
});

/** After the preface it is HTTP/2 both ways. */
function framePreface(bytes: Uint8Array, start: number, end: number, direction: Direction): number {
  if (direction === 'server') return end - start > HELD_AT_MOST ? NOT_THIS_PROTOCOL : WAIT;
  const found = beginsPreface(bytes, start, end);
  if (found === 'no') return NOT_THIS_PROTOCOL;
  return found === 'yes' ? PREFACE.length : NEED_MORE;
}

const mayWait = (state: HttpState, held: number): boolean => !state.serverLost && held <= HELD_AT_MOST;

/** Nothing more will be known of what waits for an answer. */
function giveUp(state: HttpState, out: Out): void {
  if (state.cut) readCut(state.cut, state, out);
  state.cut = null;
  state.lost = false;
  dropPending(state, out);
}

/** The length of a start line with its fields, up to and with the empty line after them. */
function frameHead(bytes: Uint8Array, start: number, end: number, direction: Direction, state: HttpState): number {
  const side = state[direction];
  const empty = skipEmptyLines(bytes, start, end) - start;
  if (empty > 0) return empty;
  if (side.searched === 0) {
    const begins = recogniseHttp(bytes, start, end, direction);
    if (begins === 'more') return NEED_MORE;
    if (begins === 'possible') return lineLength(bytes, start, end);
    if (begins === 'no') return direction === 'server' ? frameBare(state, end - start) : NOT_THIS_PROTOCOL;
  }
  for (let at = start + side.searched; at < end; at++) {
    if (bytes[at] !== LF) continue;
    if (bytes[at + 1] === LF && at + 1 < end) return at + 2 - start;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF && at + 2 < end) return at + 3 - start;
  }
  side.searched = Math.max(1, end - start - 2);
  return NEED_MORE;
}

/** HTTP/0.9: an answer without a head is all content, up to the end. */
function frameBare(state: HttpState, length: number): number {
  if (!state.pending[0]?.simple) return NOT_THIS_PROTOCOL;
  state.pending.shift();
  state.server.mode = 'rest';
  state.server.body = startBody({ kind: 'content', free: 0, beforeLogin: false }, Number.MAX_SAFE_INTEGER);
  return length;
}
