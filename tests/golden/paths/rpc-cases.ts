import type { PathCase } from './case.ts';

/**
 * RPC. What a Samba domain controller said of samr is replayed with another interface's UUID in its binds, as no free server
 * speaks these interfaces; logins and protection are as recorded (captures/rpc/manifest.yaml).
 */
const samr = '12345778-1234-abcd-ef00-0123456789ac';
const port = 49154;

interface RpcPath {
  path: string;
  roles: Record<string, string>;
  uuid: string;
  /** what the cells say of NTLM and of Kerberos */
  ntlm: 'pass as-expected' | 'informational not-default' | 'fail not-supported';
  kerberos: 'pass as-expected' | 'pass better-than-documented';
  encrypted: boolean;
  topology?: string;
}

const unnamed = '0fb2f016-fe45-4a08-a7f9-a467f5e5fa0b';
const emsmdb = 'a4f1db00-ca47-1067-b31f-00dd010662da';

/** Of a named interface: encrypted and not, each with NTLM and Kerberos. */
function named({ path, roles, uuid, ntlm, kerberos, encrypted, topology }: RpcPath): PathCase[] {
  const replay = { recorded: port, uuid: { recorded: samr, replayed: uuid } };
  const sealed = encrypted ? 'pass as-expected' : 'pass better-than-documented';
  const signed = encrypted ? 'fail integrity-only' : 'informational integrity-only';
  const clear = encrypted ? 'fail clear-content' : 'informational clear-by-default';
  const more = topology === undefined ? {} : { topology };
  const row = (title: string, capture: string, authentication: string | null, encryption: string): PathCase => ({
    path,
    title,
    capture: `rpc/${capture}`,
    roles,
    replay,
    ...more,
    port: 'pass as-expected',
    authentication,
    encryption,
  });
  return [
    row('NTLM, sealed', 'samr-sealed-ntlm.pcap', ntlm, sealed),
    row('NTLM, signed and readable', 'samr-signed-ntlm.pcap', ntlm, signed),
    row('Kerberos, sealed', 'samr-sealed-kerberos.pcap', kerberos, sealed),
    row('NTLM, connected and in clear', 'samr-connect-ntlm.pcap', ntlm, clear),
    {
      ...row('only asking the endpoint mapper', 'samr-sealed-ntlm.pcap', 'unknown no-content', 'unknown no-content'),
      replay: { ...replay, recorded: 135 },
    },
    row('calls of nobody, in clear', 'samr-nobody.pcap', 'fail not-authenticated', clear),
  ];
}

/** Of an interface whose UUID nobody has published: undecided, until a topology names it. */
function unpublished(name: string, rpc: Omit<RpcPath, 'uuid'>): PathCase[] {
  const topology = `interfaces: { "${unnamed}": ${name} }\n`;
  return [
    {
      path: rpc.path,
      title: 'an interface that nobody has named',
      capture: 'rpc/samr-sealed-ntlm.pcap',
      roles: rpc.roles,
      replay: { recorded: port, uuid: { recorded: samr, replayed: unnamed } },
      port: 'unknown interface-unknown',
      authentication: 'unknown interface-unknown',
      encryption: 'unknown interface-unknown',
    },
    ...named({ ...rpc, uuid: unnamed, topology }),
  ];
}

const both = { ntlm: 'pass as-expected', kerberos: 'pass as-expected' } as const;
const ntlmByDefault = { ntlm: 'pass as-expected', kerberos: 'pass better-than-documented' } as const;
const kerberosOnly = { ntlm: 'fail not-supported', kerberos: 'pass as-expected' } as const;
const toMailbox = (from: string, role: string) => ({ [from]: role, mbx1: 'mailbox' });
const nodes = { mbx1: 'mailbox', mbx2: 'mailbox' };

export const rpcCases: PathCase[] = [
  ...named({
    path: 'hub-to-mailbox-mapi',
    roles: toMailbox('hub1', 'hub'),
    uuid: emsmdb,
    ...ntlmByDefault,
    encrypted: true,
  }),
  ...named({ path: 'um-to-mailbox', roles: toMailbox('um1', 'um'), uuid: emsmdb, ...both, encrypted: true }),
  ...named({
    path: 'cas-to-mailbox',
    roles: toMailbox('cas1', 'cas'),
    uuid: emsmdb,
    ntlm: 'informational not-default',
    kerberos: 'pass as-expected',
    encrypted: true,
  }),
  // one answer with the row before it: no capture tells the two apart
  ...named({
    path: 'availability-cas-to-mailbox',
    roles: toMailbox('cas1', 'cas'),
    uuid: emsmdb,
    ntlm: 'informational not-default',
    kerberos: 'pass as-expected',
    encrypted: true,
  }),
  ...named({
    path: 'mapi-access',
    roles: { client1: 'mapi-client', cas1: 'cas' },
    uuid: 'f5cc5a18-4264-101a-8c59-08002b2f8426',
    ...both,
    encrypted: true,
  }),
  ...named({ path: 'system-attendant-legacy-mapi', roles: nodes, uuid: emsmdb, ...both, encrypted: true }),
  ...named({
    path: 'system-attendant-legacy-listen',
    roles: nodes,
    uuid: '469d6ec0-0d87-11ce-b13f-00aa003bac6c',
    ...both,
    encrypted: false,
  }),
  ...named({
    path: 'recipient-update-rpc',
    roles: toMailbox('hub1', 'hub'),
    uuid: '83d72bf0-0d89-11ce-b13f-00aa003bac6c',
    ...kerberosOnly,
    encrypted: true,
  }),
  ...named({
    path: 'oab-ad-access',
    roles: { mbx1: 'mailbox', dc1: 'dc' },
    uuid: 'f5cc5a18-4264-101a-8c59-08002b2f8426',
    ...kerberosOnly,
    encrypted: true,
  }),
  ...named({
    path: 'clustering',
    roles: nodes,
    uuid: 'b97db8b2-4c63-11cf-bff6-08002be23f2f',
    ...both,
    encrypted: false,
  }),
  ...named({
    path: 'admin-remote-registry',
    roles: toMailbox('admin1', 'admin'),
    uuid: '338cd001-2244-31f1-aaaa-900038001003',
    ...both,
    encrypted: false,
  }),

  ...unpublished('mail-submission', {
    path: 'mailbox-to-hub-mail-submission',
    roles: { mbx1: 'mailbox', hub1: 'hub' },
    ...ntlmByDefault,
    encrypted: true,
  }),
  ...unpublished('content-indexing', { path: 'content-indexing', roles: nodes, ...both, encrypted: true }),
  ...unpublished('mailbox-assistants', { path: 'mailbox-assistants', roles: nodes, ...both, encrypted: false }),
  ...unpublished('ad-topology', {
    path: 'ad-topology-service-access',
    roles: toMailbox('hub1', 'hub'),
    ...both,
    encrypted: true,
  }),
  ...unpublished('play-on-phone', {
    path: 'um-to-cas-play-on-phone',
    roles: { um1: 'um', cas1: 'cas' },
    ...both,
    encrypted: true,
  }),

  ...['hub-ad-access', 'um-ad-access', 'cas-ad-access'].map((path): PathCase => {
    const role = path.split('-')[0]!;
    return {
      path,
      title: 'netlogon through its secure channel',
      capture: 'rpc/netlogon-schannel.pcap',
      roles: { [`${role}1`]: role, dc1: 'dc' },
      replay: { recorded: 49152, nth: 1 },
      port: 'pass',
      authentication: 'pass as-expected',
      encryption: 'pass as-expected',
    };
  }),
];
