import { be24, be32 } from '../bytes/read.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Recognition } from './analyzer.ts';

const FRAME_HEADER = 9;
const DATA = 0x0;
const HEADERS = 0x1;
const SETTINGS = 0x4;
/** CONTINUATION; the few types that extensions add stay below this */
const HIGHEST_TYPE = 0x10;

/**
 * HTTP/2 in clear (RFC 9113), recognised and no more: that content went by, not what it said. Fields are compressed with a
 * state of their own, so logins in them stay unread, and that is said.
 */
export const http2 = defineAnalyzer<null>({
  name: 'http2',
  transports: ['tcp'],
  ports: [80, 8080],
  start: () => null,
  recognise,

  frame(bytes, start, end) {
    if (end - start < FRAME_HEADER) return NEED_MORE;
    return isFrame(bytes, start) ? FRAME_HEADER : NOT_THIS_PROTOCOL;
  },

  message(reader, _direction, _state, out) {
    const { bytes, at } = reader;
    const type = bytes[at + 3]!;
    if (type === DATA || type === HEADERS) {
      out.fact({ kind: 'exposed', content: 'web' });
      out.blind('left-protocol', 'http2: compressed fields, in which a login may be, are not read');
      out.done();
    } else out.skip(be24(bytes, at));
  },
});

/** Both sides begin with a SETTINGS frame of whole entries (§3.4, §6.5), the client after a preface that is HTTP/1's to read. */
function recognise(bytes: Uint8Array, start: number, end: number): Recognition {
  if (bytes[start] !== 0) return 'no';
  if (end - start < FRAME_HEADER) return 'more';
  const length = be24(bytes, start);
  const settings = bytes[start + 3] === SETTINGS && bytes[start + 4] === 0 && be32(bytes, start + 5) === 0;
  return settings && length % 6 === 0 && length <= 256 ? 'certain' : 'no';
}

const isFrame = (bytes: Uint8Array, at: number): boolean => bytes[at + 3]! <= HIGHEST_TYPE && bytes[at + 5]! < 0x80;
