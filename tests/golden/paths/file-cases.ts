import type { PathCase } from './case.ts';

// File sharing, and the registry through its pipe: clear by default. What must come follows from captures/file-sharing/manifest.yaml.
const file = (name: string) => `file-sharing/${name}`;
const on445 = { recorded: 445 };

function sharing(path: string, client: string, role: string, tail: PathCase[] = []): PathCase[] {
  const roles = { [client]: role, mbx1: 'mailbox' };
  const row = (title: string, capture: string, authentication: string | null, encryption: string): PathCase => ({
    path,
    title,
    capture: file(capture),
    roles,
    replay: on445,
    port: 'pass as-expected',
    authentication,
    encryption,
  });
  return [
    row('NTLM, in clear as documented', 'smb210-unsigned.pcap', 'pass as-expected', 'informational clear-by-default'),
    row('NTLM, signed', 'smb210-signed.pcap', 'pass as-expected', 'informational integrity-only'),
    row('Kerberos, encrypted by SMB 3', 'kerberos-encrypted.pcap', 'pass as-expected', 'pass better-than-documented'),
    row('NTLM, encrypted by SMB 3', 'smb311-encrypted.pcapng', 'pass as-expected', 'pass better-than-documented'),
    row('a guest', 'smb210-guest.pcap', 'fail not-supported', 'informational clear-by-default'),
    row('a wrong password', 'smb210-wrong-password.pcap', 'unknown', 'unknown no-content'),
    {
      ...row('another port', 'smb210-unsigned.pcap', 'pass', 'informational'),
      replay: { recorded: 445, at: 4450 },
      port: 'fail unlisted-port',
    },
    ...tail,
  ];
}

const registry = (title: string, capture: string, authentication: string, encryption: string): PathCase => ({
  path: 'admin-remote-registry',
  title: `through the pipe: ${title}`,
  capture: file(capture),
  roles: { admin1: 'admin', mbx1: 'mailbox' },
  replay: on445,
  port: 'pass as-expected',
  authentication,
  encryption,
});

export const fileCases: PathCase[] = [
  ...sharing('admin-smb-file', 'admin1', 'admin'),
  ...sharing('vss-backup', 'admin1', 'backup'),
  registry('in clear as documented', 'pipe-winreg-connect.pcap', 'pass as-expected', 'informational clear-by-default'),
  registry('RPC signed', 'pipe-winreg-sign.pcap', 'pass as-expected', 'informational integrity-only'),
  registry('RPC sealed', 'pipe-winreg-seal.pcap', 'pass as-expected', 'pass better-than-documented'),
  registry('in a signed session', 'pipe-winreg-smb-signed.pcap', 'pass as-expected', 'informational integrity-only'),
];
