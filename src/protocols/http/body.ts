import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import { NEED_MORE, NOT_THIS_PROTOCOL, type Out } from '../analyzer.ts';
import { lineLength, lineText } from '../parts/lines.ts';
import { holdContent, stateContent } from './content.ts';
import { formText, readForm, stateForm } from './form.ts';
import type { Framing } from './framing.ts';
import { readSealed } from './sealed.ts';
import { type Body, endMessage, type HttpState, lose, startBody, type Use } from './state.ts';

/** Where a body ends that ends with the connection, or is read no further. */
const TO_THE_END = Number.MAX_SAFE_INTEGER;
/** bytes of a chunk's line or a trailer that are looked at for its end */
const LINE = 1 << 13;

/** A body follows, unless it waits for the server's answer. */
export function beginBody(direction: Direction, use: Use, framing: Framing, waits: boolean, state: HttpState): void {
  const side = state[direction];
  side.searched = 0;
  const left = framing.kind === 'length' ? framing.length : framing.kind === 'rest' ? TO_THE_END : 0;
  side.body = startBody(use, framing.kind === 'chunked' ? limits.form : left);
  side.body.left = left;
  const mode = framing.kind === 'chunked' ? 'chunk-size' : framing.kind === 'rest' ? 'rest' : 'body';
  side.mode = waits ? 'held' : mode;
  side.heldMode = waits ? (mode === 'chunk-size' ? mode : 'body') : null;
}

/** The next piece of a body, or line of its framing. */
export function frameBody(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  state: HttpState,
): number {
  const side = state[direction];
  switch (side.mode) {
    case 'body':
    case 'chunk-data':
      return Math.min(side.body?.left ?? 0, end - start) || NOT_THIS_PROTOCOL;
    case 'rest':
      return end - start;
    case 'chunk-end':
      if (bytes[start] === 0x0a) return 1;
      return bytes[start] !== 0x0d || end - start >= 2 ? Math.min(2, end - start) : NEED_MORE;
    default: {
      const from = Math.min(start + side.searched, end);
      const found = lineLength(bytes, from, end);
      if (found > 0) {
        side.searched = 0;
        return from - start + found;
      }
      side.searched = end - start;
      return end - start > LINE ? NOT_THIS_PROTOCOL : NEED_MORE;
    }
  }
}

export function readBody(reader: Reader, direction: Direction, state: HttpState, out: Out): void {
  const side = state[direction];
  const { bytes, at, end } = reader;
  const { body } = side;
  if (body === null) return;
  switch (side.mode) {
    case 'body':
    case 'chunk-data':
    case 'rest':
      if (side.mode !== 'rest') body.left -= end - at;
      take(body, bytes, at, end, state, out);
      if (body.use.kind === 'content' && (side.mode !== 'rest' || body.use.free <= 0)) {
        if (side.mode === 'rest') body.left = TO_THE_END;
        count(body, side.mode === 'rest' ? 0 : body.left, state, out);
        out.skip(body.left);
        body.left = 0;
      }
      if (side.mode === 'rest' || body.left > 0) return;
      if (side.mode === 'body') finish(body, direction, state, out);
      else side.mode = 'chunk-end';
      return;
    case 'chunk-end':
      if (bytes[end - 1] === 0x0a) side.mode = 'chunk-size';
      else lose(side, 'a chunk that does not end where it says', out);
      if (end - at === 1) out.blind('malformed', 'http: a chunk that ends with LF alone');
      return;
    case 'chunk-size':
      readChunkSize(lineText(bytes, at, end), body, direction, state, out);
      return;
    case 'trailer':
      count(body, end - at, state, out);
      if (lineText(bytes, at, end) === '') finish(body, direction, state, out);
      return;
    default:
  }
}

/** RFC 9112 §7.1. What an extension says counts as content of the chunk. */
function readChunkSize(line: string, body: Body, direction: Direction, state: HttpState, out: Out): void {
  const side = state[direction];
  const size = /^([0-9a-f]{1,12})[ \t]*(;.*)?$/i.exec(line);
  if (!size) {
    lose(side, 'a chunk size that cannot be read', out);
    return;
  }
  if (line.includes('\r')) out.blind('malformed', 'http: a CR within a chunk size');
  body.left = Number.parseInt(size[1]!, 16);
  if (body.left === 0) {
    side.mode = 'trailer';
    return;
  }
  side.mode = 'chunk-data';
  if (size[2]) count(body, size[2].length, state, out);
  if (body.use.kind !== 'content') return;
  count(body, body.left, state, out);
  out.skip(body.left);
  body.left = 0;
  side.mode = 'chunk-end';
}

function take(body: Body, bytes: Uint8Array, start: number, end: number, state: HttpState, out: Out): void {
  if (body.use.kind === 'stream') out.carry('dcerpc', body.use.channel, bytes, start, end, null);
  if (body.kept) {
    const piece = bytes.subarray(start, Math.min(end, start + body.kept.length - body.keptBytes));
    body.kept.set(piece, body.keptBytes);
    body.keptBytes += piece.length;
  }
  count(body, end - start, state, out);
}

/** So many more bytes of the body. */
function count(body: Body, bytes: number, state: HttpState, out: Out): void {
  body.came += bytes;
  const { use } = body;
  if (body.came === 0) return;
  if (use.kind === 'form') holdContent(state, out);
  else if (use.kind === 'content' && body.came > use.free) {
    if (use.beforeLogin) holdContent(state, out);
    else stateContent(state, out);
  }
}

/** A body of which bytes were lost: those were content too. */
export function readCut(body: Body, state: HttpState, out: Out): void {
  if (body.left > 0 && body.left < TO_THE_END) count(body, body.left, state, out);
  readKept(body, false, state, out);
}

/** What was kept of a body. */
export function readKept(body: Body, whole: boolean, state: HttpState, out: Out): void {
  if (body.use.kind === 'form') readLogin(body, state, out);
  else if (body.use.kind === 'sealed' && body.keptBytes > 0) readSealed(body, whole, state, out);
}

/** The body is over: what was kept of it is read. */
function finish(body: Body, direction: Direction, state: HttpState, out: Out): void {
  endMessage(direction, state);
  readKept(body, true, state, out);
}

/** A form, or as much of it as was seen. */
function readLogin({ use, kept, keptBytes, came }: Body, state: HttpState, out: Out): void {
  if (use.kind !== 'form' || kept === null) return;
  const shown = readForm(formText(kept, keptBytes));
  if (shown === null) {
    if (came > keptBytes) out.blind('limit', `http: a form of more than ${limits.form} bytes`);
    return;
  }
  out.fact({ kind: 'exposed', content: 'credentials' });
  if (shown.by === 'bearer') {
    out.fact({ kind: 'authenticated', mechanism: 'bearer', outcome: 'unseen', protected: false });
  } else if (state.pending.includes(use.request)) use.request.form = { principal: shown.principal };
  // it was answered before it was there
  else stateForm(shown, 'unseen', out);
}
