import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated, UpgradeVerb } from '../fact.ts';
import { closeLogin, openLogin, readResponse, readStrayResponse, respond } from '../parts/login.ts';
import { decodeBase64 } from '../parts/sasl.ts';
import { beginBlob, beginBody, type Pending, type SmtpState, serverHeard } from './state.ts';

/** Verbs that end an AUTH exchange which the server seems not to have answered: Base64 of four letters is no likely response. */
const VERBS =
  /^(EHLO|HELO|LHLO|MAIL|RCPT|DATA|BDAT|RSET|NOOP|QUIT|HELP|VRFY|EXPN|TURN|ETRN|ATRN|STARTTLS|AUTH|XEXCH50|XRDST|XSHADOW|X-[A-Z]+)(?=[ \t:]|$)/i;

/** Whether a line begins with a command that is known, as opposed to a line of a body or of an AUTH exchange. */
export const isCommand = (line: string): boolean => VERBS.test(line);

/** One command line, without its end. Postfix and Sendmail pass over blanks before the verb. */
export function readCommand(text: string, state: SmtpState, out: Out): void {
  const line = text.trimStart();
  if (isCommand(line)) state.login.refused = null;
  const space = line.search(/[ \t]/);
  const verb = (space < 0 ? line : line.slice(0, space)).slice(0, limits.text).toUpperCase();
  const rest = space < 0 ? '' : line.slice(space + 1).trim();
  switch (verb) {
    case 'EHLO':
    case 'HELO':
    case 'LHLO':
      expect(state, out, { kind: 'hello', extended: verb !== 'HELO' });
      nameClient(rest, out);
      return;
    case 'STARTTLS':
    case 'X-ANONYMOUSTLS':
      askUpgrade(verb, state, out);
      return;
    case 'AUTH':
    case 'X-EXPS':
      beginAuth(rest, state, out);
      return;
    case 'MAIL':
    case 'RCPT':
    case 'SEND':
    case 'SOML':
    case 'SAML':
      expect(state, out, { kind: 'other' });
      if (/^(FROM|TO):/i.test(rest)) out.fact({ kind: 'exposed', content: 'message' });
      return;
    case 'DATA':
      expect(state, out, { kind: 'data' });
      if (serverHeard(state)) hold(state, { kind: 'data' });
      else beginBody(state);
      return;
    case 'BDAT':
      readBdat(rest, state, out);
      return;
    case 'XEXCH50': {
      const blob: Pending = { kind: 'blob', size: Number(/^\d{1,15}(?= |$)/.exec(rest)?.[0] ?? 0) };
      expect(state, out, blob);
      if (serverHeard(state)) hold(state, blob);
      else beginBlob(state, blob.size);
      return;
    }
    case 'TURN':
    case 'ATRN':
      expect(state, out, { kind: 'turn' });
      return;
    default:
      expect(state, out, { kind: 'other' });
      readStrayResponse(state.login, line, out);
  }
}

/** One line of an AUTH exchange (RFC 4954 §4), or the command that shows that it is over. */
export function readSaslLine(line: string, state: SmtpState, out: Out): void {
  if (readResponse(state.login, line, isCommand(line), out)) return;
  endAuth('unseen', state, out);
  readCommand(line, state, out);
}

/** States what an AUTH exchange came to, if one is open, and leaves it. */
export function endAuth(outcome: Authenticated['outcome'], state: SmtpState, out: Out): void {
  if (state.mode === 'sasl') state.mode = 'command';
  state.pending = state.pending.filter((command) => command.kind !== 'auth');
  closeLogin(state.login, outcome, out);
}

function expect(state: SmtpState, out: Out, command: Pending): void {
  if (state.pending.length === 0) {
    state.inStep = true;
    state.serverLost = false;
  } else if (state.pending.length >= limits.pipelined) {
    state.pending = [];
    state.inStep = false;
    if (state.serverSeen) out.blind('limit', `more than ${limits.pipelined} commands without a reply`);
  }
  state.pending.push(command);
}

function hold(state: SmtpState, awaits: Pending): void {
  state.mode = 'held';
  state.awaits = awaits;
}

function askUpgrade(verb: UpgradeVerb, state: SmtpState, out: Out): void {
  out.fact({ kind: 'described', what: 'upgrade-asked', verb });
  const upgrade: Pending = { kind: 'upgrade', verb };
  expect(state, out, upgrade);
  if (state.serverSeen) hold(state, upgrade);
  // nobody will tell whether the server agreed: what follows does
  else out.handOver('tls', verb === 'STARTTLS' ? 'starttls' : 'x-anonymoustls');
}

function beginAuth(rest: string, state: SmtpState, out: Out): void {
  const [mechanism, initial, ...more] = rest.split(/\s+/);
  if (!mechanism) {
    expect(state, out, { kind: 'other' });
    return;
  }
  endAuth('unseen', state, out);
  expect(state, out, { kind: 'auth' });
  const sasl = openLogin(state.login, mechanism);
  state.mode = 'sasl';
  if (initial === undefined) return;
  // `X-EXPS EXCHANGEAUTH SHA256 <blob>` names a hash before its response
  if (sasl.mechanism === 'exchangeauth')
    sasl.version = more.length > 0 && /^SHA\d{1,3}$/.test(initial) ? initial : null;
  else respond(state.login, decodeBase64(initial), out);
}

/** RFC 3030 §2: the chunk follows at once, whatever the server thinks of it. */
function readBdat(rest: string, state: SmtpState, out: Out): void {
  expect(state, out, { kind: 'other' });
  const size = /^(\d{1,15})(?:\s+LAST)?$/i.exec(rest)?.[1];
  if (size === undefined) return;
  if (Number(size) > 0) {
    out.fact({ kind: 'exposed', content: 'message' });
    out.skip(Number(size));
  }
}

function nameClient(rest: string, out: Out): void {
  const name = /^\S+/.exec(rest)?.[0];
  if (name) out.fact({ kind: 'described', what: 'peer-name', of: 'client', name: name.slice(0, limits.text) });
}
