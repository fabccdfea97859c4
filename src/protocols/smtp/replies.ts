import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { challenge, openLogin } from '../parts/login.ts';
import { isNtlm } from '../parts/ntlmssp.ts';
import { decodeBase64 } from '../parts/sasl.ts';
import { endAuth } from './commands.ts';
import { beginBlob, beginBody, type Pending, type Reply, type SmtpState } from './state.ts';

/** command unrecognised, not implemented (RFC 5321 §4.2.4) */
const UNKNOWN_COMMAND: readonly number[] = [500, 502];

/** One line of a reply, without its end (RFC 5321 §4.2). A line that is none is passed over. */
export function readReplyLine(line: string, state: SmtpState, out: Out): void {
  const parts = /^([2-5]\d\d)([ -]|$)/.exec(line);
  if (!parts) return;
  const code = Number(parts[1]);
  const text = line.slice(4);
  state.reply ??= beginReply(code, state);
  const { reply } = state;
  reply.lines++;
  // all lines of a reply should have one code; where they differ, clients heed the last
  reply.code = code;
  if (reply.greeting && reply.lines === 1) readBanner(code, text, out);
  if (code === 250) readCapability(text, reply, state, out);
  if (parts[2] === '-') return;
  state.reply = null;
  endReply(reply, text, state, out);
}

function beginReply(code: number, state: SmtpState): Reply {
  const answers = answered(code, state);
  const first = !state.greeted && (code === 220 || code >= 400);
  // midstream, a 220 that answers no upgrade is a greeting too
  const greeting = first || (code === 220 && answers === null);
  state.greeted = true;
  return { code, answers: greeting ? null : answers, greeting, first, lines: 0, offersUpgrade: false };
}

/** The command that a reply answers: the oldest without one, but some codes belong to one command alone. */
function answered(code: number, state: SmtpState): Pending | null {
  const { pending } = state;
  const belongs = (kind: Pending['kind']): boolean => {
    switch (code) {
      case 220:
        return kind === 'upgrade';
      case 235:
      case 334:
        return kind === 'auth';
      case 354:
        return kind === 'data' || kind === 'blob';
      default:
        return true;
    }
  };
  return pending.find((command) => belongs(command.kind)) ?? null;
}

function endReply(reply: Reply, text: string, state: SmtpState, out: Out): void {
  const { code, answers } = reply;
  if (code === 334) {
    const asked = decodeBase64(text);
    if (state.login.sasl === null && asked !== null) joinAuth(asked, state);
    challenge(state.login, asked, out);
    return;
  }
  if (answers === null) {
    if (code === 354 && !reply.greeting) beginBody(state);
    // a second greeting, or a login by a command that is not known (XCLIENT), answers what was asked last
    else if (!reply.first && (code === 220 || code === 235) && state.mode === 'command') state.pending = [];
    return;
  }
  if (answers.kind === 'upgrade' && code !== 220 && code < 400 && !state.inStep) return;
  // only 235 is a login (RFC 4954 §6): this reply belongs to a command that was not seen
  if (answers.kind === 'auth' && code !== 235 && code < 400) return;
  state.pending.splice(0, state.pending.indexOf(answers) + 1);
  switch (answers.kind) {
    case 'upgrade':
      answerUpgrade(answers, code, state, out);
      return;
    case 'auth':
      endAuth(code === 235 ? 'accepted' : 'refused', state, out);
      return;
    case 'data':
      if (code === 354) beginBody(state);
      else release(state);
      return;
    case 'blob':
      if (code === 354) beginBlob(state, answers.size);
      else release(state);
      return;
    case 'body':
      // an early refusal does not end the body; a confirmation does, though its end was not seen
      if (state.mode === 'body' && code < 400) state.mode = 'draining';
      return;
    case 'hello':
      // only a list that was seen whole, in answer to EHLO, says what was not in it; who knows no EHLO has none
      if (
        answers.extended &&
        !reply.offersUpgrade &&
        (code === 250 || (UNKNOWN_COMMAND.includes(code) && state.inStep))
      ) {
        out.fact({ kind: 'described', what: 'nothing-to-upgrade' });
      }
      return;
    case 'turn':
      if (code < 400) out.blind('left-protocol', 'smtp: client and server changed places, and are read no further');
      return;
    case 'other':
      return;
    default:
      answers satisfies never;
  }
}

