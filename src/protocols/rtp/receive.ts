import { Malformed } from '../../bytes/malformed.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { takeRecords } from '../dtls/session.ts';
import { isKeepAlive } from '../parts/keep-alive.ts';
import { readCompound, saysEncrypted } from './control.ts';
import { kindOf } from './kinds.ts';
import { takeRtp } from './media.ts';
import { keyedBy, type MediaState } from './state.ts';

/** One datagram of a media flow, whatever of it this is. */
export function takeDatagram(reader: Reader, direction: Direction, state: MediaState, out: Out): void {
  const { bytes, at, end } = reader;
  const kind = kindOf(bytes, at, end);
  switch (kind) {
    case 'rtp':
      takeRtp(reader, direction, state, out);
      return;
    case 'rtcp':
      takeRtcp(reader, state, out);
      return;
    case 'dtls':
      takeRecords(reader, direction, state.dtls, out);
      return;
    case 'zrtp':
      // keys are agreed on within the media (RFC 6189); whether both sides confirm them is not followed
      out.fact({ kind: 'described', what: 'property', name: 'zrtp', value: true });
      out.blind('encrypted', 'ZRTP, whose outcome is not read');
      return;
    case 'turn':
      out.blind('left-protocol', 'media inside TURN channels, which are not read');
      return;
    case 'stun':
      return;
    case 'other':
      if (!isKeepAlive(bytes, at, end)) throw new Malformed('rtp', 0, 12, end - at);
      return;
    default:
      kind satisfies never;
  }
}

/**
 * RTCP and SRTCP. Reports are statistics and expose nothing; who names participants (SDES) or carries an application's data
 * in clear exposes a call.
 */
function takeRtcp(reader: Reader, state: MediaState, out: Out): void {
  const { bytes, at, end } = reader;
  const compound = readCompound(bytes, at, end);
  // a tag behind clear packets only guards them
  const clear = end - compound.at === 0 || (compound.at > at && compound.content);
  if (clear) {
    if (compound.content) out.fact({ kind: 'exposed', content: 'call' });
    return;
  }
  const keyed = keyedBy(state.dtls);
  const aead = state.dtls.srtpProfile === 0x0007 || state.dtls.srtpProfile === 0x0008;
  if (keyed !== null && saysEncrypted(bytes, at, end, aead)) {
    state.secured = true;
    out.fact({ kind: 'secured', mechanism: 'srtp', level: keyed });
  } else state.undecided = true;
}
