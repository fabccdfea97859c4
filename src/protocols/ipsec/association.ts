// hot: called for every ESP packet
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import { looksRandom, type Sample, startSample, takeSample } from '../parts/randomness.ts';
import { hasContent, NOT_READABLE, readability } from './inner.ts';

/**
 * Whether what one SPI carries is encrypted, told by its packets alone (RFC 5879 §8, with more caution). With ESP-NULL the end of
 * every packet must make sense for one length of its integrity check value: `1, 2, 3 …`, how many these are, next header
 * (RFC 4303 §2.4).
 */
export interface Association {
  readonly spi: number;
  readonly from: Direction;
  /** packets looked at */
  packets: number;
  /** of them, for each of `icvLengths`, those that end as ESP-NULL could */
  readonly fits: Uint16Array;
  /** and for each of `ivLengths` and `icvLengths`, how much of what they seem to carry was readable */
  readonly readings: Uint16Array;
  /** as many bits: content was among it */
  contents: number;
  readonly sample: Sample;
}

/** SPI and sequence number */
export const HEADER = 8;
/** bytes that an integrity check value may have (IANA: 0, 8, 12, 16, 20, 24 and 32), and some that nobody uses */
const icvLengths = [0, 4, 8, 12, 16, 20, 24, 28, 32] as const;
/** bytes before the payload: AES-GMAC, which only authenticates, has a nonce there (RFC 4543) */
const ivLengths = [0, 8] as const;
/** packets before anything is called hidden */
const ENOUGH = 8;
/** of the packets, that may end as ESP-NULL could: chance does so once in 120 times, ESP-NULL always, and, padded otherwise than it must be, half the time */
const CHANCE = 1 / 4;
/** of `readings`: two packets whose lengths or checksums are right, or three that look like TCP */
const SURE = 3;

export const startAssociation = (spi: number, from: Direction): Association => ({
  spi,
  from,
  packets: 0,
  fits: new Uint16Array(icvLengths.length),
  readings: new Uint16Array(icvLengths.length * ivLengths.length),
  contents: 0,
  sample: startSample(),
});

/** One packet, from its SPI on. An association has one cipher for all its life, so that the first packets tell. */
export function takePacket(association: Association, bytes: Uint8Array, start: number, end: number): void {
  if (association.packets >= limits.espPackets) return;
  association.packets++;
  // a counter may stand where an initialisation vector does (RFC 4106 §3.1)
  takeSample(association.sample, bytes, Math.min(start + HEADER + 8, end), end);
  for (let i = 0; i < icvLengths.length; i++) {
    const trailer = end - icvLengths[i]! - 2;
    const padding = trailer - start - HEADER >= 0 ? bytes[trailer]! : 256;
    const from = trailer - padding;
    if (from < start + HEADER || !couldBePadding(bytes, from, trailer)) continue;
    association.fits[i]!++;
    if (padding > 0 && bytes[from] !== 1) continue;
    for (let j = 0; j < ivLengths.length; j++)
      read(association, bytes, start + HEADER + ivLengths[j]!, from, trailer, i, j);
  }
}

function read(
  association: Association,
  bytes: Uint8Array,
  from: number,
  to: number,
  trailer: number,
  icv: number,
  iv: number,
): void {
  const protocol = bytes[trailer + 1]!;
  const readable = from < to ? readability(protocol, bytes, from, to) : NOT_READABLE;
  if (readable === NOT_READABLE) return;
  const reading = iv * icvLengths.length + icv;
  association.readings[reading]! += readable;
  if (hasContent(protocol, bytes, from, to)) association.contents |= 1 << reading;
}

/** 1, 2, 3 … as it must be, or one value throughout, as who does not keep to that may do it. */
function couldBePadding(bytes: Uint8Array, from: number, to: number): boolean {
  let counts = true;
  let same = true;
  for (let at = from; at < to && (counts || same); at++) {
    counts &&= bytes[at] === at - from + 1;
    same &&= bytes[at] === bytes[from];
  }
  return counts || same;
}

/** `readable`: content goes by unencrypted, under an integrity check value; `open`: nobody can tell, from these packets. */
export function natureOf(association: Association): 'readable' | 'hidden' | 'open' {
  const { readings, contents, packets, fits, sample } = association;
  for (let i = 0; i < readings.length; i++) {
    const checked = icvLengths[i % icvLengths.length]! > 0;
    if (checked && readings[i]! >= SURE && (contents & (1 << i)) !== 0) return 'readable';
  }
  if (packets < ENOUGH || !looksRandom(sample)) return 'open';
  for (const reading of readings) if (reading > 0) return 'open';
  for (const fit of fits) if (fit > packets * CHANCE) return 'open';
  return 'hidden';
}
