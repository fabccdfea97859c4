// hot: called for every request and response. Allocates one small record per call.
import { be16, be32, le16, le32 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { wrapLevel } from '../parts/gssapi.ts';
import { readMapperFragment } from './endpoint-mapper.ts';
import { carriesContent, ENDPOINT_MAPPER } from './interfaces.ts';
import { FIRST_FRAGMENT, HEADER, LAST_FRAGMENT, OBJECT_UUID, type Pdu, Ptype } from './pdu.ts';
import { INTEGRITY, protectionOf } from './sealing.ts';
import { decide, stateUnseenContext } from './security.ts';
import { type Call, type Interface, type RpcState, remember } from './state.ts';

/** Requests, responses and faults ([C706] §12.6.4.9, §12.6.4.10, §12.6.4.7): every fragment is judged by its own verifier. */

const STUB = 24;
const OBJECT = 16;

/**
 * Fault status of a server that did not let the client in: nca_s_fault_access_denied (RPC_S_ACCESS_DENIED),
 * RPC_S_SEC_PKG_ERROR, STATUS_ACCESS_DENIED, nca_s_fault_sec_pkg_error, nca_invalid_checksum ([MS-RPCE] §3.3.3.4, [C706] Appendix E)
 */
const NOT_LET_IN: readonly number[] = [0x5, 0x721, 0xc0000022, 0x1c00001f, 0x1c010009];

export function readRequest(reader: Reader, pdu: Pdu, state: RpcState, out: Out): void {
  const { bytes, start } = reader;
  const { littleEndian, verifier } = pdu;
  const called = interfaceAt(bytes, start, littleEndian, state);
  const operation = littleEndian ? le16(bytes, start + 22) : be16(bytes, start + 22);
  let call = state.calls.get(pdu.callId);
  // what a call is, its first fragment says
  if (call === undefined || call.sent || (pdu.flags & FIRST_FRAGMENT) !== 0) {
    call = { operation, interface: called, securityId: verifier?.contextId ?? weakSecurity(state), sent: false };
    remember(state.calls, pdu.callId, call, limits.rpcCalls);
  }
  call.sent = (pdu.flags & LAST_FRAGMENT) !== 0;
  const stub = start + STUB + ((pdu.flags & OBJECT_UUID) !== 0 ? OBJECT : 0);
  const content = carriesContent(
    known(called, state),
    called === call.interface ? call.operation : null,
    state.partial,
  );
  readContent(bytes, stub, pdu, called, content, state, out);
}

export function readResponse(reader: Reader, pdu: Pdu, state: RpcState, out: Out): void {
  const { bytes, start } = reader;
  const { verifier, littleEndian } = pdu;
  const answering = interfaceAt(bytes, start, littleEndian, state);
  const call = state.calls.get(pdu.callId);
  // that the client was let in comes before what it was told
  if (verifier) letIn(pdu, call, state, out);
  else weaklyLetIn(call, state, out);
  noteAnswer(pdu, call, state);
  exposeDue(state, out);
  const same = call !== undefined && call.interface === answering;
  const content = carriesContent(known(answering, state), same ? call.operation : null, state.partial);
  if (content === 'yes' && isForNobody(call, verifier !== null, state)) stateNobody(state, out);
  const protection = readContent(bytes, start + STUB, pdu, answering, content, state, out);
  if (known(answering, state) === ENDPOINT_MAPPER && protection !== 'privacy' && protection !== 'untold') {
    readMapperFragment(bytes, start + STUB, pdu, call, state, out);
  }
  if ((pdu.flags & LAST_FRAGMENT) !== 0) state.calls.delete(pdu.callId);
}

/** A fault carries a status and no content. */
export function readFault(reader: Reader, pdu: Pdu, state: RpcState, out: Out): void {
  const { bytes, start } = reader;
  const status = pdu.littleEndian ? le32(bytes, start + STUB) : be32(bytes, start + STUB);
  const call = state.calls.get(pdu.callId);
  state.calls.delete(pdu.callId);
  if (pdu.verifier) letIn(pdu, call, state, out);
  else if (call && call.securityId !== null && NOT_LET_IN.includes(status)) {
    const context = state.security.get(call.securityId);
    if (context?.proven && context.stated === null) decide(context, 'refused', out);
  }
  noteAnswer(pdu, call, state);
  exposeDue(state, out);
}

/** What is answered in clear was asked in clear, and where the question was lost nothing else may tell of it. */
function noteAnswer({ verifier }: Pdu, call: Call | undefined, { hole }: RpcState): void {
  if (verifier === null && call === undefined && hole.in.client) hole.answered = true;
}

/** Content that went before the client's authentication was answered is stated after that is. */
export function exposeDue(state: RpcState, out: Out): void {
  if (!state.exposureDue) return;
  state.exposureDue = false;
  expose(state, out);
}

/** States how the fragment went, if it carries content. */
function readContent(
  bytes: Uint8Array,
  stub: number,
  pdu: Pdu,
  called: Interface,
  content: 'yes' | 'no' | 'untold',
  state: RpcState,
  out: Out,
): ReturnType<typeof protectionOf> {
  const { verifier, bodyEnd } = pdu;
  // what is not known to be the endpoint mapper is none: its flows are not judged
  if (state.readBy === 'epm' && known(called, state) !== ENDPOINT_MAPPER) out.become('dcerpc', state);
  stateCall(called, verifier?.authType ?? 0, verifier?.authLevel ?? 0, out);
  const protection = verifier ? protectionOf(verifier, state, bytes, stub, bodyEnd) : 'none';
  if (content === 'no' || bodyEnd <= stub) return protection;
  switch (protection) {
    case 'none':
      // who shows who he is does not only ask for the way
      if (content === 'untold' && verifier === null) {
        blindOnce(
          'clear',
          'dcerpc: a call in clear whose bind or question was not seen may carry no content',
          state,
          out,
        );
      } else if (isUndecided(state)) state.exposureDue = true;
      else expose(state, out);
      break;
    case 'integrity':
    case 'privacy':
      if (protection === 'privacy' && state.security.get(verifier!.contextId)?.proven) {
        state.hole.sealed[pdu.type === Ptype.request ? 'client' : 'server'] = true;
      }
      if (state.stated[protection]) break;
      state.stated[protection] = true;
      out.fact({ kind: 'secured', mechanism: 'dcerpc', level: protection });
      break;
    case 'untold':
      blindOnce('verifier', 'dcerpc: a call whose verifier does not show whether it is sealed', state, out);
      break;
    default:
      protection satisfies never;
  }
  return protection;
}

/** Such a call keeps what else was protected from being all there was, as a message that cannot be read does. */
function blindOnce(about: 'clear' | 'verifier', detail: string, state: RpcState, out: Out): void {
  if (!state.untold[about]) out.blind('malformed', detail);
  state.untold[about] = true;
}

function expose(state: RpcState, out: Out): void {
  if (state.stated.exposed) return;
  state.stated.exposed = true;
  out.fact({ kind: 'exposed', content: 'rpc' });
}

function stateCall(called: Interface, authType: number, authLevel: number, out: Out): void {
  const kind = (authType << 8) | authLevel;
  if (called.seen.has(kind)) return;
  called.seen.add(kind);
  out.fact({ kind: 'described', what: 'rpc-call', uuid: called.uuid, authType, authLevel });
}

function interfaceAt(bytes: Uint8Array, start: number, littleEndian: boolean, state: RpcState): Interface {
  const id = littleEndian ? le16(bytes, start + HEADER + 4) : be16(bytes, start + HEADER + 4);
  const found = state.interfaces.get(id) ?? state.proposed.get(id);
  if (found === undefined && !state.bindSeen) state.partial = true;
  return found ?? state.unknownInterface;
}

/** The interface where a bind was seen: what was only announced excuses nothing. */
const known = (called: Interface, state: RpcState): string | null =>
  called === state.unknownInterface ? null : called.uuid;

/** A client has proven who it is, and nothing shows yet what the server makes of it. */
function isUndecided(state: RpcState): boolean {
  for (const { proven, stated } of state.security.values()) if (proven && stated === null) return true;
  return false;
}

/** A protected answer: the server has the session's key. */
function letIn(pdu: Pdu, call: Call | undefined, state: RpcState, out: Out): void {
  const verifier = pdu.verifier!;
  if (verifier.token.length < 16) return;
  const context = state.security.get(verifier.contextId);
  if (context === undefined) {
    const token = wrapLevel(verifier.token) !== null || (verifier.token[0] === 4 && verifier.token[1] === 4);
    if (state.partial) stateUnseenContext(verifier, state, token, out);
  } else if (context.proven && context.authType === verifier.authType) {
    if (call === undefined || call.securityId === verifier.contextId) decide(context, 'accepted', out);
  }
}

/**
 * An answer without verifier to a call without one, on a connection where somebody was let in and all logins asked for more:
 * it was made under none of them ([MS-RPCE] §3.3.1.5.2.2).
 */
function isForNobody(call: Call | undefined, verified: boolean, { security, partial }: RpcState): boolean {
  if (verified || partial || call === undefined || call.securityId !== null) return false;
  let anybody = false;
  for (const { authLevel, stated } of security.values()) {
    if (authLevel < INTEGRITY) return false;
    anybody ||= stated === 'accepted';
  }
  return anybody;
}

/** What goes by after this counts once more. */
function stateNobody(state: RpcState, out: Out): void {
  if (state.stated.nobody) return;
  state.stated.nobody = true;
  state.stated.exposed = false;
  out.fact({ kind: 'authenticated', mechanism: 'anonymous', outcome: 'accepted', protected: true });
}

/** An answer without verifier, to a call that only one user can have made: at these levels nothing else follows the login. */
function weaklyLetIn(call: Call | undefined, state: RpcState, out: Out): void {
  if (call === undefined || call.securityId === null) return;
  const context = state.security.get(call.securityId);
  if (context?.proven && context.authLevel < INTEGRITY && !state.boundByNobody) decide(context, 'accepted', out);
}

/** The security context that a call without verifier goes by: the only one, if it asked for no more than a login ([MS-RPCE] §3.3.1.5.2.2). */
function weakSecurity(state: RpcState): number | null {
  if (state.security.size !== 1 || state.boundByNobody) return null;
  const [id, context] = [...state.security][0]!;
  return context.proven && context.authLevel < INTEGRITY ? id : null;
}
