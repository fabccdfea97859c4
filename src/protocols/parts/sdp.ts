import { formatAddress, parseAddress } from '../../bytes/address.ts';
import { limits } from '../../limits.ts';

export type MediaKeys = 'none' | 'sdes' | 'dtls' | 'mikey';

/** One media stream of a session description (RFC 8866) that is not refused. Never a key. */
export interface Media {
  /** RFC 5952 where it is an address; else the name as given; empty where none is given */
  address: string;
  port: number;
  profile: string;
  keys: MediaKeys;
  /** the key exchange says that media go unencrypted all the same (RFC 4568 §6.3) */
  unencrypted: boolean;
  /** address and port of RTCP where they are given (RFC 3605), else null */
  rtcp: { address: string; port: number } | null;
  /** RTCP comes on the same port (RFC 5761) */
  muxed: boolean;
  /** further addresses that media may come from (RFC 8839) */
  candidates: { component: 1 | 2; address: string; port: number }[];
}

/** Whether the media are RTP or SRTP over UDP, in whatever profile. */
export const isRtp = ({ profile }: Media): boolean => /(^|\/)RTP\//i.test(profile) && !/TCP/i.test(profile);

interface Level {
  address: string;
  keys: MediaKeys;
}

/** The media of a session description; null where it is none. Lines that mean nothing here are passed over. Never throws. */
export function readSdp(text: string): Media[] | null {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines[0] !== 'v=0') return null;
  const session: Level = { address: '', keys: 'none' };
  const all: Media[] = [];
  let media: Media | null = null;
  for (const line of lines) {
    const value = line.slice(2);
    if (line.startsWith('m=')) {
      if (all.length >= limits.media) break;
      media = startMedia(value, session);
      all.push(media);
    } else if (line.startsWith('c=')) (media ?? session).address = connection(value);
    else if (line.startsWith('a=')) readAttribute(value, media, session);
  }
  // a port of 0 refuses the stream, or takes it away (RFC 3264 §6, §8.2)
  return all.filter(({ port }) => port > 0);
}

function startMedia(value: string, session: Level): Media {
  const [, port = '', profile = ''] = value.split(' ');
  return {
    address: session.address,
    port: portOf(port.split('/')[0]!),
    profile: profile.slice(0, limits.text),
    keys: /^UDP\/TLS\/|DTLS\//i.test(profile) ? 'dtls' : session.keys,
    unencrypted: false,
    rtcp: null,
    muxed: false,
    candidates: [],
  };
}

function readAttribute(value: string, media: Media | null, session: Level): void {
  const colon = value.indexOf(':');
  const name = colon < 0 ? value : value.slice(0, colon);
  const rest = colon < 0 ? '' : value.slice(colon + 1).trim();
  switch (name) {
    case 'crypto':
      if (media) readCrypto(rest, media);
      return;
    case 'fingerprint':
      if ((media ?? session).keys === 'none') (media ?? session).keys = 'dtls';
      return;
    case 'key-mgmt':
      if (/^mikey\b/i.test(rest)) (media ?? session).keys = 'mikey';
      return;
    case 'rtcp-mux':
      if (media) media.muxed = true;
      return;
    case 'rtcp':
      if (media) readRtcp(rest, media);
      return;
    case 'candidate':
      if (media) readCandidate(rest, media);
  }
}

/** RFC 4568 §9.1: tag, suite, key parameters, session parameters. The key is passed over. */
function readCrypto(rest: string, media: Media): void {
  const [, suite = '', , ...session] = rest.split(/ +/);
  const unencrypted = session.includes('UNENCRYPTED_SRTP') || /^NULL/i.test(suite);
  // of several offers the weakest decides: which was taken only the answer's tag tells
  media.unencrypted ||= unencrypted;
  if (media.keys === 'none') media.keys = 'sdes';
}

function readRtcp(rest: string, media: Media): void {
  const [port = '', , , address] = rest.split(' ');
  media.rtcp = { address: address === undefined ? media.address : normal(address), port: portOf(port) };
}

/** RFC 8839 §5.1: foundation, component, transport, priority, address, port. */
function readCandidate(rest: string, media: Media): void {
  const [, component, transport = '', , address = '', port = ''] = rest.split(' ');
  if (!/^udp$/i.test(transport) || (component !== '1' && component !== '2')) return;
  if (media.candidates.length >= limits.candidates || parseAddress(address) === null) return;
  media.candidates.push({ component: component === '1' ? 1 : 2, address: normal(address), port: portOf(port) });
}

/** `IN IP4 224.2.1.1/127`: the address, without TTL and count (RFC 8866 §5.7). */
const connection = (value: string): string => normal(value.split(' ')[2]?.split('/')[0] ?? '');

function normal(text: string): string {
  const address = parseAddress(text);
  return address === null ? text.slice(0, limits.text) : formatAddress(address);
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port < 65_536 ? port : 0;
}
