import type { Reader } from '../bytes/reader.ts';
import type { Direction } from '../flows/direction.ts';
import { defineAnalyzer, NOT_THIS_PROTOCOL, type Out, WAIT } from './analyzer.ts';
import { bodyLength, matchAfter } from './parts/dot-end.ts';
import { frameLine, lineText, resumeLine, takeLine } from './parts/lines.ts';
import { looksLikeTls } from './parts/tls-start.ts';
import { endAuth, isCommand, readCommand, readSaslLine } from './smtp/commands.ts';
import { recogniseSmtp } from './smtp/recognise.ts';
import { readReplyLine } from './smtp/replies.ts';
import { beginBlob, beginBody, loseStep, type SmtpState, serverHeard, startSmtp } from './smtp/state.ts';

/** Bytes of the client that are held for an answer of the server; by then it has plainly answered, unseen. */
const HELD_AT_MOST = 1 << 16;

/**
 * SMTP: RFC 5321, with STARTTLS (3207), AUTH (4954), BDAT (3030), pipelining (2920), and Exchange's X-ANONYMOUSTLS, X-EXPS
 * ([MS-XLOGIN]) and XEXCH50. SMTP inside TLS from the first byte (465) is TLS to us.
 */
export const smtp = defineAnalyzer<SmtpState>({
  name: 'smtp',
  transports: ['tcp'],
  ports: [25, 587, 475, 717, 2525],
  start: ({ fromTheStart }) => startSmtp(fromTheStart),
  recognise: recogniseSmtp,

  frame(bytes, start, end, direction, state) {
    if (direction === 'server') {
      return looksLikeTls(bytes, start, end) ? NOT_THIS_PROTOCOL : frameLine(bytes, start, end, state[direction]);
    }
    if (state.mode === 'held' && !stopWaiting(state, end - start)) return WAIT;
    if (state.mode === 'body') return bodyLength(bytes, start, end, state.body, state.bareLf);
    if (state.mode === 'blob') return Math.min(state.blobLeft, end - start);
    return looksLikeTls(bytes, start, end) ? NOT_THIS_PROTOCOL : frameLine(bytes, start, end, state[direction]);
  },

  message(reader, direction, state, out) {
    if (direction === 'client' && state.mode === 'body') readBody(reader, state, out);
    else if (direction === 'client' && state.mode === 'blob') readBlob(reader, state, out);
    else readLine(reader, direction, state, out);
  },

  resume(bytes, start, end, direction, state) {
    const lines = state[direction];
    if (direction === 'server') state.serverLost = true;
    else if (state.login.sasl !== null) state.login.sasl.lost = true;
    loseStep(state);
    lines.searched = 0;
    lines.long = false;
    if (direction === 'client' && (state.mode === 'body' || state.mode === 'blob')) {
      state.body = 0;
      return start;
    }
    // whose bytes these are only the answer tells
    if (direction === 'client' && state.mode === 'held' && serverHeard(state)) return -1;
    const text = lineText(bytes, start, Math.min(end, start + 32));
    const begins = direction === 'server' ? /^[2-5]\d\d[ -]/.test(text) : isCommand(text.split(/[\r\n]/, 1)[0]!);
    return resumeLine(bytes, start, end, lines, begins || looksLikeTls(bytes, start, end));
  },

  handOverFailed(state, out) {
    if (state.accepted) out.fact({ kind: 'described', what: 'upgrade-not-followed', verb: state.accepted });
    state.accepted = null;
    state.client.searched = 0;
    state.server.searched = 0;
  },

  end(state, out) {
    endAuth(serverHeard(state) ? 'unfinished' : 'unseen', state, out);
  },
});

/** Gives up waiting for an answer that will not be seen; says whether it did. */
function stopWaiting(state: SmtpState, held: number): boolean {
  if (serverHeard(state) && held <= HELD_AT_MOST) return false;
  const { awaits } = state;
  if (awaits?.kind === 'data') beginBody(state);
  else if (awaits?.kind === 'blob') beginBlob(state, awaits.size);
  else state.mode = 'command';
  return true;
}

function readLine(reader: Reader, direction: Direction, state: SmtpState, out: Out): void {
  const { bytes, at, end } = reader;
  const text = takeLine(bytes, at, end, state[direction], out);
  if (text === null) return;
  if (direction === 'server') {
    state.serverSeen = true;
    readReplyLine(text, state, out);
    return;
  }
  if (state.mode === 'draining') {
    // the rest of a body whose end was not seen: its last line, or the first command after it
    if (text !== '.' && !isCommand(text)) return;
    state.mode = 'command';
    if (text === '.') return;
  }
  state.bareLf = end - at < 2 || bytes[end - 2] !== 0x0d;
  if (text.includes('\r')) out.blind('malformed', 'smtp: a CR within a line, which some servers take for its end');
  if (state.mode === 'sasl') readSaslLine(text, state, out);
  else readCommand(text, state, out);
}

function readBody(reader: Reader, state: SmtpState, out: Out): void {
  if (!state.bodyStated) out.fact({ kind: 'exposed', content: 'message' });
  state.bodyStated = true;
  state.body = matchAfter(reader.bytes, reader.at, reader.end, state.body, state.bareLf);
  if (state.body === 5) state.mode = 'command';
}

function readBlob(reader: Reader, state: SmtpState, out: Out): void {
  out.fact({ kind: 'exposed', content: 'message' });
  out.skip(state.blobLeft - reader.remaining);
  beginBlob(state, 0);
}
