import type { PathCase } from './case.ts';

// POP3 and IMAP4. What must come follows from captures/mailbox-access/manifest.yaml and the cells: Basic or Kerberos for
// clients, Basic between Client Access servers, TLS.
interface Kind {
  path: string;
  proxy: string;
  name: 'pop3' | 'imap4';
  clear: number;
  tls: number;
  upgraded: string;
  refused: string;
}
const kinds: Kind[] = [
  {
    path: 'pop3',
    proxy: 'cas-to-cas-pop3',
    name: 'pop3',
    clear: 110,
    tls: 995,
    upgraded: 'pop3-stls-tls12.pcap',
    refused: 'pop3-stls-refused.pcap',
  },
  {
    path: 'imap4',
    proxy: 'cas-to-cas-imap4',
    name: 'imap4',
    clear: 143,
    tls: 993,
    upgraded: 'imap4-starttls.pcap',
    refused: 'imap4-starttls-refused.pcap',
  },
];
const file = (name: string) => `mailbox-access/${name}`;

export const mailboxAccessCases: PathCase[] = kinds.flatMap(({ path, proxy, name, clear, tls, upgraded, refused }) => {
  const clients = { client1: 'client', cas1: 'cas' };
  const servers = { cas1: 'cas', cas2: 'cas' };
  const here = { recorded: clear };
  const there = { recorded: tls };
  const offered = name === 'imap4' ? 'imap4-offered-not-used.pcapng' : 'pop3-offered-not-used.pcap';
  const rows: PathCase[] = [
    {
      path,
      title: 'TLS from the first byte',
      capture: file(`${name}-tls-${tls}.pcap`),
      roles: clients,
      replay: there,
      port: 'pass as-expected',
      authentication: 'unknown inside-encryption',
      encryption: 'pass as-expected',
    },
    {
      path,
      title: 'TLS after its command',
      capture: file(upgraded),
      roles: clients,
      replay: here,
      port: 'pass',
      authentication: 'unknown inside-encryption',
      encryption: 'pass as-expected',
    },
    {
      path,
      title: 'a password and a mailbox in clear, TLS not offered',
      capture: file(`${name}-clear.pcap`),
      roles: clients,
      replay: here,
      port: 'pass',
      authentication: 'pass as-expected',
      encryption: 'fail clear-content',
    },
    {
      path,
      title: 'a password and a mailbox in clear, TLS offered and not used',
      capture: file(offered),
      roles: clients,
      replay: here,
      port: 'pass',
      authentication: 'pass',
      encryption: 'fail clear-content',
    },
    {
      path,
      title: 'TLS refused, then in clear',
      capture: file(refused),
      roles: clients,
      replay: here,
      port: 'pass',
      authentication: 'pass',
      encryption: 'fail clear-content',
    },
    {
      path,
      title: 'a password in clear, refused',
      capture: file(`${name}-wrong-password.pcap`),
      roles: clients,
      replay: here,
      port: 'pass',
      authentication: 'unknown',
      encryption: 'fail clear-content',
    },
    {
      path,
      title: 'Kerberos, then the mailbox in clear',
      capture: file(`${name}-auth-gssapi.pcap`),
      roles: clients,
      replay: here,
      port: 'pass',
      authentication: 'pass as-expected',
      encryption: 'fail clear-content',
    },
    {
      path,
      title: 'CRAM-MD5, which is not supported',
      capture: file(`${name}-auth-cram-md5.pcap`),
      roles: clients,
      replay: here,
      port: 'pass',
      authentication: 'fail not-supported',
      encryption: 'fail clear-content',
    },
    {
      path,
      title: 'another port',
      capture: file(upgraded),
      roles: clients,
      replay: { recorded: clear, at: 2000 },
      port: 'fail unlisted-port',
      authentication: 'unknown inside-encryption',
      encryption: 'pass',
    },

    {
      path: proxy,
      title: 'TLS from the first byte',
      capture: file(`${name}-tls-${tls}.pcap`),
      roles: servers,
      replay: there,
      port: 'pass as-expected',
      authentication: 'unknown inside-encryption',
      encryption: 'pass as-expected',
    },
    {
      path: proxy,
      title: 'TLS, on the clients’ port',
      capture: file(upgraded),
      roles: servers,
      replay: here,
      port: 'fail unlisted-port',
      authentication: 'unknown inside-encryption',
      encryption: 'pass',
    },
    {
      path: proxy,
      title: 'in clear, on the clients’ port',
      capture: file(`${name}-clear.pcap`),
      roles: servers,
      replay: here,
      port: 'fail unlisted-port',
      authentication: 'pass as-expected',
      encryption: 'fail clear-content',
    },
    {
      path: proxy,
      title: 'in clear, on the right port',
      capture: file(`${name}-clear.pcap`),
      roles: servers,
      replay: { recorded: clear, at: tls },
      port: 'pass',
      authentication: 'pass',
      encryption: 'fail clear-content',
    },
    {
      path: proxy,
      title: 'Kerberos, which is not supported between servers',
      capture: file(`${name}-auth-gssapi.pcap`),
      roles: servers,
      replay: { recorded: clear, at: tls },
      port: 'pass',
      authentication: 'fail not-supported',
      encryption: 'fail clear-content',
    },
  ];
  return rows;
});
