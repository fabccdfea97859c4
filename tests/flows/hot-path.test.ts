import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';

/** Only what a busy machine cannot break is asserted: bytes and counts, never times. */
describe('the loop over frames', () => {
  const script = join(import.meta.dirname, '../bench/allocations.ts');
  const flags = ['--expose-gc', '--max-semi-space-size=64', '--min-semi-space-size=64'];
  const { perFrame, full, later, evicted, open } = JSON.parse(
    execFileSync(process.execPath, [...flags, script], { encoding: 'utf8' }),
  );

  test('allocates no object for a frame of a flow that it knows', () => {
    // bytes; a number or two that V8 boxes (22 to 24 were measured), where the least object with a property takes 32
    expect(perFrame).toBeLessThan(30);
  });

  test('takes no more memory for three times the flows, once the table is full', () => {
    expect(open).toBe(limits.flows);
    expect(evicted).toBe(5 * limits.flows + 100);
    expect(later / full).toBeLessThan(1.05);
  });

  test('takes a few numbers for a flow of one packet, and no object', () => {
    // bytes, the whole program included; a flow as an object took more than 1000 of its own
    expect(full / limits.flows).toBeLessThan(700);
  });
});
