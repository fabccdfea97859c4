import type { PathCase } from './case.ts';

// The web services of Client Access servers. What must come follows from captures/web/manifest.yaml and the cells. On 443 no
// capture tells the services apart: they answer together, and a service seen in clear on 80 makes the worst answer.
const web = (name: string) => `web/${name}`;
const clients = { client1: 'client', cas1: 'cas' };
const servers = { cas1: 'cas', cas2: 'cas' };
const inside = 'unknown inside-encryption';
const on80 = { recorded: 80 };
const to = (recorded: string, replayed: string) => ({ recorded: 80, text: { recorded, replayed } });

/** What holds for every service that the group answers for. */
function everyService(path: string, roles: Record<string, string>): PathCase[] {
  return [
    {
      path,
      title: 'TLS from the first byte',
      capture: web('owa-tls.pcap'),
      roles,
      replay: { recorded: 443 },
      port: 'pass as-expected',
      authentication: inside,
      encryption: 'pass as-expected',
    },
  ];
}

/** One service in clear on 80: as recorded, or with its path in the place of the recorded one. */
function inClear(
  path: string,
  resource: string,
  cells: { ntlm: string; basic: string; kerberos: string; digest: string; clear: string },
  roles: Record<string, string> = clients,
): PathCase[] {
  const row = (
    title: string,
    capture: string,
    recorded: string,
    authentication: string | null,
    encryption: string,
  ): PathCase => ({
    path,
    title,
    capture: web(capture),
    roles,
    replay: to(recorded, resource),
    port: 'pass as-expected',
    authentication,
    encryption,
  });
  return [
    row('NTLM, then content in clear', 'ews-ntlm-clear.pcap', '/EWS', cells.ntlm, cells.clear),
    row(
      'a password and content in clear',
      'activesync-basic-clear.pcap',
      '/Microsoft-Server-ActiveSync',
      cells.basic,
      cells.clear,
    ),
    row('Kerberos, then content in clear', 'ecp-kerberos-clear.pcap', '/ecp', cells.kerberos, cells.clear),
    row('Digest, then content in clear', 'autodiscover-digest-clear.pcap', '/autodiscover', cells.digest, cells.clear),
    row(
      'content in clear, and nobody logs in',
      'unifiedmessaging-anonymous-ipv6.pcap',
      '/UnifiedMessaging',
      'fail not-authenticated',
      cells.clear,
    ),
  ];
}

const fails = 'fail clear-content';
const no = 'fail not-supported';
const yes = 'pass as-expected';
const supported = 'informational not-default';

