import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Comparison } from './compare-flows.ts';

/** The table of disagreements that have been looked into. An entry is of one of two kinds. */
const disagreement = z.strictObject({
  capture: z.string(),
  flow: z.string(),
  /** fact → what tshark says, what we say */
  facts: z.record(z.string(), z.tuple([z.string(), z.string()])),
  right: z.enum(['ours', 'tshark', 'both', 'not yet']),
  why: z.string(),
});
const refused = z.strictObject({ capture: z.string(), refused: z.string(), why: z.string() });

const table = z.array(z.union([disagreement, refused]));

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
    }
  }
  return { unlisted: [...left], stale };
}
