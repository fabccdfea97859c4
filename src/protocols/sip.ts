import { Malformed } from '../bytes/malformed.ts';
import type { Direction } from '../flows/direction.ts';
import { limits } from '../limits.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Out } from './analyzer.ts';
import { isKeepAlive } from './parts/keep-alive.ts';
import { nextLine } from './parts/lines.ts';
import { describeRedirect, describeSender, isContent } from './sip/content.ts';
import { takeMedia } from './sip/media.ts';
import { contentLength, headLength, readMessage, type SipMessage, transactionOf } from './sip/message.ts';
import { recogniseSip } from './sip/recognise.ts';
import { resetSide, type SipState, startSip } from './sip/state.ts';
import { endTransactions, takeRequest, takeResponse } from './sip/transactions.ts';

/** SIP (RFC 3261) over UDP and TCP with the session descriptions in it; inside TLS it is TLS to us. */
export const sip = defineAnalyzer<SipState>({
  name: 'sip',
  transports: ['tcp', 'udp'],
  // registered; UM workers, and Exchange's other SIP ports (5061, 5066, 5068 and 5075 to 5077 begin with TLS, or should)
  ports: [5060, 5061, 5062, 5063, 5065, 5066, 5067, 5068, 5075, 5076, 5077],
  start: ({ transport }) => startSip(transport === 'udp'),
  recognise: recogniseSip,

  frame(bytes, start, end, direction, state) {
    if (state.datagrams) {
      return isKeepAlive(bytes, start, end) || recogniseSip(bytes, start, end) === 'certain' ? end - start : 0;
    }
    const blank = blankLength(bytes, start, end);
    const side = state[direction];
    if (blank > 0 && side.searched === 0) return blank;
    if (side.whole > 0) return end - start < side.whole ? NEED_MORE : take(state, direction);
    if (side.searched === 0) {
      const recognised = recogniseSip(bytes, start, end);
      if (recognised === 'no') return NOT_THIS_PROTOCOL;
      if (recognised === 'more') return NEED_MORE;
    }
    const head = headLength(bytes, start, start + Math.max(0, side.searched - 3), end);
    if (head === 0) {
      side.searched = end - start;
      return side.searched > limits.line ? NOT_THIS_PROTOCOL : NEED_MORE;
    }
    side.head = head;
    const body = lengthOf(bytes, start, head);
    side.whole = head + (body > limits.line ? 0 : body);
    return end - start < side.whole ? NEED_MORE : take(state, direction);
  },

  message(reader, direction, state, out) {
    const { bytes, at, end } = reader;
    if (isKeepAlive(bytes, at, end)) return;
    const blank = blankLength(bytes, at, end);
    const head = headLength(bytes, at + blank, at + blank, end);
    const message = head > 0 ? readMessage(bytes, at + blank, head, end) : null;
    if (message === null) throw new Malformed('sip head', 0, end - at + 1, end - at);
    takeMessage(message, cutBody(message, state, out), direction, state, out);
  },

  resume(bytes, start, end, direction, state) {
    resetSide(state[direction]);
    // every turn moves on by a line
    for (let at = start; at >= 0 && at < end; at = nextLine(bytes, at, end)) {
      if (bytes[at]! > 0x20 && recogniseSip(bytes, at, end) === 'certain') return at;
    }
    return -1;
  },

  end: endTransactions,
});

/** The message is whole: the next one begins behind it. */
function take(state: SipState, direction: Direction): number {
  const { whole } = state[direction];
  resetSide(state[direction]);
  return whole;
}

function lengthOf(bytes: Uint8Array, start: number, head: number): number {
  const message = readMessage(bytes, start, head, start + head);
  return (message && contentLength(message.headers).length) ?? 0;
}

/** Cuts the body to the length that the headers give it; false where it is shorter, so that nothing of it can be trusted. */
function cutBody(message: SipMessage, state: SipState, out: Out): boolean {
  const { length, agreed } = contentLength(message.headers);
  if (!agreed) out.blind('malformed', 'sip: more than one length of a body');
  if (length === null) {
    if (!state.datagrams) out.blind('malformed', 'sip: a message in a stream without the length of its body');
    return true;
  }
  const there = message.body.length;
  if (length > there) {
    if (state.datagrams) out.blind('malformed', `sip body: ${length} bytes needed, ${there} there`);
    else {
      out.blind('limit', `sip: a body of ${length} bytes is not read`);
      out.skip(length - there);
    }
    return false;
  }
  if (length < there) out.blind('malformed', 'sip: bytes behind the body of a datagram');
  return true;
}

function takeMessage(message: SipMessage, whole: boolean, direction: Direction, state: SipState, out: Out): void {
  const { start } = message;
  const method = start.kind === 'request' ? start.method.toUpperCase() : (transactionOf(message)?.method ?? '');
  if (start.kind === 'request') {
    out.fact({ kind: 'described', what: 'property', name: 'sip-method', value: method });
    takeRequest(message, direction, state, out);
  } else {
    takeResponse(message, start.status, direction, state, out);
    describeRedirect(message, out);
  }
  describeSender(message, direction, out);
  if (whole && message.body !== '') takeMedia(message, direction, state, out);
  const carries = message.body !== '' || (contentLength(message.headers).length ?? 0) > 0;
  if (isContent(message, method, carries)) out.fact({ kind: 'exposed', content: 'call' });
}

/** CR and LF before a start line, which keep a connection alive (RFC 3261 §7.5, RFC 5626 §4.4.1). */
function blankLength(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 0x0d || bytes[at] === 0x0a)) at++;
  return at - start;
}
