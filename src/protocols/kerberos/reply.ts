import { Malformed } from '../../bytes/malformed.ts';
import type { Out } from '../analyzer.ts';
import { type Element, readChild } from '../parts/ber.ts';
import { etypeOf, fieldOf, fieldsOf, nameOf, principalOf, realmOf } from './fields.ts';
import { FAST } from './preauthentication.ts';
import { padataOf } from './request.ts';
import type { KerberosState } from './state.ts';

/** the tag of an AS-REP */
const INITIAL = 0x6b;
const TICKET = 0x61;
/** RFC 8062 §3: nobody in particular; also what FAST puts in place of a client's name that is to be hidden (RFC 6113 §5.4.3) */
const ANONYMOUS = 'WELLKNOWN/ANONYMOUS';

/** A KDC-REP (RFC 4120 §5.4.2): a ticket was issued. */
export function readReply(message: Element, state: KerberosState, out: Out): void {
  const fields = fieldsOf(readChild(message));
  const name = nameOf(fieldOf(fields, 4));
  const client = principalOf(name, realmOf(fieldOf(fields, 3)));
  const sealed = fieldOf(fields, 5);
  if (sealed.tag !== TICKET) throw new Malformed('kerberos ticket', 0, TICKET, sealed.tag);
  const ticket = fieldsOf(readChild(sealed));
  const realm = realmOf(fieldOf(ticket, 1));
  const service = nameOf(fieldOf(ticket, 2));
  const etype = etypeOf(fieldOf(ticket, 3));
  const chosen = etypeOf(fieldOf(fields, 6));
  out.fact({ kind: 'described', what: 'ticket-issued', client, service, realm, etype });
  out.fact({ kind: 'described', what: 'property', name: 'kerberos-reply-etype', value: chosen });
  const { asked } = state;
  state.asked = null;
  const unproven = message.tag === INITIAL && asked !== null && !asked.ambiguous && !asked.preauthenticated;
  if (unproven) out.fact({ kind: 'described', what: 'property', name: 'kerberos-preauthentication', value: 'none' });
  const hidden = name === ANONYMOUS && padataOf(fields.get(2)).includes(FAST);
  if (hidden) {
    out.fact({ kind: 'authenticated', mechanism: 'kerberos', outcome: 'unseen', protected: true, etype });
  } else if (name === ANONYMOUS) {
    out.fact({ kind: 'authenticated', mechanism: 'anonymous', outcome: 'accepted', protected: true });
  } else {
    // a ticket was issued (contract, rule 10); who asked without a proof gets one that only the right one can open
    out.fact({
      kind: 'authenticated',
      mechanism: 'kerberos',
      outcome: 'accepted',
      principal: client,
      protected: true,
      etype,
    });
  }
}
