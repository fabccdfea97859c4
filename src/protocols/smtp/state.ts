import type { UpgradeVerb } from '../fact.ts';
import type { BodyMatch } from '../parts/dot-end.ts';
import { type Lines, startLines } from '../parts/lines.ts';
import { type Login, startLogin } from '../parts/login.ts';

/** What a command is to its reply. */
export type Pending =
  /** `turn`: TURN and ATRN, after which client and server change places */
  | { kind: 'auth' | 'data' | 'body' | 'turn' | 'other' }
  /** `extended`: EHLO, which asks what the server can do; HELO does not */
  | { kind: 'hello'; extended: boolean }
  | { kind: 'blob'; size: number }
  | { kind: 'upgrade'; verb: UpgradeVerb };

/** A server's reply while its lines come in (RFC 5321 §4.2.1). */
export interface Reply {
  code: number;
  /** the command it answers; null where that was not seen, or where it answers none */
  answers: Pending | null;
  greeting: boolean;
  /** the greeting that opens the session */
  first: boolean;
  lines: number;
  /** whether an upgrade was offered in it, or a line overwritten that may have offered one */
  offersUpgrade: boolean;
}

/**
 * What the client's next bytes are: `command` a line; `sasl` a line of an AUTH exchange; `held` unknown until the server
 * has answered `awaits`; `body` after 354; `draining` a body whose end the server has confirmed and we have not seen; `blob` so many bytes.
 */
export type ClientMode = 'command' | 'sasl' | 'held' | 'body' | 'draining' | 'blob';

export interface SmtpState {
  mode: ClientMode;
  /** what `held` waits for */
  awaits: Pending | null;
  client: Lines;
  server: Lines;
  /** commands without a reply, oldest first */
  pending: Pending[];
  reply: Reply | null;
  /** whether `pending` is complete: nothing was lost or overflowed since it was last empty */
  inStep: boolean;
  greeted: boolean;
  serverSeen: boolean;
  /** bytes of the server were lost, and it has not answered a command since */
  serverLost: boolean;
  login: Login;
  /** the upgrade that was accepted and handed over */
  accepted: UpgradeVerb | null;
  body: BodyMatch;
  /** that a message's body went by unprotected has been said */
  bodyStated: boolean;
  /** the client ends its lines with LF alone, so its body's end is one without CR too */
  bareLf: boolean;
  /** bytes that `blob` still has */
  blobLeft: number;
}

export function startSmtp(fromTheStart: boolean): SmtpState {
  return {
    mode: 'command',
    awaits: null,
    client: startLines(),
    server: startLines(),
    pending: [],
    reply: null,
    inStep: fromTheStart,
    greeted: !fromTheStart,
    serverSeen: false,
    serverLost: false,
    login: startLogin(),
    accepted: null,
    body: 0,
    bodyStated: false,
    bareLf: false,
    blobLeft: 0,
  };
}

/** Whether the server's answer can still be waited for. */
export const serverHeard = (state: SmtpState): boolean => state.serverSeen && !state.serverLost;

/** The body of a message begins: after 354, or after DATA where the server is not seen. */
export function beginBody(state: SmtpState): void {
  state.mode = 'body';
  state.awaits = null;
  state.pending = [{ kind: 'body' }];
  // the line before it has ended, so `.` alone is already the end
  state.body = 2;
}

export function beginBlob(state: SmtpState, size: number): void {
  state.mode = size > 0 ? 'blob' : 'command';
  state.awaits = null;
  state.blobLeft = size;
}

/** After lost bytes of either side only the command that the client's mode speaks of is sure to be unanswered. */
export function loseStep(state: SmtpState): void {
  const { mode, awaits } = state;
  const kind =
    mode === 'sasl' ? 'auth' : mode === 'body' || mode === 'draining' ? 'body' : mode === 'held' ? awaits?.kind : null;
  state.pending = state.pending.filter((command) => command.kind === kind);
  state.inStep = false;
  state.reply = null;
}
