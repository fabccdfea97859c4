import { Malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Direction } from '../flows/direction.ts';
import { limits } from '../limits.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Out, type Recognition, WAIT } from './analyzer.ts';
import { abandonBind, readBindRequest, readBindResponse } from './ldap/bind.ts';
import { isRootDse } from './ldap/content.ts';
import { beginsMessage, Op, operationAt, SEQUENCE, senderOf } from './ldap/envelope.ts';
import { exposeContent, exposeUnanswered } from './ldap/exposure.ts';
import { frameBuffer, readBuffer, recogniseBuffer } from './ldap/layer.ts';
import { readExtendedRequest, readExtendedResponse, readRootDse } from './ldap/operations.ts';
import { type LdapState, startLdap } from './ldap/state.ts';
import { elementLength, integerOf, readChild, readElement, UNFINISHED } from './parts/ber.ts';

/**
 * LDAP over TCP (RFC 4511, 4513; [MS-ADTS] §5.1): binds, StartTLS, what of the directory goes in clear, and the SASL
 * layer after a bind. 50389 and 50636 are AD LDS on an Exchange edge server; TLS from the first byte is not LDAP's.
 */
export const ldap = defineAnalyzer<LdapState>({
  name: 'ldap',
  transports: ['tcp'],
  ports: [389, 3268, 50389, 50636],
  start: startLdap,
  recognise: recogniseLdap,

  frame(bytes, start, end, direction, state) {
    if (state.upgrade?.from === direction) return WAIT;
    if (start >= end) return NEED_MORE;
    if (bytes[start] === SEQUENCE) return frameMessage(bytes, start, end);
    return bytes[start] === 0 && state.mayWrap ? frameBuffer(bytes, start, end, direction, state) : NOT_THIS_PROTOCOL;
  },

  message(reader, direction, state, out) {
    if (reader.bytes[reader.at] === SEQUENCE) readMessage(reader, direction, state, out);
    else readBuffer(reader, direction, state, out);
  },

  resume(bytes, start, end, direction, state) {
    state.mayWrap = true;
    state.beginsMessage[direction] = false;
    for (let at = start; at < end; at++) {
      if (beginsMessage(bytes, at, end) === 1 || recogniseBuffer(bytes, at, end) === 'possible') return at;
    }
    return -1;
  },

  handOverFailed(_state, out) {
    out.fact({ kind: 'described', what: 'upgrade-not-followed', verb: 'STARTTLS' });
  },

  end(state, out) {
    abandonBind(state, out);
    exposeUnanswered(state, out);
  },
});

function recogniseLdap(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  if (start >= end) return 'more';
  if (bytes[start] !== SEQUENCE) return recogniseBuffer(bytes, start, end);
  const begins = beginsMessage(bytes, start, end);
  if (begins !== 1) return begins === UNFINISHED ? 'more' : 'no';
  return senderOf(bytes[operationAt(bytes, start, end)]!) === direction ? 'certain' : 'possible';
}

/** bytes of a message that show whether it is content: envelope up to 21, name's header 6, scope up to 7 */
const HEAD = 48;

/** Only binds, extended operations and the root DSE are read whole; results are passed over, however large. */
function frameMessage(bytes: Uint8Array, start: number, end: number): number {
  const total = elementLength(bytes, start, end);
  if (total <= 0) return total === UNFINISHED ? NEED_MORE : NOT_THIS_PROTOCOL;
  const head = Math.min(total, HEAD);
  if (end - start < head) return NEED_MORE;
  const operation = operationAt(bytes, start, end);
  if (operation <= 0) return NOT_THIS_PROTOCOL;
  if (total > limits.message || !needsWhole(bytes, operation, end)) return head;
  return end - start < total ? NEED_MORE : total;
}

function needsWhole(bytes: Uint8Array, operation: number, end: number): boolean {
  switch (bytes[operation]) {
    case Op.bindRequest:
    case Op.bindResponse:
    case Op.extendedRequest:
    case Op.extendedResponse:
      return true;
    default:
      return isRootDse(bytes, operation, end);
  }
}

function readMessage(reader: Reader, direction: Direction, state: LdapState, out: Out): void {
  const { bytes, at, end } = reader;
  const unread = elementLength(bytes, at, end) - (end - at);
  if (unread > 0) out.skip(unread);
  if (beginsMessage(bytes, at, end) !== 1) throw new Malformed('ldap message', 0, end - at + unread, end - at);
  const operation = operationAt(bytes, at, end);
  exposeContent(bytes, at, operation, end, state, out);
  if (!needsWhole(bytes, operation, end)) return;
  // nobody answers his own question: what a client says the server has accepted was not accepted
  if (senderOf(bytes[operation]!) !== direction) throw new Malformed('ldap sender', operation - at, 0, end - at);
  if (unread > 0) {
    out.blind('limit', `ldap: a message of ${end - at + unread} bytes is read no further than its head`);
    return;
  }
  const message = readElement(reader);
  const id = integerOf(readChild(message));
  const body = readChild(message);
  switch (body.tag) {
    case Op.bindRequest:
      readBindRequest(id, body, state, out);
      break;
    case Op.bindResponse:
      readBindResponse(id, body, state, out);
      break;
    case Op.extendedRequest:
      readExtendedRequest(id, body, direction, state, out);
      break;
    case Op.extendedResponse:
      readExtendedResponse(id, body, state, out);
      break;
    default:
      readRootDse(body, out);
  }
}
