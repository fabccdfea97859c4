import type { Out } from '../analyzer.ts';
import { property } from './content.ts';
import {
  admit,
  answered,
  clientToken,
  nextStep,
  refuse,
  serverToken,
  stateOffer,
  stateSigningRequired,
  waitForAnswer,
} from './login.ts';
import { type Part, STATUS_MORE_PROCESSING, slice, succeeded, u16, u32 } from './smb2-header.ts';
import { type Pending, remember, type SmbState } from './state.ts';

const SIGNING_REQUIRED = 2;
/** the server answers an SMB 1 NEGOTIATE and wants another ([MS-SMB2] §2.2.4) */
const ANY_DIALECT = 0x02ff;
const DIALECT_3_0 = 0x0300;

const GUEST = 1;
const ANONYMOUS = 2;
const ENCRYPT = 4;

/** NegotiateContextType ([MS-SMB2] §2.2.3.1): encryption, compression, signing */
const CIPHERS = 2;
const COMPRESSION = 3;
/** contexts of one NEGOTIATE that are read; eight types are defined */
const CONTEXTS = 16;

const NO_SESSION = '\0'.repeat(8);

export function askNegotiate(part: Part, out: Out): void {
  if ((u16(part, 68) & SIGNING_REQUIRED) !== 0) stateSigningRequired('client', out);
}

export function answerNegotiate(part: Part, state: SmbState, out: Out): void {
  if (!succeeded(part.status)) return;
  if ((u16(part, 66) & SIGNING_REQUIRED) !== 0) stateSigningRequired('server', out);
  const dialect = u16(part, 68);
  if (dialect !== ANY_DIALECT) {
    state.canEncrypt = dialect >= DIALECT_3_0;
    property(out, 'smb-dialect', dialect);
  }
  stateOffer(slice(part, u16(part, 120), u16(part, 122)), out);
  if (dialect === 0x0311) stateContexts(part, out);
}

/** What the server chose ([MS-SMB2] §2.2.4.1): numbers as on the wire; 0 is none. */
function stateContexts(part: Part, out: Out): void {
  let at = u32(part, 124);
  for (let left = Math.min(u16(part, 70), CONTEXTS); left > 0; left--) {
    const type = u16(part, at);
    const length = u16(part, at + 2);
    if (type === CIPHERS && length >= 4) property(out, 'smb-cipher', u16(part, at + 10));
    if (type === COMPRESSION && length >= 10) property(out, 'smb-compression', u16(part, at + 16));
    at += 8 + length + ((8 - (length % 8)) % 8);
  }
}

/** A login's next step. On a session that is there already it is a new login ([MS-SMB2] §3.3.5.5.3). */
export function askSessionSetup(part: Part, state: SmbState, out: Out): void {
  if ((part.bytes[part.at + 67]! & SIGNING_REQUIRED) !== 0) stateSigningRequired('client', out);
  const token = slice(part, u16(part, 76), u16(part, 78));
  const exchange = nextStep(part.session === NO_SESSION ? null : part.session, state);
  clientToken(exchange, token, out);
  waitForAnswer(exchange, part.messageId, part.command, state, out);
}

export function answerSessionSetup(part: Part, pending: Pending | null, state: SmbState, out: Out): void {
  // an answer without a question proves nothing where everything was seen
  if (pending === null && state.complete) return;
  const exchange = answered(part.session, pending, state, out);
  const goesOn = part.status === STATUS_MORE_PROCESSING;
  if (!goesOn && !succeeded(part.status)) {
    refuse(exchange, out);
    if (!state.sessions.has(part.session))
      remember(state.sessions, part.session, { keyed: false, encrypts: false }, out);
    return;
  }
  serverToken(exchange, slice(part, u16(part, 68), u16(part, 70)));
  if (goesOn) {
    exchange.waiting = true;
    remember(state.exchanges, part.session, exchange, out);
    return;
  }
  const flags = u16(part, 66);
  if (flags !== 0) property(out, 'smb-session-flags', flags);
  if ((flags & ENCRYPT) !== 0) property(out, 'smb-session-encryption', true);
  const keyed = admit(
    exchange,
    part.session,
    { guest: (flags & GUEST) !== 0, anonymous: (flags & ANONYMOUS) !== 0 },
    state,
    out,
  );
  const encrypts = (flags & ENCRYPT) !== 0;
  if (!state.sessions.has(part.session)) remember(state.sessions, part.session, { keyed, encrypts }, out);
}
