import type { Out } from '../analyzer.ts';
import { type Element, readChild } from '../parts/ber.ts';
import { fieldOf, fieldsOf, listOf, nameOf, numberOf, principalOf, realmOf } from './fields.ts';
import { FAST, PROOFS } from './preauthentication.ts';
import type { Asked, KerberosState } from './state.ts';

/** etypes of a request that are kept; MIT's clients send eight */
const ETYPES = 32;
/** PA-DATA of a message that are looked at */
const PADATA = 32;

/** A KDC-REQ (RFC 4120 §5.4.1). Inside FAST the true request is hidden, and this one only resembles it (RFC 6113 §5.4.2). */
export function readRequest(message: Element, state: KerberosState, out: Out): void {
  const before = state.asked;
  state.asked = null;
  const fields = fieldsOf(readChild(message));
  const body = fieldsOf(fieldOf(fields, 4));
  const realm = realmOf(fieldOf(body, 2));
  const named = body.get(1);
  const initial = message.tag === 0x6a;
  const client = initial && named ? principalOf(nameOf(named), realm) : null;
  const service = serviceOf(body.get(3));
  const etypes = listOf(fieldOf(body, 8), ETYPES).map(numberOf);
  const padata = padataOf(fields.get(3));
  out.fact({ kind: 'described', what: 'ticket-requested', client, service, realm, etypes });
  const proofs = padata.filter((type) => PROOFS.has(type));
  for (const value of proofs)
    out.fact({ kind: 'described', what: 'property', name: 'kerberos-preauthentication', value });
  if (padata.includes(FAST)) out.fact({ kind: 'described', what: 'property', name: 'kerberos-fast', value: true });
  const preauthenticated = proofs.length > 0 || padata.includes(FAST);
  if (!initial) return;
  const asked: Asked = { client: client ?? '', service, preauthenticated, ambiguous: false };
  asked.ambiguous = before !== null && (before.ambiguous || !isSame(before, asked));
  state.asked = asked;
}

export const serviceOf = (name: Element | undefined): string => (name === undefined ? '' : nameOf(name));

/** Types of a SEQUENCE OF PA-DATA (RFC 4120 §5.2.7). */
export const padataOf = (list: Element | undefined): number[] =>
  list === undefined ? [] : listOf(list, PADATA).map((padata) => numberOf(fieldOf(fieldsOf(padata), 1)));

/** The same question may be asked again over UDP; with another in between, nobody can tell whose the answer is. */
const isSame = (one: Asked, other: Asked): boolean =>
  one.client === other.client && one.service === other.service && one.preauthenticated === other.preauthenticated;
