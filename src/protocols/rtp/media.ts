import { be32 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { payloadAt } from './kinds.ts';
import {
  follows,
  frameBytes,
  isFramed,
  isSampled,
  lookAnew,
  nature,
  noteLead,
  provenAfter,
  type Source,
  sequenceOf,
  weigh,
} from './source.ts';
import { keyedBy, type MediaState, sourceOf } from './state.ts';

/**
 * One RTP or SRTP packet. Nothing is said before its source is proven; then
 *
 * - clear is what the signalling announced so, unless its lengths say otherwise, and what is not random and comes in whole frames;
 * - protected is what DTLS in the same flow gave keys to, and looks random too;
 * - the rest stays open: an SRTP header is an RTP header, and only the signalling could tell.
 */
export function takeRtp(reader: Reader, direction: Direction, state: MediaState, out: Out): void {
  const { bytes, at, end } = reader;
  const sequence = sequenceOf(bytes, at);
  const source = sourceOf(state, direction, be32(bytes, at + 8), sequence, out);
  if (source === null || source.said === 'exposed') return;
  const payloadType = bytes[at + 1]! & 0x7f;
  const start = payloadAt(bytes, at, end);
  if (!follows(source, sequence) || !source.proven) return;
  if (source.run === provenAfter) describe(source, payloadType, state, out);
  if (end > start) noteLead(source, bytes[start]!);
  // what looked encrypted at first no longer does
  if (source.said === 'secured' && isFramed(source) && keyedBy(state.dtls) === 'privacy') source.said = 'nothing';
  if (state.dtls.offersSrtp && !state.dtls.tls.finished) state.early = true;
  // keys may come after the sample is full
  const mayStillTell = source.said === 'nothing' && keyedBy(state.dtls) !== null && !isFramed(source);
  if (isSampled(source) && !lookAnew(source, payloadType, end - start) && !mayStillTell) return;
  if (!isSampled(source)) weigh(source, payloadType, bytes, start, end);
  decide(source, payloadType, state, out);
}

function describe(source: Source, payloadType: number, state: MediaState, out: Out): void {
  const ssrc = `0x${source.ssrc.toString(16).padStart(8, '0')}`;
  out.fact({ kind: 'described', what: 'property', name: 'rtp-ssrc', value: ssrc });
  out.fact({ kind: 'described', what: 'property', name: 'rtp-payload-type', value: payloadType });
  if (state.announced === 'sdes-in-clear') {
    out.fact({ kind: 'described', what: 'property', name: 'srtp-key-in-clear', value: true });
  }
}

function decide(source: Source, payloadType: number, state: MediaState, out: Out): void {
  const keyed = keyedBy(state.dtls);
  const seen = nature(source);
  const announcedClear = keyed === null && (state.announced === 'none' || state.announced === 'unencrypted');
  const contradicted = state.announced === 'none' && source.fitting < source.sized;
  if (seen === 'clear' || (announcedClear && !contradicted)) {
    source.said = 'exposed';
    out.fact({ kind: 'exposed', content: 'call' });
  } else if (keyed === 'integrity' || (keyed === 'privacy' && seen === 'cipher')) {
    source.said = 'secured';
    state.secured = true;
    out.fact({ kind: 'secured', mechanism: 'srtp', level: keyed });
  } else if (source.said === 'secured') {
    // what looked encrypted at first no longer does
    if (isSampled(source)) source.said = 'nothing';
  } else if (seen === 'cipher' && frameBytes(payloadType) > 0) {
    out.fact({ kind: 'described', what: 'property', name: 'consistent-with-srtp', value: true });
  }
}
