import { Malformed } from '../../bytes/malformed.ts';
import type { Reader } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { u16, u32, uuid } from './fields.ts';
import { ENDPOINT_MAPPER } from './interfaces.ts';
import { HEADER_SIGNING, type Pdu } from './pdu.ts';
import { decide, readClientToken, readServerToken } from './security.ts';
import { type Bind, type Interface, type RpcState, remember } from './state.ts';

/** Binds and alter contexts ([C706] §12.6.4.3, §12.6.4.1): which interfaces the client asks for, and which it gets. */

const ACCEPTANCE = 0;
/** a transfer syntax that is none: features to agree on ([MS-RPCE] §3.3.1.5.3) */
const BIND_TIME_FEATURES = '6cb71c2c-9812-4540-';
/** [MS-RPCE] §2.2.4.12 */
const NDR64 = '71710533-beba-4937-8319-b5dbef9ccc36';

export function readBind(reader: Reader, pdu: Pdu, state: RpcState, out: Out): void {
  const bind: Bind = {
    contexts: readContexts(reader, pdu),
    authType: pdu.verifier?.authType ?? 0,
    authLevel: pdu.verifier?.authLevel ?? 0,
    securityId: pdu.verifier?.contextId ?? null,
  };
  state.bindSeen = true;
  remember(state.binds, pdu.callId, bind, limits.rpcCalls);
  for (const context of bind.contexts) {
    if (context.features) continue;
    remember(state.proposed, context.id, context.interface, limits.rpcInterfaces);
    // a context in use is not given away: what is called by it now depends on an answer that may not be seen
    if (state.interfaces.get(context.id)?.uuid !== context.interface.uuid) state.interfaces.delete(context.id);
  }
  if (pdu.verifier) readClientToken(pdu.verifier, state, out);
}

/** p_cont_list_t: as many as say so, and never more than are there. */
function readContexts(reader: Reader, { littleEndian, bodyEnd }: Pdu): Bind['contexts'] {
  reader.skip(8);
  const count = reader.u8();
  reader.skip(3);
  const contexts: Bind['contexts'] = [];
  for (let i = 0; i < count; i++) {
    const id = u16(reader, littleEndian);
    const syntaxes = reader.u8();
    reader.skip(1);
    const name = uuid(reader, littleEndian);
    const version = u32(reader, littleEndian);
    let features = false;
    for (let n = 0; n < syntaxes; n++) {
      if (uuid(reader, littleEndian).startsWith(BIND_TIME_FEATURES)) features = true;
      reader.skip(4);
    }
    if (reader.at > bodyEnd) throw new Malformed('dcerpc bind', reader.at - reader.start, 0, bodyEnd - reader.at);
    contexts.push({
      id,
      interface: { uuid: name, version: `${version & 0xffff}.${version >>> 16}`, wide: false, seen: new Set() },
      features,
    });
  }
  return contexts;
}

export function readBindAnswer(reader: Reader, pdu: Pdu, state: RpcState, out: Out): void {
  if (pdu.verifier) readServerToken(pdu.verifier, state, out);
  const bind = state.binds.get(pdu.callId);
  if (bind === undefined) {
    state.partial = true;
    return;
  }
  state.binds.delete(pdu.callId);
  if ((pdu.flags & HEADER_SIGNING) !== 0)
    out.fact({ kind: 'described', what: 'property', name: 'rpc-header-signing', value: true });
  reader.skip(8);
  reader.skip(u16(reader, pdu.littleEndian));
  reader.skip((4 - ((reader.at - reader.start) & 3)) & 3);
  const count = reader.u8();
  reader.skip(3);
  const accepted: string[] = [];
  for (let i = 0; i < count; i++) {
    const result = u16(reader, pdu.littleEndian);
    reader.skip(2);
    const syntax = uuid(reader, pdu.littleEndian);
    reader.skip(4);
    const asked = bind.contexts[i];
    if (asked === undefined || asked.features) continue;
    if (result !== ACCEPTANCE) {
      state.proposed.delete(asked.id);
      continue;
    }
    accept(asked.id, asked.interface, syntax === NDR64, bind, state, out);
    accepted.push(asked.interface.uuid!);
  }
  becomeWhatIsBound(accepted, state, out);
}

function accept(id: number, accepted: Interface, wide: boolean, bind: Bind, state: RpcState, out: Out): void {
  const { authType, authLevel, securityId } = bind;
  accepted.wide = wide;
  if (state.interfaces.size >= limits.rpcInterfaces && !state.interfaces.has(id)) {
    out.blind('limit', 'dcerpc: more interfaces bound on one connection than are kept');
  }
  remember(state.interfaces, id, accepted, limits.rpcInterfaces);
  if (securityId === null) state.boundByNobody = true;
  const { uuid, version } = accepted;
  out.fact({ kind: 'described', what: 'rpc-interface', uuid: uuid!, version, authType, authLevel });
}

/** The endpoint mapper's flow is nothing else, until something else is called on it. */
function becomeWhatIsBound(accepted: readonly string[], state: RpcState, out: Out): void {
  if (accepted.length === 0) return;
  const onlyMapper = accepted.every((uuid) => uuid === ENDPOINT_MAPPER);
  if (state.readBy === 'epm' && !onlyMapper) out.become('dcerpc', state);
  else if (state.mayBeMapper && onlyMapper) out.become('epm', state);
  state.mayBeMapper = false;
}

/** The server turns the bind away ([C706] §12.6.4.5), and with it whoever tried to authenticate. */
export function readBindNak(pdu: Pdu, state: RpcState, out: Out): void {
  const bind = state.binds.get(pdu.callId);
  if (bind === undefined) return;
  state.binds.delete(pdu.callId);
  for (const context of bind.contexts) {
    if (state.proposed.get(context.id) === context.interface) state.proposed.delete(context.id);
  }
  const security = bind.securityId === null ? undefined : state.security.get(bind.securityId);
  if (security) decide(security, 'refused', out);
}
