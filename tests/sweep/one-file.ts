import { readFileSync } from 'node:fs';
import { readThrough, variants } from './sweep.ts';

/** What became of one capture's variants. */
export interface Swept {
  read: number;
  refused: number;
  slowest: { milliseconds: number; what: string };
  /** of the process, in MB */
  peak: number;
  wrong: string[];
}

/** Sweeps one capture, in a process of its own for run.ts: FILE SHARE SEED. Prints a `Swept` as JSON. */
const [file = '', share = '1', seed = '1'] = process.argv.slice(2);
const seconds = 10;

const swept: Swept = { read: 0, refused: 0, slowest: { milliseconds: 0, what: '' }, peak: 0, wrong: [] };
const bytes = new Uint8Array(readFileSync(file));
const all = variants(bytes, Math.round(97 / Number(share)), Math.round(1000 * Number(share)), Number(seed));
for (const [how, variant] of all) {
  const begun = process.cpuUsage();
  try {
    if ('refused' in (await readThrough(variant))) swept.refused++;
    else swept.read++;
  } catch (thrown) {
    swept.wrong.push(`${file} ${how}: ${thrown instanceof Error ? thrown.stack : thrown}`);
  }
  const { user, system } = process.cpuUsage(begun);
  const milliseconds = (user + system) / 1000;
  if (milliseconds > swept.slowest.milliseconds) swept.slowest = { milliseconds, what: `${file} ${how}` };
  if (milliseconds > seconds * 1000) swept.wrong.push(`${file} ${how}: took ${Math.round(milliseconds)} ms`);
}
swept.peak = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify(swept));
