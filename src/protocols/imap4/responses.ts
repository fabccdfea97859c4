import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { challenge, openLogin } from '../parts/login.ts';
import { isNtlm } from '../parts/ntlmssp.ts';
import { decodeBase64 } from '../parts/sasl.ts';
import { endAuth, endUser } from './commands.ts';
import { beginLiteral, type Imap4State, literalAt } from './state.ts';

/** Untagged responses with what is in a mailbox (RFC 3501 §7.2 to §7.4, RFC 4731, 5256, 6154). */
const CONTENT = /^(LIST|LSUB|XLIST|STATUS|SEARCH|ESEARCH|SORT|THREAD|FLAGS|\d+ (EXISTS|RECENT|EXPUNGE|FETCH))\b/i;

/** One line of the server, without its end: a response, or the part of one before its first literal. */
export function readResponseLine(line: string, state: Imap4State, out: Out): void {
  if (/^\+( |$)/.test(line)) {
    readContinuation(line.slice(2), state, out);
    return;
  }
  const [, tag, text = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
  if (tag === undefined) return;
  const [, status, words = ''] = /^(OK|NO|BAD|PREAUTH|BYE)(?: (.*))?$/is.exec(text) ?? [];
  if (status === undefined) {
    if (tag === '*') readUntagged(text, state, out);
    takeLiteral(line, state, out);
    return;
  }
  const codes = /^\[CAPABILITY ([^\]]*)\]/i.exec(words)?.[1];
  if (tag === '*') {
    if (!state.greeted) readGreeting(status.toUpperCase(), words, state, out);
    if (codes !== undefined) readCapabilities(codes, state, out);
    return;
  }
  answer(tag, status.toUpperCase(), state, out);
  if (codes !== undefined) readCapabilities(codes, state, out);
}

/** What follows a literal in the same response. */
export function readResponseRest(line: string, state: Imap4State, out: Out): void {
  state.serverRest = false;
  takeLiteral(line, state, out);
}

function takeLiteral(line: string, state: Imap4State, out: Out): void {
  const literal = literalAt(line);
  if (literal === null) return;
  state.serverRest = true;
  out.skip(literal.size);
}

function readGreeting(status: string, words: string, state: Imap4State, out: Out): void {
  state.greeted = true;
  const text = words.replace(/^\[[^\]]*\] ?/, '');
  out.fact({ kind: 'described', what: 'banner', text: text.slice(0, limits.text) });
  if (status !== 'PREAUTH') return;
  // RFC 3501 §7.1.4: authenticated by means outside the protocol, so that nobody shows who they are
  state.loggedIn = true;
  out.fact({ kind: 'described', what: 'property', name: 'imap4-preauth', value: true });
}

function readUntagged(text: string, state: Imap4State, out: Out): void {
  state.greeted = true;
  const list = /^CAPABILITY (.*)$/is.exec(text)?.[1];
  if (list !== undefined) readCapabilities(list, state, out);
  else if (CONTENT.test(text)) exposeMailbox(state, out);
}

/** A whole list of capabilities (RFC 3501 §7.2.1). Only before a login is STARTTLS in it, and the new list may come before the login's answer. */
function readCapabilities(list: string, state: Imap4State, out: Out): void {
  if (state.loggedIn) return;
  const words = list.trim().split(/\s+/);
  const masked = words.filter((word) => /^X{4,}$/i.test(word));
  const offered = words.some((word) => word.toUpperCase() === 'STARTTLS');
  if (offered) out.fact({ kind: 'offered', what: 'upgrade', verb: 'STARTTLS' });
  for (const text of masked.slice(0, 1))
    out.fact({ kind: 'described', what: 'masked-capability', text: text.slice(0, limits.text) });
  const loggingIn = state.pending.some(({ kind }) => kind === 'login' || kind === 'auth');
  if (!offered && masked.length === 0 && !loggingIn) out.fact({ kind: 'described', what: 'nothing-to-upgrade' });
  if (words.some((word) => word.toUpperCase() === 'LOGINDISABLED')) {
    out.fact({ kind: 'described', what: 'property', name: 'imap4-login-disabled', value: true });
  }
  const mechanisms = words.flatMap((word) => /^AUTH=([A-Z0-9_-]{1,64})$/i.exec(word)?.[1]?.toUpperCase() ?? []);
  if (mechanisms.length > limits.mechanisms) {
    out.blind('limit', `more than ${limits.mechanisms} authentication mechanisms offered`);
  }
  if (mechanisms.length === 0) return;
  out.fact({ kind: 'offered', what: 'authentication', mechanisms: mechanisms.slice(0, limits.mechanisms) });
}

