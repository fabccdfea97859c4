import { latin1 } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Recognition } from '../analyzer.ts';
import { lineLength } from '../parts/lines.ts';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** RFC 9112 §3; servers also take other blanks between the parts */
const REQUEST = new RegExp(`^${TOKEN}[ \\t]+[^ \\t].*[ \\t]HTTP/1\\.\\d[ \\t]*\\r?\\n$`);
const KNOWN =
  /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|SEARCH|SUBSCRIBE|UNSUBSCRIBE|POLL|REPORT|RPC_IN_DATA|RPC_OUT_DATA|RDG_IN_DATA|RDG_OUT_DATA|BITS_POST) [\x21-\x7e]+$/;
/** HTTP/0.9: no version, and no answer's head */
const SIMPLE = /^GET [\x21-\x7e]+\r?\n$/;
const OTHERS = /^(OPTIONS|REGISTER|INVITE|DESCRIBE|SETUP|PLAY|\w+) (sips?|rtspu?|tel):/i;

/** HTTP/1.x by a start line. Of a line longer than what is looked at, a known method and a target in good form suffice. */
export function recogniseHttp(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  const at = skipEmptyLines(bytes, start, end);
  if (at === end) return 'more';
  if (direction === 'server') return recogniseStatus(bytes, at, end);
  const preface = beginsPreface(bytes, start, end);
  return preface === 'no' ? recogniseRequest(bytes, at, end) : preface === 'yes' ? 'certain' : 'more';
}

/** How a client begins HTTP/2 (RFC 9113 §3.4). */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export function beginsPreface(bytes: Uint8Array, start: number, end: number): 'yes' | 'no' | 'more' {
  const there = Math.min(end - start, PREFACE.length);
  if (latin1(bytes, start, start + there) !== PREFACE.slice(0, there)) return 'no';
  return there === PREFACE.length ? 'yes' : 'more';
}

/** Empty lines before a start line are passed over (RFC 9112 §2.2). */
export function skipEmptyLines(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 0x0d || bytes[at] === 0x0a)) at++;
  return at;
}

export function recogniseRequest(bytes: Uint8Array, start: number, end: number): Recognition {
  for (let at = start; ; at++) {
    if (at === end) return end - start > 32 ? 'no' : 'more';
    if (bytes[at] === 0x20 || bytes[at] === 0x09) break;
    if (!isToken(bytes[at]!) || at - start > 32) return 'no';
  }
  const to = Math.min(end, start + limits.identify);
  const length = lineLength(bytes, start, to);
  if (length > 0) {
    const line = latin1(bytes, start, start + length);
    if (REQUEST.test(line)) return 'certain';
    return SIMPLE.test(line) && !OTHERS.test(line) ? 'possible' : 'no';
  }
  const text = latin1(bytes, start, to);
  if (OTHERS.test(text)) return 'no';
  if (to - start < limits.identify) return 'more';
  return KNOWN.test(text) ? 'certain' : 'no';
}

export function recogniseStatus(bytes: Uint8Array, start: number, end: number): Recognition {
  const text = latin1(bytes, start, Math.min(end, start + 12));
  const shape = 'HTTP/1.';
  if (text.length < shape.length) return shape.startsWith(text) ? 'more' : 'no';
  if (!text.startsWith(shape)) return 'no';
  if (text.length < 12) return 'more';
  return /^HTTP\/1\.\d \d{3}$/.test(text) ? 'certain' : 'no';
}

function isToken(byte: number): boolean {
  if (byte <= 0x20 || byte >= 0x7f) return false;
  return !'"(),/:;<=>?@[\\]{}'.includes(String.fromCharCode(byte));
}
