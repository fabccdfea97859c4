import type { FlowRecord } from '../protocols/flow-record.ts';
import type { FlowReport, FlowResultReport } from './audit-report.ts';

/**
 * A note that speaks of TLS is not shown by a data path's encryption alone, which any confidential mechanism passes; nor
 * one that speaks of self-signed certificates by a handshake that shows none.
 */
export function heldAgainstTls(
  wanted: 'any' | 'self-signed' | undefined,
  row: FlowResultReport,
  { facts }: FlowRecord,
  { encryption, tls }: FlowReport,
): Pick<FlowResultReport, 'result' | 'reason' | 'evidence'> {
  if (wanted === undefined || row.check !== 'encryption' || row.result !== 'pass') return row;
  const { evidence } = row;
  const byTls = tls !== null && encryption.mechanism !== null && tlsMechanisms.has(encryption.mechanism);
  if (!byTls) return { result: 'unknown', reason: 'nothing-contradicts', evidence };
  if (wanted === 'any') return row;
  const shown = facts.find((fact) => fact.kind === 'described' && fact.what === 'certificate' && fact.of === 'server');
  if (shown?.kind !== 'described' || shown.what !== 'certificate') {
    return { result: 'unknown', reason: tls.resumed ? 'resumed-session' : 'encrypted', evidence };
  }
  return shown.selfSigned ? row : { result: 'informational', reason: 'not-default', evidence };
}

const tlsMechanisms: ReadonlySet<string> = new Set(['tls', 'starttls', 'x-anonymoustls', 'stls', 'ldap-starttls']);
