import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { EvidenceReport, FlowReport } from './audit-report.ts';
import { couldHideClearContent, mostTelling } from './blind.ts';
import { evidenceOf } from './judgement.ts';
import type { Evidence, Reason, Result } from './result.ts';

/** What a flow, or a path's result, says of a note. */
export interface Answer {
  result: Extract<Result, 'pass' | 'fail' | 'unknown' | 'informational' | 'notapplicable'>;
  reason: Reason;
  /** at least one piece for `pass` and `fail` */
  evidence: readonly EvidenceReport[];
}

type Kind = StampedFact['kind'];
type FactOf<K extends Kind> = Extract<StampedFact, { kind: K }>;

/** What a flow shows of a note, and the answers that rest on it. */
export class Shown {
  readonly record: FlowRecord;
  readonly flow: FlowReport;
  readonly #fileName: (capture: number) => string;

  constructor(record: FlowRecord, flow: FlowReport, fileName: (capture: number) => string) {
    this.record = record;
    this.flow = flow;
    this.#fileName = fileName;
  }

  get protection(): FlowReport['encryption']['protection'] {
    return this.flow.encryption.protection;
  }

  /** Whether content was seen, in clear or protected. */
  get carries(): boolean {
    return this.protection !== 'unknown';
  }

  /** The facts of a kind. */
  of<K extends Kind>(kind: K): FactOf<K>[] {
    return this.record.facts.filter((fact): fact is FactOf<K> => fact.kind === kind);
  }

  told(evidence: readonly Evidence[]): EvidenceReport[] {
    return evidence.map(({ capture, frame, fact }) => ({ file: this.#fileName(capture), frame, fact }));
  }

  /** The flow's first frame, where that there is such a flow is what shows it. */
  get begins(): EvidenceReport {
    const { record, flow } = this;
    const { protocol, client, server } = flow;
    return {
      file: this.#fileName(record.first.capture),
      frame: record.first.frame,
      fact: `${protocol} from ${client.address} to ${server.address}, port ${server.port ?? '-'}`,
    };
  }

  /** The facts that show content, protected and in clear. */
  get content(): StampedFact[] {
    return [...this.of('secured'), ...this.of('exposed')];
  }

  answer(result: Answer['result'], reason: Reason, facts: readonly StampedFact[]): Answer {
    return { result, reason, evidence: this.told(evidenceOf(facts)) };
  }

  pass(facts: readonly StampedFact[]): Answer {
    return this.answer('pass', 'as-expected', facts);
  }

  /** What could not be seen gives the reason, if anything did. */
  unknown(reason: Reason): Answer {
    return { result: 'unknown', reason: mostTelling(this.record) ?? reason, evidence: [] };
  }

  /** Of a flow that hides what is asked: not known, or where it shows nothing at all, nothing. */
  hidden(): Answer | null {
    return this.carries ? this.unknown('inside-encryption') : null;
  }

  /** A pass by privacy: what could have gone in clear unseen keeps the rest from proving anything (contract, rule 13). */
  privacy(): Answer {
    const secured = this.of('secured');
    const unseen = couldHideClearContent(this.record, { secured, exposures: this.of('exposed') }, false);
    return unseen ? this.answer('unknown', unseen.why, secured) : this.pass(secured);
  }
}
