import type { Reader } from '../bytes/reader.ts';
import { defineAnalyzer, NOT_THIS_PROTOCOL, type Out, WAIT } from './analyzer.ts';
import { endAuth, endUser, isCommand, readCommand, readLiteral, readRest, readSaslLine } from './imap4/commands.ts';
import { recogniseImap4 } from './imap4/recognise.ts';
import { readResponseLine, readResponseRest } from './imap4/responses.ts';
import { beginLiteral, type Imap4State, serverHeard, startImap4 } from './imap4/state.ts';
import { frameLine, lineText, resumeLine, takeLine } from './parts/lines.ts';
import { looksLikeTls } from './parts/tls-start.ts';

/** Bytes of the client that are held for an answer of the server; by then it has plainly answered, unseen. */
const HELD_AT_MOST = 1 << 16;
/** No line begins with a zero byte, but the buffers of a SASL security layer do (RFC 4422 §3.7), which are not read. */
const SASL_BUFFER = 0;

/**
 * IMAP4: RFC 3501 and 9051, with STARTTLS, initial responses (4959) and literals (7888). IMAP4 inside TLS from the first byte
 * (993) is TLS to us.
 */
export const imap4 = defineAnalyzer<Imap4State>({
  name: 'imap4',
  transports: ['tcp'],
  ports: [143],
  start: ({ fromTheStart }) => startImap4(fromTheStart),
  recognise: recogniseImap4,

  frame(bytes, start, end, direction, state) {
    if (direction === 'client') {
      if (state.mode === 'held') {
        if (serverHeard(state) && end - start <= HELD_AT_MOST) return WAIT;
        if (state.awaits === 'literal') beginLiteral(state);
        else state.mode = 'command';
      }
      if (state.mode === 'literal') return Math.min(state.literalLeft, end - start);
    }
    if (looksLikeTls(bytes, start, end) || bytes[start] === SASL_BUFFER) return NOT_THIS_PROTOCOL;
    return frameLine(bytes, start, end, state[direction]);
  },

  message(reader, direction, state, out) {
    if (direction === 'server') readServer(reader, state, out);
    else if (state.mode === 'literal') readLiteral(reader.bytes, reader.at, reader.end, state, out);
    else readClient(reader, state, out);
  },

  resume(bytes, start, end, direction, state) {
    const lines = state[direction];
    lines.searched = 0;
    lines.long = false;
    const line = lineText(bytes, start, Math.min(end, start + 64)).split(/[\r\n]/, 1)[0]!;
    const tls = looksLikeTls(bytes, start, end);
    if (direction === 'server') {
      state.serverLost = true;
      state.serverRest = false;
      return resumeLine(bytes, start, end, lines, tls || /^(\*|\+|\S{1,32} (OK|NO|BAD))( |$)/.test(line));
    }
    state.knowsTags = false;
    if (state.login.sasl !== null) state.login.sasl.lost = true;
    if (state.mode === 'held' && state.awaits === 'upgrade' && serverHeard(state)) return -1;
    if (state.mode === 'literal' || state.mode === 'held') {
      state.mode = 'lost';
      state.literalLeft = 0;
    }
    return resumeLine(bytes, start, end, lines, tls || isCommand(line));
  },

  handOverFailed(state, out) {
    if (state.accepted) out.fact({ kind: 'described', what: 'upgrade-not-followed', verb: 'STARTTLS' });
    state.accepted = false;
    state.client.searched = 0;
    state.server.searched = 0;
  },

  end(state, out) {
    const outcome = serverHeard(state) ? 'unfinished' : 'unseen';
    endAuth(outcome, state, out);
    endUser(outcome, state, out);
  },
});

function readServer({ bytes, at, end }: Reader, state: Imap4State, out: Out): void {
  state.serverSeen = true;
  const text = takeLine(bytes, at, end, state.server, out);
  if (text === null) return;
  if (state.serverRest) readResponseRest(text, state, out);
  else readResponseLine(text, state, out);
}

function readClient({ bytes, at, end }: Reader, state: Imap4State, out: Out): void {
  const text = takeLine(bytes, at, end, state.client, out);
  if (text === null) return;
  if (text.includes('\r')) out.blind('malformed', 'imap4: a CR within a line, which some servers take for its end');
  if (state.mode === 'lost') {
    // the rest of a literal, or the first command after it
    if (!isCommand(text)) return;
    state.mode = 'command';
  }
  if (state.mode === 'sasl') readSaslLine(text, state, out);
  else if (state.mode === 'rest') readRest(text, state, out);
  else readCommand(text, state, out);
}
