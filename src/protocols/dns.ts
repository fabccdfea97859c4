import { formatAddress } from '../bytes/address.ts';
import { Malformed } from '../bytes/malformed.ts';
import { be16 } from '../bytes/read.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Direction } from '../flows/direction.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Out, type Recognition } from './analyzer.ts';

const HEADER = 12;
/** RFC 1035 §2.3.4: octets of a name */
const NAME_MAX = 255;
const TYPE_A = 1;
const TYPE_CNAME = 5;
const TYPE_PTR = 12;
const TYPE_AAAA = 28;
const CLASS_IN = 1;

interface DnsState {
  /** bytes before the message: TCP gives its length first (RFC 1035 §4.2.2) */
  prefix: 0 | 2;
}

interface Question {
  name: string;
  type: number;
  class: number;
}

/** DNS (RFC 1035): which names addresses have. Its relatives (mDNS, LLMNR, NetBIOS) look alike, so it is DNS on port 53 only. */
export const dns = defineAnalyzer<DnsState>({
  name: 'dns',
  transports: ['udp', 'tcp'],
  ports: [53],
  start: ({ transport }) => ({ prefix: transport === 'tcp' ? 2 : 0 }),

  recognise(bytes, start, end, direction) {
    const bare = plausible(bytes, start, end, direction);
    if (bare === 'possible') return bare;
    if (end - start < 2) return 'more';
    const length = be16(bytes, start);
    if (length < HEADER + 5) return 'no';
    return plausible(bytes, start + 2, Math.min(end, start + 2 + length), direction, end < start + 2 + length);
  },

  frame(bytes, start, end, _direction, state) {
    if (state.prefix === 0) return end - start;
    if (end - start < 2) return NEED_MORE;
    const length = be16(bytes, start);
    if (length < HEADER) return NOT_THIS_PROTOCOL;
    return end - start < 2 + length ? NEED_MORE : 2 + length;
  },

  message(reader, _direction, state, out) {
    reader.skip(state.prefix);
    readMessage(reader.sub(reader.remaining), out);
  },
});

/**
 * Header and first question as a resolver and a server send them. `cut`: more bytes are to come, so a question that ends
 * too early is no reason against it.
 */
function plausible(bytes: Uint8Array, start: number, end: number, direction: Direction, cut = false): Recognition {
  const short = cut ? 'more' : 'no';
  if (end - start < HEADER) return short;
  const flags = be16(bytes, start + 2);
  const response = (flags & 0x8000) !== 0;
  const opcode = (flags >> 11) & 15;
  if (response !== (direction === 'server')) return 'no';
  // the reserved bit; opcodes query, notify, update
  if ((flags & 0x40) !== 0 || (opcode !== 0 && opcode !== 4 && opcode !== 5)) return 'no';
  if (be16(bytes, start + 4) !== 1) return 'no';
  if (!response) {
    if ((flags & 0x0f) !== 0) return 'no';
    if (opcode === 0 && (be16(bytes, start + 6) !== 0 || be16(bytes, start + 8) !== 0)) return 'no';
    if (opcode === 0 && be16(bytes, start + 10) > 2) return 'no';
  }
  let at = start + HEADER;
  let netbios = false;
  while (at < end && bytes[at] !== 0) {
    const length = bytes[at]!;
    if (length > 63 || at + 1 + length - start - HEADER > NAME_MAX) return 'no';
    if (at === start + HEADER && length === 32) netbios = isNetbios(bytes, at + 1, Math.min(end, at + 33));
    at += 1 + length;
  }
  if (at + 5 > end) return short;
  const type = be16(bytes, at + 1);
  if (type === 0 || (netbios && (type === 32 || type === 33))) return 'no';
  // Internet, Chaos, Hesiod, none (updates), any
  return [1, 3, 4, 254, 255].includes(be16(bytes, at + 3)) ? 'possible' : 'no';
}

/** RFC 1001 §14.1: a NetBIOS name is 32 letters `A` to `P`. */
function isNetbios(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! < 0x41 || bytes[at]! > 0x50) return false;
  return true;
}

