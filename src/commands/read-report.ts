import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import type { AuditReport } from '../check/audit-report.ts';
import { checkNames } from '../check/pack.ts';
import { type Reason, results } from '../check/result.ts';
import { type Comparable, FindingTally, hostOf } from '../report/compare.ts';
import type { Language } from '../report/format.ts';
import { openStore } from '../store/sqlite-store.ts';
import { auditStore } from './auditing.ts';
import { inputsOf } from './inputs.ts';
import type { Program } from './program.ts';
import { elementsOf, shortened } from './report-text.ts';
import { UsageError, withFile } from './usage-error.ts';

const reason = z.string().transform((text) => text as Reason);
const check = z.looseObject({ result: z.enum(results), reason, accepted: z.unknown().optional() });
const end = z.looseObject({ address: z.string(), name: z.string().nullable() });
const hashed = z.looseObject({ sha256: z.string() });

/** What we read back of a JSON report; the rest is not looked at. */
const reportSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.looseObject({ name: z.string(), version: z.string() }),
  rulePacks: z.array(z.looseObject({ id: z.string(), version: z.string(), sha256: z.string() })),
  topology: hashed.nullable(),
  exceptions: hashed.nullish(),
  options: z.record(z.string(), z.union([z.string(), z.boolean()])),
  stamp: z.string().optional(),
  captures: z.array(
    z.looseObject({ file: z.string(), sha256: z.string().nullable(), frames: z.int(), bytes: z.int() }),
  ),
  paths: z.array(
    z.looseObject({ id: z.string(), title: z.string(), port: check, authentication: check, encryption: check }),
  ),
  flows: z.array(z.unknown()),
});
const flowSchema = z.looseObject({
  client: end,
  server: end,
  results: z.array(z.looseObject({ path: z.string(), check: z.enum(checkNames), result: z.enum(results), reason })),
});
type PrintedFlow = z.output<typeof flowSchema>;

/** A report as it was printed; its flows are read from the file whenever they are asked for. */
export interface PrintedReport extends Omit<z.output<typeof reportSchema>, 'flows'> {
  flows: Iterable<PrintedFlow>;
}

/** The lists that are needed at once; all others can be as long as a capture has flows. */
const needed: ReadonlySet<string> = new Set(['rulePacks', 'captures', 'paths']);

/** A JSON report that we wrote. */
export function readPrinted(file: string): PrintedReport {
  const { text, left } = shortened(file, needed);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: is no JSON report; make one with: pcap-audit audit CAPTURE --report report.json`);
  }
  const report = valid(file, reportSchema, value, '');
  const flows = {
    *[Symbol.iterator]() {
      let at = 0;
      const elements = left.has('flows') ? elementsOf(file, 'flows') : report.flows;
      for (const flow of elements) yield valid(file, flowSchema, flow, `flows.${at++}.`);
    },
  };
  return { ...report, flows };
}

function valid<T>(file: string, schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new UsageError(`${file}: is no JSON report of pcap-audit: ${where}${path.map(String).join('.')}: ${message}`);
}

/** What `diff` compares: a JSON report, or the last check of a database. */
export function readComparable(file: string, language: Language, program: Program): Comparable {
  if (!isDatabase(file)) return comparable(readPrinted(file));
  const store = openStore(file, false);
  try {
    const stored = store.lastCheck();
    if (!stored) throw new UsageError(`${file}: nothing was checked yet; run: pcap-audit check --db ${file}`);
    const { strict, inference = true, asOf } = stored.options;
    const options = {
      inference: inference === true,
      ...(strict === true ? { strict } : {}),
      ...(typeof asOf === 'string' ? { asOf } : {}),
    };
    const report = auditStore(store, inputsOf(stored), options, program, false);
    return comparable({ ...report, paths: report.paths.map((path) => ({ ...path, title: path.title[language] })) });
  } finally {
    store.close();
  }
}

type Either = Pick<PrintedReport, 'rulePacks'> & {
  captures: { file: string }[];
  paths: (Omit<AuditReport['paths'][number], 'title'> | PrintedReport['paths'][number])[];
  flows: Iterable<AuditReport['flows'] extends Iterable<infer Flow> ? Flow | PrintedFlow : never>;
};

function comparable({ rulePacks, captures, paths, flows }: Either): Comparable {
  const tally = new FindingTally();
  for (const { client, server, results } of flows) {
    for (const { path, check, result, reason } of results) {
      if (result === 'fail') tally.add({ path, check, reason, client: hostOf(client), server: hostOf(server) });
    }
  }
  return {
    packs: rulePacks.map(({ id, version }) => `${id} ${version}`),
    captures: captures.map(({ file }) => file),
    paths: paths.map((path) => {
      const of = ({
        result,
        reason,
        accepted,
      }: {
        result: (typeof results)[number];
        reason: Reason;
        accepted?: unknown;
      }) => ({
        result,
        reason,
        accepted: accepted != null,
      });
      return {
        id: path.id,
        title: String((path as { title?: unknown }).title),
        port: of(path.port),
        authentication: of(path.authentication),
        encryption: of(path.encryption),
      };
    }),
    findings: tally.list(),
  };
}

function isDatabase(file: string): boolean {
  return withFile(file, 'read', () => {
    const head = Buffer.alloc(16);
    const handle = openSync(file, 'r');
    try {
      readSync(handle, head, 0, 16, 0);
    } finally {
      closeSync(handle);
    }
    return head.toString('latin1') === 'SQLite format 3\0';
  });
}
