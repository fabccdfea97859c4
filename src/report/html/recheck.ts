import type { AuditReport } from '../../check/audit-report.ts';
import type { Case } from '../to-do.ts';

/** servers and ports named in a capture filter */
const serversNamed = 4;

/** How to see whether a finding is gone: record the same connections again, and audit them. */
export function recheckCommands(report: AuditReport, cases: readonly Case[]): string[] {
  const servers = cases.map(({ flow: { client, server } }) =>
    server.port === null
      ? `(host ${client.address} and host ${server.address})`
      : `(host ${server.address} and port ${server.port})`,
  );
  const filter = [...new Set(servers)].slice(0, serversNamed).join(' or ');
  const packs = report.rulePacks.map(({ id }) => ` --rules ${id}`).join('');
  const topology = report.topology === null ? '' : ' --topology <topology.yaml>';
  return [
    `dumpcap -i <interface> -s 0 -f "${filter}" -w after.pcapng`,
    `pcap-audit audit after.pcapng${topology}${packs === ' --rules exchange-2010' ? '' : packs} --report after.html`,
  ];
}
