import type { Reader } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';

/** What a ClientHello says (RFC 5246 §7.4.1.2, RFC 8446 §4.1.2). */
export interface ClientHello {
  /** the highest version offered, `supported_versions` included */
  version: number;
  sessionId: Uint8Array;
  serverName: string | null;
  /** a session id that is none of TLS 1.3's fillers, a ticket or a pre-shared key */
  offersResumption: boolean;
  /** any session id, ticket or pre-shared key: whether a server could resume something */
  mayResume: boolean;
  earlyData: boolean;
}

/** What a ServerHello says (RFC 5246 §7.4.1.3, RFC 8446 §4.1.3). */
export interface ServerHello {
  /** as negotiated, `supported_versions` included */
  version: number;
  cipherSuite: number;
  sessionId: Uint8Array;
  preSharedKey: boolean;
  /** a HelloRetryRequest: another ClientHello and another ServerHello follow */
  retry: boolean;
}

const serverNameExtension = 0;
const sessionTicketExtension = 35;
const preSharedKeyExtension = 41;
const earlyDataExtension = 42;
const supportedVersionsExtension = 43;

/** The random of a HelloRetryRequest: SHA-256 of those words (RFC 8446 §4.1.3). */
const retryRandom = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

export function readClientHello(reader: Reader): ClientHello {
  const version = reader.u16();
  reader.skip(32);
  const hello: ClientHello = {
    version,
    sessionId: reader.take(reader.u8()).slice(),
    serverName: null,
    offersResumption: false,
    mayResume: false,
    earlyData: false,
  };
  reader.skip(reader.u16());
  reader.skip(reader.u8());
  let ticket = false;
  eachExtension(reader, (type, body) => {
    switch (type) {
      case serverNameExtension:
        hello.serverName ??= readServerName(body);
        break;
      case sessionTicketExtension:
        ticket ||= body.remaining > 0;
        break;
      case preSharedKeyExtension:
        ticket = true;
        break;
      case earlyDataExtension:
        hello.earlyData = true;
        break;
      case supportedVersionsExtension:
        hello.version = highestVersion(body.sub(body.u8()), hello.version);
        break;
    }
  });
  hello.mayResume = ticket || hello.sessionId.length > 0;
  // a client that offers TLS 1.3 fills in a session id to look like TLS 1.2 (RFC 8446 §D.4)
  hello.offersResumption = ticket || (hello.sessionId.length > 0 && rank(hello.version) <= rank(0x0303));
  return hello;
}

export function readServerHello(reader: Reader): ServerHello {
  const version = reader.u16();
  const random = reader.take(32);
  // the ServerHello of TLS 1.3's drafts before 22 had neither session id nor compression method
  const early = version >> 8 === 0x7f;
  const sessionId = early ? new Uint8Array(0) : reader.take(reader.u8());
  const hello: ServerHello = {
    version,
    cipherSuite: reader.u16(),
    sessionId,
    preSharedKey: false,
    retry: retryRandom.equals(random),
  };
  if (!early) reader.skip(1);
  eachExtension(reader, (type, body) => {
    if (type === supportedVersionsExtension) hello.version = body.u16();
    else if (type === preSharedKeyExtension) hello.preSharedKey = true;
  });
  return hello;
}

/** Calls back for every extension; a hello of SSL 3 or old TLS may end before them. */
function eachExtension(reader: Reader, read: (type: number, body: Reader) => void): void {
  if (reader.remaining === 0) return;
  const extensions = reader.sub(reader.u16());
  // every turn reads at least four bytes
  while (extensions.remaining > 0) {
    const type = extensions.u16();
    read(type, extensions.sub(extensions.u16()));
  }
}

/** The first name of type host_name (RFC 6066 §3). */
function readServerName(body: Reader): string | null {
  if (body.remaining === 0) return null;
  const names = body.sub(body.u16());
  while (names.remaining > 0) {
    const type = names.u8();
    const name = names.sub(names.u16());
    if (type === 0) return name.text(Math.min(name.remaining, limits.text));
  }
  return null;
}

function highestVersion(versions: Reader, legacy: number): number {
  let highest = legacy;
  while (versions.remaining >= 2) {
    const version = versions.u16();
    if (rank(version) > rank(highest)) highest = version;
  }
  return highest;
}

/** Orders versions: drafts of TLS 1.3 lie between 1.2 and 1.3; GREASE (RFC 8701) and what is unknown come last. */
function rank(version: number): number {
  if (version >> 8 === 3) return version;
  if (version >> 8 === 0x7f) return 0x0303 + (version & 0xff) / 256;
  return 0;
}
