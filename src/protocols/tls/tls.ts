import { be16, be24 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Out } from '../analyzer.ts';
import { isReadable } from '../parts/randomness.ts';
import { clientHello, looksClear, readHandshake, serverHello } from './handshake.ts';
import { settleHello, takeAlert, takeHandshakeMessage } from './messages.ts';
import { settlePrincipal, takeApplicationData, takeEncryptedHandshake, wantedBytes } from './progress.ts';
import {
  alert,
  applicationData,
  changeCipherSpec,
  couldBeRecord,
  findRecord,
  handshake,
  longestRecord,
  passApplicationData,
  recogniseRecord,
  recordHeader,
} from './records.ts';
import { frameSsl2, recogniseSsl2, takeSsl2 } from './ssl2.ts';
import { dropHeld, isTls13, loseTrack, type Side, ssl2, startState, type TlsState } from './state.ts';

/** SSL 2.0 to TLS 1.3, from the first byte or after another protocol has handed over. States nothing as exposed: what goes unencrypted in TLS is handshake. */
export const tls = defineAnalyzer<TlsState>({
  name: 'tls',
  transports: ['tcp'],
  // HTTPS, SMTP, LDAP, IMAP and POP3 inside TLS, global catalog, EdgeSync, SIP inside TLS as the UM roles use it;
  // and ports whose protocols begin in clear, where only a flow that was under way can begin with a record
  ports: [
    443, 465, 636, 993, 995, 3269, 50636, 5061, 5062, 5063, 5066, 5068, 5075, 5076, 5077, 25, 587, 110, 143, 389, 3268,
  ],
  start: startState,

  recognise(bytes, start, end, direction) {
    const record = recogniseRecord(bytes, start, end, direction);
    return record === 'no' ? recogniseSsl2(bytes, start, end, direction) : record;
  },

  frame(bytes, start, end, direction, state) {
    if (state.version === ssl2) return frameSsl2(bytes, start, end, direction, state);
    if (!couldBeRecord(bytes, start, end)) return frameFirst(bytes, start, end, direction, state);
    if (end - start < recordHeader) return NEED_MORE;
    const wanted = recordHeader + readBytes(bytes[start]!, be16(bytes, start + 3), direction, state);
    return end - start < wanted ? NEED_MORE : wanted;
  },

  message(reader, direction, state, out) {
    const { bytes, at, end } = reader;
    if (state.version === ssl2) takeSsl2(reader, direction, state, out);
    else if (couldBeRecord(bytes, at, end)) takeRecord(reader, direction, state, out);
    else if (recogniseSsl2(bytes, at, end, direction) !== 'no') takeSsl2(reader, direction, state, out);
    else state[direction].strayed += end - at;
  },

  resume(bytes, start, end, direction, state) {
    loseTrack(state, direction);
    const found = state.version === ssl2 ? -1 : findRecord(bytes, start, end);
    // no record, and no part of one either: the stream goes on without TLS, which `frame` then says
    return found < 0 && state.version !== 0 && isReadable(bytes, start, end) ? start : found;
  },

  passOver: ({ secured, version }) => (secured && version !== ssl2 ? passApplicationData : null),

  end(state, out) {
    settleHello(state.unsettledHello?.sessionEchoed ?? false, state, out);
    settlePrincipal('unfinished', state, out);
  },
});

/** Only a direction's first message may be one of SSL 2 while that is not agreed. */
function frameFirst(bytes: Uint8Array, start: number, end: number, direction: Direction, state: TlsState): number {
  if (state[direction].records > 0) return NOT_THIS_PROTOCOL;
  const recognised = recogniseSsl2(bytes, start, end, direction);
  if (recognised === 'no') return frameStray(bytes, start, end, state[direction]);
  return recognised === 'more' ? NEED_MORE : frameSsl2(bytes, start, end, direction, state);
}

