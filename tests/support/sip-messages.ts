import type { Step } from './play.ts';

export interface Said {
  /** further header lines */
  headers?: string[];
  body?: string;
  type?: string;
  call?: string;
  cseq?: number;
  /** the tag of the To header: a message within a call */
  tag?: string;
  /** leaves Content-Length out, or claims another one */
  length?: number | null;
}

export const request = (method: string, said: Said = {}): string =>
  whole(`${method} sip:bob@example.test SIP/2.0`, method.toUpperCase(), said);

export const response = (status: number, method: string, said: Said = {}): string =>
  whole(`SIP/2.0 ${status} Lab`, method, said);

function whole(start: string, method: string, said: Said): string {
  const {
    headers = [],
    body = '',
    type = 'application/sdp',
    call = 'call1',
    cseq = 1,
    tag,
    length = body.length,
  } = said;
  return [
    start,
    'Via: SIP/2.0/TCP 10.0.0.1:40000;branch=z9hG4bK1',
    'From: <sip:alice@example.test>;tag=a',
    `To: <sip:bob@example.test>${tag === undefined ? '' : `;tag=${tag}`}`,
    `Call-ID: ${call}`,
    `CSeq: ${cseq} ${method}`,
    ...headers,
    ...(body === '' ? [] : [`Content-Type: ${type}`]),
    ...(length === null ? [] : [`Content-Length: ${length}`]),
    '',
    body,
  ].join('\r\n');
}

/** A session description (RFC 8866) of one audio stream, with further lines at its end. */
export const sdp = (address: string, port: number, profile = 'RTP/AVP', ...lines: string[]): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`,
    't=0 0',
    `m=audio ${port} ${profile} 0`,
    'a=rtpmap:0 PCMU/8000',
    ...lines,
    '',
  ].join('\r\n');

export const C = (said: string): Step => ['client', said];
export const S = (said: string): Step => ['server', said];

/** RFC 4568 §6.1's example, key and all. */
export const crypto = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32';
