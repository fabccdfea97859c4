import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { challenge, openLogin } from '../parts/login.ts';
import { isNtlm } from '../parts/ntlmssp.ts';
import { decodeBase64 } from '../parts/sasl.ts';
import { endAuth, endUser } from './commands.ts';
import type { Pending, Pop3State } from './state.ts';

/** The first line of a reply, without its end (RFC 1939 §3), or a challenge (RFC 5034 §4). */
export function readStatus(line: string, state: Pop3State, out: Out): void {
  if (/^\+( |$)/.test(line)) {
    readChallenge(line.slice(2), state, out);
    return;
  }
  const [, status, text = ''] = /^(\+OK|-ERR)(?:[ \t]+(.*))?$/s.exec(line) ?? [];
  if (status === undefined) {
    readStray(line, state, out);
    return;
  }
  const good = status === '+OK';
  if (!state.greeted) {
    state.greeted = true;
    readGreeting(status, text, out);
    return;
  }
  const answers = state.pending.shift();
  if (answers === undefined) {
    // where the commands are not seen, the two numbers of STAT (RFC 1939 §5) tell
    if (good && /^\d+ \d+$/.test(text)) exposeMailbox(state, out);
    return;
  }
  state.serverLost = false;
  answer(answers, good, text, state, out);
}

function answer(answers: Pending, good: boolean, text: string, state: Pop3State, out: Out): void {
  switch (answers.kind) {
    case 'capabilities':
    case 'list':
      if (!good) return;
      state.serverMode = 'lines';
      state.list = answers.kind === 'list' ? 'mechanisms' : 'capabilities';
      state.offersUpgrade = false;
      state.mechanisms = [];
      return;
    case 'auth':
      endAuth(outcome(good, state), state, out);
      if (good) state.loggedIn = true;
      return;
    case 'pass':
      endUser(outcome(good, state), state, out);
      if (good) state.loggedIn = true;
      return;
    case 'upgrade':
      answerUpgrade(good, text, state, out);
      return;
    case 'content':
      if (!good) return;
      exposeMailbox(state, out);
      if (answers.multiLine) beginBody(state);
      return;
    case 'other':
      return;
    default:
      answers satisfies never;
  }
}

/** After lost bytes the reply may be one to a command that was not seen. */
const outcome = (good: boolean, state: Pop3State) => (!state.inStep ? 'unseen' : good ? 'accepted' : 'refused');

function exposeMailbox(state: Pop3State, out: Out): void {
  state.loggedIn = true;
  out.fact({ kind: 'exposed', content: 'mailbox' });
}

function answerUpgrade(good: boolean, text: string, state: Pop3State, out: Out): void {
  if (state.mode === 'held') state.mode = 'command';
  if (good) {
    out.fact({ kind: 'described', what: 'upgrade-accepted', verb: 'STLS', code: '+OK' });
    state.accepted = true;
    out.handOver('tls', 'stls');
    return;
  }
  // RFC 2449 §8: an extended response code in brackets
  const code = /^\[([\w/-]{1,64})\]/.exec(text)?.[1] ?? '-ERR';
  if (state.inStep) out.fact({ kind: 'refused', what: 'upgrade', verb: 'STLS', code });
}

function readChallenge(text: string, state: Pop3State, out: Out): void {
  const asked = decodeBase64(text.trim());
  if (state.login.sasl === null && asked !== null) joinAuth(asked, state);
  if (state.login.sasl === null) return;
  // only AUTH is answered so: it is the oldest command without a reply
  state.pending = state.pending.slice(
    Math.max(
      0,
      state.pending.findIndex(({ kind }) => kind === 'auth'),
    ),
  );
  state.inStep = true;
  state.serverLost = false;
  challenge(state.login, asked, out);
}