/** A capture that begins in the middle of a flow may begin in the middle of a record, but of one only. */
function frameStray(bytes: Uint8Array, start: number, end: number, side: Side): number {
  if (!side.lost || side.strayed > longestRecord) return NOT_THIS_PROTOCOL;
  const found = findRecord(bytes, start, end);
  if (found > start) return found - start;
  // a header may have begun
  return Math.max(NEED_MORE, end - start - (recordHeader - 1));
}

/** How much of a record's body is read: none of encrypted content, so that it is never kept. */
function readBytes(type: number, length: number, direction: Direction, state: TlsState): number {
  switch (type) {
    case changeCipherSpec:
    case alert:
      return length;
    case handshake:
      // of an encrypted one as much as tells that it is none
      return isEncrypted(direction, state) ? Math.min(length, helloHead) : length;
    case applicationData:
      return wantedBytes(length, state);
    default:
      return 0;
  }
}

/** Whether handshake records cannot be in clear any more. */
const isEncrypted = (direction: Direction, state: TlsState): boolean =>
  isTls13(state.version) || (state.version !== 0 && state[direction].changed);

function takeRecord(reader: Reader, direction: Direction, state: TlsState, out: Out): void {
  const type = reader.u8();
  reader.skip(2);
  const length = reader.u16();
  const side = state[direction];
  side.records++;
  if (length > reader.remaining) out.skip(length - reader.remaining);
  switch (type) {
    case changeCipherSpec:
      if (isTls13(state.version) || side.changed) return;
      side.changed = true;
      side.skip = 0;
      dropHeld(side);
      if (direction === 'server') settleHello(true, state, out);
      return;
    case alert:
      // an encrypted one is longer
      if (length === 2) takeAlert(reader.u8(), reader.u8(), direction, state, out);
      return;
    case handshake:
      takeHandshake(reader, length, direction, state, out);
      return;
    case applicationData:
      takeApplicationData(length, reader.bytes, reader.at, reader.end, direction, state, out);
      return;
  }
}

function takeHandshake(reader: Reader, length: number, direction: Direction, state: TlsState, out: Out): void {
  // the version and suite of what follows would not be those that were stated
  if (state.finished && direction === 'client' && isWholeHello(reader, length)) {
    out.blind('left-protocol', 'another TLS handshake in clear, which is not followed');
  }
  // after the ServerHello, TLS 1.3 has none: its encrypted ones look like application data
  if (isTls13(state.version)) return;
  const side = state[direction];
  if (isEncrypted(direction, state)) {
    takeEncryptedHandshake(direction, state, out);
    return;
  }
  const goesOn = side.held > 0 || side.skip > 0;
  if (!goesOn && (side.changed || side.lost) && !isClear(reader, direction, state)) {
    // Finished of a handshake whose ServerHello was not seen, or the rest of a message whose start was lost
    if (side.changed) takeEncryptedHandshake(direction, state, out);
    return;
  }
  const kept = readHandshake(reader, side, (type, body) => takeHandshakeMessage(type, body, direction, state, out));
  if (!kept) out.blind('limit', 'a handshake message longer than what is kept of one');
}

/** A HelloRetryRequest lets ChangeCipherSpec come before a second hello (RFC 8446 §D.4), so both must be told from ciphertext. */
function isClear(reader: Reader, direction: Direction, state: TlsState): boolean {
  const { bytes, at, end } = reader;
  if (!looksClear(bytes, at, end)) return false;
  return !state[direction].changed || bytes[at] === (direction === 'client' ? clientHello : serverHello);
}

/** bytes of a handshake record that tell a ClientHello: type, length, the version's first byte */
const helloHead = 5;

/** Whether a record of that length is one ClientHello, which ciphertext looks like once in 2^40 times. */
function isWholeHello({ bytes, at, end }: Reader, length: number): boolean {
  return (
    end - at >= helloHead && bytes[at] === clientHello && be24(bytes, at + 1) === length - 4 && bytes[at + 4] === 3
  );
}
