import type { Command } from 'commander';
import { audit } from '../check/audit.ts';
import type { AuditOptions, Observed } from '../check/audit-input.ts';
import type { AuditReport } from '../check/audit-report.ts';
import { isDay } from '../check/exceptions.ts';
import { referenceOf } from '../check/reference.ts';
import { type Digest, Digesting } from '../report/digest.ts';
import type { Language } from '../report/format.ts';
import { wordsOf } from '../report/words/language.ts';
import type { Store } from '../store/store.ts';
import { collect } from './collect.ts';
import { type Inputs, sha256 } from './inputs.ts';
import type { Program } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Options that change results; they stand in the report. */
export interface ResultOptions {
  strict?: boolean;
  inference: boolean;
  asOf?: string;
}

export const addResultOptions = (command: Command): Command =>
  command
    .option('--strict', 'count what cannot be decided as failed, for the exit code')
    .option('--no-inference', 'let nothing be answered by inference from another flow')
    .option('--as-of <date>', "judge what expires as of this date instead of the last frame's time", date);

export const addRuleOptions = (command: Command): Command =>
  command
    .option('--topology <file>', 'who is who: addresses and roles of the hosts (see `topology schema`)')
    .option('--rules <pack>', 'a rule pack, by name or file; can be given again (default: exchange-2010)', collect)
    .option('--exceptions <file>', 'accepted risks: they stay failures, but no longer set the exit code');

/** An ISO 8601 date or time, as it was given. */
function date(text: string): string {
  const form = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const valid = form && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
  if (!valid) throw new UsageError(`--as-of ${text}: no such date; write 2026-11-24 or 2026-11-24T12:00:00Z`);
  return text;
}

/** A report, and what reports for people say first, taken in one walk over the flows. */
export interface Audited {
  report: AuditReport;
  found: Digest;
}

/** Checks what a store holds. */
export function auditStore(
  store: Store,
  inputs: Inputs,
  options: ResultOptions,
  program: Program,
  stamp: boolean,
): AuditReport {
  const { observed, auditOptions } = auditInputs(store, inputs, options, program, stamp);
  return audit(observed, auditOptions);
}

/** The same for outputs in a language. */
export function auditForOutputs(
  store: Store,
  inputs: Inputs,
  options: ResultOptions & { stamp?: boolean; lang: Language },
  program: Program,
  partial = false,
): Audited {
  const { observed, auditOptions } = auditInputs(store, inputs, options, program, options.stamp ?? false, partial);
  const { captures } = observed;
  const groups = inputs.packs.flatMap(({ pack }) => pack.groups);
  const digesting = new Digesting({ captures, groups, reference: referenceOf(inputs.rules) }, wordsOf(options.lang));
  const report = audit(observed, auditOptions, (flow) => digesting.add(flow));
  return { report, found: digesting.finish(report) };
}

/** What an audit of a store is made of. */
export function auditInputs(
  store: Store,
  inputs: Inputs,
  options: ResultOptions,
  program: Program,
  stamp: boolean,
  partial = false,
): { observed: Observed; auditOptions: AuditOptions } {
  const auditOptions: AuditOptions = {
    tool: program.tool,
    rules: inputs.rules,
    inference: options.inference,
    rulePacks: inputs.packs.map(({ source, pack }) => ({
      id: pack.id,
      version: pack.version,
      sha256: sha256(source.text),
    })),
    topology: inputs.topology && { sha256: sha256(inputs.topology.source.text) },
    exceptions: inputs.exceptions && {
      sha256: sha256(inputs.exceptions.source.text),
      list: inputs.exceptions.list,
    },
    options: stated(options),
    stamp: stamp ? program.now().toISOString() : null,
    partial,
  };
  const observed: Observed = {
    captures: store.captures(),
    limits: store.limits(),
    flows: () => store.flows(),
    flowsStating: (whats: readonly string[]) => store.flowsStating(whats),
    reusedCommunityIds: () => store.reusedCommunityIds(),
  };
  return { observed, auditOptions };
}

/** Keeps what a check was made with and what came out, for `report` and for queries by hand. */
export async function keepCheck(
  store: Store,
  inputs: Inputs,
  options: ResultOptions,
  program: Program,
  report: AuditReport,
): Promise<void> {
  const check = {
    toolVersion: program.tool.version,
    packs: inputs.packs.map(({ source }) => source),
    topology: inputs.topology?.source ?? null,
    exceptions: inputs.exceptions?.source ?? null,
    options: stated(options),
  };
  await store.writing(async () => store.saveCheck(check, report.flows));
}

/** Only what differs from the default. */
function stated({ strict, inference, asOf }: ResultOptions): Record<string, string | boolean> {
  return {
    ...(strict ? { strict } : {}),
    ...(inference ? {} : { inference }),
    ...(asOf === undefined ? {} : { asOf }),
  };
}

/** 1 where something failed that nobody answers for, or could not be decided and the user counts that as failed. */
export function exitCodeOf(report: AuditReport, { strict }: ResultOptions): 0 | 1 {
  const { fail, unknown, error } = report.summary.paths;
  return fail - report.summary.accepted.paths + error > 0 || (strict === true && unknown > 0) ? 1 : 0;
}
