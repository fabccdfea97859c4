import { randomFrom } from '../support/random.ts';
import { Coverage } from './coverage.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';

export interface Finding {
  input: Uint8Array;
  what: string;
}

export interface Fuzzed {
  runs: number;
  /** inputs that reached something new, seeds included */
  corpus: number;
  /** blocks of our sources that ran */
  blocks: number;
  findings: Finding[];
}

/** milliseconds of processor time that one input may take: a hundred times what the slowest honest one does */
const slow = 1000;
/** inputs between two looks at what they reached; looking costs more than most inputs */
const batch = 64;
const findingsAtMost = 10;

/** Runs an input and says what was wrong with it, or null. */
export async function tryInput(target: Target, input: Uint8Array): Promise<string | null> {
  const begun = processorSeconds();
  try {
    await target.run(input);
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  const took = 1000 * (processorSeconds() - begun);
  return took > slow ? `took ${Math.round(took)} ms` : null;
}

/**
 * Changes seeds, and changes again what reached new blocks of our sources, for so many seconds of processor time, so that a
 * busy machine takes nothing away. V8 counts the blocks; it is asked after a batch, and after every input of a batch that
 * reached something new.
 */
export async function fuzz(target: Target, seconds: number, seed: number): Promise<Fuzzed> {
  const below = randomFrom(seed);
  const coverage = new Coverage();
  const corpus: Uint8Array[] = [];
  const findings: Finding[] = [];
  const known = new Set<string>();
  let runs = 0;
  const run = async (input: Uint8Array): Promise<void> => {
    runs++;
    const what = await tryInput(target, input);
    const kind = what?.split('\n').slice(0, 2).join(' ').replace(/\d+/g, '#');
    if (what === null || kind === undefined || known.has(kind)) return;
    known.add(kind);
    findings.push({ input: input.slice(), what });
  };
  try {
    const until = processorSeconds() + seconds;
    for (const input of target.seeds.length > 0 ? target.seeds : [new Uint8Array(16)]) {
      await run(input);
      if (coverage.fresh().length > 0 || corpus.length === 0) corpus.push(input);
    }
    while (processorSeconds() < until && findings.length < findingsAtMost) {
      const inputs = Array.from({ length: batch }, () => {
        // newer inputs are changed more often
        const place = corpus.length - 1 - Math.min(below(corpus.length), below(corpus.length));
        return mutate(corpus[place]!, corpus[below(corpus.length)]!, below, target.longest);
      });
      for (const input of inputs) await run(input);
      const fresh = coverage.fresh();
      if (fresh.length > 0) corpus.push(...(await reaching(target, inputs, coverage, fresh)));
    }
    return { runs, corpus: corpus.length, blocks: coverage.blocks, findings };
  } finally {
    coverage.stop();
  }
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Of a batch that reached these blocks, the first inputs that reach them. */
async function reaching(
  target: Target,
  inputs: Uint8Array[],
  coverage: Coverage,
  blocks: string[],
): Promise<Uint8Array[]> {
  const left = new Set(blocks);
  const found: Uint8Array[] = [];
  for (const input of inputs) {
    if (left.size === 0) break;
    await tryInput(target, input);
    const reached = coverage.ran().filter((block) => left.delete(block));
    if (reached.length > 0) found.push(input);
  }
  return found;
}
