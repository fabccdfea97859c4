import { Malformed } from '../../bytes/malformed.ts';
import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { startSasl } from '../parts/sasl.ts';
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
import { type Block, CONNECTION, textAt, word } from './smb1-block.ts';
import { STATUS_MORE_PROCESSING } from './smb2-header.ts';
import { type Exchange, type Pending, remember, type SmbState, startPending } from './state.ts';

/** SecurityMode ([MS-CIFS] §2.2.4.52.2) */
const HASHED_PASSWORDS = 2;
const SIGNING_REQUIRED = 8;
const EXTENDED_SECURITY = 0x80000000;
/** dialects of one NEGOTIATE that are kept; Windows offers eight at most */
const DIALECTS = 32;
/** bytes of an LM or NTLMv1 response; NTLMv2's is longer ([MS-NLMP] §2.2.2) */
const RESPONSE = 24;

export function askNegotiate(block: Block, state: SmbState): void {
  state.dialects = [];
  for (let at = block.data; at < block.dataEnd && state.dialects.length < DIALECTS; ) {
    const { text, next } = textAt(block, at + 1, false);
    state.dialects.push(text);
    at = next;
  }
}

export function answerNegotiate(block: Block, state: SmbState, out: Out): void {
  if (!block.ok || block.wordCount < 1) return;
  const index = word(block, 0);
  const modern = block.wordCount === 17;
  const dialect = state.dialects[index] ?? (modern ? 'NT LM 0.12' : null);
  if (index !== 0xffff && dialect !== null) property(out, 'smb-dialect', dialect);
  if (block.wordCount !== 17 && block.wordCount !== 13) return;
  const mode = block.bytes[block.words + 2]!;
  state.plaintext = (mode & HASHED_PASSWORDS) === 0;
  if (!modern) return;
  if ((mode & SIGNING_REQUIRED) !== 0) stateSigningRequired('server', out);
  // Capabilities lie at an odd place
  const extended = (block.bytes[block.words + 22]! & (EXTENDED_SECURITY >>> 24)) !== 0;
  if (extended) stateOffer(block.bytes.subarray(block.data + 16, block.dataEnd), out);
}

export function askSessionSetup(block: Block, state: SmbState, out: Out): void {
  const exchange = block.wordCount === 12 ? tokenLogin(block, state, out) : oldLogin(block, state, out);
  waitForAnswer(exchange, block.request, block.command, state, out);
}

/** Extended security: a token ([MS-SMB] §2.2.4.6.1). */
function tokenLogin(block: Block, state: SmbState, out: Out): Exchange {
  const length = word(block, 14);
  if (block.data + length > block.end)
    throw new Malformed('smb1 token', block.data - block.at, length, block.end - block.data);
  const exchange = nextStep(block.uid, state);
  clientToken(exchange, block.bytes.subarray(block.data, block.data + length), out);
  return exchange;
}

/** Passwords, or responses to the challenge of NEGOTIATE, in the request itself ([MS-CIFS] §2.2.4.53.1). */
function oldLogin(block: Block, state: SmbState, out: Out): Exchange {
  const two = block.wordCount === 13;
  const first = word(block, 14);
  const second = two ? word(block, 16) : 0;
  if (block.data + first + second > block.dataEnd) {
    throw new Malformed('smb1 passwords', block.data - block.at, first + second, block.dataEnd - block.data);
  }
  const account = textAt(block, block.data + first + second);
  const domain = textAt(block, account.next);
  const none = second === 0 && (first === 0 || (first === 1 && block.bytes[block.data] === 0));
  const hashed = state.plaintext !== true && (first === RESPONSE || second >= RESPONSE);
  const sasl = startSasl(none && account.text === '' ? 'ANONYMOUS' : hashed || none ? 'NTLM' : 'PLAIN');
  if (hashed) sasl.version = second > RESPONSE ? 'v2' : 'v1';
  if (account.text !== '')
    sasl.principal = (domain.text === '' ? account.text : `${domain.text}\\${account.text}`).slice(0, limits.text);
  if (!hashed && !none) out.fact({ kind: 'exposed', content: 'credentials' });
  return { sasl, waiting: false, proven: true };
}

export function answerSessionSetup(block: Block, pending: Pending | null, state: SmbState, out: Out): void {
  if (pending === null && state.complete) return;
  const exchange = answered(block.uid, pending, state, out);
  const goesOn = !block.ok && block.status === STATUS_MORE_PROCESSING;
  if (!goesOn && !block.ok) {
    refuse(exchange, out);
    if (!state.sessions.has(CONNECTION)) state.sessions.set(CONNECTION, { keyed: false, encrypts: false });
    return;
  }
  if (block.wordCount === 4) {
    serverToken(exchange, block.bytes.subarray(block.data, Math.min(block.dataEnd, block.data + word(block, 6))));
  }
  if (goesOn) {
    exchange.waiting = true;
    remember(state.exchanges, block.uid, exchange, out);
    return;
  }
  const guest = (word(block, 4) & 1) !== 0;
  const keyed = admit(exchange, CONNECTION, { guest, anonymous: false }, state, out);
  if (!state.sessions.has(CONNECTION)) state.sessions.set(CONNECTION, { keyed, encrypts: false });
}

/** What a server shared under a password of its own is asked for, the password in clear ([MS-CIFS] §2.2.4.50, §2.2.4.55). */
export function askTreeConnect(block: Block, state: SmbState, out: Out): void {
  const length = word(block, 6);
  const { text } = textAt(block, block.data + length);
  if (state.plaintext === true && length > 1) out.fact({ kind: 'exposed', content: 'credentials' });
  remember(state.pending, block.request, { ...startPending(block.command), share: text }, out);
}

export function answerTreeConnect(block: Block, pending: Pending | null, state: SmbState, out: Out): void {
  if (!block.ok) return;
  const service = latin1(block.bytes, block.data, Math.min(block.dataEnd, block.data + 5));
  const kind = service.startsWith('IPC') ? 'pipe' : service.startsWith('LPT') ? 'print' : 'disk';
  const share = pending?.share ?? '';
  remember(state.trees, block.tree, { share, kind }, out);
  if (share !== '') out.fact({ kind: 'described', what: 'resource', name: share });
}
