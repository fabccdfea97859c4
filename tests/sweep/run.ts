import { spawnSync } from 'node:child_process';
import { filesBelow } from '../capture/reading.ts';
import { ownCaptures, sharedCaptures } from '../support/folders.ts';
import type { Swept } from './one-file.ts';

/**
 * The wide sweep: `npm run sweep [SHARE] [PART OF A NAME]`. Every capture that is there, whole, cut off at every 97th byte and
 * with 1,000 random mutations, each within ten seconds of processor time and, a process for each capture, 512 MB. SHARE of 1
 * (the default) does all of it, 0.01 a hundredth of each.
 */
const [share = '1', part = ''] = process.argv.slice(2);
const megabytes = 512;

const files = [...filesBelow(ownCaptures), ...filesBelow(`${sharedCaptures}third-party`)].filter(
  (file) => !/\.(md|yaml|py|sh)$/.test(file),
);
const sum = { read: 0, refused: 0 };
let slowest: Swept['slowest'] = { milliseconds: 0, what: '' };
let largest = { peak: 0, file: '' };
const wrong: string[] = [];
for (const [index, file] of files.entries()) {
  if (!file.includes(part)) continue;
  const args = [`${import.meta.dirname}/one-file.ts`, file, share, String(index + 1)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (!stdout.startsWith('{')) {
    wrong.push(`${file}: ${stderr}`);
    continue;
  }
  const swept = JSON.parse(stdout) as Swept;
  sum.read += swept.read;
  sum.refused += swept.refused;
  wrong.push(...swept.wrong);
  if (swept.slowest.milliseconds > slowest.milliseconds) slowest = swept.slowest;
  if (swept.peak > largest.peak) largest = { peak: swept.peak, file };
  if (swept.peak > megabytes) wrong.push(`${file}: peak memory ${Math.round(swept.peak)} MB`);
}
console.log(`${files.length} files, ${sum.read} variants read, ${sum.refused} refused, ${wrong.length} wrong`);
console.log(`slowest ${Math.round(slowest.milliseconds)} ms (${slowest.what})`);
console.log(`peak memory ${Math.round(largest.peak)} MB (${largest.file})`);
for (const one of wrong.slice(0, 20)) console.log(one);
process.exitCode = wrong.length > 0 ? 1 : 0;
