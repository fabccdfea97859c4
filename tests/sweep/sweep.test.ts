import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow } from '../capture/reading.ts';
import { isThere, ownCaptures, rootFolder, sharedCaptures } from '../support/folders.ts';
import { readThrough, variants } from './sweep.ts';

/** A sample of the wide sweep (`npm run sweep`): each capture whole, cut off at some places and with some mutations. */
const theirs = isThere(sharedCaptures) ? filesBelow(`${sharedCaptures}third-party`) : [];
const files = [...filesBelow(ownCaptures).filter((file) => /\.(pcap|pcapng)(\.gz)?$/.test(file)), ...theirs];

describe('every capture, whole, cut and changed, is read as far as it goes or refused', () => {
  test.each(files.map((file, index) => ({ file, index, name: relative(rootFolder, file) })))(
    '$name',
    async ({ file, index }) => {
      const bytes = new Uint8Array(readFileSync(file));
      for (const [how, variant] of variants(bytes, Math.ceil(bytes.length / 4), 6, index + 1)) {
        const begun = performance.now();
        await readThrough(variant);
        expect(performance.now() - begun, how).toBeLessThan(30_000);
      }
    },
  );
});
