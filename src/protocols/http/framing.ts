import { type Head, listOf } from './head.ts';

/** Where the message ends that a head begins (RFC 9112 §6.3). */
export interface Framing {
  kind: 'none' | 'length' | 'chunked' | 'rest' | 'unclear';
  length: number;
  /** why others may find its end somewhere else; null where the head leaves no doubt */
  odd: string | null;
}

const none: Framing = { kind: 'none', length: 0, odd: null };

export const requestFraming = (head: Head): Framing => byFields(head, 'unclear') ?? none;

export function responseFraming(head: Head, method: string, status: number): Framing {
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) return none;
  if (method === 'CONNECT' && status < 300) return none;
  return byFields(head, 'rest') ?? { kind: 'rest', length: 0, odd: null };
}

/** Transfer-Encoding overrides Content-Length, and a message with both may be smuggling (§6.3, 3). */
function byFields(head: Head, otherCoding: 'rest' | 'unclear'): Framing | null {
  const codings = listOf(head, 'transfer-encoding');
  const lengths = listOf(head, 'content-length');
  if (codings.length > 0) {
    const both = lengths.length > 0 ? 'both Content-Length and Transfer-Encoding' : null;
    if (codings.at(-1) !== 'chunked') {
      return { kind: otherCoding, length: 0, odd: both ?? 'a Transfer-Encoding that does not end in chunked' };
    }
    const twice = codings.filter((coding) => coding === 'chunked').length > 1 ? 'chunked twice' : null;
    const old = /HTTP\/1\.0/.test(head.start) ? 'Transfer-Encoding in HTTP/1.0' : null;
    return { kind: 'chunked', length: 0, odd: both ?? twice ?? old };
  }
  const [first] = lengths;
  if (first === undefined) return null;
  if (!/^\d{1,15}$/.test(first) || lengths.some((length) => length !== first)) {
    return { kind: 'unclear', length: 0, odd: 'a Content-Length that is no number, or several' };
  }
  return { kind: 'length', length: Number(first), odd: null };
}
