import { latin1 } from '../../bytes/reader.ts';

/** Whom credentials are for: the server, or a proxy before it. */
export type Recipient = 'server' | 'proxy';

/** A start line with its fields (RFC 9112 §2.1). */
export interface Head {
  start: string;
  fields: Field[];
  /** why others may read this head differently; null where it is in good form */
  odd: string | null;
}

export interface Field {
  /** in lower case */
  name: string;
  value: string;
}

/** fields that say where a message ends: their form matters most */
const FRAMING: readonly string[] = ['content-length', 'transfer-encoding'];

/** Reads a head. A folded line goes on the field before it (RFC 9112 §5.2); blanks before the colon are passed over, as some servers do. */
export function readHead(bytes: Uint8Array, start: number, end: number): Head {
  const lines = latin1(bytes, start, end).split('\n');
  const head: Head = { start: '', fields: [], odd: null };
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (/[\r\0]/.test(line)) head.odd = 'a CR or NUL within a line';
    if (index === 0) {
      head.start = line;
      continue;
    }
    if (line === '') continue;
    const last = head.fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last === undefined) head.odd = 'a folded line before any field';
      else {
        last.value = `${last.value} ${line.trim()}`.trim();
        if (FRAMING.includes(last.name)) head.odd = `a folded ${last.name}`;
      }
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) {
      head.odd = 'a line that is no field';
      continue;
    }
    const name = line.slice(0, colon).trim().toLowerCase();
    if (FRAMING.includes(name) && name.length !== colon) head.odd = `blanks around the name ${name}`;
    head.fields.push({ name, value: line.slice(colon + 1).trim() });
  }
  return head;
}

/** Every value of a field, in order. */
export const valuesOf = (head: Head, name: string): string[] =>
  head.fields.flatMap((field) => (field.name === name ? [field.value] : []));

export const firstOf = (head: Head, name: string): string | undefined =>
  head.fields.find((field) => field.name === name)?.value;

/** The members of a list (RFC 9110 §5.6.1), in lower case. */
export const listOf = (head: Head, name: string): string[] =>
  valuesOf(head, name).flatMap((value) =>
    value
      .toLowerCase()
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== ''),
  );
