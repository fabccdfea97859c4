import { Malformed } from '../../bytes/malformed.ts';
import { be32 } from '../../bytes/read.ts';
import { latin1, type Reader } from '../../bytes/reader.ts';
import { utf8 } from '../../bytes/text.ts';
import { limits } from '../../limits.ts';

/**
 * BER as LDAP restricts it (RFC 4511 §5.1): definite lengths, tags of one byte. Lengths may take more bytes than they
 * need: Windows writes every SEQUENCE's in four.
 */

/** `elementLength`: the header is not wholly there yet */
export const UNFINISHED = 0;
/** `elementLength`: no such element exists here: a tag of several bytes, an indefinite length, or one beyond 32 bits */
export const NO_ELEMENT = -1;

/** Bytes of the element at `start`, header included, whether or not they are all there; or `UNFINISHED`, or `NO_ELEMENT`. */
export function elementLength(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return UNFINISHED;
  if ((bytes[start]! & 0x1f) === 0x1f) return NO_ELEMENT;
  if (start + 1 >= end) return UNFINISHED;
  const first = bytes[start + 1]!;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return NO_ELEMENT;
  if (start + 2 + count > end) return UNFINISHED;
  return 2 + count + (be32(bytes, start + 2) >>> (32 - 8 * count));
}

/** Bytes of tag and length of the element at `start`, of which `elementLength` has said that it is one. */
export function headerLength(bytes: Uint8Array, start: number): number {
  const first = bytes[start + 1]!;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

/** One element: its tag, and a reader over its content. */
export interface Element {
  tag: number;
  body: Reader;
  /** elements around it */
  depth: number;
}

/** The next element of a message; the reader moves past it. */
export function readElement(reader: Reader, depth = 0): Element {
  const at = reader.at;
  if (depth >= limits.nesting) throw new Malformed(`${reader.layer} nesting`, at - reader.start, 0, reader.remaining);
  const length = elementLength(reader.bytes, at, reader.end);
  if (length <= 0) throw new Malformed(`${reader.layer} element`, at - reader.start, 2, reader.remaining);
  const header = headerLength(reader.bytes, at);
  reader.skip(header);
  return { tag: reader.bytes[at]!, body: reader.sub(length - header), depth };
}

/** The next element inside another. */
export function readChild(parent: Element): Element {
  return readElement(parent.body, parent.depth + 1);
}

/** The next element inside another, which must have this tag. */
export function expectChild(parent: Element, tag: number): Element {
  const at = parent.body.at;
  const child = readChild(parent);
  if (child.tag === tag) return child;
  throw new Malformed(`${parent.body.layer} tag`, at - parent.body.start, tag, child.tag);
}

/** Whether another has elements left. */
export function hasMore(parent: Element): boolean {
  return parent.body.remaining > 0;
}

/** An INTEGER's or ENUMERATED's value, of up to four bytes. */
export function integerOf(element: Element): number {
  const { bytes, at, end, layer, start } = element.body;
  if (end - at < 1 || end - at > 4) throw new Malformed(`${layer} integer`, at - start, 4, end - at);
  let value = (bytes[at]! << 24) >> 24;
  for (let i = at + 1; i < end; i++) value = (value << 8) | bytes[i]!;
  return value;
}

/** The content, uncopied. */
export function contentOf(element: Element): Uint8Array {
  return element.body.bytes.subarray(element.body.at, element.body.end);
}

/** The content as ASCII: an OID in dotted form, a mechanism's name. At most `limits.text` characters. */
export function asciiOf(element: Element): string {
  const { bytes, at, end } = element.body;
  return latin1(bytes, at, Math.min(end, at + limits.text));
}

/** The content as UTF-8, at most `limits.text` characters. */
export function textOf(element: Element): string {
  const { bytes, at, end } = element.body;
  return utf8(bytes.subarray(at, end));
}
