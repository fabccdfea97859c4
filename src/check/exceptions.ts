import { z } from 'zod';
import type { Accepted, EndReport, ExceptionReport, FlowReport, FlowResultReport } from './audit-report.ts';
import { type Findings, loadYaml } from './load-yaml.ts';
import { canonicalAddress, contains, type Network, parseHost, parseNetwork } from './network-address.ts';
import { checkNames } from './pack.ts';
import { choices, show } from './schema-issue.ts';

/** Accepted risks: failures that somebody answers for until a day. They stay failures (contract, rule 17). */

const words = z.string().min(1).max(1000);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day, such as 2026-12-31');

export const exceptionsSchema = z.strictObject({
  exceptions: z
    .array(
      z.strictObject({
        /** id of a data path; all where left out */
        path: z.string().optional(),
        /** one of the path's three questions; all where left out */
        check: z.enum(checkNames).optional(),
        /** who opened the flow: a host's name, an address or a network; anybody where left out */
        client: words.optional(),
        server: words.optional(),
        reason: words,
        by: words,
        /** the last day on which it holds, UTC */
        until: day,
      }),
    )
    .min(1),
});

export type Exceptions = z.infer<typeof exceptionsSchema>['exceptions'];
type Exception = Exceptions[number];

/** The exceptions that a YAML text holds; a `RuleError` names every mistake in it. `pathIds` are those of the packs they are for. */
export function loadExceptions(fileName: string, text: string, pathIds: readonly string[]): Exceptions {
  const check = (value: { exceptions: Exceptions }, findings: Findings) => {
    for (const [i, { path, client, server, until }] of value.exceptions.entries()) {
      if (!isDay(until)) findings.problem(['exceptions', i, 'until'], `${show(until)} is no day of the calendar`);
      if (path === undefined && client === undefined && server === undefined) {
        findings.problem(['exceptions', i], 'accepts everything; name a path, a client or a server');
      }
      if (path !== undefined && !pathIds.includes(path)) {
        findings.problem(['exceptions', i, 'path'], `no data path is called ${show(path)}; ${choices(path, pathIds)}`);
      }
      for (const [key, value] of Object.entries({ client, server })) {
        if (value?.includes('/') && parseNetwork(value) === null) {
          findings.problem(['exceptions', i, key], `${show(value)} is no network; write 10.1.0.0/16`);
        }
      }
    }
  };
  return loadYaml(fileName, text, exceptionsSchema, check).exceptions;
}

/** Whether `2026-11-24` is a day of the calendar: `Date` takes 30 February for 2 March. */
export const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** Exceptions at work: each failing result that one answers for says so. */
export class AcceptedRisks {
  readonly #rules: Rule[];

  /** @param asOf RFC 3339, the moment at which expiry is judged; null where there is none, as nothing was captured */
  constructor(exceptions: Exceptions, asOf: string | null) {
    const today = asOf === null ? '' : new Date(asOf).toISOString().slice(0, 10);
    this.#rules = exceptions.map((exception) => ({
      exception,
      expired: exception.until < today,
      client: matcherOf(exception.client),
      server: matcherOf(exception.server),
      flows: 0,
    }));
  }

  /** The flow with its accepted failures marked. */
  accept(flow: FlowReport): FlowReport {
    if (this.#rules.length === 0 || !flow.results.some(({ result }) => result === 'fail')) return flow;
    return { ...flow, results: flow.results.map((row) => this.#acceptOne(flow, row)) };
  }

  #acceptOne(flow: FlowReport, row: FlowResultReport): FlowResultReport {
    const rule = this.#rules.find((rule) => !rule.expired && fits(rule, flow, row));
    if (!rule) return row;
    const { reason, by, until } = rule.exception;
    return { ...row, accepted: { reason, by, until } };
  }

  /** Counts a flow for `list`. */
  count(flow: FlowReport): void {
    for (const rule of this.#rules) {
      if (flow.results.some((row) => fits(rule, flow, row))) rule.flows++;
    }
  }

  /** What became of each, in file order, once all flows were counted. */
  list(): ExceptionReport[] {
    return this.#rules.map(({ exception, expired, flows }) => ({
      path: exception.path ?? null,
      check: exception.check ?? null,
      client: exception.client ?? null,
      server: exception.server ?? null,
      reason: exception.reason,
      by: exception.by,
      until: exception.until,
      state: expired ? 'expired' : flows > 0 ? 'in-force' : 'unused',
      flows,
    }));
  }
}

interface Rule {
  exception: Exception;
  expired: boolean;
  client: (end: EndReport) => boolean;
  server: (end: EndReport) => boolean;
  /** with a failure that it fits */
  flows: number;
}

function fits(
  { exception, client, server }: Rule,
  flow: FlowReport,
  { path, check, result }: FlowResultReport,
): boolean {
  if (result !== 'fail') return false;
  if (exception.path !== undefined && exception.path !== path) return false;
  if (exception.check !== undefined && exception.check !== check) return false;
  return client(flow.client) && server(flow.server);
}

/** An address, a network, or a name in any case. */
function matcherOf(pattern: string | undefined): Rule['client'] {
  if (pattern === undefined) return () => true;
  const network: Network | null = parseNetwork(pattern);
  if (network) {
    return ({ address }) => {
      const host = parseHost(address);
      return host !== null && contains(network, host);
    };
  }
  const address = canonicalAddress(pattern);
  if (address !== null) return (end) => canonicalAddress(end.address) === address;
  const name = pattern.toLowerCase();
  return (end) => end.name?.toLowerCase() === name;
}

/** Whether all failures of a check are accepted, as they come in one by one. */
export class Acceptance {
  #first: Accepted | null = null;
  #all = true;

  add({ result, accepted }: FlowResultReport): void {
    if (result !== 'fail') return;
    if (accepted) this.#first ??= accepted;
    else this.#all = false;
  }

  /** the first acceptance where there is one for each failure */
  settled(): Accepted | null {
    return this.#all ? this.#first : null;
  }
}
