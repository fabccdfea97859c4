import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fuzz, tryInput } from './fuzz.ts';
import { fuzzTargets } from './targets.ts';

/** Ten seconds a target in CI, a moment elsewhere; the long run is `npm run fuzz 600`. */
const seconds = Number(process.env.FUZZ_SECONDS ?? (process.env.CI ? 10 : 0.5));
const regressions = `${import.meta.dirname}/regressions`;
const targets = await fuzzTargets();

describe.each(targets)('$name', (target) => {
  test('takes what was found once', async () => {
    const folder = `${regressions}/${target.name.replaceAll(' ', '-')}`;
    const files = existsSync(folder) ? globSync(`${folder}/*.bin`) : [];
    for (const file of files) expect(await tryInput(target, new Uint8Array(readFileSync(file))), file).toBeNull();
  });

  test(
    `takes anything, for ${seconds} s`,
    async () => {
      const { runs, findings } = await fuzz(target, seconds, 1);
      expect(findings.map(({ input, what }) => `${Buffer.from(input).toString('base64')}\n${what}`)).toEqual([]);
      expect(runs).toBeGreaterThan(0);
    },
    (seconds + 60) * 1000,
  );
});

test('finds what throws and what is slow', async () => {
  const target = {
    name: 'made to fail',
    seeds: [Uint8Array.of(1, 2, 3)],
    longest: 64,
    run(input: Uint8Array) {
      if (input.length > 3) throw new Error('too long');
    },
  };
  const { findings } = await fuzz(target, 2, 1);
  expect(findings.map(({ what }) => what.split('\n')[0])).toEqual(['Error: too long']);
  expect(await tryInput({ ...target, run: () => busy(1100) }, new Uint8Array(0))).toMatch(/^took \d+ ms$/);
});

/** So long by the processor's clock, by which inputs are measured. */
function busy(milliseconds: number): void {
  for (const begun = process.cpuUsage(); ; ) {
    const { user, system } = process.cpuUsage(begun);
    if (user + system > 1000 * milliseconds) return;
  }
}
