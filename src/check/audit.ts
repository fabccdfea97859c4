import { type LimitName, limits } from '../limits.ts';
import { Assertions } from './assertions.ts';
import { isKnownNeighbour } from './attribute.ts';
import type { AuditOptions, Observed } from './audit-input.ts';
import type { AuditReport, CaptureQuality, FlowReport, HostReport } from './audit-report.ts';
import { Correlations } from './correlations.ts';
import { Firewall } from './firewall.ts';
import { startJudging } from './judging.ts';
import { referenceOf } from './reference.ts';
import type { Rules } from './rules.ts';
import { summarise, Tally } from './tally.ts';

/**
 * Checks everything observed against the rules. Flows are judged while they are walked, so memory does not grow with them;
 * `onFlow` is told of each, for who wants more of them than the report has without judging them again.
 */
export function audit(
  observed: Observed,
  options: AuditOptions,
  onFlow: (flow: FlowReport) => void = () => {},
): AuditReport {
  const { judging, risks, fileName, report } = startJudging(observed, options);
  const correlations = new Correlations(fileName);
  const flows: Iterable<FlowReport> = {
    *[Symbol.iterator]() {
      for (const flow of observed.flows()) yield report(flow);
    },
  };
  const tallies = options.rules.map((rules) => new Tally(rules));
  const quality = startQuality(observed);
  const hosts = new Hosts(observed);
  const assertions = options.rules.map((rules) => new Assertions(rules, fileName));
  const firewalls = options.rules.map((rules) => new Firewall(rules));
  const unexpected: AuditReport['unexpected'] = [];
  let left = 0;
  for (const record of observed.flows()) {
    const flow = report(record);
    onFlow(flow);
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
        knowledge: judging.knowledge.leftOut,
        correlations: correlations.leftOut,
        listeningPorts: firewalls.reduce((sum, firewall) => sum + firewall.leftOut, 0),
      }),
    ],
  };
}

/** Between hosts of which at least one is named, but on no data path. */
function whyUnexpected(flow: FlowReport, rules: readonly Rules[]): 'no-path' | 'outside-reference' | null {
  // ICMP, ESP and AH carry no data path of their own (contract, rule 10)
  if (flow.transport !== 'tcp' && flow.transport !== 'udp') return null;
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
  /** by address; of several files the first one's */
  readonly #called = new Map<string, { name: string; file: string }>();
  /** ends of flows whose host is not listed */
  leftOut = 0;

  constructor({ captures }: Observed) {
    for (const { file, names } of captures) {
      for (const { address, name } of names) if (!this.#called.has(address)) this.#called.set(address, { name, file });
    }
  }

  add(flow: FlowReport, rules: readonly Rules[]): void {
    for (const { address, name, roles } of [flow.client, flow.server]) {
      let host = this.#hosts.get(address);
      if (!host) {
        if (this.#hosts.size >= limits.hosts && name === null) {
          this.leftOut++;
          continue;
        }
        const called = name === null ? this.#called.get(address) : undefined;
        host = {
          address,
          name,
          roles,
          named: isNamed(address, rules),
          ...(called ? { called } : {}),
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
