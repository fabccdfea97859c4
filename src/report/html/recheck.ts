import type { AuditReport } from '../../check/audit-report.ts';
import type { Task } from '../to-do.ts';
import { captureFilter } from './capture-filter.ts';

/** How to see whether a finding is gone: record the same connections again, and audit them. */
export function recheckCommands(report: AuditReport, { cases, flowsLeft }: Task): string[] {
  const filter = captureFilter(report.reference, cases, flowsLeft === 0);
  const packs = report.rulePacks.map(({ id }) => ` --rules ${id}`).join('');
  const topology = report.topology === null ? '' : ' --topology <topology.yaml>';
  return [
    `dumpcap -i <interface> -s 0${filter === '' ? '' : ` -f "${filter}"`} -w after.pcapng`,
    `pcap-audit audit after.pcapng${topology}${packs === ' --rules exchange-2010' ? '' : packs} --report after.html`,
  ];
}
