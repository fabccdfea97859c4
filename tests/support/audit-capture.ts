import { findCaptures } from '../../src/capture/find-captures.ts';
import { orderCaptures } from '../../src/capture/order.ts';
import type { AuditReport, FlowReport } from '../../src/check/audit-report.ts';
import { auditStore } from '../../src/commands/auditing.ts';
import { type Inputs, readInputs, readPackSource, readSource } from '../../src/commands/inputs.ts';
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
    const report = auditStore(store, inputsOf(rules, topology), { inference: true }, program, false);
    return { ...report, flows: [...report.flows], records: [...store.flows()] };
  } finally {
    store.close();
  }
}

const read = new Map<string, Inputs>();

/** What packs and a topology say, understood once: a pack takes longer to read than most captures. */
function inputsOf(rules: string[], topology: string | undefined): Inputs {
  const texts = [...rules.map((name) => readPackSource(name).text), topology && readSource(topology).text];
  const key = JSON.stringify([rules, topology, texts]);
  const inputs = read.get(key) ?? readInputs({ rules, ...(topology === undefined ? {} : { topology }) });
  read.set(key, inputs);
  return inputs;
}
