import { be16 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { NEED_MORE, NOT_THIS_PROTOCOL, type Out, type Recognition } from '../analyzer.ts';
import { stateCertificate } from './certificates.ts';
import { finish, secure } from './progress.ts';
import { ssl2, type TlsState } from './state.ts';

/**
 * SSL 2.0 (Hickman, "The SSL Protocol", 1995), whose ClientHello also opened SSL 3 and TLS connections until RFC 6176.
 * Offsets below count the record header of two bytes.
 */
const error = 0;
const clientHello = 1;
const clientMasterKey = 2;
const serverHello = 4;

/** Encrypted records after which the next must be content: CLIENT-FINISHED and a certificate; SERVER-VERIFY, -FINISHED and a request. */
const clientHandshakeRecords = 2;
const serverHandshakeRecords = 3;

/** Whether a direction begins with a hello of SSL 2, every length in it adding up. */
export function recogniseSsl2(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  const there = end - start;
  if (there < 1 || (bytes[start]! & 0x80) === 0) return 'no';
  if (there < 3) return 'more';
  const length = be16(bytes, start) & 0x7fff;
  return direction === 'client'
    ? recogniseClientHello(bytes, start, there, length)
    : recogniseServerHello(bytes, start, there, length);
}

function recogniseClientHello(bytes: Uint8Array, start: number, there: number, length: number): Recognition {
  if (bytes[start + 2] !== clientHello) return 'no';
  if (there > 3 && bytes[start + 3] !== 3 && bytes[start + 3] !== 0) return 'no';
  if (there < 11) return 'more';
  const version = be16(bytes, start + 3);
  const ciphers = be16(bytes, start + 5);
  const sessionId = be16(bytes, start + 7);
  const challenge = be16(bytes, start + 9);
  const known = version === ssl2 || version >> 8 === 3;
  const lengths = ciphers > 0 && ciphers % 3 === 0 && challenge >= 16 && challenge <= 32;
  const sum = 9 + ciphers + sessionId + challenge === length;
  return known && lengths && sum && (sessionId === 0 || sessionId === 16) ? 'certain' : 'no';
}

function recogniseServerHello(bytes: Uint8Array, start: number, there: number, length: number): Recognition {
  if (bytes[start + 2] === error && length === 3) return 'possible';
  if (bytes[start + 2] !== serverHello) return 'no';
  if (there < 13) return 'more';
  const ciphers = be16(bytes, start + 9);
  const sum = 11 + be16(bytes, start + 7) + ciphers + be16(bytes, start + 11) === length;
  return be16(bytes, start + 5) === ssl2 && bytes[start + 3]! <= 1 && ciphers % 3 === 0 && sum ? 'certain' : 'no';
}

/** A record's end: that of its header alone where its content is encrypted. */
export function frameSsl2(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  state: TlsState,
): number {
  const header = headerLength(bytes, start);
  if (end - start < header) return NEED_MORE;
  const length = bodyLength(bytes, start);
  if (length === 0) return NOT_THIS_PROTOCOL;
  if (state[direction].changed) return header;
  return end - start < header + length ? NEED_MORE : header + length;
}

// the high bit says that there is no padding and no third byte
const headerLength = (bytes: Uint8Array, start: number): number => (bytes[start]! & 0x80 ? 2 : 3);
const bodyLength = (bytes: Uint8Array, start: number): number =>
  be16(bytes, start) & (bytes[start]! & 0x80 ? 0x7fff : 0x3fff);

/** One record: a clear message, or the header of an encrypted one. */
export function takeSsl2(reader: Reader, direction: Direction, state: TlsState, out: Out): void {
  const length = bodyLength(reader.bytes, reader.at);
  reader.skip(headerLength(reader.bytes, reader.at));
  const side = state[direction];
  side.records++;
  if (side.changed) {
    side.encrypted++;
    out.skip(length);
    if (state.client.encrypted > clientHandshakeRecords || state.server.encrypted > serverHandshakeRecords) {
      finish(state, out);
      secure(reader.bytes, reader.end, reader.end, state, out);
    }
    return;
  }
  const type = reader.u8();
  if (direction === 'client' && type === clientHello) takeClientHello(reader, state, out);
  else if (direction === 'client' && type === clientMasterKey) takeMasterKey(reader, state, out);
  else if (direction === 'server' && type === serverHello) takeServerHello(reader, state, out);
}

function takeClientHello(reader: Reader, state: TlsState, out: Out): void {
  const version = reader.u16();
  const ciphers = reader.u16();
  const sessionLength = reader.u16();
  reader.skip(2 + ciphers);
  const sessionId = reader.take(sessionLength).slice();
  const offersResumption = sessionLength > 0;
  state.clientHello ??= { sessionId, mayResume: offersResumption, earlyData: false };
  state.client.lost = false;
  out.fact({ kind: 'described', what: 'tls-client-hello', version, serverName: null, offersResumption });
}

function takeServerHello(reader: Reader, state: TlsState, out: Out): void {
  const sessionHit = reader.u8() !== 0;
  reader.skip(3);
  const certificateLength = reader.u16();
  reader.skip(4);
  state.version = ssl2;
  state.server.changed = true;
  if (sessionHit) {
    // the suite is that of the earlier handshake, too, so no hello can be stated
    state.client.changed = true;
    out.blind('resumed-session', 'SSL 2: certificate and cipher were agreed in an earlier handshake');
  } else stateCertificate(reader.take(certificateLength), 'server', state, out);
}

/** The client names the cipher out of those that the server left, so only now is it known. */
function takeMasterKey(reader: Reader, state: TlsState, out: Out): void {
  const cipherSuite = reader.u24();
  state.cipherSuite = cipherSuite;
  state.client.changed = true;
  out.fact({ kind: 'described', what: 'tls-server-hello', version: ssl2, cipherSuite, resumed: false });
}
