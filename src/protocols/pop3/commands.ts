import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { closeLogin, openLogin, readResponse, readStrayResponse, respond } from '../parts/login.ts';
import { decodeBase64 } from '../parts/sasl.ts';
import { type Pending, type Pop3State, serverHeard, type UserLogin } from './state.ts';

/** Verbs that end an AUTH exchange which the server seems not to have answered. */
const VERBS =
  /^(CAPA|STLS|AUTH|USER|PASS|APOP|STAT|LIST|RETR|DELE|NOOP|RSET|QUIT|TOP|UIDL|LAST|XTND|UTF8|LANG)(?=[ \t]|$)/i;

export const isCommand = (line: string): boolean => VERBS.test(line);

/** One command line, without its end. */
export function readCommand(text: string, state: Pop3State, out: Out): void {
  const line = text.trimStart();
  if (isCommand(line)) state.login.refused = null;
  const [, verb = '', argument = ''] = /^(\S*)[ \t]?(.*)$/s.exec(line) ?? [];
  switch (verb.slice(0, limits.text).toUpperCase()) {
    case 'CAPA':
      expect(state, out, { kind: 'capabilities' });
      return;
    case 'STLS':
      askUpgrade(state, out);
      return;
    case 'USER':
      expect(state, out, { kind: 'other' });
      state.user = argument.trim().slice(0, limits.text) || null;
      return;
    case 'PASS':
      endUser('unseen', state, out);
      expect(state, out, { kind: 'pass' });
      if (argument !== '') out.fact({ kind: 'exposed', content: 'credentials' });
      state.open = { mechanism: 'user-pass', principal: state.user };
      return;
    case 'APOP':
      endUser('unseen', state, out);
      expect(state, out, { kind: 'pass' });
      state.open = { mechanism: 'apop', principal: argument.split(/\s+/, 1)[0]!.slice(0, limits.text) || null };
      return;
    case 'AUTH':
      beginAuth(argument.trim(), state, out);
      return;
    case 'RETR':
    case 'TOP':
    case 'XTND':
      expect(state, out, { kind: 'content', multiLine: true });
      return;
    case 'LIST':
    case 'UIDL':
      expect(state, out, { kind: 'content', multiLine: argument.trim() === '' });
      return;
    case 'STAT':
    case 'LAST':
      expect(state, out, { kind: 'content', multiLine: false });
      return;
    default:
      expect(state, out, { kind: 'other' });
      readStrayResponse(state.login, line, out);
  }
}

/** One line of an AUTH exchange (RFC 5034 §4), or the command that shows that it is over. */
export function readSaslLine(line: string, state: Pop3State, out: Out): void {
  if (readResponse(state.login, line, isCommand(line), out)) return;
  endAuth('unseen', state, out);
  readCommand(line, state, out);
}

/** States what an AUTH exchange came to, if one is open, and leaves it. */
export function endAuth(outcome: Authenticated['outcome'], state: Pop3State, out: Out): void {
  if (state.mode === 'sasl') state.mode = 'command';
  leave('auth', state);
  closeLogin(state.login, outcome, out);
}

/** States what PASS or APOP came to, if one is open. */
export function endUser(outcome: Authenticated['outcome'], state: Pop3State, out: Out): void {
  const { open } = state;
  state.open = null;
  leave('pass', state);
  if (open !== null) out.fact(userFact(open, outcome));
}

/** The answer to a login that is over without one is still to come. */
function leave(kind: 'auth' | 'pass', state: Pop3State): void {
  state.pending = state.pending.map((command) => (command.kind === kind ? { kind: 'other' } : command));
}

const userFact = ({ mechanism, principal }: UserLogin, outcome: Authenticated['outcome']): Authenticated => ({
  kind: 'authenticated',
  mechanism,
  outcome,
  ...(principal === null ? {} : { principal }),
  protected: mechanism === 'apop',
});

function beginAuth(argument: string, state: Pop3State, out: Out): void {
  const [mechanism, initial] = argument.split(/\s+/);
  if (!mechanism) {
    expect(state, out, { kind: 'list' });
    return;
  }
  endAuth('unseen', state, out);
  expect(state, out, { kind: 'auth' });
  openLogin(state.login, mechanism);
  state.mode = 'sasl';
  if (initial !== undefined) respond(state.login, decodeBase64(initial), out);
}

function askUpgrade(state: Pop3State, out: Out): void {
  out.fact({ kind: 'described', what: 'upgrade-asked', verb: 'STLS' });
  expect(state, out, { kind: 'upgrade' });
  if (serverHeard(state)) state.mode = 'held';
  // nobody will tell whether the server agreed: what follows does
  else out.handOver('tls', 'stls');
}

function expect(state: Pop3State, out: Out, command: Pending): void {
  if (state.pending.length >= limits.pipelined) {
    state.pending = [];
    state.inStep = false;
    if (state.serverSeen) out.blind('limit', `more than ${limits.pipelined} commands without a reply`);
  }
  state.pending.push(command);
}
