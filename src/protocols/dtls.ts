import { defineAnalyzer } from './analyzer.ts';
import { isRecords } from './dtls/records.ts';
import { type DtlsSession, endDtls, startDtls, takeRecords } from './dtls/session.ts';
import { isKeepAlive } from './parts/keep-alive.ts';
import { kindOf } from './rtp/kinds.ts';

/** DTLS (RFC 6347, 9147). Where media follow in the same flow (RFC 5764), it was theirs all along. */
export const dtls = defineAnalyzer<DtlsSession>({
  name: 'dtls',
  transports: ['udp'],
  ports: [4433],
  start: startDtls,

  recognise: (bytes, start, end) => (isRecords(bytes, start, end) ? 'certain' : 'no'),

  frame(bytes, start, end) {
    return kindOf(bytes, start, end) !== 'other' || isKeepAlive(bytes, start, end) ? end - start : 0;
  },

  message(reader, direction, session, out) {
    const { bytes, at, end } = reader;
    switch (kindOf(bytes, at, end)) {
      case 'dtls':
        takeRecords(reader, direction, session, out);
        return;
      case 'rtp':
        out.become('rtp', session);
        return;
      case 'rtcp':
        out.become('rtcp', session);
    }
  },

  end: endDtls,
});
