import type { CaptureSummary } from '../capture/capture-summary.ts';
import { type LimitName, limits } from '../limits.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import { Assertions } from './assertions.ts';
import { isKnownNeighbour } from './attribute.ts';
import type { AuditReport, CaptureQuality, FlowReport, HostReport } from './audit-report.ts';
import { Correlations } from './correlations.ts';
import { AcceptedRisks, type Exceptions } from './exceptions.ts';
import { Firewall } from './firewall.ts';
import { createJudge, type Judging, reportFlow } from './flow-report.ts';
import { inferFrom, noInference } from './inference.ts';
import { Knowledge, tellingFacts } from './knowledge.ts';
import { referenceOf } from './reference.ts';
import type { Rules } from './rules.ts';
import { summarise, Tally } from './tally.ts';

/** What was read, as the store gives it. */
export interface Observed {
  captures: readonly (CaptureSummary & { capture: number; unreadFrames: number })[];
  limits: AuditReport['limits'];
  /** by first frame; may be walked again and again */
  flows(): Iterable<FlowRecord>;
  /** by first frame; those with a fact of such a `what` */
  flowsStating(whats: readonly string[]): Iterable<FlowRecord>;
  reusedCommunityIds(): Set<string>;
}

/** What an audit is made with, besides what was observed. */
export interface AuditOptions {
  tool: { name: string; version: string };
  rules: readonly Rules[];
  /** whether a ticket seen elsewhere may answer for hidden authentication */
  inference: boolean;
  rulePacks: AuditReport['rulePacks'];
  topology: AuditReport['topology'];
  options: AuditReport['options'];
  /** accepted risks, and the SHA-256 of their file */
  exceptions: { sha256: string; list: Exceptions } | null;
  stamp: string | null;
  partial: boolean;
}

/** Checks everything observed against the rules. Flows are judged while they are walked, so memory does not grow with them. */
export function audit(observed: Observed, options: AuditOptions): AuditReport {
  const knowledge = new Knowledge();
  for (const record of observed.flowsStating(tellingFacts)) knowledge.add(record);
  const infer = (rules: Rules) => (options.inference ? inferFrom(knowledge, rules) : noInference);
  const files = new Map(observed.captures.map(({ capture, file }) => [capture, file]));
  const judging: Judging = {
    judges: options.rules.map((rules) => createJudge(rules, infer(rules))),
    files,
    reused: observed.reusedCommunityIds(),
    knowledge,
  };
  const risks = new AcceptedRisks(options.exceptions?.list ?? [], asOf(observed, options));
  const report = (flow: FlowRecord): FlowReport => risks.accept(reportFlow(flow, judging));
  const fileName = (capture: number): string => files.get(capture) ?? `capture ${capture}`;
  const correlations = new Correlations(fileName);
  const flows: Iterable<FlowReport> = {
    *[Symbol.iterator]() {
      for (const flow of observed.flows()) yield report(flow);
    },
  };
  const tallies = options.rules.map((rules) => new Tally(rules));
  const quality = startQuality(observed);
  const hosts = new Hosts();
  const assertions = options.rules.map((rules) => new Assertions(rules, fileName));
  const firewalls = options.rules.map((rules) => new Firewall(rules));
  const unexpected: AuditReport['unexpected'] = [];
  let left = 0;
  for (const record of observed.flows()) {
    const flow = report(record);
    for (const tally of tallies) tally.add(flow);
    addQuality(quality, flow, record.duplicates);
    risks.count(flow);
    hosts.add(flow, options.rules);
    correlations.add(record, flow);
    for (const firewall of firewalls) firewall.add(record);
    for (const one of assertions) one.add(record, flow);
    const why = whyUnexpected(flow, options.rules);
    if (why && unexpected.length >= limits.unexpected) left++;
    else if (why) unexpected.push({ flow: flow.id, why });
  }
  const paths = tallies.flatMap((tally) => tally.paths());
  const groups = tallies.flatMap((tally) => tally.groups());
  return {
    tool: options.tool,
    rulePacks: options.rulePacks,
    topology: options.topology,
    options: options.options,
    stamp: options.stamp,
    captures: observed.captures.map(({ capture: _capture, unreadFrames: _unread, ...summary }) => summary),
    partial: options.partial,
    summary: summarise(paths, groups),
    captureQuality: quality,
    paths,
    groups,
    flows,
    correlations: correlations.list(),
    unexpected,
    hosts: hosts.list(),
    firewall: firewalls.flatMap((firewall) => firewall.list()),
    assertions: assertions.flatMap((one) => one.list()),
    reference: referenceOf(options.rules),
    exceptions: options.exceptions && { sha256: options.exceptions.sha256, list: risks.list() },
    limits: [
      ...observed.limits,
      ...reached({
        unexpected: left,
        hosts: hosts.leftOut,
        knowledge: knowledge.leftOut,
        correlations: correlations.leftOut,
        listeningPorts: firewalls.reduce((sum, firewall) => sum + firewall.leftOut, 0),
      }),
    ],
  };
}

