import { Malformed } from '../bytes/malformed.ts';
import { defineAnalyzer } from './analyzer.ts';
import { beginsMessage, Op, operationAt, senderOf } from './ldap/envelope.ts';

/**
 * Connectionless LDAP ([MS-ADTS] §6.3.3): how a client finds a domain controller. A ping and its answer say what the
 * server is, to anybody; they are no content, so nothing is stated but that it was seen.
 */
export const cldap = defineAnalyzer({
  name: 'cldap',
  transports: ['udp'],
  ports: [389],
  start: () => null,

  recognise(bytes, start, end, direction) {
    if (beginsMessage(bytes, start, end) !== 1) return 'no';
    const op = bytes[operationAt(bytes, start, end)]!;
    if (op !== Op.searchRequest && op !== Op.searchResultEntry && op !== Op.searchResultDone) return 'no';
    return senderOf(op) === direction ? 'certain' : 'possible';
  },

  frame: (_bytes, start, end) => end - start,

  message(reader) {
    if (beginsMessage(reader.bytes, reader.at, reader.end) === 1) return;
    throw new Malformed('cldap message', 0, 0, reader.remaining);
  },
});
