import type { Reader } from '../bytes/reader.ts';
import { defineAnalyzer, NOT_THIS_PROTOCOL, type Out, WAIT } from './analyzer.ts';
import { bodyLength, matchAfter } from './parts/dot-end.ts';
import { frameLine, lineText, resumeLine, takeLine } from './parts/lines.ts';
import { looksLikeTls } from './parts/tls-start.ts';
import { endAuth, endUser, isCommand, readCommand, readSaslLine } from './pop3/commands.ts';
import { recognisePop3 } from './pop3/recognise.ts';
import { readListLine, readStatus } from './pop3/replies.ts';
import { loseStep, type Pop3State, serverHeard, startPop3 } from './pop3/state.ts';

/** Bytes of the client that are held for an answer of the server; by then it has plainly answered, unseen. */
const HELD_AT_MOST = 1 << 16;

/** No line begins with a zero byte, but the buffers of a SASL security layer do (RFC 4422 §3.7), which are not read. */
const SASL_BUFFER = 0;

/**
 * POP3: RFC 1939, with CAPA (2449), STLS (2595) and AUTH (5034). POP3 inside TLS from the first byte (995) is TLS to us.
 */
export const pop3 = defineAnalyzer<Pop3State>({
  name: 'pop3',
  transports: ['tcp'],
  ports: [110],
  start: ({ fromTheStart }) => startPop3(fromTheStart),
  recognise: recognisePop3,

  frame(bytes, start, end, direction, state) {
    if (direction === 'server' && state.serverMode === 'body') {
      return bodyLength(bytes, start, end, state.body, state.bareLf);
    }
    if (direction === 'client' && state.mode === 'held') {
      if (serverHeard(state) && end - start <= HELD_AT_MOST) return WAIT;
      state.mode = 'command';
    }
    if (looksLikeTls(bytes, start, end) || bytes[start] === SASL_BUFFER) return NOT_THIS_PROTOCOL;
    return frameLine(bytes, start, end, state[direction]);
  },

  message(reader, direction, state, out) {
    if (direction === 'server') readServer(reader, state, out);
    else readClient(reader, state, out);
  },

  resume(bytes, start, end, direction, state) {
    const lines = state[direction];
    if (direction === 'server') state.serverLost = true;
    else if (state.login.sasl !== null) state.login.sasl.lost = true;
    loseStep(state);
    lines.searched = 0;
    lines.long = false;
    if (direction === 'server' && state.serverMode === 'body') {
      state.body = 0;
      return start;
    }
    if (direction === 'server') state.serverMode = 'status';
    // whose bytes these are only the answer tells
    if (direction === 'client' && state.mode === 'held' && serverHeard(state)) return -1;
    const line = lineText(bytes, start, Math.min(end, start + 32)).split(/[\r\n]/, 1)[0]!;
    const begins = direction === 'server' ? /^(\+OK|-ERR|\+)( |$)/.test(line) : isCommand(line);
    return resumeLine(bytes, start, end, lines, begins || looksLikeTls(bytes, start, end));
  },

  handOverFailed(state, out) {
    if (state.accepted) out.fact({ kind: 'described', what: 'upgrade-not-followed', verb: 'STLS' });
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

function readServer({ bytes, at, end }: Reader, state: Pop3State, out: Out): void {
  state.serverSeen = true;
  if (state.serverMode === 'body') {
    state.body = matchAfter(bytes, at, end, state.body, state.bareLf);
    if (state.body === 5) state.serverMode = 'status';
    return;
  }
  const text = takeLine(bytes, at, end, state.server, out);
  if (text === null) return;
  state.bareLf = end - at < 2 || bytes[end - 2] !== 0x0d;
  if (state.serverMode === 'lines') readListLine(text, state, out);
  else readStatus(text, state, out);
}

function readClient({ bytes, at, end }: Reader, state: Pop3State, out: Out): void {
  const text = takeLine(bytes, at, end, state.client, out);
  if (text === null) return;
  if (text.includes('\r')) out.blind('malformed', 'pop3: a CR within a line, which some servers take for its end');
  if (state.mode === 'sasl') readSaslLine(text, state, out);
  else readCommand(text, state, out);
}
