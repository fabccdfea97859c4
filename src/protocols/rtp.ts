import { defineAnalyzer } from './analyzer.ts';
import { endDtls } from './dtls/session.ts';
import { kindOf } from './rtp/kinds.ts';
import { takeDatagram } from './rtp/receive.ts';
import { endMedia, type MediaState, startMedia } from './rtp/state.ts';

/**
 * Media: RTP (RFC 3550) and SRTP (RFC 3711), with what shares their flow (RFC 7983): RTCP, STUN, DTLS. RTP has no signature, so
 * it is known where SDP announced it, or by several datagrams that could be it; what is stated waits for numbers that
 * follow one another.
 */
export const rtp = defineAnalyzer<MediaState>({
  name: 'rtp',
  transports: ['udp'],
  ports: [],
  possibleTimes: 4,
  lasting: true,
  start: startMedia,

  recognise(bytes, start, end) {
    const kind = kindOf(bytes, start, end);
    return kind === 'rtp' || kind === 'stun' || kind === 'zrtp' ? 'possible' : 'no';
  },

  frame: (_bytes, start, end) => end - start,
  message: (reader, direction, state, out) => takeDatagram(reader, direction, state, out),

  end(state, out) {
    endDtls(state.dtls, out);
    endMedia(state, out);
  },
});
