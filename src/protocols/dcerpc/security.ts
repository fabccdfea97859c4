import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { type GssToken, readToken } from '../parts/gssapi.ts';
import { NTLM_SEAL } from '../parts/ntlmssp.ts';
import { saslChallenge, saslFact, saslResponse, startSasl } from '../parts/sasl.ts';
import { netlogonLevel, netlogonNames } from './netlogon-token.ts';
import type { Verifier } from './pdu.ts';
import { AuthType } from './sealing.ts';
import type { RpcState, SecurityContext } from './state.ts';

/**
 * Security contexts of a connection ([MS-RPCE] §3.3.1.5.2): tokens go in bind, alter context and AUTH3, and in their
 * answers. AUTH3 has none: that the client was let in shows in what comes after.
 */

/** The client's next token. */
export function readClientToken(verifier: Verifier, state: RpcState, out: Out): void {
  const { contextId, token } = verifier;
  const gss = readToken(token);
  let context = state.security.get(contextId);
  if (context === undefined || (context.stated !== null && begins(gss, verifier))) {
    if (context === undefined && state.security.size >= limits.rpcSecurityContexts) {
      out.blind('limit', 'dcerpc: more security contexts on one connection than are read');
      return;
    }
    context = startContext(verifier, state.partial && !begins(gss, verifier));
    state.security.set(contextId, context);
  }
  if (verifier.authType === AuthType.netlogon) readNetlogon(context, token);
  else saslResponse(context.exchange, token);
  const ticket = gss.kerberos?.ticket;
  if (ticket) out.fact({ kind: 'described', what: 'ticket-shown', ...ticket });
  if (gss.ntlm?.type === 3 && gss.ntlm.flags !== 0) context.seals = (gss.ntlm.flags & NTLM_SEAL) !== 0;
  if (gss.ntlm?.type === 3 || gss.kerberos?.kind === 'ap-req' || isOpaque(verifier)) context.proven = true;
  // the server has chosen NTLM after all
  else if (gss.ntlm?.type === 1) context.proven = false;
}

/** The server's answer to it. */
export function readServerToken(verifier: Verifier, state: RpcState, out: Out): void {
  const context = state.security.get(verifier.contextId);
  // what it answers was not seen
  if (context === undefined) state.partial = true;
  if (context === undefined || verifier.authType === AuthType.netlogon) return;
  const gss = readToken(verifier.token);
  saslChallenge(context.exchange, verifier.token);
  const turnedDown =
    gss.chosen !== undefined && gss.chosen !== 'negotiate' && gss.chosen !== context.exchange.mechanism;
  if (gss.ntlm?.type === 2 || turnedDown) context.proven = false;
  if (gss.state === 'rejected' || gss.kerberos?.kind === 'error') decide(context, 'refused', out);
  else if (gss.state === 'accepted' && context.proven) decide(context, 'accepted', out);
}

/** A response or a fault came back for something that was sent under this context. */
export function decide(context: SecurityContext, outcome: Authenticated['outcome'], out: Out): void {
  // who was turned away at one call may be let in at the next
  if (context.stated === 'accepted' || context.stated === outcome) return;
  context.stated = outcome;
  const { exchange, authType } = context;
  for (const side of ['client', 'server'] as const) {
    const name = exchange.computers[side];
    if (name !== null) out.fact({ kind: 'described', what: 'peer-name', of: side, name });
  }
  const fact = saslFact(exchange, outcome);
  // Windows puts NTLMSSP into SPNEGO unwrapped ([MS-SPNG] §3.2.5.2)
  if (authType === AuthType.spnego && fact.mechanism !== 'negotiate') fact.inside = 'negotiate';
  if (fact.mechanism === 'negotiate') delete fact.inside;
  if (fact.mechanism === 'unknown')
    fact.version = authType === AuthType.schannel ? 'schannel' : `auth-type-${authType}`;
  out.fact(fact);
}

/** Nothing more will tell. */
export function abandonSecurity(state: RpcState, out: Out): void {
  for (const context of state.security.values()) {
    if (context.stated === null) decide(context, context.proven ? 'unseen' : 'unfinished', out);
  }
}

/** A protected answer under a context whose beginning was not seen: who has the session's key was let in. NTLM could have been anonymous. */
export function stateUnseenContext(verifier: Verifier, state: RpcState, kerberos: boolean, out: Out): void {
  const netlogon = verifier.authType === AuthType.netlogon && netlogonLevel(verifier.token) !== null;
  if (!netlogon && !kerberos) return;
  if (state.security.size >= limits.rpcSecurityContexts) return;
  const context = startContext(verifier, true);
  if (kerberos) context.exchange.mechanism = 'kerberos';
  context.exchange.lost = false;
  state.security.set(verifier.contextId, context);
  decide(context, 'accepted', out);
}

function startContext(verifier: Verifier, lost: boolean): SecurityContext {
  const exchange = startSasl(saslName(verifier.authType));
  exchange.lost = lost;
  if (verifier.authType === AuthType.netlogon) exchange.mechanism = 'netlogon';
  return {
    authType: verifier.authType,
    authLevel: verifier.authLevel,
    exchange,
    proven: false,
    seals: null,
    stated: null,
  };
}

function saslName(authType: number): string {
  switch (authType) {
    case AuthType.spnego:
      return 'GSS-SPNEGO';
    case AuthType.ntlm:
    case AuthType.default:
      return 'NTLM';
    case AuthType.kerberos:
      return 'GS2-KRB5';
    default:
      return '';
  }
}

/** Whether a token is the first of an exchange. */
const begins = (gss: GssToken, verifier: Verifier): boolean =>
  gss.ntlm?.type === 1 || gss.kerberos?.kind === 'ap-req' || gss.offered.length > 0 || isOpaque(verifier);

/** Mechanisms whose tokens are not looked into: the first is as good as any. */
const isOpaque = ({ authType }: Verifier): boolean => saslName(authType) === '';

function readNetlogon({ exchange }: SecurityContext, token: Uint8Array): void {
  const { domain, computer } = netlogonNames(token);
  if (computer === null) return;
  exchange.computers.client = computer;
  exchange.principal = domain === null ? computer : `${domain}\\${computer}`;
}

/** Bytes were lost, and perhaps a token with them. */
export function loseTokens(state: RpcState): void {
  state.partial = true;
  state.answer = null;
  for (const { exchange, stated } of state.security.values()) if (stated === null) exchange.lost = true;
}
