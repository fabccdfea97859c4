import { limits } from '../limits.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { AuditReport, FlowReport } from './audit-report.ts';
import { expectationHolds } from './expectation.ts';
import { heldAgainstTls } from './held-against-tls.ts';
import { createInterfaceNames, type InterfaceNames } from './interface-names.ts';
import type { FlowSelection, Note } from './pack.ts';
import type { Rules } from './rules.ts';
import { selectorsOf } from './selectors.ts';
import type { Answer } from './shown.ts';

type AssertionReport = AuditReport['assertions'][number];

/** Worst first: one counter-example refutes a note, and what cannot be decided keeps it from being proven. */
const severity = ['fail', 'unknown', 'informational', 'pass', 'notapplicable'] as const;

/** Evaluates the notes of a pack: by results of data paths, by flows, or not at all. */
export class Assertions {
  readonly #rules: Rules;
  readonly #names: InterfaceNames;
  readonly #fileName: (capture: number) => string;
  /** per note, the first answer of each result with the evidence of the first few */
  readonly #answers = new Map<string, Map<Answer['result'], Answer>>();

  constructor(rules: Rules, fileName: (capture: number) => string) {
    this.#rules = rules;
    this.#names = createInterfaceNames(rules.pack, rules.topology);
    this.#fileName = fileName;
    for (const { id } of rules.pack.notes) this.#answers.set(id, new Map());
  }

  add(record: FlowRecord, flow: FlowReport): void {
    if (!this.#rules.roles) return;
    for (const { id, check } of this.#rules.pack.notes) {
      if ('paths' in check) {
        for (const row of flow.results) {
          if (!check.paths.includes(row.path) || !check.checks.includes(row.check)) continue;
          const { result, reason, evidence } = heldAgainstTls(check.tls, row, record, flow);
          if (result === 'fail' && check.refutedBy?.includes(reason) === false) continue;
          if (result !== 'notchecked' && result !== 'error') this.#note(id, { result, reason, evidence });
        }
      } else if ('flows' in check && this.#selects(check.flows, record, flow)) {
        const answer = expectationHolds(check.expect, record, flow, this.#rules, this.#fileName);
        if (answer) this.#note(id, answer);
      }
    }
  }

  list(): AssertionReport[] {
    return this.#rules.pack.notes.map((note) => ({ id: note.id, ...this.#settle(note) }));
  }

  #settle({ id, check }: Note): Omit<AssertionReport, 'id'> {
    if ('never' in check) return { result: 'notapplicable', reason: 'not-on-the-wire', evidence: [] };
    if (!this.#rules.roles) return { result: 'unknown', reason: 'roles-unknown', evidence: [] };
    const answers = this.#answers.get(id)!;
    const worst = severity.find((result) => answers.has(result));
    if (worst === undefined) return { result: 'notchecked', reason: 'not-observed', evidence: [] };
    const { result, reason, evidence } = answers.get(worst)!;
    if (result === 'pass' && check.partly) {
      return { result: 'unknown', reason: 'nothing-contradicts', evidence: [...evidence] };
    }
    return { result, reason, evidence: [...evidence] };
  }

  #note(id: string, answer: Answer): void {
    const answers = this.#answers.get(id)!;
    // as on a data path, a flow without content speaks only where no other does
    const kept = answer.reason === 'no-content' ? 'notapplicable' : answer.result;
    const before = answers.get(kept);
    if (!before || (kept === 'notapplicable' && before.result === kept)) answers.set(kept, answer);
    else if (before.evidence.length < limits.assertionEvidence) {
      answers.set(kept, { ...before, evidence: [...before.evidence, ...answer.evidence] });
    }
  }

  #selects(selection: FlowSelection, record: FlowRecord, flow: FlowReport): boolean {
    const { protocols, transport, ports, from, to, interfaces } = selection;
    const plays = (wanted: readonly string[] | undefined, has: readonly string[]): boolean =>
      wanted === undefined || wanted.some((role) => has.includes(role));
    if (transport !== undefined && transport !== flow.transport) return false;
    if (protocols && !protocols.includes(flow.protocol)) return false;
    if (ports && !ports.includes(flow.server.port ?? 0)) return false;
    if (!plays(from, flow.client.roles) || !plays(to, flow.server.roles)) return false;
    if (!interfaces) return true;
    const { uuids } = this.#names.uuidsOf(interfaces);
    return selectorsOf(record).interfaces.some((uuid) => uuids.has(uuid));
  }
}
