import { expect, test } from 'vitest';
import { looksRandom, sampleAtMost, startSample, takeSample } from '../../../src/protocols/parts/randomness.ts';
import { noise } from '../tls/builder.ts';

const looks = (bytes: Uint8Array): boolean => {
  const sample = startSample();
  takeSample(sample, bytes, 0, bytes.length);
  return looksRandom(sample);
};

test('ciphertext passes', () => {
  for (let seed = 1; seed <= 300; seed++) {
    expect(looks(noise(1024, seed))).toBe(true);
    expect(looks(noise(4096, seed))).toBe(true);
  }
});

test('less than 1,024 bytes say nothing', () => {
  expect(looks(noise(1023, 1))).toBe(false);
});

test('bytes of 200 values or fewer never pass at 4,096', () => {
  // k equally likely values score n(256/k − 1)
  for (const values of [10, 64, 128, 200]) expect(looks(noise(4096, 1).map((byte) => byte % values))).toBe(false);
});

test('no more is counted than the sample holds', () => {
  const sample = startSample();
  takeSample(sample, noise(10_000, 1), 0, 10_000);
  takeSample(sample, noise(10_000, 1), 0, 10_000);
  expect(sample.taken).toBe(sampleAtMost);
});
