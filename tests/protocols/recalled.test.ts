import { expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { Recalled } from '../../src/protocols/recalled.ts';

test('computes once for the same bytes, and apart for each function', () => {
  const recalled = new Recalled();
  let runs = 0;
  const length = (bytes: Uint8Array) => {
    runs++;
    return bytes.length;
  };
  expect(recalled.recall(Uint8Array.of(1, 2), length)).toBe(2);
  expect(recalled.recall(Uint8Array.of(1, 2), length)).toBe(2);
  expect(runs).toBe(1);
  expect(recalled.recall(Uint8Array.of(1, 2, 3), length)).toBe(3);
  expect(recalled.recall(Uint8Array.of(1, 2), () => null)).toBeNull();
  expect(recalled.recall(Uint8Array.of(1, 2), length)).toBe(2);
  expect(runs).toBe(2);
});

test('remembers a bounded number', () => {
  const recalled = new Recalled();
  let runs = 0;
  const count = () => ++runs;
  const bytes = (i: number) => Uint8Array.of(i >> 8, i);
  for (let i = 0; i <= limits.recalled; i++) recalled.recall(bytes(i), count);
  recalled.recall(bytes(0), count);
  expect(runs).toBe(limits.recalled + 2);
});
