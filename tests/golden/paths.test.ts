import { describe, expect, test } from 'vitest';
import { checkNames } from '../../src/check/pack.ts';
import { readPack } from '../support/read-pack.ts';
import type { PathCase } from './paths/case.ts';
import { directoryCases } from './paths/directory-cases.ts';
import { mailCases } from './paths/mail-cases.ts';
import { mailboxAccessCases } from './paths/mailbox-access-cases.ts';
import { type CaseOutcome, runCase } from './paths/run-case.ts';
import { voiceCases } from './paths/voice-cases.ts';

/**
 * The matrix: for every data path what passes, each way in which it can fail, and what must stay unknown. paths.md shows it,
 * made by running it; `npx vitest run tests/golden/paths.test.ts --update` renews it.
 */
const cases: PathCase[] = [...mailCases, ...directoryCases, ...mailboxAccessCases, ...voiceCases];
const outcomes = new Map<PathCase, CaseOutcome>();

describe.each(Object.entries(Object.groupBy(cases, ({ path }) => path)))('%s', (_path, rows) => {
  test.each(rows!.map((one) => [one.title, one] as const))('%s', async (_title, one) => {
    const outcome = await runCase(one);
    outcomes.set(one, outcome);
    for (const check of checkNames) {
      const expected = one[check];
      if (expected === null) continue;
      const found = outcome.results[check];
      expect([check, expected.includes(' ') ? found : found.split(' ')[0]]).toEqual([check, expected]);
    }
  });
});

test('absent, a path is not observed', async () => {
  const [one] = cases;
  for (const { id } of readPack().paths) {
    const { results } = await runCase({ ...one!, path: id, roles: { rms1: 'adrms' }, replay: undefined } as never);
    expect(new Set(Object.values(results)), id).toEqual(new Set(['notchecked not-observed']));
  }
});