/** An exchange whose AUTH was not seen, where the challenge alone tells the mechanism: LOGIN's prompts, or NTLM's. */
function joinAuth(asked: Uint8Array, state: SmtpState): void {
  const prompt = /^(user ?name|password)\b/i.exec(latin1(asked, 0, Math.min(asked.length, 16)));
  if (!prompt && !isNtlm(asked)) return;
  openLogin(state.login, prompt ? 'LOGIN' : 'NTLM').lost = prompt?.[1]?.toLowerCase() === 'password';
  state.mode = 'sasl';
  state.pending = [{ kind: 'auth' }];
}

function answerUpgrade(answers: Pending & { kind: 'upgrade' }, code: number, state: SmtpState, out: Out): void {
  const { verb } = answers;
  release(state);
  if (code >= 300) {
    out.fact({ kind: 'refused', what: 'upgrade', verb, code: String(code) });
    return;
  }
  out.fact({ kind: 'described', what: 'upgrade-accepted', verb, code: String(code) });
  state.accepted = verb;
  out.handOver('tls', verb === 'STARTTLS' ? 'starttls' : 'x-anonymoustls');
}

function release(state: SmtpState): void {
  if (state.mode === 'held') state.mode = 'command';
  state.awaits = null;
}

/** A line of the answer to EHLO after its first, which greets (RFC 5321 §4.1.1.1). */
function readCapability(text: string, reply: Reply, state: SmtpState, out: Out): void {
  const toHello = reply.answers?.kind === 'hello' ? reply.lines > 1 : reply.answers === null || !state.inStep;
  if (!toHello) return;
  const word = text.trim().toUpperCase();
  if (word === 'STARTTLS' || word === 'X-ANONYMOUSTLS') {
    reply.offersUpgrade = true;
    out.fact({ kind: 'offered', what: 'upgrade', verb: word });
  } else if (/^X{4,}[A-Z]?( X*)*$/.test(word)) {
    reply.offersUpgrade = true;
    out.fact({ kind: 'described', what: 'masked-capability', text: text.slice(0, limits.text) });
  } else {
    const list = /^(?:AUTH|X-EXPS)[ =](.*)$/.exec(word)?.[1];
    const mechanisms = list?.split(/[ =\t]+/).filter((name) => /^[A-Z0-9_-]{1,64}$/.test(name)) ?? [];
    if (mechanisms.length === 0) return;
    if (mechanisms.length > limits.mechanisms) {
      out.blind('limit', `more than ${limits.mechanisms} authentication mechanisms offered`);
    }
    out.fact({ kind: 'offered', what: 'authentication', mechanisms: mechanisms.slice(0, limits.mechanisms) });
  }
}

/** The greeting's first line: the server's name comes first (RFC 5321 §4.2), unless the administrator has put something else there. */
function readBanner(code: number, text: string, out: Out): void {
  const banner = code === 220 ? text : `${code} ${text}`;
  out.fact({ kind: 'described', what: 'banner', text: banner.slice(0, limits.text) });
  if (code !== 220) return;
  const [name = '', next = ''] = text.split(' ', 2);
  const isName = /^\[[0-9a-fA-F:.]+\]$/.test(name) || /^[\w-]+(\.[\w-]+)+\.?$/.test(name);
  if (isName || (/^[\w-]+$/.test(name) && /^(E?SMTP|Microsoft)$/i.test(next))) {
    out.fact({ kind: 'described', what: 'peer-name', of: 'server', name: name.slice(0, limits.text) });
  }
}