/** The moment at which expiry is judged: as asked for, else that of the last frame. */
function asOf({ captures }: Observed, { options }: AuditOptions): string | null {
  if (typeof options.asOf === 'string') return options.asOf;
  const times = captures.flatMap(({ lastSeen }) => lastSeen ?? []);
  return times.sort().at(-1) ?? null;
}

/** Between hosts of which at least one is named, but on no data path. */
function whyUnexpected(flow: FlowReport, rules: readonly Rules[]): 'no-path' | 'outside-reference' | null {
  if (flow.paths.length > 0 || !rules.some(({ roles }) => roles !== null)) return null;
  if (!isNamed(flow.client.address, rules) && !isNamed(flow.server.address, rules)) return null;
  const known = rules.some(({ pack, roles }) => isKnownNeighbour(flow, pack, roles));
  return known ? 'outside-reference' : 'no-path';
}

/** Whether the topology names this address, as a host or as part of a network. */
const isNamed = (address: string, rules: readonly Rules[]): boolean =>
  rules.some(({ roles }) => roles?.hostOf(address).named ?? false);

/** Lists of the report that were full: what could not be listed, by the cap's name. */
function reached(left: Partial<Record<LimitName, number>>): AuditReport['limits'] {
  const hits = Object.entries(left) as [LimitName, number][];
  return hits
    .filter(([, hit]) => hit > 0)
    .map(([name, hit]) => ({ name, cap: limits[name], hit, detail: leftOut[name] ?? '' }));
}

const leftOut: Partial<Record<LimitName, string>> = {
  unexpected: 'unexpected flows were left off the list',
  hosts: 'flows of unnamed hosts that were left off the list',
  knowledge: 'tickets, names and offers were not remembered',
  correlations: 'correlations were left off the list',
  listeningPorts: 'listening ports were not held against firewall rules',
};

function startQuality(observed: Observed): CaptureQuality {
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    flows: 0,
    midstream: 0,
    oneDirection: 0,
    truncated: 0,
    gaps: 0,
    duplicates: 0,
    droppedFrames: sum(observed.captures.map((capture) => capture.dropped ?? 0)),
    unreadFrames: sum(observed.captures.map((capture) => capture.unreadFrames)),
  };
}

function addQuality(quality: CaptureQuality, flow: FlowReport, duplicates: number): void {
  const has = (why: string) => flow.blindSpots.some((spot) => spot.why === why);
  quality.flows++;
  quality.duplicates += duplicates;
  if (has('midstream')) quality.midstream++;
  if (has('one-direction')) quality.oneDirection++;
  if (has('truncated-capture')) quality.truncated++;
  if (has('gap')) quality.gaps++;
}

/** Hosts that took part, named or not. */
class Hosts {
  readonly #hosts = new Map<string, HostReport>();
  /** ends of flows whose host is not listed */
  leftOut = 0;

  add(flow: FlowReport, rules: readonly Rules[]): void {
    for (const { address, name, roles } of [flow.client, flow.server]) {
      let host = this.#hosts.get(address);
      if (!host) {
        if (this.#hosts.size >= limits.hosts && name === null) {
          this.leftOut++;
          continue;
        }
        host = {
          address,
          name,
          roles,
          named: isNamed(address, rules),
          flows: 0,
          firstSeen: flow.firstSeen,
          lastSeen: flow.lastSeen,
        };
        this.#hosts.set(address, host);
      }
      host.flows++;
      if (flow.firstSeen < host.firstSeen) host.firstSeen = flow.firstSeen;
      if (flow.lastSeen > host.lastSeen) host.lastSeen = flow.lastSeen;
    }
  }

  /** by address text */
  list(): HostReport[] {
    return [...this.#hosts.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
  }
}
