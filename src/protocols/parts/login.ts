import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { decodeBase64, type Sasl, saslChallenge, saslFact, saslResponse, startSasl } from './sasl.ts';

/**
 * A SASL exchange as text protocols carry it, in lines of Base64 (RFC 4954 §4, RFC 5034 §4, RFC 3501 §6.2.2). Nothing of it
 * is kept but who and how.
 */
export interface Login {
  /** the exchange under way */
  sasl: Sasl | null;
  /** the server has sent a challenge and waits for a response */
  asked: boolean;
  cancelled: boolean;
  /** the last exchange that shows its password, where it was refused: its response may still come */
  refused: Sasl | null;
}

export const startLogin = (): Login => ({ sasl: null, asked: false, cancelled: false, refused: null });

/** The client has asked to log in by the mechanism `name`. */
export function openLogin(login: Login, name: string): Sasl {
  login.sasl = startSasl(name);
  login.asked = false;
  login.cancelled = false;
  login.refused = null;
  return login.sasl;
}

/** A response, initial or not, decoded; null where it could not be. */
export function respond(login: Login, bytes: Uint8Array | null, out: Out): void {
  const { sasl } = login;
  if (sasl === null) return;
  if (bytes === null) out.blind('malformed', 'a response of a SASL exchange that is no Base64');
  saslResponse(sasl, bytes);
  if (sasl.secretShown) out.fact({ kind: 'exposed', content: 'credentials' });
  if (sasl.ticket) out.fact({ kind: 'described', what: 'ticket-shown', ...sasl.ticket });
  nameComputer('client', sasl, out);
}

/** One line of the client; false where it shows that the exchange is over: none was asked for, and it is no Base64, or a command. */
export function readResponse(login: Login, line: string, isCommand: boolean, out: Out): boolean {
  if (line === '*') {
    login.cancelled = true;
    login.asked = false;
    return true;
  }
  const bytes = decodeBase64(line);
  if (!login.asked && (bytes === null || isCommand)) return false;
  login.asked = false;
  respond(login, bytes, out);
  return true;
}

/** The server's next challenge, decoded; null where it could not be. */
export function challenge(login: Login, bytes: Uint8Array | null, out: Out): void {
  if (login.sasl === null) return;
  login.asked = true;
  saslChallenge(login.sasl, bytes);
  nameComputer('server', login.sasl, out);
}

/** States what the exchange came to, if one is open, and leaves it. */
export function closeLogin(login: Login, outcome: Authenticated['outcome'], out: Out): void {
  const { sasl } = login;
  login.sasl = null;
  if (sasl === null) return;
  const cancelled = login.cancelled && outcome === 'refused';
  if (outcome === 'refused' && !sasl.protected && !cancelled) login.refused = sasl;
  // the password has gone by, though perhaps in bytes that were not captured
  if (outcome === 'accepted' && !sasl.protected) out.fact({ kind: 'exposed', content: 'credentials' });
  out.fact(saslFact(sasl, cancelled ? 'unfinished' : outcome));
}

/** A response to a challenge that never came: the server has refused the login, and the client told its password all the same. */
export function readStrayResponse(login: Login, line: string, out: Out): void {
  if (login.refused === null) return;
  const bytes = decodeBase64(line);
  if (bytes === null || bytes.length === 0) return;
  saslResponse(login.refused, bytes);
  if (login.refused.secretShown) out.fact({ kind: 'exposed', content: 'credentials' });
}

/** The name that an NTLM message gives its sender's computer. */
function nameComputer(of: 'client' | 'server', sasl: Sasl, out: Out): void {
  const name = sasl.computers[of];
  if (name) out.fact({ kind: 'described', what: 'peer-name', of, name });
}
