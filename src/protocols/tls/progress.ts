import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { looksRandom, sampleAtLeast, sampleAtMost, startSample, takeSample } from '../parts/randomness.ts';
import { isTls13, type TlsState } from './state.ts';
import { protectionOf, tls13Sizes } from './suites.ts';

/**
 * When protected content has been seen. Saying so too early would call a flow encrypted that carried nothing, so every
 * doubtful record counts as handshake.
 */

/** Records of a client, or bytes both ways, after which records of an unseen handshake must be content: no handshake is as long. */
const clientHandshakeRecords = 4;
const handshakeBytes = 1 << 15;
/** bytes at a record's start that need not be random in ciphertext: the explicit nonce of AEAD suites (RFC 5288 §3) */
const explicitNonce = 8;

/** An application data record; `bytes[start, end)` is as much of its body as `wantedBytes` asked for. */
export function takeApplicationData(
  length: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  state: TlsState,
  out: Out,
): void {
  // nothing more to learn, and this is where all the records come
  if (state.secured) return;
  if (isContent(length, direction, state, out)) secure(bytes, start, end, state, out);
}

/** How much of an application data record's body is needed: none, but where only the bytes tell whether they are encrypted. */
export function wantedBytes(length: number, state: TlsState): number {
  if (state.secured || !state.sample || state.sample.taken >= sampleAtMost) return 0;
  return Math.min(length, explicitNonce + sampleAtMost - state.sample.taken);
}

/** TLS 1.2 and older: an encrypted handshake record, at first Finished (RFC 5246 §7.4.9). */
export function takeEncryptedHandshake(direction: Direction, state: TlsState, out: Out): void {
  state[direction].encrypted++;
  if (state.finished && direction === 'client' && !state.renegotiated) {
    state.renegotiated = true;
    out.fact({ kind: 'described', what: 'tls-renegotiated' });
  }
  finishIfBoth(state, out);
}

/** The handshake is over, and a client certificate shown in it was accepted. */
export function finish(state: TlsState, out: Out): void {
  if (state.finished) return;
  state.finished = true;
  out.fact({ kind: 'described', what: 'tls-finished' });
  settlePrincipal('accepted', state, out);
}

/** States what became of a client that proved to hold its certificate's key. */
export function settlePrincipal(outcome: 'accepted' | 'refused' | 'unfinished', state: TlsState, out: Out): void {
  const principal = state.unsettledPrincipal;
  if (principal === null) return;
  state.unsettledPrincipal = null;
  const named = principal === '' ? {} : { principal };
  out.fact({ kind: 'authenticated', mechanism: 'certificate', outcome, protected: true, ...named });
}

/** Protected content was seen: states at which level, once. */
export function secure(bytes: Uint8Array, start: number, end: number, state: TlsState, out: Out): void {
  if (state.secured) return;
  const level = state.version === 0 ? 'unknown' : protectionOf(state.cipherSuite);
  if (level === 'unknown' && !provenRandom(bytes, start, end, state, out)) return;
  state.secured = true;
  state.sample = null;
  out.fact({ kind: 'secured', mechanism: state.mechanism, level: level === 'unknown' ? 'privacy' : level });
}

function isContent(length: number, direction: Direction, state: TlsState, out: Out): boolean {
  if (state.version === 0) return isUnseenContent(length, direction, state, out);
  if (isTls13(state.version)) return isTls13Content(length, direction, state, out);
  const side = state[direction];
  // application data shows that its sender is through with the handshake, also where the end of that was lost
  if (side.lost && side.encrypted === 0) side.encrypted = 1;
  finishIfBoth(state, out);
  return state.finished && length > 0;
}

function finishIfBoth(state: TlsState, out: Out): void {
  if (state.client.encrypted > 0 && state.server.encrypted > 0) finish(state, out);
}

/**
 * TLS 1.3 hides which record is what (RFC 8446 §5.2), but Finished has a length of its own: 4 bytes, a hash, one byte of
 * type and the AEAD's tag. Before it a client may send certificate messages, after it content, alerts and KeyUpdates,
 * which are told by their lengths too. Where no record has Finished's length (padded, or in one record with a
 * certificate), the server's answer shows that it was sent. What a server sends proves nothing: session tickets look
 * like content.
 */
function isTls13Content(length: number, direction: Direction, state: TlsState, out: Out): boolean {
  const sizes = tls13Sizes(state.cipherSuite);
  const overhead = 1 + (sizes?.tag ?? 16);
  const isAlert = length === 2 + overhead;
  const earlyData = state.clientHello?.earlyData ?? false;
  if (direction === 'server') {
    state.serverEncrypted = true;
    if (state.flight === 'begun' && !isAlert && !earlyData) endFlight(state, out);
    return false;
  }
  const finished = sizes ? 4 + sizes.hash + overhead : -1;
  if (isAlert) return false;
  if (state.flight === 'done') {
    // EndOfEarlyData and the true Finished may still follow early data that had Finished's length
    const endsEarlyData = earlyData && (length === finished || length === 4 + overhead);
    return length > overhead && length !== 5 + overhead && !endsEarlyData;
  }
  // before the server's part there is only early data (RFC 8446 §4.2.10)
  if (!state.serverEncrypted && !state.server.lost) return false;
  const emptyCertificate = 8;
  const withEmptyCertificate = state.flight === 'none' && !earlyData && length === finished + emptyCertificate;
  if (length === finished || withEmptyCertificate) endFlight(state, out);
  else state.flight = 'begun';
  return false;
}

function endFlight(state: TlsState, out: Out): void {
  state.flight = 'done';
  finish(state, out);
}

/** Content of a flow whose ServerHello was not seen, so that neither version nor suite is known. */
function isUnseenContent(length: number, direction: Direction, state: TlsState, out: Out): boolean {
  // the server has not answered yet
  if (direction === 'client' && state.clientHello?.earlyData) return false;
  if (!state.unseen) {
    state.unseen = { clientRecords: 0, bytes: 0 };
    out.blind('midstream', state.clientHello ? "the server's hello was not seen" : 'the handshake was not seen');
  }
  if (direction === 'client') state.unseen.clientRecords++;
  state.unseen.bytes += length;
  return state.unseen.clientRecords > clientHandshakeRecords || state.unseen.bytes > handshakeBytes;
}

function provenRandom(bytes: Uint8Array, start: number, end: number, state: TlsState, out: Out): boolean {
  if (!state.sample) {
    state.sample = startSample();
    if (state.version !== 0) out.blind('encrypted', 'whether the cipher suite encrypts is not known');
  }
  const { sample } = state;
  const before = sample.taken;
  takeSample(sample, bytes, Math.min(end, start + explicitNonce), end);
  const enough = before < sampleAtLeast && sample.taken >= sampleAtLeast;
  const all = before < sampleAtMost && sample.taken >= sampleAtMost;
  return (enough || all) && looksRandom(sample);
}
