import { defineAnalyzer } from './analyzer.ts';
import { endDtls } from './dtls/session.ts';
import { isControl, readCompound } from './rtp/control.ts';
import { kindOf } from './rtp/kinds.ts';
import { takeDatagram } from './rtp/receive.ts';
import { endMedia, type MediaState, startMedia } from './rtp/state.ts';

/** RTCP (RFC 3550 §6) and SRTCP (RFC 3711 §3.4) in a flow of their own. */
export const rtcp = defineAnalyzer<MediaState>({
  name: 'rtcp',
  transports: ['udp'],
  ports: [],
  possibleTimes: 3,
  lasting: true,
  start: startMedia,

  recognise(bytes, start, end) {
    if (!isControl(bytes, start, end)) return 'no';
    return readCompound(bytes, start, end).at === end ? 'certain' : 'possible';
  },

  frame: (_bytes, start, end) => end - start,

  message(reader, direction, state, out) {
    // control came before the media that share its port (RFC 5761)
    if (kindOf(reader.bytes, reader.at, reader.end) === 'rtp') out.become('rtp', state);
    else takeDatagram(reader, direction, state, out);
  },

  end(state, out) {
    endDtls(state.dtls, out);
    endMedia(state, out);
  },
});
