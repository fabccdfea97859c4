import { Malformed } from '../../bytes/malformed.ts';
import { utf8 } from '../../bytes/text.ts';
import { limits } from '../../limits.ts';
import { contentOf, type Element, hasMore, integerOf, readChild } from '../parts/ber.ts';

const SEQUENCE = 0x30;

/** The fields of a SEQUENCE by their context tag, which ascend (X.690 §8.9): none can stand there twice. */
export function fieldsOf(sequence: Element): Map<number, Element> {
  expect(sequence, SEQUENCE);
  const fields = new Map<number, Element>();
  let before = -1;
  while (hasMore(sequence)) {
    const tagged = readChild(sequence);
    const number = tagged.tag - 0xa0;
    if (number <= before || number >= 0x1f) throw new Malformed('kerberos field', 0, before + 1, number);
    before = number;
    fields.set(number, readChild(tagged));
    if (hasMore(tagged)) throw new Malformed('kerberos field', 0, 0, tagged.body.remaining);
  }
  return fields;
}

export function fieldOf(fields: ReadonlyMap<number, Element>, number: number): Element {
  const field = fields.get(number);
  if (!field) throw new Malformed('kerberos field missing', 0, number, 0);
  return field;
}

/** The elements of a SEQUENCE OF, at most `count`; the rest is not looked at. */
export function listOf(list: Element, count: number): Element[] {
  expect(list, SEQUENCE);
  const elements: Element[] = [];
  while (hasMore(list) && elements.length < count) elements.push(readChild(list));
  return elements;
}

/** An Int32: etypes and padata types are negative where they are somebody's own (RFC 4120 §7.5). */
export const numberOf = (element: Element): number => integerOf(expect(element, 0x02));

/** components of a principal name that are read; service names have two or three */
const COMPONENTS = 8;

/** A PrincipalName (RFC 4120 §5.2.2) as text, as RFC 1964 §2.1.3 writes it: `/` between components, and `\` before a sign that would be taken for more. */
export function nameOf(element: Element): string {
  const components = listOf(fieldOf(fieldsOf(element), 1), COMPONENTS);
  return components
    .map((component) => text(component).replace(/[\\/@]/g, '\\$&'))
    .join('/')
    .slice(0, limits.text);
}

export const realmOf = (element: Element): string => text(element);

export const principalOf = (name: string, realm: string): string => `${name}@${realm}`.slice(0, limits.text);

/** EncryptedData's etype (RFC 4120 §5.2.9): all of it that is ever read. */
export const etypeOf = (encrypted: Element): number => numberOf(fieldOf(fieldsOf(encrypted), 0));

/** A KerberosString: a GeneralString, which Windows fills with UTF-8 ([MS-KILE] §2.2). */
function text(element: Element): string {
  return utf8(contentOf(expect(element, 0x1b)));
}

function expect(element: Element, tag: number): Element {
  if (element.tag !== tag) throw new Malformed('kerberos tag', 0, tag, element.tag);
  return element;
}
