import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { Evidence, EvidenceList, Judgement, Reason } from './result.ts';

/** Makes judgements. `pass` and `fail` ask for the facts they rest on. */
export const pass = (reason: Reason, evidence: EvidenceList): Judgement => ({ result: 'pass', reason, evidence });
export const fail = (reason: Reason, evidence: EvidenceList): Judgement => ({ result: 'fail', reason, evidence });
export const unknown = (reason: Reason, evidence: readonly Evidence[] = []): Judgement => ({
  result: 'unknown',
  reason,
  evidence,
});
export const informational = (reason: Reason, evidence: readonly Evidence[]): Judgement => ({
  result: 'informational',
  reason,
  evidence,
});
export const notApplicable: Judgement = { result: 'notapplicable', reason: 'nothing-to-judge', evidence: [] };

/** Facts as evidence, in words. */
export function evidenceOf(facts: readonly [StampedFact, ...StampedFact[]]): EvidenceList;
export function evidenceOf(facts: readonly StampedFact[]): readonly Evidence[];
export function evidenceOf(facts: readonly StampedFact[]): readonly Evidence[] {
  return facts.map((fact) => ({ capture: fact.capture, frame: fact.frame, fact: describe(fact) }));
}

/** The flow's first frame as evidence of what its endpoints are. */
export const firstFrame = (flow: FlowRecord, fact: string): EvidenceList => [
  { capture: flow.first.capture, frame: flow.first.frame, fact },
];

/** A fact in a few words, for the evidence of a result. */
function describe(fact: StampedFact): string {
  switch (fact.kind) {
    case 'exposed':
      return `${fact.content} in clear`;
    case 'secured':
      return `${fact.mechanism} ${fact.level}`;
    case 'authenticated':
      return `${fact.mechanism} ${fact.outcome}${fact.principal === undefined ? '' : ` for ${fact.principal}`}`;
    case 'offered':
    case 'refused':
      return fact.what === 'upgrade' ? `${fact.verb} ${fact.kind}` : `${fact.what} ${fact.kind}`;
    case 'described':
      return fact.what;
    default:
      return fact satisfies never;
  }
}
