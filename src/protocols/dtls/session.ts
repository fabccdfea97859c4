import { Malformed } from '../../bytes/malformed.ts';
import { be16 } from '../../bytes/read.ts';
import { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out, StartContext } from '../analyzer.ts';
import { clientHello, serverHello } from '../tls/handshake.ts';
import { settleHello, takeAlert, takeHandshakeMessage } from '../tls/messages.ts';
import { finish, secure, settlePrincipal, takeApplicationData, takeEncryptedHandshake } from '../tls/progress.ts';
import { alert, applicationData, changeCipherSpec, handshake } from '../tls/records.ts';
import { isTls13, startState, type TlsState } from '../tls/state.ts';
import { bodyReader, type Flight, readFlight, startFlight } from './handshake.ts';
import { asTls } from './hello.ts';
import { recordHeader, recordLength, unifiedHeader, unifiedLength } from './records.ts';

/** One DTLS association: RFC 6347 and 9147. What its messages say is TLS's; how they travel is not. */
export interface DtlsSession {
  readonly tls: TlsState;
  readonly client: Flight;
  readonly server: Flight;
  /** the client offers keys for SRTP (RFC 5764) */
  offersSrtp: boolean;
  /** the profile that the server chose; DTLS 1.3 does so inside the encryption */
  srtpProfile: number | null;
}

export const startDtls = (context: StartContext): DtlsSession => ({
  tls: startState({ ...context, upgrade: 'dtls' }),
  client: startFlight(),
  server: startFlight(),
  offersSrtp: false,
  srtpProfile: null,
});

/** Reads the records of one datagram. Throws `Malformed` where it holds anything else. */
export function takeRecords(reader: Reader, direction: Direction, session: DtlsSession, out: Out): void {
  const { bytes, end } = reader;
  // every turn moves on by a record
  while (reader.at < end) {
    const { at } = reader;
    const legacy = recordLength(bytes, at, end);
    const length = legacy || (isTls13(session.tls.version) ? unifiedLength(bytes, at, end) : 0);
    if (length === 0) throw new Malformed('dtls record', at - reader.start, recordHeader, end - at);
    reader.skip(length);
    if (legacy > 0) takeRecord(new Reader('dtls record', bytes, at, at + length), direction, session, out);
    else takeUnified(bytes, at, at + length, direction, session.tls, out);
  }
}

export function endDtls({ tls }: DtlsSession, out: Out): void {
  settleHello(tls.unsettledHello?.sessionEchoed ?? false, tls, out);
  settlePrincipal('unfinished', tls, out);
}

function takeRecord(record: Reader, direction: Direction, session: DtlsSession, out: Out): void {
  const { tls } = session;
  const { bytes, at, end } = record;
  const type = bytes[at]!;
  const epoch = be16(bytes, at + 3);
  record.skip(recordHeader);
  tls[direction].records++;
  if (epoch > 0) {
    takeEncrypted(type, epoch, record, direction, tls, out);
    return;
  }
  switch (type) {
    case changeCipherSpec:
      if (direction === 'server') settleHello(true, tls, out);
      return;
    case alert:
      if (end - record.at === 2) takeAlert(record.u8(), record.u8(), direction, tls, out);
      return;
    case handshake: {
      const whole = readFlight(record, session[direction], (message, body) =>
        takeMessage(message, body, direction, session, out),
      );
      if (!whole) {
        tls[direction].lost = true;
        out.blind('gap', 'dtls: a handshake message was not seen whole');
      }
      return;
    }
    case applicationData:
      out.blind('left-protocol', 'dtls: application data before the handshake');
  }
}

function takeMessage(type: number, body: Uint8Array, direction: Direction, session: DtlsSession, out: Out): void {
  const isHello = (type === clientHello && direction === 'client') || (type === serverHello && direction === 'server');
  if (!isHello) {
    takeHandshakeMessage(type, bodyReader(body), direction, session.tls, out);
    return;
  }
  // another association from the same port: what was said of the first would be said of this one
  if (type === clientHello && session.tls.finished)
    out.blind('left-protocol', 'another DTLS handshake, which is not followed');
  const hello = asTls(type, body);
  if (direction === 'client') session.offersSrtp ||= hello.srtpProfiles !== null;
  else session.srtpProfile ??= hello.srtpProfiles?.[0] ?? null;
  takeHandshakeMessage(type, bodyReader(hello.body), direction, session.tls, out);
}

/** DTLS 1.2 and older: the epoch tells what is encrypted. A side's first encrypted handshake record is its Finished; it may be sent again. */
function takeEncrypted(
  type: number,
  epoch: number,
  record: Reader,
  direction: Direction,
  tls: TlsState,
  out: Out,
): void {
  if (type === handshake) {
    const again = epoch > 1 && direction === 'client' && !tls.renegotiated;
    if (tls[direction].encrypted === 0 || again) takeEncryptedHandshake(direction, tls, out);
  } else if (type === applicationData && !isTls13(tls.version)) {
    takeApplicationData(record.remaining, record.bytes, record.at, record.end, direction, tls, out);
  }
}

/** what TLS 1.3's AEADs add, and the byte of the content's type (RFC 8446 §5.2) */
const overhead = 17;

/**
 * DTLS 1.3: the header shows the epoch's last two bits: 2 handshake, 3 content (RFC 9147 §6.1). The client's first record of
 * epoch 3 comes after its Finished; it may also be an acknowledgment (§7: 2 bytes and 16 for each record) or an alert.
 */
function takeUnified(bytes: Uint8Array, at: number, end: number, direction: Direction, tls: TlsState, out: Out): void {
  if ((bytes[at]! & 3) !== 3 || direction !== 'client') return;
  finish(tls, out);
  const from = at + unifiedHeader(bytes[at]!);
  const content = end - from - overhead;
  const isAcknowledgment = content >= 2 && (content - 2) % 16 === 0;
  // KeyUpdate: a header of 12 bytes and one more
  if (content > 0 && !isAcknowledgment && content !== 13) secure(bytes, from, end, tls, out);
}
