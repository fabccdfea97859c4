import type { Endpoint, FlowRecord } from '../protocols/flow-record.ts';
import { type Attributor, createAttributor } from './attribute.ts';
import type { EndReport, EvidenceReport, FlowReport, FlowResultReport } from './audit-report.ts';
import { besides, type CommentOn } from './besides.ts';
import { mostTelling } from './blind.ts';
import { evaluate } from './evaluate.ts';
import { type Inference, noInference } from './inference.ts';
import { createInterfaceNames, type InterfaceNames } from './interface-names.ts';
import { unknown } from './judgement.ts';
import type { Knowledge } from './knowledge.ts';
import { attemptReport, type Observation, observe } from './observe.ts';
import {
  haveKeysInClear,
  isGuarded,
  observeRpc,
  observeSmb,
  observeTunnels,
  observeVirtualDirectories,
} from './observe-details.ts';
import { type CheckName, checkNames } from './pack.ts';
import type { Evidence, Judgement } from './result.ts';
import type { Rules } from './rules.ts';
import { wiresharkFilter } from './wireshark-filter.ts';

/** What judging a flow needs besides the flow. */
export interface Judging {
  judges: readonly Judge[];
  /** file names by capture number */
  files: ReadonlyMap<number, string>;
  /** community ids of endpoints that several flows used */
  reused: ReadonlySet<string>;
  knowledge: Knowledge;
}

/** A pack and topology, ready to judge flow after flow. */
export interface Judge {
  rules: Rules;
  names: InterfaceNames;
  attribute: Attributor;
  infer: Inference;
}

export const createJudge = (rules: Rules, infer: Inference = noInference): Judge => ({
  rules,
  infer,
  names: createInterfaceNames(rules.pack, rules.topology),
  attribute: createAttributor(rules),
});

/** Everything an audit says of one flow. Pure: the same flow and rules give the same report. */
export function reportFlow(flow: FlowRecord, judging: Judging): FlowReport {
  const tunnels = observeTunnels(flow);
  const virtualDirectories = observeVirtualDirectories(flow);
  const seen = withoutStripping(withOffersElsewhere(observe(flow), flow, judging), isGuarded(flow, tunnels));
  const judged = judging.judges.flatMap((judge) => judgeFlow(flow, seen, judge));
  const { onInterface, commentOn } = besides(flow);
  const judge = judging.judges.find(({ rules }) => rules.topology !== null) ?? judging.judges[0];
  const roles = judge?.rules.roles ?? null;
  const end = ({ address, port }: Endpoint): EndReport => {
    const host = roles?.hostOf(address);
    return { address, port, name: host?.name ?? null, roles: host?.roles ?? [] };
  };
  const mechanisms = seen.attempts
    .filter((attempt) => attempt.outcome === 'accepted' || attempt.outcome === 'unseen')
    .map((attempt) => attempt.mechanism);
  return {
    id: flow.id,
    communityId: flow.communityId,
    captures: flow.captures.map((capture) => fileName(judging, capture)),
    transport: flow.transport,
    client: end(flow.client),
    server: end(flow.server),
    beforeOffload: judging.judges.some(({ rules }) => endsProtection(flow, rules)),
    ...(onInterface === null ? {} : { interface: onInterface }),
    ...(tunnels.length === 0 ? {} : { tunnels }),
    ...(virtualDirectories.length === 0 ? {} : { virtualDirectories }),
    ...(haveKeysInClear(flow, seen) ? { keysInClear: true } : {}),
    protocol: flow.protocol,
    protocolPath: flow.protocolPath,
    firstSeen: flow.firstSeen,
    lastSeen: flow.lastSeen,
    frames: flow.frames,
    bytes: flow.bytes,
    state: flow.state,
    missedBytes: flow.missedBytes,
    encryption: {
      protection: seen.protection,
      mechanism: seen.mechanism,
      exposed: [...new Set(seen.exposures.map((exposure) => exposure.content))],
      exposures: seen.exposures.map(({ content, capture, frame, time }) => ({
        content,
        file: fileName(judging, capture),
        frame,
        time,
        ...commentOn(capture, frame),
      })),
    },
    upgrade: seen.upgrade,
    tls: seen.tls,
    authentication: {
      mechanisms: [...new Set(mechanisms)],
      credentialsExposed: seen.exposures.some((exposure) => exposure.content === 'credentials'),
      hidden: mechanisms.length === 0 && seen.secured.some(({ level }) => level === 'privacy'),
      attempts: seen.attempts.map(attemptReport),
    },
    rpc: observeRpc(flow, (uuid) => interfaceName(uuid, judging)),
    smb: observeSmb(flow),
    paths: [...new Set(judged.map((row) => row.path))],
    results: judged.map((row) => resultReport(row, judging, commentOn)),
    blindSpots: blindSpots(flow, seen).map(({ why, frame, detail }) => ({ why, frame, detail })),
    facts: flow.facts.length,
    wiresharkFilter: wiresharkFilter(flow, judging.reused.has(flow.communityId)),
  };
}

