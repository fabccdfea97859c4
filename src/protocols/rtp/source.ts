// hot: called for every media packet. No allocation, closure or string.
import { be16 } from '../../bytes/read.ts';
import { looksRandom, type Sample, sampleAtLeast, sampleAtMost, startSample, takeSample } from '../parts/randomness.ts';

/** One sender of media: an SSRC of one direction. */
export interface Source {
  readonly ssrc: number;
  last: number;
  /** packets in a row whose numbers follow one another */
  run: number;
  /** these are media: so many packets followed one another (RFC 3550 §A.1 asks for two; chance makes four once in 2^30 times) */
  proven: boolean;
  /** payload bytes, to tell sound from ciphertext; null until it is proven */
  sample: Sample | null;
  /** packets whose length is that of whole frames of their codec, and packets of such codecs */
  fitting: number;
  sized: number;
  /** packets since the sample was full */
  since: number;
  /** the payload's first byte, and packets in a row that had the same */
  lead: number;
  sameLead: number;
  /** what was stated of it; `secured` may yet turn out to be otherwise */
  said: 'nothing' | 'secured' | 'exposed';
}

/** packets in a row that prove a source */
export const provenAfter = 4;
/** packets that may be missing between two that follow one another */
const missingAtMost = 16;
/** packets after which a source that looked encrypted is looked at anew: 5 seconds of speech */
const anewAfter = 256;

export const startSource = (ssrc: number, sequence: number): Source => ({
  ssrc,
  last: sequence,
  run: 1,
  proven: false,
  sample: null,
  fitting: 0,
  sized: 0,
  since: 0,
  lead: -1,
  sameLead: 0,
  said: 'nothing',
});

/** Whether the packet goes on from the last one of its source; one that is repeated or late does not. */
export function follows(source: Source, sequence: number): boolean {
  const step = (sequence - source.last) & 0xffff;
  if (step === 0 || step > 0xff00) return false;
  source.last = sequence;
  if (step > missingAtMost) {
    source.run = 1;
    return false;
  }
  source.run++;
  if (source.run >= provenAfter) source.proven = true;
  return true;
}

/**
 * Bytes that a codec's frames come in: 10 ms of PCMU, PCMA and G.722 (RFC 3551 §4.5), a frame of GSM. SRTP adds a tag of 4, 10 or
 * 16 bytes (RFC 3711 §4.2, RFC 7714 §14.2), with which none of these is whole. 0 for all other payload types.
 */
export function frameBytes(payloadType: number): number {
  if (payloadType === 0 || payloadType === 8 || payloadType === 9) return 80;
  return payloadType === 3 ? 33 : 0;
}

/** packets with one and the same first byte that ciphertext comes to once in 2^64 times */
const sameLeadAtMost = 8;

/**
 * Notes how a payload begins: what codecs put there (RFC 6716 §3.1 of Opus, RFC 7741 §4.2 of VP8, RFC 6184 §5.3 of H.264) is the same in
 * packet after packet, though their content looks as random as ciphertext.
 */
export function noteLead(source: Source, byte: number): void {
  if (isFramed(source)) return;
  source.sameLead = byte === source.lead ? source.sameLead + 1 : 0;
  source.lead = byte;
}

/** Whether the payloads begin as a codec's do, and so are not encrypted as SRTP does it. */
export const isFramed = ({ sameLead }: Source): boolean => sameLead >= sameLeadAtMost;

/** Takes a payload's length and bytes into account. */
export function weigh(source: Source, payloadType: number, bytes: Uint8Array, start: number, end: number): void {
  source.sample ??= startSample();
  const unit = frameBytes(payloadType);
  if (unit > 0 && end > start) {
    source.sized++;
    if ((end - start) % unit === 0) source.fitting++;
  }
  takeSample(source.sample, bytes, start, end);
}

/** Enough was seen to tell, and this says what: `clear` sound of a known codec, `cipher` what looks encrypted, else `unclear`. */
export function nature(source: Source): 'clear' | 'cipher' | 'unclear' {
  const { sample, sized, fitting } = source;
  if (sample === null || sample.taken < sampleAtLeast) return 'unclear';
  const random = looksRandom(sample);
  if (!random && sized > 0 && fitting === sized) return 'clear';
  return random && fitting === 0 && !isFramed(source) ? 'cipher' : 'unclear';
}

/** Begins a new sample where a full one has told what it can: at a packet of whole frames that looked encrypted before, and every so often. Returns false while there is no need to. */
export function lookAnew(source: Source, payloadType: number, size: number): boolean {
  const unit = frameBytes(payloadType);
  const fits = unit > 0 && size > 0 && size % unit === 0;
  if (++source.since < anewAfter && !(fits && source.fitting === 0)) return false;
  source.sample?.counts.fill(0);
  if (source.sample) source.sample.taken = 0;
  source.since = 0;
  source.sized = 0;
  source.fitting = 0;
  return true;
}

export const isSampled = ({ sample }: Source): boolean => sample !== null && sample.taken >= sampleAtMost;
export const sequenceOf = (bytes: Uint8Array, start: number): number => be16(bytes, start + 2);
