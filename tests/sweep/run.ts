import { readFileSync } from 'node:fs';
import { filesBelow } from '../capture/reading.ts';
import { ownCaptures, sharedCaptures } from '../support/folders.ts';
import { readThrough, variants } from './sweep.ts';

/**
 * The wide sweep: `npm run sweep [SHARE]`. Every capture that is there, whole, cut off at every 97th byte and with 1,000 random
 * mutations, each within ten seconds and 512 MB. SHARE of 1 (the default) does all of it, 0.01 a hundredth of each.
 */
const share = Number(process.argv[2] ?? 1);
const seconds = 10;
const megabytes = 512;

const files = [...filesBelow(ownCaptures), ...filesBelow(`${sharedCaptures}third-party`)].filter(
  (file) => !/\.(md|yaml|py|sh)$/.test(file),
);
let read = 0;
let refused = 0;
let slowest = { milliseconds: 0, what: '' };
const wrong: string[] = [];
for (const [index, file] of files.entries()) {
  const bytes = new Uint8Array(readFileSync(file));
  for (const [how, variant] of variants(bytes, Math.round(97 / share), Math.round(1000 * share), index + 1)) {
    const begun = performance.now();
    try {
      if ('refused' in (await readThrough(variant))) refused++;
      else read++;
    } catch (thrown) {
      wrong.push(`${file} ${how}: ${thrown instanceof Error ? thrown.stack : thrown}`);
    }
    const milliseconds = performance.now() - begun;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, what: `${file} ${how}` };
    if (milliseconds > seconds * 1000) wrong.push(`${file} ${how}: took ${Math.round(milliseconds)} ms`);
  }
}
const peak = process.resourceUsage().maxRSS / 1024;
if (peak > megabytes) wrong.push(`peak memory ${Math.round(peak)} MB`);
console.log(`${files.length} files, ${read} variants read, ${refused} refused, ${wrong.length} wrong`);
console.log(`slowest ${Math.round(slowest.milliseconds)} ms (${slowest.what}), peak memory ${Math.round(peak)} MB`);
for (const one of wrong.slice(0, 20)) console.log(one);
process.exitCode = wrong.length > 0 ? 1 : 0;