/** A tagged response: OK, NO or BAD. */
function answer(tag: string, status: string, state: Imap4State, out: Out): void {
  const at = state.pending.findIndex((command) => command.tag === tag);
  if (at < 0) {
    doubtTag(state, out);
    return;
  }
  const { kind, doubtful } = state.pending[at]!;
  state.pending.splice(at, 1);
  state.serverLost = false;
  const good = status === 'OK';
  const outcome = doubtful ? 'unseen' : good ? 'accepted' : 'refused';
  if (state.mode === 'held' && state.awaits === 'literal' && state.command?.tag === tag) {
    // the literal was not asked for, and will not come
    state.mode = 'command';
    state.literalLeft = 0;
  }
  switch (kind) {
    case 'auth':
      endAuth(outcome, state, out);
      if (good) state.loggedIn = true;
      return;
    case 'login':
      endUser(outcome, state, out);
      if (good) state.loggedIn = true;
      return;
    case 'upgrade':
      answerUpgrade(good, status, state, out);
      return;
    case 'content':
      if (good) exposeMailbox(state, out);
      return;
    case 'compress':
      if (!good) return;
      out.blind('left-protocol', 'imap4: compressed from here on (RFC 4978), and read no further');
      out.done();
      return;
    case 'other':
      return;
    default:
      kind satisfies never;
  }
}

/** The server answers a command that was not read as one: in a literal, or in what only seemed to be the rest of a line. */
function doubtTag(state: Imap4State, out: Out): void {
  if (!state.knowsTags || state.command === null) return;
  out.blind('left-protocol', 'imap4: the server answered a command that was not read as one');
  if (state.mode !== 'literal') return;
  state.mode = 'lost';
  state.literalLeft = 0;
}

function answerUpgrade(good: boolean, status: string, state: Imap4State, out: Out): void {
  if (state.mode === 'held') state.mode = 'command';
  if (!good) {
    out.fact({ kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: status });
    return;
  }
  out.fact({ kind: 'described', what: 'upgrade-accepted', verb: 'STARTTLS', code: status });
  state.accepted = true;
  out.handOver('tls', 'starttls');
}

/** Leave to send a literal, or a challenge (RFC 3501 §7.5). */
function readContinuation(text: string, state: Imap4State, out: Out): void {
  if (state.mode === 'held' && state.awaits === 'literal') {
    beginLiteral(state);
    return;
  }
  const asked = decodeBase64(text.trim());
  if (state.login.sasl === null && asked !== null) joinAuth(asked, state);
  challenge(state.login, asked, out);
}

/** An exchange whose AUTHENTICATE was not seen, where the challenge alone tells the mechanism: LOGIN's prompts, or NTLM's. */
function joinAuth(asked: Uint8Array, state: Imap4State): void {
  const prompt = /^(user ?name|password)\b/i.exec(latin1(asked, 0, Math.min(asked.length, 16)));
  if ((!prompt && !isNtlm(asked)) || state.mode !== 'command') return;
  openLogin(state.login, prompt ? 'LOGIN' : 'NTLM').lost = prompt?.[1]?.toLowerCase() === 'password';
  state.mode = 'sasl';
}

function exposeMailbox(state: Imap4State, out: Out): void {
  state.loggedIn = true;
  out.fact({ kind: 'exposed', content: 'mailbox' });
}
