import type { BodyMatch } from '../parts/dot-end.ts';
import { type Lines, startLines } from '../parts/lines.ts';
import { type Login, startLogin } from '../parts/login.ts';

/** What a command is to its reply. */
export type Pending =
  /** `content`: what is in a mailbox (RETR, TOP, LIST, UIDL, STAT); `list`: AUTH without a mechanism (RFC 1734) */
  { kind: 'capabilities' | 'list' | 'auth' | 'pass' | 'upgrade' | 'other' } | { kind: 'content'; multiLine: boolean };

/** What the server's next bytes are: `status` a reply's first line, `lines` those of a list of capabilities or mechanisms, `body` what is passed over up to its `.`. */
export type ServerMode = 'status' | 'lines' | 'body';

/** A name, with PASS or APOP to follow it. */
export interface UserLogin {
  mechanism: 'user-pass' | 'apop';
  principal: string | null;
}

export interface Pop3State {
  /** `held`: whose the client's bytes are tells the answer to STLS */
  mode: 'command' | 'sasl' | 'held';
  serverMode: ServerMode;
  client: Lines;
  server: Lines;
  /** commands without a reply, oldest first */
  pending: Pending[];
  /** replies can be told to their commands: nothing was lost since the beginning, or since a reply that only one command gets */
  inStep: boolean;
  greeted: boolean;
  serverSeen: boolean;
  /** bytes of the server were lost, and it has not answered a command since */
  serverLost: boolean;
  /** somebody has logged in: what the server offers from then on is no offer to upgrade */
  loggedIn: boolean;
  login: Login;
  /** the name of the last USER */
  user: string | null;
  /** PASS or APOP without a reply */
  open: UserLogin | null;
  /** of `lines`: what they are, and whether STLS, or a line overwritten that may have been it, was among them */
  list: 'capabilities' | 'mechanisms';
  offersUpgrade: boolean;
  mechanisms: string[];
  /** STLS was accepted and handed over */
  accepted: boolean;
  body: BodyMatch;
  /** the server ends its lines with LF alone, so a body's end is one without CR too */
  bareLf: boolean;
}

export function startPop3(fromTheStart: boolean): Pop3State {
  return {
    mode: 'command',
    serverMode: 'status',
    client: startLines(),
    server: startLines(),
    pending: [],
    inStep: fromTheStart,
    greeted: !fromTheStart,
    serverSeen: false,
    serverLost: false,
    loggedIn: false,
    login: startLogin(),
    user: null,
    open: null,
    list: 'capabilities',
    offersUpgrade: false,
    mechanisms: [],
    accepted: false,
    body: 0,
    bareLf: false,
  };
}

/** Whether the server's answer can still be waited for. */
export const serverHeard = (state: Pop3State): boolean => state.serverSeen && !state.serverLost;

/** After lost bytes of either side it cannot be told which reply answers which command, but that a login or upgrade under way has none. */
export function loseStep(state: Pop3State): void {
  const kind =
    state.mode === 'sasl' ? 'auth' : state.mode === 'held' ? 'upgrade' : state.open?.mechanism ? 'pass' : null;
  state.pending = state.pending.filter((command) => command.kind === kind);
  state.inStep = false;
}
