import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { EvidenceReport, FlowReport } from './audit-report.ts';
import { couldHideAnotherLogin, couldHideClearContent, mostTelling } from './blind.ts';
import { evaluateClientCertificate } from './evaluate-certificate.ts';
import { evidenceOf } from './judgement.ts';
import { isBefore } from './moment.ts';
import { observe } from './observe.ts';
import type { Expectation } from './pack.ts';
import type { Evidence, Reason, Result } from './result.ts';
import type { Rules } from './rules.ts';

/** What a flow, or a path's result, says of a note. */
export interface Answer {
  result: Extract<Result, 'pass' | 'fail' | 'unknown' | 'informational' | 'notapplicable'>;
  reason: Reason;
  /** at least one piece for `pass` and `fail` */
  evidence: readonly EvidenceReport[];
}

type FileName = (capture: number) => string;

/** Whether one flow is as a note expects; null where it says nothing of it. */
export function expectationHolds(
  expected: Expectation,
  record: FlowRecord,
  flow: FlowReport,
  { topology, roles }: Pick<Rules, 'topology' | 'roles'>,
  fileName: FileName,
): Answer | null {
  const told = (evidence: readonly Evidence[]): EvidenceReport[] =>
    evidence.map(({ capture, frame, fact }) => ({ file: fileName(capture), frame, fact }));
  const show = (facts: readonly StampedFact[]): EvidenceReport[] => told(evidenceOf(facts));
  const begins: EvidenceReport = {
    file: fileName(record.first.capture),
    frame: record.first.frame,
    fact: `${flow.protocol} from ${flow.client.address} to ${flow.server.address}, port ${flow.server.port ?? '-'}`,
  };
  const kind = (wanted: StampedFact['kind']) => record.facts.filter((fact) => fact.kind === wanted);
  // what could have gone in clear unseen keeps the rest from proving anything, as it does on a data path (contract, rule 13)
  const unseenClear = () =>
    couldHideClearContent(record, { secured: kind('secured'), exposures: kind('exposed') }, false)?.why ?? null;
  const unknown = (reason: Reason): Answer => ({
    result: 'unknown',
    reason: mostTelling(record) ?? reason,
    evidence: [],
  });
  const { protection } = flow.encryption;
  const carries = protection !== 'unknown';

  if ('protection' in expected) {
    if (protection === 'privacy') {
      const why = unseenClear();
      if (why !== null) return { result: 'unknown', reason: why, evidence: show(kind('secured')) };
      return { result: 'pass', reason: 'as-expected', evidence: show(kind('secured')) };
    }
    if (protection === 'integrity')
      return { result: 'fail', reason: 'integrity-only', evidence: show(kind('secured')) };
    if (protection === 'none') return { result: 'fail', reason: 'clear-content', evidence: show(kind('exposed')) };
    return unknown('no-content');
  }
  if ('clear' in expected) {
    if (protection !== 'none') return carries ? unknown('inside-encryption') : null;
    const reason = expected.clear === 'pass' ? 'as-expected' : 'clear-by-default';
    return { result: expected.clear, reason, evidence: show(kind('exposed')) };
  }
  if ('mechanisms' in expected) {
    const accepted = record.facts.filter((fact) => fact.kind === 'authenticated' && fact.outcome === 'accepted');
    if (accepted.length === 0) return carries ? unknown('inside-encryption') : null;
    const other = accepted.filter(
      (fact) => fact.kind === 'authenticated' && !expected.mechanisms.includes(fact.mechanism),
    );
    if (other.length === 0) {
      const unseen = record.facts.some(
        (fact) =>
          fact.kind === 'authenticated' && fact.outcome === 'unseen' && !expected.mechanisms.includes(fact.mechanism),
      );
      const hidden = couldHideAnotherLogin(record);
      if (unseen || hidden) {
        return {
          result: 'unknown',
          reason: hidden?.why ?? mostTelling(record) ?? 'one-direction',
          evidence: show(accepted),
        };
      }
      return { result: 'pass', reason: 'as-expected', evidence: show(accepted) };
    }
    const refuting = other.filter(
      (fact) => fact.kind === 'authenticated' && !expected.alsoSupported.includes(fact.mechanism),
    );
    if (refuting.length > 0) return { result: 'fail', reason: 'not-supported', evidence: show(refuting) };
    return { result: 'informational', reason: 'not-default', evidence: show(other) };
  }
  if ('no' in expected) {
    const lists = kind('offered').filter((fact) => fact.kind === 'offered' && fact.what === 'authentication');
    const tries = kind('authenticated').filter(
      (fact) => fact.kind === 'authenticated' && expected.no.includes(fact.mechanism),
    );
    const shown = [...lists.filter((fact) => names(fact, expected.no)), ...tries.filter(wasAccepted)];
    if (shown.length > 0) return { result: 'fail', reason: 'not-expected', evidence: show(shown) };
    const hidden = mostTelling(record);
    if (hidden !== null) return { result: 'unknown', reason: hidden, evidence: [] };
    // a server may refuse a login for its mechanism, or for another reason
    if (tries.length > 0) return { result: 'unknown', reason: 'nothing-contradicts', evidence: show(tries) };
    if (protection !== 'none') return carries ? unknown('inside-encryption') : null;
    return lists.length > 0
      ? { result: 'pass', reason: 'as-expected', evidence: show(lists) }
      : { result: 'unknown', reason: 'nothing-contradicts', evidence: show(kind('exposed')) };
  }
  if ('inside' in expected) {
    const inside = kind('authenticated').filter(
      (fact) => fact.kind === 'authenticated' && fact.inside === expected.inside,
    );
    return inside.length > 0 ? { result: 'pass', reason: 'as-expected', evidence: show(inside) } : null;
  }
  if ('ports' in expected) {
    if (!carries) return null;
    const evidence = show([...kind('secured'), ...kind('exposed')]);
    return expected.ports.includes(flow.server.port ?? 0)
      ? { result: 'pass', reason: 'as-expected', evidence }
      : { result: 'informational', reason: 'unlisted-port', evidence };
  }
  if ('never' in expected) return carries ? { result: 'fail', reason: 'not-expected', evidence: [begins] } : null;
  if ('server' in expected) {
    if (!carries) return null;
    const plays = expected.server.some((role) => flow.server.roles.includes(role));
    const called = kind('described').filter(
      (fact) => fact.kind === 'described' && (fact.what === 'rpc-interface' || fact.what === 'rpc-call'),
    );
    const evidence = called.length > 0 ? show(called) : [begins];
    return plays
      ? { result: 'pass', reason: 'as-expected', evidence }
      : { result: 'fail', reason: 'not-expected', evidence };
  }
  if ('answersInClear' in expected) {
    const port = flow.server.port ?? 0;
    const [protocol] = record.protocolPath;
    // a handshake that came to nothing says nothing of what is served
    if (flow.bytes.server === 0 || !carries || protocol === undefined) return null;
    const evidence = show([...kind('secured'), ...kind('exposed')]);
    const listed = protocol === 'tls' ? expected.answersInTls : expected.answersInClear;
    if (listed.includes(port)) return { result: 'pass', reason: 'as-expected', evidence };
    return { result: 'fail', reason: protocol === 'tls' ? 'not-expected' : 'clear-content', evidence };
  }
  if ('seen' in expected) {
    const spoke = flow.bytes.client + flow.bytes.server > 0;
    return spoke ? { result: 'pass', reason: 'as-expected', evidence: [begins] } : null;
  }
  if ('announced' in expected) {
    const announced = record.facts.filter((fact) => fact.kind === 'described' && fact.what === 'announced');
    if (announced.length > 0) return { result: 'pass', reason: 'as-expected', evidence: show(announced) };
    // who asked before the capture began still knows
    return unknown('not-observed');
  }
  if ('answered' in expected) {
    const ignored = record.opened && flow.bytes.server === 0 && !/[hr]/.test(record.history);
    return ignored
      ? { result: 'informational', reason: 'unanswered', evidence: [begins] }
      : { result: 'unknown', reason: 'not-on-the-wire', evidence: [] };
  }
  if ('upgrade' in expected) {
    const { upgrade } = flow;
    if (!upgrade) return null;
    if (upgrade.accepted && protection === 'privacy') {
      const why = unseenClear();
      if (why !== null) return { result: 'unknown', reason: why, evidence: show(kind('secured')) };
      return { result: 'pass', reason: 'as-expected', evidence: show(kind('secured')) };
    }
    if (protection !== 'none') return carries ? unknown('inside-encryption') : null;
    const asked = kind('described').find((fact) => fact.kind === 'described' && fact.what === 'upgrade-asked');
    const content = kind('exposed')[0];
    // who asked and was refused has tried
    if (asked && content && isBefore(asked, content)) {
      return { result: 'pass', reason: 'as-expected', evidence: show([asked]) };
    }
    const [result, reason] = upgrade.offered
      ? (['fail', 'clear-content'] as const)
      : (['informational', 'not-offered'] as const);
    return { result, reason, evidence: show(kind('exposed')) };
  }
  if ('certificate' in expected) {
    const proofs = record.facts.filter(
      (fact) => fact.kind === 'authenticated' && fact.mechanism === 'certificate' && fact.outcome === 'accepted',
    );
    if (expected.certificate === 'possible') {
      return proofs.length > 0 ? { result: 'pass', reason: 'as-expected', evidence: show(proofs) } : null;
    }
    const { result, reason, evidence } = evaluateClientCertificate(record, observe(record), topology, roles);
    return result === 'notchecked' || result === 'error' ? null : { result, reason, evidence: told(evidence) };
  }
  return expected satisfies never;
}

const names = (fact: StampedFact, mechanisms: readonly string[]): boolean =>
  fact.kind === 'offered' &&
  fact.what === 'authentication' &&
  fact.mechanisms.some((name) => mechanisms.includes(name.toLowerCase()));

const wasAccepted = (fact: StampedFact): boolean => fact.kind === 'authenticated' && fact.outcome === 'accepted';