export const webCases: PathCase[] = [
  ...[
    'autodiscover',
    'availability-service',
    'outlook-oab-download',
    'outlook-web-app',
    'outlook-anywhere',
    'exchange-activesync-client',
    'um-web-service',
  ].flatMap((path) => everyService(path, clients)),
  ...inClear('autodiscover', '/autodiscover', {
    ntlm: yes,
    basic: yes,
    kerberos: yes,
    digest: supported,
    clear: fails,
  }),
  ...inClear('availability-service', '/EWS', { ntlm: yes, basic: no, kerberos: yes, digest: no, clear: fails }),
  ...inClear('outlook-oab-download', '/OAB', {
    ntlm: yes,
    basic: no,
    kerberos: yes,
    digest: no,
    clear: 'informational clear-by-default',
  }),
  ...inClear('outlook-web-app', '/owa', {
    ntlm: supported,
    basic: supported,
    kerberos: supported,
    digest: supported,
    clear: fails,
  }),
  ...inClear('outlook-anywhere', '/rpc', { ntlm: supported, basic: yes, kerberos: no, digest: no, clear: fails }),
  ...inClear('exchange-activesync-client', '/Microsoft-Server-ActiveSync', {
    ntlm: no,
    basic: yes,
    kerberos: no,
    digest: no,
    clear: fails,
  }),
  ...inClear('um-web-service', '/UnifiedMessaging', {
    ntlm: yes,
    basic: supported,
    kerberos: yes,
    digest: supported,
    clear: fails,
  }),
  {
    path: 'outlook-web-app',
    title: 'the login form over plain HTTP',
    capture: web('owa-forms-clear.pcap'),
    roles: clients,
    replay: on80,
    port: 'pass',
    authentication: 'pass as-expected',
    encryption: fails,
  },
  {
    path: 'outlook-anywhere',
    title: 'RPC over plain HTTP',
    capture: web('outlook-anywhere-clear.pcap'),
    roles: clients,
    replay: on80,
    port: 'pass',
    authentication: null,
    encryption: fails,
  },
  {
    path: 'outlook-web-app',
    title: 'another port',
    capture: web('owa-forms-clear.pcap'),
    roles: clients,
    replay: { recorded: 80, at: 8080 },
    port: 'fail unlisted-port',
    authentication: 'pass',
    encryption: fails,
  },

  ...(['outlook-web-app', 'cas-to-cas-owa'] as const).map(
    (path): PathCase => ({
      path,
      title: 'only redirected',
      capture: web('owa-redirect-only.pcap'),
      roles: path === 'outlook-web-app' ? clients : servers,
      replay: on80,
      port: 'pass as-expected',
      authentication: 'unknown',
      encryption: 'unknown no-content',
    }),
  ),

  ...['cas-to-cas-activesync', 'cas-to-cas-owa', 'cas-to-cas-ews'].flatMap((path) => everyService(path, servers)),
  ...inClear('cas-to-cas-owa', '/owa', { ntlm: no, basic: no, kerberos: yes, digest: no, clear: fails }, servers),
  ...inClear(
    'cas-to-cas-activesync',
    '/Microsoft-Server-ActiveSync',
    { ntlm: no, basic: no, kerberos: yes, digest: no, clear: fails },
    servers,
  ),
  {
    path: 'cas-to-cas-ews',
    title: 'NTLM over plain HTTP on 443',
    capture: web('ews-ntlm-clear.pcap'),
    roles: servers,
    replay: { recorded: 80, at: 443 },
    port: 'pass',
    authentication: no,
    encryption: fails,
  },
  {
    path: 'cas-to-cas-ews',
    title: 'Kerberos in clear on 80, which the row does not list',
    capture: web('ecp-kerberos-clear.pcap'),
    roles: servers,
    replay: to('/ecp', '/EWS'),
    port: 'fail unlisted-port',
    authentication: yes,
    encryption: fails,
  },

  {
    path: 'cas-to-legacy-mailbox',
    title: 'Kerberos, in clear as documented',
    capture: web('ecp-kerberos-clear.pcap'),
    roles: { cas1: 'cas', old1: 'legacy-mailbox' },
    replay: on80,
    port: 'pass',
    authentication: yes,
    encryption: 'informational clear-by-default',
  },
  {
    path: 'cas-to-legacy-mailbox',
    title: 'NTLM, in clear as documented',
    capture: web('ews-ntlm-clear.pcap'),
    roles: { cas1: 'cas', old1: 'legacy-mailbox' },
    replay: on80,
    port: 'pass',
    authentication: yes,
    encryption: 'informational clear-by-default',
  },
  {
    path: 'cas-to-legacy-mailbox',
    title: 'Basic, supported and not the default',
    capture: web('activesync-basic-clear.pcap'),
    roles: { cas1: 'cas', old1: 'legacy-mailbox' },
    replay: on80,
    port: 'pass',
    authentication: supported,
    encryption: 'informational clear-by-default',
  },
  {
    path: 'cas-to-legacy-mailbox',
    title: 'Digest, which is not supported',
    capture: web('autodiscover-digest-clear.pcap'),
    roles: { cas1: 'cas', old1: 'legacy-mailbox' },
    replay: on80,
    port: 'pass',
    authentication: no,
    encryption: 'informational clear-by-default',
  },
  {
    path: 'cas-to-legacy-mailbox',
    title: 'TLS, better than documented',
    capture: web('owa-tls.pcap'),
    roles: { cas1: 'cas', old1: 'legacy-mailbox' },
    replay: { recorded: 443 },
    port: 'pass',
    authentication: inside,
    encryption: 'pass better-than-documented',
  },
  {
    path: 'cas-to-legacy-mailbox',
    title: 'another port',
    capture: web('ews-ntlm-clear.pcap'),
    roles: { cas1: 'cas', old1: 'legacy-mailbox' },
    replay: { recorded: 80, at: 8080 },
    port: 'fail unlisted-port',
    authentication: yes,
    encryption: 'informational',
  },

  {
    path: 'hub-adrms-access',
    title: 'TLS',
    capture: web('owa-tls.pcap'),
    roles: { hub1: 'hub', rms1: 'adrms' },
    replay: { recorded: 443 },
    port: 'pass',
    authentication: inside,
    encryption: 'pass as-expected',
  },
  {
    path: 'hub-adrms-access',
    title: 'NTLM over plain HTTP on 443',
    capture: web('ews-ntlm-clear.pcap'),
    roles: { hub1: 'hub', rms1: 'adrms' },
    replay: { recorded: 80, at: 443 },
    port: 'pass',
    authentication: yes,
    encryption: fails,
  },
  {
    path: 'hub-adrms-access',
    title: 'Basic over plain HTTP on 80',
    capture: web('activesync-basic-clear.pcap'),
    roles: { hub1: 'hub', rms1: 'adrms' },
    replay: on80,
    port: 'fail unlisted-port',
    authentication: no,
    encryption: fails,
  },

  {
    path: 'um-to-cas',
    title: 'TLS on 5075',
    capture: web('owa-tls.pcap'),
    roles: { um1: 'um', cas1: 'cas' },
    replay: { recorded: 443, at: 5075 },
    port: 'pass',
    authentication: inside,
    encryption: 'pass as-expected',
  },
  {
    path: 'um-to-cas',
    title: 'NTLM over plain HTTP on 5076',
    capture: web('ews-ntlm-clear.pcap'),
    roles: { um1: 'um', cas1: 'cas' },
    replay: { recorded: 80, at: 5076 },
    port: 'pass',
    authentication: yes,
    encryption: fails,
  },
  {
    path: 'um-to-cas',
    title: 'Digest over plain HTTP on 80',
    capture: web('autodiscover-digest-clear.pcap'),
    roles: { um1: 'um', cas1: 'cas' },
    replay: on80,
    port: 'fail unlisted-port',
    authentication: supported,
    encryption: fails,
  },
];
