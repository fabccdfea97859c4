/**
 * Ciphertext or not: for flows whose handshake was not seen, so that a suite with NULL encryption must be ruled out by
 * the bytes themselves.
 *
 * The test is chi-square of byte values against all being equally likely (255 degrees of freedom: mean 255, standard
 * deviation 22.6), passed below 400. Ciphertext fails it less than once in 10^7 flows, and then is merely `unknown`.
 * Content that keeps to 7-bit bytes scores at least as many as there are bytes (1,024), base64 three times that, RPC and
 * BER with their zeros tens of times. What can pass is content that was compressed already (odds of a few in ten for a
 * well-filled deflate stream): so only a flow that negotiated NULL encryption, began before the capture and moved
 * nothing but compressed data could be taken for encrypted.
 */
export interface Sample {
  readonly counts: Uint16Array;
  taken: number;
}

/** bytes looked at before the first answer, and before the last */
export const sampleAtLeast = 1024;
export const sampleAtMost = 4096;
const threshold = 400;

export const startSample = (): Sample => ({ counts: new Uint16Array(256), taken: 0 });

/** Counts the bytes, up to the sample's size. */
export function takeSample(sample: Sample, bytes: Uint8Array, start: number, end: number): void {
  const until = Math.min(end, start + sampleAtMost - sample.taken);
  for (let at = start; at < until; at++) sample.counts[bytes[at]!]!++;
  sample.taken += Math.max(0, until - start);
}

/** Whether the bytes look like ciphertext; false also where there are too few to say. */
export function looksRandom({ counts, taken }: Sample): boolean {
  if (taken < sampleAtLeast) return false;
  const expected = taken / 256;
  let chiSquare = 0;
  for (let value = 0; value < 256; value++) chiSquare += (counts[value]! - expected) ** 2 / expected;
  return chiSquare < threshold;
}

/** bytes of which `isReadable` makes a judgement */
export const readableAtLeast = 32;
const readableAtMost = 512;

/**
 * Whether the bytes are surely no ciphertext, of which every other byte has its high bit set: as few as here are five
 * standard deviations away from that, which ciphertext comes to once in 10^6 times.
 */
export function isReadable(bytes: Uint8Array, start: number, end: number): boolean {
  const count = Math.min(end - start, readableAtMost);
  let high = 0;
  for (let at = start; at < start + count; at++) if (bytes[at]! >= 0x80) high++;
  return isFarFromRandom(high, count, 5);
}

/** The last bytes of a direction that comes in pieces, each of which may be too small to tell. */
export interface Stretch {
  bytes: number;
  high: number;
}

export const startStretch = (): Stretch => ({ bytes: 0, high: 0 });

/**
 * The same of these bytes together with those before them, as far as they are of one stretch. It is judged again with every
 * piece, and so by seven standard deviations.
 */
export function isReadableWith(stretch: Stretch, bytes: Uint8Array, start: number, end: number): boolean {
  let readable = false;
  for (let at = start; at < end; at++) {
    if (stretch.bytes === readableAtMost) {
      readable ||= isFarFromRandom(stretch.high, stretch.bytes, 7);
      stretch.bytes = 0;
      stretch.high = 0;
    }
    stretch.bytes++;
    if (bytes[at]! >= 0x80) stretch.high++;
  }
  return readable || isFarFromRandom(stretch.high, stretch.bytes, 7);
}

/** A byte's high bit deviates by half from its mean. */
const isFarFromRandom = (high: number, count: number, deviations: number): boolean =>
  count >= readableAtLeast && high < count / 2 - (deviations / 2) * Math.sqrt(count);
