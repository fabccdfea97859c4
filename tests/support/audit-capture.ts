import { findCaptures } from '../../src/capture/find-captures.ts';
import { orderCaptures } from '../../src/capture/order.ts';
import type { AuditReport, FlowReport } from '../../src/check/audit-report.ts';
import { auditStore } from '../../src/commands/auditing.ts';
import { readInputs } from '../../src/commands/inputs.ts';
import type { Program } from '../../src/commands/program.ts';
import { ingest } from '../../src/pipeline.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { openTemporaryStore } from '../../src/store/sqlite-store.ts';

/** What an audit of these captures says, with its flows as lists. */
export interface Audited extends Omit<AuditReport, 'flows'> {
  flows: FlowReport[];
  records: FlowRecord[];
}

export async function auditCapture(captures: string[], topology?: string, rules: string[] = []): Promise<Audited> {
  const store = openTemporaryStore();
  try {
    const found = await orderCaptures(await findCaptures(captures));
    await store.writing(() => ingest({ captures: found, hash: true, onProgress: () => {}, stop: () => false }, store));
    const program = { tool: { name: 'pcap-audit', version: 'test' }, now: () => new Date(0) } as Program;
    const report = auditStore(
      store,
      readInputs({ rules, ...(topology === undefined ? {} : { topology }) }),
      { inference: true },
      program,
      false,
    );
    return { ...report, flows: [...report.flows], records: [...store.flows()] };
  } finally {
    store.close();
  }
}
