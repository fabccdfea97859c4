import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { asciiOf, type Element, expectChild, hasMore, integerOf, readChild } from '../parts/ber.ts';
import { PASSWORD_MODIFY, START_TLS } from './content.ts';
import { exposeUnanswered } from './exposure.ts';
import type { LdapState } from './state.ts';

const RESPONSE_NAME = 0x8a;
/** mechanisms of one root DSE that are kept; servers name four to ten */
const MECHANISMS_KEPT = 32;

/** ExtendedRequest (RFC 4511 §4.12). What it exposes apart from content is a password that it changes. */
export function readExtendedRequest(id: number, request: Element, from: Direction, state: LdapState, out: Out): void {
  const name = asciiOf(expectChild(request, 0x80));
  if (name === PASSWORD_MODIFY) out.fact({ kind: 'exposed', content: 'credentials' });
  if (name !== START_TLS) return;
  state.upgrade = { id, from };
  out.fact({ kind: 'described', what: 'upgrade-asked', verb: 'STARTTLS' });
}

/** ExtendedResponse: of interest where it answers StartTLS, by its messageID or, where the request was not seen, by its name. */
export function readExtendedResponse(id: number, response: Element, state: LdapState, out: Out): void {
  const code = integerOf(expectChild(response, 0x0a));
  expectChild(response, 0x04);
  expectChild(response, 0x04);
  let name = '';
  while (hasMore(response)) {
    const field = readChild(response);
    if (field.tag === RESPONSE_NAME) name = asciiOf(field);
  }
  const answersStartTls = state.upgrade ? state.upgrade.id === id : name === START_TLS;
  if (!answersStartTls) return;
  state.upgrade = null;
  if (code !== 0) {
    out.fact({ kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: String(code) });
    return;
  }
  out.fact({ kind: 'described', what: 'upgrade-accepted', verb: 'STARTTLS', code: '0' });
  exposeUnanswered(state, out);
  out.handOver('tls', 'ldap-starttls');
}

/** The root DSE (RFC 4512 §5.1) says which SASL mechanisms and which extended operations the server knows. */
export function readRootDse(entry: Element, out: Out): void {
  expectChild(entry, 0x04);
  const attributes = expectChild(entry, 0x30);
  while (hasMore(attributes)) {
    const attribute = expectChild(attributes, 0x30);
    const type = asciiOf(expectChild(attribute, 0x04)).toLowerCase();
    const values = expectChild(attribute, 0x31);
    if (type === 'supportedsaslmechanisms') {
      const mechanisms = textsOf(values).slice(0, MECHANISMS_KEPT);
      if (mechanisms.length > 0) out.fact({ kind: 'offered', what: 'authentication', mechanisms });
    }
    if (type === 'supportedextension' && textsOf(values).includes(START_TLS)) {
      out.fact({ kind: 'offered', what: 'upgrade', verb: 'STARTTLS' });
    }
  }
}

function textsOf(values: Element): string[] {
  const texts: string[] = [];
  while (hasMore(values)) texts.push(asciiOf(expectChild(values, 0x04)));
  return texts;
}