function readMessage(reader: Reader, out: Out): void {
  reader.skip(2);
  const flags = reader.u16();
  const questions = reader.u16();
  const answers = reader.u16();
  const authorities = reader.u16();
  const additional = reader.u16();
  const good = (flags & 0x8000) !== 0 && ((flags >> 11) & 15) === 0 && (flags & 15) === 0;
  if (!good || questions !== 1) return;
  const question: Question = { name: readName(reader), type: reader.u16(), class: reader.u16() };
  if (question.class !== CLASS_IN) return;
  /** names that the question leads to, by CNAMEs that come before what they point at (RFC 1034 §4.3.2) */
  const meant = new Set([question.name]);
  for (let i = 0; i < answers; i++) readRecord(reader, question, meant, out);
  for (let i = 0; i < authorities; i++) skipRecord(reader);
  for (let i = 0; i < additional; i++) readRecord(reader, question, meant, out);
}

function readRecord(reader: Reader, question: Question, meant: Set<string>, out: Out): void {
  const owner = readName(reader);
  const type = reader.u16();
  const internet = reader.u16() === CLASS_IN;
  reader.skip(4);
  const size = reader.u16();
  const next = reader.at + size;
  if (!internet) {
    reader.skip(size);
    return;
  }
  const asked = meant.has(owner) ? question.name : owner;
  if (type === TYPE_CNAME) {
    if (asked === question.name) meant.add(readName(reader));
  } else if (type === TYPE_PTR) {
    const address = reverseAddress(asked) ?? reverseAddress(owner);
    if (address !== null) state(address, readName(reader), out);
  } else if ((type === TYPE_A && size === 4) || (type === TYPE_AAAA && size === 16)) {
    const address = formatAddress(reader.take(size));
    state(address, asked, out);
    if (owner !== asked) state(address, owner, out);
  }
  if (reader.at > next) throw new Malformed('dns record', reader.start, size, next - reader.start);
  reader.skip(next - reader.at);
}

function skipRecord(reader: Reader): void {
  readName(reader);
  reader.skip(8);
  reader.skip(reader.u16());
}

function state(address: string, name: string, out: Out): void {
  if (name === '' || address === '0.0.0.0' || address === '::') return;
  out.fact({ kind: 'described', what: 'address-name', address, name });
}

/**
 * A name in lower case, without the last dot. Compression (RFC 1035 §4.1.4) may only point back to before the labels it is
 * read from, so that following it ends.
 */
function readName(reader: Reader): string {
  const { bytes, start, end } = reader;
  const labels: string[] = [];
  let at = reader.at;
  let run = at;
  let after = -1;
  let octets = 1;
  for (;;) {
    if (at >= end) throw new Malformed('dns name', at - start, 1, 0);
    const length = bytes[at]!;
    if (length === 0) break;
    if (length >= 0xc0) {
      if (at + 2 > end) throw new Malformed('dns name', at - start, 2, end - at);
      const target = start + (be16(bytes, at) & 0x3fff);
      if (target >= run) throw new Malformed('dns name pointer', at - start, 0, target - start);
      if (after < 0) after = at + 2;
      at = target;
      run = target;
      continue;
    }
    octets += 1 + length;
    if (length > 63 || octets > NAME_MAX) throw new Malformed('dns name', at - start, NAME_MAX, octets);
    if (at + 1 + length > end) throw new Malformed('dns name', at - start, length, end - at - 1);
    labels.push(label(bytes, at + 1, length));
    at += 1 + length;
  }
  reader.at = after < 0 ? at + 1 : after;
  return labels.join('.');
}

/** A label as text, in which a dot or an octet that is no ASCII letter, digit or sign stands as `\DDD` (RFC 1035 §5.1). */
function label(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < at + length; i++) {
    const octet = bytes[i]!;
    const plain = octet > 0x20 && octet < 0x7f && octet !== 0x2e && octet !== 0x5c;
    text += plain ? String.fromCharCode(octet).toLowerCase() : `\\${String(octet).padStart(3, '0')}`;
  }
  return text;
}

/** The address that a name under in-addr.arpa (RFC 1035 §3.5) or ip6.arpa (RFC 3596 §2.5) stands for, or null. */
function reverseAddress(name: string): string | null {
  const labels = name.split('.').reverse();
  if (labels[0] !== 'arpa') return null;
  const digits = labels.slice(2);
  if (
    labels[1] === 'in-addr' &&
    digits.length === 4 &&
    digits.every((octet) => /^\d{1,3}$/.test(octet) && +octet < 256)
  ) {
    return digits.map(Number).join('.');
  }
  if (labels[1] === 'ip6' && digits.length === 32 && digits.every((nibble) => /^[0-9a-f]$/.test(nibble))) {
    return formatAddress(Uint8Array.from(Buffer.from(digits.join(''), 'hex')));
  }
  return null;
}
