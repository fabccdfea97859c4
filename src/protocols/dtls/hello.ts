import { be16 } from '../../bytes/read.ts';
import { Reader } from '../../bytes/reader.ts';
import { clientHello } from '../tls/handshake.ts';

/** A hello as TLS would have written it, and what only DTLS says in it. */
export interface AsTls {
  body: Uint8Array;
  /** of use_srtp (RFC 5764 §4.1): the protection profiles, null without the extension */
  srtpProfiles: number[] | null;
}

const useSrtp = 14;
const supportedVersions = 43;

/** DTLS counts its versions down (RFC 6347 §4.1, RFC 9147 §5.3): the TLS version that each is made of. */
const versions: ReadonlyMap<number, number> = new Map([
  [0x0100, 0x0302],
  [0xfeff, 0x0302],
  [0xfefd, 0x0303],
  [0xfefc, 0x0304],
]);

/** A ClientHello without its cookie (RFC 6347 §4.2.1), or a ServerHello, its versions written as TLS does. May throw `Malformed`. */
export function asTls(type: number, message: Uint8Array): AsTls {
  const body = message.slice();
  const reader = new Reader('dtls hello', body);
  rewrite(body, reader.skip(2));
  reader.skip(32);
  reader.skip(reader.u8());
  const cookie = reader.at;
  if (type === clientHello) {
    reader.skip(reader.u8());
    const afterCookie = reader.at;
    reader.skip(reader.u16());
    reader.skip(reader.u8());
    const srtpProfiles = readExtensions(reader, type, body);
    return { body: Buffer.concat([body.subarray(0, cookie), body.subarray(afterCookie)]), srtpProfiles };
  }
  reader.skip(3);
  return { body, srtpProfiles: readExtensions(reader, type, body) };
}

function readExtensions(reader: Reader, type: number, body: Uint8Array): number[] | null {
  let profiles: number[] | null = null;
  if (reader.remaining === 0) return profiles;
  const extensions = reader.sub(reader.u16());
  // every turn reads at least four bytes
  while (extensions.remaining > 0) {
    const kind = extensions.u16();
    const content = extensions.sub(extensions.u16());
    if (kind === useSrtp) {
      const list = content.sub(content.u16());
      profiles = [];
      while (list.remaining >= 2) profiles.push(list.u16());
    } else if (kind === supportedVersions) {
      if (type === clientHello) content.skip(1);
      while (content.remaining >= 2) rewrite(body, content.skip(2));
    }
  }
  return profiles;
}

function rewrite(body: Uint8Array, at: number): void {
  const version = versions.get(be16(body, at));
  if (version === undefined) return;
  body[at] = version >> 8;
  body[at + 1] = version & 0xff;
}
