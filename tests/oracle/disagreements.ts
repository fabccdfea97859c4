import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Comparison } from './compare-flows.ts';

/** The table of disagreements that have been looked into. An entry is of one of three kinds. */
const disagreement = z.strictObject({
  capture: z.string(),
  flow: z.string(),
  /** fact → what tshark says, what we say */
  facts: z.record(z.string(), z.tuple([z.string(), z.string()])),
  right: z.enum(['ours', 'tshark', 'both', 'not yet']),
  why: z.string(),
});
/** flows inside something that we do not decode; `outer` are the flows that we see in their place */
const undecoded = z.strictObject({
  capture: z.string(),
  inside: z.string(),
  flows: z.int(),
  outer: z.int(),
  why: z.string(),
});
const refused = z.strictObject({ capture: z.string(), refused: z.string(), why: z.string() });

const table = z.array(z.union([disagreement, undecoded, refused]));

export interface Held {
  /** disagreements that the table does not list */
  unlisted: Comparison[];
  /** entries of the table that no longer occur */
  stale: string[];
}

export type Entry = z.infer<typeof table>[number];

/** All tables of a folder. */
export const readDisagreements = (folder: string): Entry[] =>
  globSync(`${folder}/*.yaml`).flatMap((path) => table.parse(parse(readFileSync(path, 'utf8'))));

/** Captures in formats that we refuse. */
export const refusedAmong = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => ('refused' in entry ? [entry.capture] : []));

/** Holds the comparisons of these captures against the table; `askable` tells which facts could be asked for at all. */
export function hold(
  entries: readonly Entry[],
  captures: ReadonlySet<string>,
  comparisons: readonly Comparison[],
  askable: (fact: string) => boolean,
): Held {
  const left = new Set(comparisons.filter(({ tshark, ours }) => tshark !== ours));
  const stale: string[] = [];
  for (const entry of entries.filter(({ capture }) => captures.has(capture))) {
    if ('flow' in entry) {
      for (const [fact, [tshark, ours]] of Object.entries(entry.facts)) {
        const found = [...left].find(
          (one) => one.capture === entry.capture && one.flow === entry.flow && one.fact === fact,
        );
        if (found?.tshark === tshark && found.ours === ours) left.delete(found);
        else if (!found && askable(fact)) stale.push(`${entry.capture} ${entry.flow} ${fact}`);
      }
    } else if ('inside' in entry) {
      const flows = [...left].filter((one) => one.capture === entry.capture && one.fact === 'flow');
      const inner = flows.filter(({ tshark }) => tshark === `seen inside ${entry.inside}` || tshark === 'seen');
      const outer = flows.filter(({ tshark }) => tshark === 'not seen');
      if (inner.length !== entry.flows || outer.length !== entry.outer) {
        stale.push(`${entry.capture} inside ${entry.inside}: ${inner.length} flows, ${outer.length} outer`);
      }
      for (const flow of [...inner, ...outer]) left.delete(flow);
    }
  }
  return { unlisted: [...left], stale };
}
