import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import { type Element, element, find } from './der.ts';

/** What an AP-REQ's ticket tells in clear (RFC 4120 §5.3): for which service it is, and how it is encrypted. */
export interface Ticket {
  realm: string;
  /** the service's name, its components joined by `/`: `SMTPSVC/hub1.example.com` */
  service: string;
  etype: number;
}

/** components of a principal name that are read; service names have two or three */
const COMPONENTS = 8;

/** The ticket of the AP-REQ ([APPLICATION 14], RFC 4120 §5.5.1) that begins `bytes`, or null where it cannot be read. Never throws. */
export function readTicket(bytes: Uint8Array): Ticket | null {
  const request = into(bytes, element(bytes, 0, bytes.length), 0x6e, 0x30);
  const ticket = into(bytes, request && field(bytes, request, 3), 0x61, 0x30);
  if (ticket === null) return null;
  const realm = field(bytes, ticket, 1);
  const name = into(bytes, field(bytes, ticket, 2), 0x30);
  const names = name && into(bytes, field(bytes, name, 1), 0x30);
  const sealed = into(bytes, field(bytes, ticket, 3), 0x30);
  const etype = sealed && field(bytes, sealed, 0);
  if (realm === null || names === null || etype === null || etype === undefined) return null;
  const components: string[] = [];
  for (let at = names.from; at < names.to && components.length < COMPONENTS; ) {
    const component = element(bytes, at, names.to);
    if (component === null) break;
    components.push(text(bytes, component));
    at = component.to;
  }
  return {
    realm: text(bytes, realm),
    service: components.join('/').slice(0, limits.text),
    etype: integer(bytes, etype),
  };
}

/** Opens one element after the other: `into(bytes, outer, 0x61, 0x30)` is the SEQUENCE inside an [APPLICATION 1]. */
function into(bytes: Uint8Array, start: Element | null, ...tags: number[]): Element | null {
  let here = start;
  for (const [i, tag] of tags.entries()) {
    if (here === null || here.tag !== tag) return null;
    if (i + 1 < tags.length) here = element(bytes, here.from, here.to);
  }
  return here;
}

/** What stands inside the context tag `number` of a SEQUENCE. */
function field(bytes: Uint8Array, sequence: Element, number: number): Element | null {
  const tagged = find(bytes, 0xa0 | number, sequence.from, sequence.to);
  return tagged && element(bytes, tagged.from, tagged.to);
}

function text(bytes: Uint8Array, at: Element): string {
  return latin1(bytes, at.from, Math.min(at.to, at.from + limits.text));
}

/** An INTEGER of up to four bytes; etypes may be negative (RC4-HMAC-OLD is -133). */
function integer(bytes: Uint8Array, at: Element): number {
  let value = 0;
  for (let i = at.from; i < at.to && i < at.from + 4; i++) value = (value << 8) | bytes[i]!;
  const width = Math.min(at.to - at.from, 4) * 8;
  return width === 0 ? 0 : (value << (32 - width)) >> (32 - width);
}