/** An exchange whose AUTH was not seen, where the challenge alone tells the mechanism: LOGIN's prompts, or NTLM's. */
function joinAuth(asked: Uint8Array, state: Pop3State): void {
  const prompt = /^(user ?name|password)\b/i.exec(latin1(asked, 0, Math.min(asked.length, 16)));
  if (!prompt && !isNtlm(asked)) return;
  openLogin(state.login, prompt ? 'LOGIN' : 'NTLM').lost = prompt?.[1]?.toLowerCase() === 'password';
  state.mode = 'sasl';
  state.pending = [{ kind: 'auth' }];
}

/** A line where a reply should begin: of the answer to a command that was not seen, or that nobody knows. */
function readStray(line: string, state: Pop3State, out: Out): void {
  if (line === '.' || line === '') return;
  // a listing (RFC 1939 §5), or a header field of a message
  if (
    state.loggedIn ||
    /^\d+ \S+$/.test(line) ||
    /^(Return-Path|Received|Delivered-To|X-[\w-]+|From|To|Subject|Date|MIME-Version|Message-ID): /i.test(line)
  ) {
    exposeMailbox(state, out);
  }
  beginBody(state);
  // capability lists (RFC 2449) come so where only the server is seen
  if (/^STLS$/i.test(line)) out.fact({ kind: 'offered', what: 'upgrade', verb: 'STLS' });
}

/** A body begins with the next line. */
function beginBody(state: Pop3State): void {
  state.serverMode = 'body';
  state.body = 2;
}

/** A line of the answer to CAPA (RFC 2449 §5), or to AUTH alone. */
export function readListLine(line: string, state: Pop3State, out: Out): void {
  const status = /^(\+OK|-ERR)( |$)/.test(line);
  if (line === '.' || status) {
    state.serverMode = 'status';
    // without its end the list was none
    if (status) readStatus(line, state, out);
    else endList(state, out);
    return;
  }
  const word = line.trim().toUpperCase();
  if (state.list === 'mechanisms') state.mechanisms.push(word);
  else if (word === 'STLS') state.offersUpgrade = true;
  else if (/^X{4,}( X*)*$/.test(word)) {
    state.offersUpgrade = true;
    if (!state.loggedIn) out.fact({ kind: 'described', what: 'masked-capability', text: line.slice(0, limits.text) });
  } else if (word === 'USER') state.mechanisms.push('USER');
  else state.mechanisms.push(...(/^SASL (.*)$/.exec(word)?.[1]?.split(/ +/) ?? []));
  if (word === 'STLS' && !state.loggedIn) out.fact({ kind: 'offered', what: 'upgrade', verb: 'STLS' });
  if (state.mechanisms.length <= limits.mechanisms) return;
  out.blind('limit', `more than ${limits.mechanisms} authentication mechanisms offered`);
  state.mechanisms.length = limits.mechanisms;
}

function endList(state: Pop3State, out: Out): void {
  const mechanisms = state.mechanisms.filter((name) => /^[A-Z0-9_-]{1,64}$/.test(name));
  state.mechanisms = [];
  if (mechanisms.length > 0) out.fact({ kind: 'offered', what: 'authentication', mechanisms });
  // only before a login is STLS offered (RFC 2595 §4)
  if (state.list === 'capabilities' && !state.offersUpgrade && !state.loggedIn && state.inStep) {
    out.fact({ kind: 'described', what: 'nothing-to-upgrade' });
  }
}

/** The greeting: with APOP, a timestamp that names the host (RFC 1939 §7). */
function readGreeting(status: string, text: string, out: Out): void {
  const banner = status === '+OK' ? text : `${status} ${text}`;
  out.fact({ kind: 'described', what: 'banner', text: banner.slice(0, limits.text) });
  const host = /<[^<>@\s]+@([\w.-]+)>/.exec(text)?.[1];
  if (host === undefined) return;
  out.fact({ kind: 'offered', what: 'authentication', mechanisms: ['APOP'] });
  out.fact({ kind: 'described', what: 'peer-name', of: 'server', name: host.slice(0, limits.text) });
}
