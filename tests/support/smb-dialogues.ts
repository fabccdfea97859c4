import { negTokenInit, negTokenResp, oid } from './gss-tokens.ts';
import { authenticateV2, challenge, negotiate } from './ntlm-messages.ts';
import type { Step } from './play.ts';
import { body, smb2 } from './smb-messages.ts';

export const MORE_PROCESSING = 0xc0000016;
export const LOGON_FAILURE = 0xc000006d;
export const ACCESS_DENIED = 0xc0000022;

/** An NTLM login in SPNEGO on session 7 of SMB 3.0.2, that ends with this answer. */
export const login = (last: { status?: number; flags?: number } = {}): Step[] => [
  ['client', smb2({ command: 0, id: 0, session: 0, tree: 0, body: body.negotiate() })],
  ['server', smb2({ command: 0, id: 0, session: 0, tree: 0, answer: true, body: body.negotiated(0x0302) })],
  ['client', smb2({ command: 1, id: 1, session: 0, tree: 0, body: body.setup(negTokenInit([oid.ntlm], negotiate)) })],
  [
    'server',
    smb2({
      command: 1,
      id: 1,
      tree: 0,
      answer: true,
      status: MORE_PROCESSING,
      body: body.setUp(0, negTokenResp({ state: 1, mechanism: oid.ntlm, token: challenge })),
    }),
  ],
  ['client', smb2({ command: 1, id: 2, tree: 0, body: body.setup(negTokenResp({ token: authenticateV2 })) })],
  [
    'server',
    smb2({
      command: 1,
      id: 2,
      tree: 0,
      answer: true,
      status: last.status ?? 0,
      body: last.status ? body.error() : body.setUp(last.flags ?? 0, negTokenResp({ state: 0 })),
    }),
  ],
];

/** Tree 1 is `\\server\files`, tree 2 is `\\server\IPC$`; each ends with message id 4. */
export const connect = (type: 1 | 2, signed = false, shareFlags = 0): Step[] => [
  [
    'client',
    smb2({
      command: 3,
      id: 3,
      tree: 0,
      signed,
      body: body.tree(type === 1 ? '\\\\server\\files' : '\\\\server\\IPC$'),
    }),
  ],
  ['server', smb2({ command: 3, id: 3, tree: type, answer: true, signed, body: body.treeAnswer(type, shareFlags) })],
];

/** Opens `name` as file 5 with message id 4. */
export const open = (
  name: string,
  tree: 1 | 2,
  signed: { ask?: boolean; answer?: boolean } = {},
  status = 0,
): Step[] => [
  ['client', smb2({ command: 5, id: 4, tree, signed: signed.ask ?? false, body: body.create(name) })],
  [
    'server',
    smb2({
      command: 5,
      id: 4,
      tree,
      answer: true,
      status,
      signed: signed.answer ?? false,
      body: status ? body.error() : body.created(5, tree === 2 ? 0 : 1),
    }),
  ],
];

export const text = (said: string): Uint8Array => Uint8Array.from(said, (letter) => letter.charCodeAt(0));

/** A bind of connection-oriented RPC without authentication (C706 §12.6.4.3), of 72 bytes, for winreg. */
export const rpcBind = new Uint8Array(
  Buffer.from(
    '05000b0310000000480000000100000000100010000000000100000000000100' +
      '01d08c334422f131aaaa90003800100301000000' +
      '045d888aeb1cc9119fe808002b10486002000000',
    'hex',
  ),
);
