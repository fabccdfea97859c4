import { Malformed } from '../../bytes/malformed.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { takeCertificate } from './certificates.ts';
import {
  certificate,
  certificateRequest,
  certificateVerify,
  clientHello,
  newSessionTicket,
  serverHello,
} from './handshake.ts';
import { readClientHello, readServerHello } from './hello.ts';
import { settlePrincipal } from './progress.ts';
import { isTls13, ssl3, type TlsState } from './state.ts';

/** One clear handshake message; `body` is there for hellos and certificates only. */
export function takeHandshakeMessage(
  type: number,
  body: Reader | null,
  direction: Direction,
  state: TlsState,
  out: Out,
): void {
  if (direction === 'server') takeFromServer(type, body, state, out);
  else takeFromClient(type, body, state, out);
}

function takeFromClient(type: number, body: Reader | null, state: TlsState, out: Out): void {
  if (type === clientHello && body) takeClientHello(body, state, out);
  else if (type === certificate && body) takeCertificate(body, 'client', state, out);
  else if (type === certificateVerify && state.client.subject !== null && state.unsettledPrincipal === null) {
    state.unsettledPrincipal = state.client.subject;
    out.fact({ kind: 'described', what: 'client-certificate-proven' });
  }
}

function takeFromServer(type: number, body: Reader | null, state: TlsState, out: Out): void {
  if (type === serverHello && body) {
    takeServerHello(body, state, out);
    return;
  }
  // after its hello, only a server that resumes goes straight to a new ticket (RFC 5077 §3.1)
  settleHello(type === newSessionTicket, state, out);
  if (type === certificate && body) takeCertificate(body, 'server', state, out);
  else if (type === certificateRequest) out.fact({ kind: 'offered', what: 'client-certificate' });
}

function takeClientHello(body: Reader, state: TlsState, out: Out): void {
  const hello = readClientHello(body);
  const isFirst = state.clientHello === null;
  // a second one answers a HelloRetryRequest, and takes early data back (RFC 8446 §4.1.2)
  if (state.version !== 0) return;
  state.clientHello = hello;
  state.client.lost = false;
  if (!isFirst) return;
  const { version, serverName, offersResumption } = hello;
  out.fact({ kind: 'described', what: 'tls-client-hello', version, serverName, offersResumption });
}

function takeServerHello(body: Reader, state: TlsState, out: Out): void {
  const hello = readServerHello(body);
  if (hello.retry || state.version !== 0) return;
  // a version of neither family would be taken for none, or for SSL 2
  if (hello.version < ssl3) throw new Malformed('tls version', 0, ssl3, hello.version);
  state.version = hello.version;
  state.cipherSuite = hello.cipherSuite;
  state.server.lost = false;
  state.server.changed = false;
  const offered = state.clientHello?.sessionId;
  const sessionEchoed = !!offered && offered.length > 0 && Buffer.compare(offered, hello.sessionId) === 0;
  state.unsettledHello = { sessionEchoed };
  if (isTls13(hello.version)) {
    settleHello(hello.preSharedKey, state, out);
    out.blind('encrypted', 'certificates are encrypted in TLS 1.3');
  } else if (state.clientHello && !state.clientHello.mayResume) settleHello(false, state, out);
}

/** What followed the ServerHello shows whether it resumed a session; where that was lost, an echoed session id does. */
export function settleHello(resumed: boolean, state: TlsState, out: Out): void {
  if (!state.unsettledHello) return;
  const isResumed = state.server.lost ? state.unsettledHello.sessionEchoed : resumed;
  state.unsettledHello = null;
  const { version, cipherSuite } = state;
  out.fact({ kind: 'described', what: 'tls-server-hello', version, cipherSuite, resumed: isResumed });
  if (isResumed) out.blind('resumed-session', 'certificates were shown in an earlier handshake');
}

const fatal = 2;
const closeNotify = 0;
const noCertificate = 41;

/** An alert in clear (RFC 5246 §7.2). */
export function takeAlert(level: number, code: number, direction: Direction, state: TlsState, out: Out): void {
  if (level !== 1 && level !== fatal) return;
  out.fact({ kind: 'described', what: 'tls-alert', level, code });
  if (direction === 'server') {
    if (level === fatal || code === closeNotify) settlePrincipal('refused', state, out);
  } else if (code === noCertificate) out.fact({ kind: 'refused', what: 'client-certificate' });
}
