import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { closeLogin, openLogin, readResponse, readStrayResponse, respond } from '../parts/login.ts';
import { decodeBase64 } from '../parts/sasl.ts';
import { beginLiteral, type Imap4State, literalAt, type Pending, serverHeard } from './state.ts';

const COMMAND =
  /^[^\s(){%*"\\]{1,128} (CAPABILITY|NOOP|LOGOUT|STARTTLS|AUTHENTICATE|LOGIN|ENABLE|SELECT|EXAMINE|CREATE|DELETE|RENAME|SUBSCRIBE|UNSUBSCRIBE|LIST|LSUB|XLIST|NAMESPACE|STATUS|APPEND|IDLE|CHECK|CLOSE|UNSELECT|EXPUNGE|SEARCH|SORT|THREAD|FETCH|STORE|COPY|MOVE|UID|ID|COMPRESS|GETQUOTA|GETQUOTAROOT|SETACL|GETACL)(?=\s|$)/i;

/** Whether a line is a command that is known, as opposed to a line of an exchange or of a message. */
export const isCommand = (line: string): boolean => COMMAND.test(line);

/** Commands whose success shows what is in a mailbox, or puts something there. */
const CONTENT =
  /^(SELECT|EXAMINE|CREATE|DELETE|RENAME|LIST|LSUB|XLIST|STATUS|APPEND|EXPUNGE|SEARCH|SORT|THREAD|FETCH|STORE|COPY|MOVE|UID)$/;

/** One command line, or the part of one before its first literal, without its end. */
export function readCommand(line: string, state: Imap4State, out: Out): void {
  if (isCommand(line)) state.login.refused = null;
  const [, tag, verb, rest = ''] = /^(\S{1,128}) +(\S{1,32})(?: +(.*))?$/s.exec(line) ?? [];
  // DONE (RFC 2177), or nothing that has a meaning
  if (tag === undefined || verb === undefined) {
    readStrayResponse(state.login, line, out);
    return;
  }
  const name = verb.toUpperCase();
  state.command = { tag, name };
  switch (name) {
    case 'LOGIN':
      endUser('unseen', state, out);
      expect('login', tag, state, out);
      state.open = { principal: null, arguments: 0 };
      readArguments(rest, state, out);
      break;
    case 'AUTHENTICATE':
      beginAuth(tag, rest, state, out);
      return;
    case 'STARTTLS':
      askUpgrade(tag, state, out);
      return;
    case 'COMPRESS':
      expect('compress', tag, state, out);
      return;
    default:
      expect(CONTENT.test(name) ? 'content' : 'other', tag, state, out);
  }
  announceLiteral(line, state);
}

/** What follows a literal on its command's line. */
export function readRest(line: string, state: Imap4State, out: Out): void {
  state.mode = 'command';
  if (state.command?.name === 'LOGIN') readArguments(line, state, out);
  announceLiteral(line, state);
}

/** Bytes of a literal: LOGIN's name or password, or a message (APPEND). */
export function readLiteral(bytes: Uint8Array, start: number, end: number, state: Imap4State, out: Out): void {
  const { command, open } = state;
  state.literalLeft -= end - start;
  if (state.literalLeft === 0) state.mode = 'rest';
  if (command?.name === 'APPEND') out.fact({ kind: 'exposed', content: 'mailbox' });
  if (command?.name !== 'LOGIN' || open === null) return;
  if (open.arguments > 1) out.fact({ kind: 'exposed', content: 'credentials' });
  else open.principal = ((open.principal ?? '') + latin1(bytes, start, end)).slice(0, limits.text);
}

function announceLiteral(line: string, state: Imap4State): void {
  const literal = literalAt(line);
  if (literal === null) return;
  if (state.command?.name === 'LOGIN' && state.open !== null) state.open.arguments++;
  state.literalLeft = literal.size;
  state.awaits = 'literal';
  if (literal.waits && serverHeard(state)) state.mode = 'held';
  else beginLiteral(state);
}

/** The name and the password of a LOGIN, quoted or not; the announcement of a literal is none of them. */
function readArguments(text: string, state: Imap4State, out: Out): void {
  const { open } = state;
  if (open === null) return;
  for (const [, quoted, bare] of text.replace(/~?\{\d+[+-]?\}$/, '').matchAll(/"((?:[^"\\]|\\.)*)"?|([^\s"]+)/gs)) {
    open.arguments++;
    const value = quoted?.replace(/\\(.)/gs, '$1') ?? bare ?? '';
    if (open.arguments === 1) open.principal = value.slice(0, limits.text);
    else if (value !== '') {
      out.fact({ kind: 'exposed', content: 'credentials' });
      return;
    }
  }
}

/** One line of an AUTHENTICATE exchange, or the command that shows that it is over. */
export function readSaslLine(line: string, state: Imap4State, out: Out): void {
  if (readResponse(state.login, line, isCommand(line), out)) return;
  endAuth('unseen', state, out);
  readCommand(line, state, out);
}

/** States what an AUTHENTICATE exchange came to, if one is open, and leaves it. */
export function endAuth(outcome: Authenticated['outcome'], state: Imap4State, out: Out): void {
  if (state.mode === 'sasl') state.mode = 'command';
  leave('auth', state);
  closeLogin(state.login, outcome, out);
}

/** States what a LOGIN came to, if one is open. */
export function endUser(outcome: Authenticated['outcome'], state: Imap4State, out: Out): void {
  const { open } = state;
  state.open = null;
  leave('login', state);
  if (open === null) return;
  const { principal } = open;
  // the password has gone by, though perhaps in bytes that were not captured
  if (outcome === 'accepted') out.fact({ kind: 'exposed', content: 'credentials' });
  out.fact({
    kind: 'authenticated',
    mechanism: 'login',
    outcome,
    ...(principal === null ? {} : { principal }),
    protected: false,
  });
}

/** The answer to a login that is over without one is still to come. */
function leave(kind: 'auth' | 'login', state: Imap4State): void {
  for (const command of state.pending) if (command.kind === kind) command.kind = 'other';
}

function beginAuth(tag: string, rest: string, state: Imap4State, out: Out): void {
  const [mechanism = '', initial] = rest.trim().split(/\s+/);
  endAuth('unseen', state, out);
  expect('auth', tag, state, out);
  openLogin(state.login, mechanism);
  state.mode = 'sasl';
  if (initial !== undefined) respond(state.login, decodeBase64(initial), out);
}

function askUpgrade(tag: string, state: Imap4State, out: Out): void {
  out.fact({ kind: 'described', what: 'upgrade-asked', verb: 'STARTTLS' });
  expect('upgrade', tag, state, out);
  if (serverHeard(state)) {
    state.mode = 'held';
    state.awaits = 'upgrade';
  }
  // nobody will tell whether the server agreed: what follows does
  else out.handOver('tls', 'starttls');
}

function expect(kind: Pending['kind'], tag: string, state: Imap4State, out: Out): void {
  if (state.pending.length >= limits.pipelined) {
    state.pending = [];
    state.knowsTags = false;
    if (state.serverSeen) out.blind('limit', `more than ${limits.pipelined} commands without a reply`);
  }
  const same = state.pending.find((command) => command.tag === tag);
  if (same) same.doubtful = true;
  state.pending.push({ tag, kind, doubtful: same !== undefined });
}
