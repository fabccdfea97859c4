import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Out, StartContext } from '../analyzer.ts';
import { type DtlsSession, startDtls } from '../dtls/session.ts';
import { type Source, startSource } from './source.ts';

/**
 * What the signalling said of the media's keys, in the words of SIP's announcements: `none` in clear, `unencrypted` SRTP that does not
 * encrypt, `sdes-in-clear` keys that anybody could read; null where no signalling was seen.
 */
export type Announced = 'none' | 'unencrypted' | 'sdes-in-clear' | 'dtls' | 'mikey' | null;

export interface MediaState {
  readonly announced: Announced;
  readonly dtls: DtlsSession;
  readonly client: Map<number, Source>;
  readonly server: Map<number, Source>;
  /** control packets of which nothing told whether they were protected */
  undecided: boolean;
  /** `secured` was stated */
  secured: boolean;
  /** media went by before DTLS was finished */
  early: boolean;
}

/** `given` by DTLS is its association; by RTCP, which shares its flow with media after all, everything so far. */
export function startMedia(context: StartContext): MediaState {
  const given = context.given as MediaState | DtlsSession | undefined;
  if (given && 'dtls' in given) return given;
  const word = context.announced?.detail.split(' ').at(-1);
  return {
    announced: announcements.find((known) => known === word) ?? null,
    dtls: given ?? startDtls(context),
    client: new Map(),
    server: new Map(),
    undecided: false,
    secured: false,
    early: false,
  };
}

const announcements = ['none', 'unencrypted', 'sdes-in-clear', 'dtls', 'mikey'] as const;

/** The source of this number; null past the cap. */
export function sourceOf(
  state: MediaState,
  direction: Direction,
  ssrc: number,
  sequence: number,
  out: Out,
): Source | null {
  const known = state[direction].get(ssrc);
  if (known) return known;
  if (state[direction].size >= limits.mediaSources) {
    out.blind('limit', `rtp: more than ${limits.mediaSources} sources in one direction`);
    return null;
  }
  const source = startSource(ssrc, sequence);
  state[direction].set(ssrc, source);
  return source;
}

/** What DTLS gives the media of this flow, once it is finished and the server chose a profile (RFC 5764 §4.1.2, RFC 7714 §14.2). */
export function keyedBy({ tls, srtpProfile }: DtlsSession): 'privacy' | 'integrity' | null {
  if (!tls.finished || srtpProfile === null) return null;
  switch (srtpProfile) {
    case 0x0001:
    case 0x0002:
    case 0x0007:
    case 0x0008:
      return 'privacy';
    // SRTP_NULL_HMAC_SHA1_80 and _32
    case 0x0005:
    case 0x0006:
      return 'integrity';
    default:
      return null;
  }
}

/** States what stayed untold of the protection. */
export function endMedia(state: MediaState, out: Out): void {
  const { dtls, announced } = state;
  const sources = [...state.client.values(), ...state.server.values()];
  const secured = state.secured || dtls.tls.secured;
  if (secured && state.early)
    out.blind('left-protocol', 'media before the DTLS handshake was finished, with unknown protection');
  const open = state.undecided || sources.some(({ said, proven }) => said === 'nothing' && (proven || secured));
  if (!open) return;
  // what DTLS protects beside the media, or other sources, says nothing of these
  if (secured) {
    out.blind('left-protocol', 'media of which nothing tells whether they were protected');
    return;
  }
  if (announced === 'dtls')
    out.blind('midstream', 'the DTLS handshake that gave the media their keys was not seen whole');
  else if (announced === 'sdes-in-clear') out.blind('encrypted', 'SRTP with keys that went in clear in the signalling');
  else if (announced === 'mikey') out.blind('encrypted', 'SRTP with keys from MIKEY, which is not read');
  else out.blind('encrypted', 'the signalling that tells of protection was encrypted or not seen');
}
