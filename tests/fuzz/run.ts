import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fuzz } from './fuzz.ts';
import { fuzzTargets } from './targets.ts';

/** `npm run fuzz [SECONDS] [TARGET…]`: fuzzes each target so long, prints figures, and keeps what was found among the regressions. */
const [seconds = '60', ...names] = process.argv.slice(2);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const targets = (await fuzzTargets()).filter(({ name }) => names.length === 0 || names.includes(name));
let found = 0;
for (const target of targets) {
  const { runs, corpus, blocks, findings } = await fuzz(target, Number(seconds), seed);
  console.log(
    `${target.name}: ${runs} runs, ${blocks} blocks reached, ${corpus} inputs kept, ${findings.length} findings`,
  );
  for (const { input, what } of findings) {
    found++;
    const folder = `${import.meta.dirname}/regressions/${target.name.replaceAll(' ', '-')}`;
    mkdirSync(folder, { recursive: true });
    const file = `${folder}/${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`;
    writeFileSync(file, input);
    console.log(`  ${file}\n  ${what.replaceAll('\n', '\n  ')}`);
  }
}
process.exitCode = found > 0 ? 1 : 0;
