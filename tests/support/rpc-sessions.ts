/** RPC connections up to the point where calls go by, for plays. */
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from './gss-tokens.ts';
import { authenticateV2, challenge, negotiate } from './ntlm-messages.ts';
import type { Step } from './play.ts';
import {
  type Auth,
  auth3,
  bind,
  bindAck,
  client,
  type Interface,
  interfaces,
  netlogonNegotiate,
  netlogonSignature,
  ntlmSignature,
  server,
  wrapToken,
} from './rpc-pdus.ts';

/** Nobody authenticates. */
export const opened = (of: Interface = interfaces.samr): Step[] => [client(bind([{ of }])), server(bindAck([0]))];

const auth = (type: number, level: number, token: Uint8Array, id = 0): { auth: Auth } => ({
  auth: { type, level, token, id },
});

/** [MS-NLMP] in bind, bind_ack and AUTH3; the example's flags have SIGN and SEAL. */
export const ntlmOpened = (level: number, of: Interface = interfaces.samr, id = 0): Step[] => [
  client(bind([{ of }], auth(10, level, negotiate, id))),
  server(bindAck([0], auth(10, level, challenge, id))),
  client(auth3(auth(10, level, authenticateV2, id))),
];
export const ntlm = (level: number, id = 0): { auth: Auth } => auth(10, level, ntlmSignature, id);

export const ticket = apReq('EXAMPLE.TEST', ['exchangeMDB', 'mbx1.example.test'], 18);
const apRep = new Uint8Array([0x6f, 4, 0x30, 2, 0, 0]);

export const kerberosOpened = (level: number, of: Interface = interfaces.samr): Step[] => [
  client(bind([{ of }], auth(16, level, ticket))),
  server(bindAck([0], auth(16, level, apRep))),
  client(auth3(auth(16, level, apRep))),
];
export const kerberos = (level: number, isSealed = level === 6): { auth: Auth } => auth(16, level, wrapToken(isSealed));

/** SPNEGO with an optimistic Kerberos ticket, which the server takes (`state` 0) or answers otherwise. */
export const spnegoOpened = (level: number, state = 0, mechanism = oid.kerberos): Step[] => [
  client(
    bind(
      [{ of: interfaces.samr }],
      auth(9, level, negTokenInit([oid.msKerberos, oid.kerberos, oid.ntlm], krbToken(0x0100, ticket))),
    ),
  ),
  server(bindAck([0], auth(9, level, negTokenResp({ state, mechanism })))),
];

export const netlogonOpened = (level: number): Step[] => [
  client(bind([{ of: interfaces.netlogon }], auth(68, level, netlogonNegotiate('EXAMPLE', 'MBX1')))),
  server(bindAck([0], auth(68, level, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0])))),
];
export const netlogon = (level: number, isSealed = level === 6): { auth: Auth } =>
  auth(68, level, netlogonSignature(isSealed));
