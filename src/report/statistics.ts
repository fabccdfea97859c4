import type { FlowReport } from '../check/audit-report.ts';
import type { Reason, Result } from '../check/result.ts';
import type { Content } from '../protocols/fact.ts';
import { rolesShown } from './scope.ts';
import type { Span } from './time.ts';

/** bars of the timeline, from the first frame to the last */
export const timeSlots = 60;
/** pairs of roles kept; a topology has fewer roles than this, but hosts may combine them */
const pairsKept = 1024;
/** flows remembered of each path, as examples of where it goes */
const examplesKept = 3;

/** What drawings show: counted in one walk over the flows, in bounded memory. */
export interface Statistics {
  pairs: Map<string, RolePair>;
  /** pairs of roles that were no longer kept, by flows */
  pairsLeftOut: number;
  exposures: Map<Content, Exposures>;
  /** flows by TLS version and by cipher suite, as on the wire */
  versions: Map<number, number>;
  suites: Map<number, number>;
  /** by path */
  examples: Map<string, FlowReport[]>;
  /** paths with a flow in which a password went in clear */
  passwords: Set<string>;
}

export interface RolePair {
  /** empty where unknown */
  from: string[];
  to: string[];
  flows: number;
  /** with content in clear and on no path */
  exposed: number;
  /** what its flows say together of each check of each path; empty where no flow is on a path */
  checks: Map<string, PairCheck>;
}

interface PairCheck {
  path: string;
  result: Result;
  reason: Reason;
}

/** The worst result between two roles, and its path; null where no flow is on one. */
export function worstOf({ checks }: RolePair): PairCheck | null {
  let worst: PairCheck | null = null;
  for (const check of checks.values()) {
    if (worst === null || severity(check.result) > severity(worst.result)) worst = check;
  }
  return worst;
}

export interface Exposures {
  /** flows by slot of the timeline */
  slots: number[];
  flows: number;
  /** seconds since 1970 */
  first: number;
  last: number;
}

export class Counting {
  readonly statistics: Statistics = {
    pairs: new Map(),
    pairsLeftOut: 0,
    exposures: new Map(),
    versions: new Map(),
    suites: new Map(),
    examples: new Map(),
    passwords: new Set(),
  };
  readonly #unnamedRoles: ReadonlySet<string>;
  readonly #from: number;
  readonly #seconds: number;

  /** @param unnamedRoles of addresses that no topology names */
  constructor(span: Span | null, unnamedRoles: ReadonlySet<string>) {
    this.#unnamedRoles = unnamedRoles;
    this.#from = span === null ? 0 : Date.parse(span.first) / 1000;
    this.#seconds = span === null ? 0 : Date.parse(span.last) / 1000 - this.#from;
  }

  add(flow: FlowReport): void {
    this.#addPair(flow);
    for (const { content, time } of flow.encryption.exposures) this.#addExposure(content, time);
    const { tls } = flow;
    if (tls?.version != null) increment(this.statistics.versions, tls.version);
    if (tls?.cipherSuite != null) increment(this.statistics.suites, tls.cipherSuite);
    const { examples, passwords } = this.statistics;
    if (flow.authentication.credentialsExposed) {
      for (const { path, check, reason } of flow.results) {
        if (check === 'encryption' && reason !== 'ambiguous-path') passwords.add(path);
      }
    }
    for (const path of flow.paths) {
      const known = examples.get(path);
      if (!known) examples.set(path, [flow]);
      else if (known.length < examplesKept) known.push(flow);
    }
  }

  #addPair({ client, server, results, encryption }: FlowReport): void {
    const { pairs } = this.statistics;
    const from = rolesShown(client, this.#unnamedRoles);
    const to = rolesShown(server, this.#unnamedRoles);
    const key = `${from.join(' ')} > ${to.join(' ')}`;
    let pair = pairs.get(key);
    if (!pair) {
      if (pairs.size >= pairsKept) {
        this.statistics.pairsLeftOut++;
        return;
      }
      pair = { from, to, flows: 0, exposed: 0, checks: new Map() };
      pairs.set(key, pair);
    }
    pair.flows++;
    if (results.length === 0 && encryption.exposed.length > 0) pair.exposed++;
    for (const { path, check, result, reason } of results) {
      const key = `${path} ${check}`;
      const known = pair.checks.get(key);
      if (!known || weight(result, reason) > weight(known.result, known.reason)) {
        pair.checks.set(key, { path, result, reason });
      }
    }
  }

  #addExposure(content: Content, time: number): void {
    const { exposures } = this.statistics;
    let entry = exposures.get(content);
    if (!entry) {
      entry = { slots: new Array(timeSlots).fill(0), flows: 0, first: time, last: time };
      exposures.set(content, entry);
    }
    const share = this.#seconds > 0 ? (time - this.#from) / this.#seconds : 0;
    const slot = Math.min(timeSlots - 1, Math.max(0, Math.floor(share * timeSlots)));
    entry.slots[slot]!++;
    entry.flows++;
    entry.first = Math.min(entry.first, time);
    entry.last = Math.max(entry.last, time);
  }
}

const order: readonly Result[] = ['notchecked', 'notapplicable', 'pass', 'informational', 'unknown', 'error', 'fail'];
const severity = (result: Result): number => order.indexOf(result);
/** as in a path's result, a flow that never came to content speaks only where no other does */
const weight = (result: Result, reason: Reason): number =>
  result === 'unknown' && reason === 'no-content' ? severity('pass') - 0.5 : severity(result);

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
