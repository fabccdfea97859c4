import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkNames } from '../../src/check/pack.ts';
import type { Result } from '../../src/check/result.ts';
import { type KeptFrame, readBytes } from '../capture/reading.ts';
import { type Audited, auditCapture } from '../support/audit-capture.ts';
import { pcapFile } from '../support/build-capture.ts';
import { randomFrom } from '../support/random.ts';
import { entries } from './manifest.ts';

/**
 * The captures of the lab with their frames out of order, as some devices write them. Frames keep the times they were
 * recorded at. Whatever is said of a path then is what the honest recording says, or that it cannot be told.
 */
const folder = mkdtempSync(join(tmpdir(), 'out-of-order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'disordered.pcap');

function audit(frames: readonly KeptFrame[], topology: string): Promise<Audited> {
  const records = frames.map(({ time, bytes, wireLength }) => {
    const [seconds, fraction] = time.split('.').map(Number);
    return { bytes, wireLength, seconds: seconds!, fraction: fraction! };
  });
  writeFileSync(path, pcapFile({ records, nanoseconds: true, linkType: frames[0]!.linkType }));
  return auditCapture([path], topology);
}

/** frames of one second in any order; the seconds in theirs */
function shuffled(frames: readonly KeptFrame[], seed: number): KeptFrame[] {
  const random = randomFrom(seed);
  const second = ({ time }: KeptFrame) => Number(time.split('.')[0]);
  return frames
    .map((frame, index) => ({ frame, index, key: random(1 << 30) }))
    .sort((a, b) => second(a.frame) - second(b.frame) || a.key - b.key)
    .map(({ frame }) => frame);
}

/** the rest before the beginning */
const swapped = (frames: readonly KeptFrame[], at: number): KeptFrame[] => [
  ...frames.slice(at),
  ...frames.slice(0, at),
];

const mayBecome: Record<Result, readonly Result[]> = {
  pass: ['pass', 'unknown', 'notchecked'],
  fail: ['fail', 'unknown', 'notchecked'],
  informational: ['informational', 'unknown', 'notchecked'],
  unknown: ['unknown', 'notchecked'],
  notapplicable: ['notapplicable', 'unknown', 'notchecked'],
  notchecked: ['notchecked', 'unknown'],
  error: ['error'],
};

function strange(honest: Audited, disordered: Audited): string[] {
  return honest.paths.flatMap((path, index) =>
    checkNames.flatMap((check) => {
      const before = path[check];
      const after = disordered.paths[index]![check];
      if (mayBecome[before.result].includes(after.result)) return [];
      return [`${path.id} ${check}: ${before.result} (${before.reason}) became ${after.result} (${after.reason})`];
    }),
  );
}

/** all six ways for each capture, or one of them in turn */
const every = process.env.DISORDERS === 'all';
const named = entries.map((entry, index) => [`${basename(entry.folder)}/${entry.file}`, entry, index] as const);

describe.each(named)('%s', (_, entry, index) => {
  test('out of order says the same, or that it cannot be told', async () => {
    const { frames } = await readBytes(readFileSync(`${entry.folder}/${entry.file}`));
    if (new Set(frames.map(({ linkType }) => linkType)).size > 1) return;
    const topology = `${entry.folder}/${entry.topology}`;
    const honest = await audit(frames, topology);
    const quarter = (part: number) => Math.floor((frames.length * part) / 4);
    const all: [string, () => KeptFrame[]][] = [1, 2, 3].flatMap((n): [string, () => KeptFrame[]][] => [
      [`shuffled ${n}`, () => shuffled(frames, n)],
      [`swapped at frame ${quarter(n)}`, () => swapped(frames, quarter(n))],
    ]);
    const disorders = every ? all : [all[index % all.length]!];
    const found: string[] = [];
    for (const [how, disorder] of disorders) {
      const audited = await audit(disorder(), topology);
      found.push(...strange(honest, audited).map((what) => `${how}: ${what}`));
    }
    expect(found).toEqual([]);
  });
});
