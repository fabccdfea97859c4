import type { PathCase } from './case.ts';

// Replication of databases (64327) and moves of mailboxes (808). What must come follows from captures/replication/manifest.yaml.
const file = (name: string) => `replication/${name}`;
const nodes = { mbx1: 'mailbox', mbx2: 'mailbox' };
const servers = { cas1: 'cas', cas2: 'cas' };

function replication(path: string): PathCase[] {
  const row = (title: string, capture: string, authentication: string, encryption: string): PathCase => ({
    path,
    title,
    capture: file(capture),
    roles: nodes,
    replay: { recorded: 64327 },
    port: 'pass as-expected',
    authentication,
    encryption,
  });
  return [
    row('Kerberos, sealed', 'replication-kerberos-sealed.pcap', 'pass as-expected', 'pass better-than-documented'),
    row('Kerberos with RC4, sealed', 'replication-kerberos-rc4-sealed.pcap', 'pass', 'pass better-than-documented'),
    {
      ...row('bulk data without a handshake, which nothing recognises', 'replication-bulk.pcap', 'unknown', 'unknown'),
      port: 'unknown unrecognised-content',
    },
    row(
      'Kerberos, then in clear as documented',
      'replication-kerberos-unprotected.pcap',
      'pass as-expected',
      'informational clear-by-default',
    ),
    {
      ...row('a port that the topology gives', 'replication-kerberos-sealed.pcap', 'pass', 'pass'),
      replay: { recorded: 64327, at: 60000 },
      topology: 'ports: { replication: 60000 }\n',
    },
    {
      ...row('another port', 'replication-kerberos-sealed.pcap', 'pass', 'pass'),
      replay: { recorded: 64327, at: 60000 },
      port: 'fail unlisted-port',
    },
  ];
}

const move = (title: string, capture: string, authentication: string | null, encryption: string): PathCase => ({
  path: 'mailbox-replication-service',
  title,
  capture: file(capture),
  roles: servers,
  replay: { recorded: 808 },
  port: 'pass as-expected',
  authentication,
  encryption,
});

export const replicationCases: PathCase[] = [
  ...replication('log-shipping'),
  ...replication('seeding'),
  move('Kerberos, sealed', 'mrs-kerberos-sealed.pcap', 'pass as-expected', 'pass as-expected'),
  move('NTLM, sealed', 'mrs-ntlm-sealed.pcap', 'pass as-expected', 'pass as-expected'),
  move('TLS', 'mrs-tls.pcap', 'unknown inside-encryption', 'pass as-expected'),
  move('Kerberos, signed and readable', 'mrs-kerberos-signed.pcap', 'pass', 'fail integrity-only'),
  move('Kerberos, then in clear', 'mrs-kerberos-unprotected.pcap', 'pass', 'fail clear-content'),
  move('no upgrade at all', 'mrs-no-upgrade.pcap', 'fail not-authenticated', 'fail clear-content'),
  move('NTLM refused', 'mrs-ntlm-refused.pcap', 'unknown', 'unknown'),
  {
    ...move('another port', 'mrs-kerberos-sealed.pcap', 'pass', 'pass'),
    replay: { recorded: 808, at: 809 },
    port: 'fail unlisted-port',
  },
];
