import { Malformed } from '../bytes/malformed.ts';
import { be32 } from '../bytes/read.ts';
import { limits } from '../limits.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL } from './analyzer.ts';
import { beginsMessage, senderOf } from './kerberos/envelope.ts';
import { readError } from './kerberos/error.ts';
import { readReply } from './kerberos/reply.ts';
import { readRequest } from './kerberos/request.ts';
import { type KerberosState, stateUnanswered } from './kerberos/state.ts';
import { NO_ELEMENT, readElement, UNFINISHED } from './parts/ber.ts';

/** bytes of a message that is too long to keep: enough to see that it is one */
const HEAD = 64;

/**
 * Kerberos as clients and a KDC speak it (RFC 4120, [MS-KILE]): who asked for a ticket for which service, and to whom one was
 * issued. Over TCP each message comes after its length (§7.2.2). After lost bytes a direction is given up: a name that the
 * KDC repeats could hold what looks like its next message.
 */
export const kerberos = defineAnalyzer<KerberosState>({
  name: 'kerberos',
  transports: ['udp', 'tcp'],
  ports: [88],
  start: ({ transport }) => ({ prefix: transport === 'tcp' ? 4 : 0, asked: null }),

  recognise(bytes, start, end, direction) {
    if (start >= end) return 'more';
    // a length of TCP begins with 00, an APPLICATION tag never does
    const at = bytes[start] === 0 ? start + 4 : start;
    const begins = beginsMessage(bytes, at, end);
    if (begins !== 1) return begins === UNFINISHED ? 'more' : 'no';
    return senderOf(bytes[at]!) === direction ? 'certain' : 'possible';
  },

  frame(bytes, start, end, _direction, { prefix }) {
    if (prefix === 0) return end - start;
    if (end - start < prefix) return NEED_MORE;
    const length = be32(bytes, start);
    // the highest bit is reserved (RFC 4120 §7.2.2, RFC 5021)
    if (length === 0 || length > 0x7fffffff || beginsMessage(bytes, start + prefix, end) === NO_ELEMENT) {
      return NOT_THIS_PROTOCOL;
    }
    const wanted = prefix + (prefix + length > limits.message ? Math.min(length, HEAD) : length);
    return end - start < wanted ? NEED_MORE : wanted;
  },

  message(reader, direction, state, out) {
    if (state.prefix > 0) {
      const length = reader.u32();
      if (length > reader.remaining) {
        out.skip(length - reader.remaining);
        out.blind('limit', `kerberos: a message of ${length} bytes is not read`);
        return;
      }
    }
    const begins = beginsMessage(reader.bytes, reader.at, reader.end);
    const message = readElement(reader);
    if (begins !== 1 || reader.remaining > 0) throw new Malformed('kerberos message', 0, 0, reader.remaining);
    // nobody answers his own question: what a client says a KDC has issued was not issued
    if (senderOf(message.tag) !== direction) throw new Malformed('kerberos sender', 0, 0, 0);
    switch (message.tag) {
      case 0x6a:
      case 0x6c:
        readRequest(message, state, out);
        break;
      case 0x6b:
      case 0x6d:
        readReply(message, state, out);
        break;
      default:
        readError(message, state, out);
    }
  },

  end: stateUnanswered,
});
