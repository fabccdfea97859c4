import type { AuditReport } from '../../check/audit-report.ts';
import type { Task } from '../to-do.ts';
import { captureFilter } from './capture-filter.ts';

/** How to see whether a finding is gone: record the same connections again, and audit them. */
export function recheckCommands(report: AuditReport, { remedy, cases, flowsLeft }: Task): string[] {
  const filter = captureFilter(report.reference, cases, flowsLeft === 0);
  const options = inputOptions(report);
  const recordings = remedy?.at === 'between' ? ['client-end', 'server-end'] : ['after'];
  return [
    ...recordings.map(
      (name) => `dumpcap -i <interface> -s 0${filter === '' ? '' : ` -f "${filter}"`} -w ${name}.pcapng`,
    ),
    ...recordings.map((name) => `pcap-audit audit ${name}.pcapng${options} --report ${name}.html`),
  ];
}

/** The options that name what a report was made with. */
export function inputOptions({ topology, rulePacks }: AuditReport): string {
  const packs = rulePacks.map(({ id }) => ` --rules ${id}`).join('');
  return `${topology === null ? '' : ' --topology <topology.yaml>'}${packs === ' --rules exchange-2010' ? '' : packs}`;
}
