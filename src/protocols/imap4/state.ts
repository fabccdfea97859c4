import { type Lines, startLines } from '../parts/lines.ts';
import { type Login, startLogin } from '../parts/login.ts';

/** A command without its tagged response. */
export interface Pending {
  tag: string;
  /** `content`: what its success shows of a mailbox, or does to it; `auth`: AUTHENTICATE */
  kind: 'auth' | 'login' | 'upgrade' | 'content' | 'compress' | 'other';
  /** another command without a response has the same tag, so neither can be told its own */
  doubtful: boolean;
}

/** LOGIN, whose arguments may come in several parts (RFC 3501 §6.2.3). */
export interface UserLogin {
  principal: string | null;
  /** arguments that have begun */
  arguments: number;
}

/**
 * What the client's next bytes are: `command` a line; `rest` what follows a literal on its command's line; `literal` so
 * many bytes; `sasl` a line of AUTHENTICATE; `held` unknown until the server has answered; `lost` whatever follows lost
 * bytes of a literal, up to a command.
 */
export type ClientMode = 'command' | 'rest' | 'literal' | 'sasl' | 'held' | 'lost';

export interface Imap4State {
  mode: ClientMode;
  /** what `held` waits for: the answer to STARTTLS, or leave to send a literal */
  awaits: 'upgrade' | 'literal';
  client: Lines;
  server: Lines;
  pending: Pending[];
  /** bytes of `literal` that have yet to come */
  literalLeft: number;
  /** the command that the client's literal belongs to */
  command: { tag: string; name: string } | null;
  greeted: boolean;
  serverSeen: boolean;
  /** every command since the beginning was seen, so that a tag nobody has sent is one that was hidden */
  knowsTags: boolean;
  /** bytes of the server were lost, and it has not answered a command since */
  serverLost: boolean;
  /** somebody has logged in, or need not: what the server can do from then on is no offer to upgrade */
  loggedIn: boolean;
  login: Login;
  /** LOGIN without a response */
  open: UserLogin | null;
  /** the server is in the midst of a response that has literals in it */
  serverRest: boolean;
  /** STARTTLS was accepted and handed over */
  accepted: boolean;
}

export function startImap4(fromTheStart: boolean): Imap4State {
  return {
    mode: 'command',
    awaits: 'literal',
    client: startLines(),
    server: startLines(),
    pending: [],
    literalLeft: 0,
    command: null,
    greeted: !fromTheStart,
    serverSeen: false,
    knowsTags: fromTheStart,
    serverLost: false,
    loggedIn: false,
    login: startLogin(),
    open: null,
    serverRest: false,
    accepted: false,
  };
}

/** Whether the server's answer can still be waited for. */
export const serverHeard = (state: Imap4State): boolean => state.serverSeen && !state.serverLost;

/** The literal whose size the last line ended with begins. */
export function beginLiteral(state: Imap4State): void {
  state.mode = state.literalLeft > 0 ? 'literal' : 'rest';
}

/** The octets of the literal that a line ends with announcing, and whether leave to send them is waited for; null where it announces none (RFC 3501 §4.3, RFC 7888, RFC 3516). */
export function literalAt(line: string): { size: number; waits: boolean } | null {
  const [, size, plus] = /~?\{(\d{1,15})([+-]?)\}$/.exec(line) ?? [];
  return size === undefined ? null : { size: Number(size), waits: plus === '' };
}
