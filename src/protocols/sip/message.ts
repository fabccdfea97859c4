import { latin1 } from '../../bytes/reader.ts';

/** One SIP message (RFC 3261 §7). Text is Latin-1: one character a byte. */
export interface SipMessage {
  start: { kind: 'request'; method: string } | { kind: 'response'; status: number };
  /** by lower-case name, compact forms written out; folded lines joined */
  headers: ReadonlyMap<string, string[]>;
  body: string;
}

const COMPACT: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  l: 'content-length',
  c: 'content-type',
  e: 'content-encoding',
  m: 'contact',
};

export const REQUEST = /^([A-Za-z0-9.!%*_+`'~-]{1,32}) +(\S+) +SIP\/\d\.\d\s*$/i;
export const RESPONSE = /^SIP\/\d\.\d +([1-6]\d\d)(?= |\s*$)/i;

const LF = 0x0a;
const CR = 0x0d;

/** Bytes up to and with the empty line that ends the headers, or 0 where it is not there yet. A bare LF ends a line too, as it does for lenient parsers. */
export function headLength(bytes: Uint8Array, start: number, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] !== LF) continue;
    if (bytes[at + 1] === LF && at + 1 < end) return at + 2 - start;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF && at + 2 < end) return at + 3 - start;
  }
  return 0;
}

/** The message that fills these bytes, its head's length known; null where it begins like none. */
export function readMessage(bytes: Uint8Array, start: number, head: number, end: number): SipMessage | null {
  const lines = latin1(bytes, start, start + head).split(/\r?\n/);
  const first = startLine(lines[0]!);
  return first && { start: first, headers: readHeaders(lines), body: latin1(bytes, start + head, end) };
}

function startLine(line: string): SipMessage['start'] | null {
  const response = RESPONSE.exec(line);
  if (response) return { kind: 'response', status: Number(response[1]) };
  const request = REQUEST.exec(line);
  return request && { kind: 'request', method: request[1]! };
}

export function readHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  let values: string[] | null = null;
  for (const line of lines.slice(1)) {
    if (/^[ \t]/.test(line)) {
      // RFC 3261 §7.3.1: a folded line
      if (values) values.push(`${values.pop()} ${line.trim()}`.trim());
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const given = line.slice(0, colon).trim().toLowerCase();
    const name = COMPACT[given] ?? given;
    values = headers.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    headers.set(name, values);
  }
  return headers;
}

/** Of the body as the headers tell it; null where they do not. Where they tell it twice and differently, `agreed` is false, and the shortest hides least. */
export function contentLength(headers: ReadonlyMap<string, string[]>): { length: number | null; agreed: boolean } {
  const told = headers.get('content-length') ?? [];
  const lengths = told.map((text) => (/^\d{1,9}$/.test(text) ? Number(text) : 0));
  const length = lengths.length === 0 ? null : Math.min(...lengths);
  return { length, agreed: lengths.every((one) => one === length) && told.every((text) => text !== '') };
}

export const header = ({ headers }: SipMessage, name: string): string => headers.get(name)?.[0] ?? '';

/** The request that a message is or answers: its method as CSeq names it, and what tells transactions apart. */
export function transactionOf(message: SipMessage): { method: string; key: string } | null {
  const cseq = /^(\d{1,10})\s+(\S{1,32})$/.exec(header(message, 'cseq'));
  const call = header(message, 'call-id');
  if (!cseq || call === '') return null;
  return { method: cseq[2]!.toUpperCase(), key: unshared(`${cseq[1]} ${cseq[2]!.toUpperCase()} ${call}`) };
}

/** The text without the message that it was cut from, which would stay in memory as long as it does. */
const unshared = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');