/** A server that offers an upgrade in another connection may have offered it here too: something may have taken it out on the way. */
function withOffersElsewhere(seen: Observation, flow: FlowRecord, judging: Judging): Observation {
  const { upgrade } = seen;
  if (!upgrade || upgrade.offered || !seen.nothingOffered) return seen;
  const offer = judging.knowledge.offerOf(flow.server);
  if (offer === null) return seen;
  const offeredElsewhere = { flow: offer.flow, file: fileName(judging, offer.capture), frame: offer.frame };
  return { ...seen, upgradeInReach: true, upgrade: { ...upgrade, possiblyStripped: true, offeredElsewhere } };
}

/** Nothing takes an offer out of what is guarded from end to end; no result depends on it, as the first packet alone shows the guard. */
function withoutStripping(seen: Observation, guarded: boolean): Observation {
  return seen.upgrade && guarded ? { ...seen, upgrade: { ...seen.upgrade, possiblyStripped: false } } : seen;
}

interface Judged {
  path: string;
  check: CheckName;
  judgement: Judgement;
  /** a fact of the flow selects the path */
  selected: boolean;
  documented: { en: string; ko: string } | undefined;
}

function judgeFlow(flow: FlowRecord, seen: Observation, { rules, attribute, infer }: Judge): Judged[] {
  const judged = attribute(flow).flatMap((candidate) => {
    const results = evaluate(flow, seen, candidate, rules, infer);
    const selected = candidate.selection === 'selected';
    const { path } = candidate;
    return checkNames.map((check) => {
      const documented = path.exceptions.find(
        (one) => one.check === check && (one.ports?.includes(flow.server.port ?? 0) ?? true),
      );
      return { path: path.id, check, judgement: results[check], selected, documented: documented?.text };
    });
  });
  return settleDisagreement(judged);
}

const endsProtection = (flow: FlowRecord, { pack, roles }: Rules): boolean =>
  roles?.hostOf(flow.server.address).roles.some((role) => pack.offloads.includes(role)) ?? false;

/**
 * Where candidates disagree and no fact says whose flow it is, a `fail` becomes `unknown` (contract, rule 11). So does the
 * `pass` beside it: what a flow shows for one path is no proof where it may well be another's. What an interface or a
 * resource selects stands.
 */
function settleDisagreement(judged: Judged[]): Judged[] {
  return judged.map((row) => {
    const results = judged
      .filter((other) => other.check === row.check && other.judgement.result !== 'notapplicable')
      .map((other) => other.judgement.result);
    const disputed = results.includes('fail') && results.some((result) => result !== 'fail');
    const { result, evidence } = row.judgement;
    if (!disputed || row.selected || (result !== 'fail' && result !== 'pass')) return row;
    return { ...row, judgement: unknown('ambiguous-path', evidence) };
  });
}

const interfaceName = (uuid: string, { judges }: Judging): string | null =>
  judges.map(({ names }) => names.nameOf(uuid)).find((name) => name !== null) ?? null;

const fileName = (judging: Judging, capture: number): string => judging.files.get(capture) ?? `capture ${capture}`;

function resultReport(
  { path, check, judgement, documented }: Judged,
  judging: Judging,
  commentOn: CommentOn,
): FlowResultReport {
  const { result, reason } = judgement;
  return {
    path,
    check,
    result,
    reason,
    evidence: judgement.evidence.map((evidence) => evidenceReport(evidence, judging, commentOn)),
    ...(result === 'fail' && documented ? { documented } : {}),
  };
}

const evidenceReport = (
  { capture, frame, fact }: Evidence,
  judging: Judging,
  commentOn: CommentOn,
): EvidenceReport => ({ file: fileName(judging, capture), frame, fact, ...commentOn(capture, frame) });

/** The flow's blind spots, and that it never came to content where none of them could have hidden it (contract, rule 4). */
function blindSpots(flow: FlowRecord, seen: Observation): FlowReport['blindSpots'] {
  const contentless = seen.protection === 'unknown' && mostTelling(flow) === null;
  if (!contentless) return flow.blindSpots;
  const detail = 'the flow never came to content';
  return [...flow.blindSpots, { why: 'no-content', frame: flow.last.frame, detail }];
}
