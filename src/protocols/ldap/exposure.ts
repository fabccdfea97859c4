// hot: called for every LDAP message until content was exposed.

import type { Out } from '../analyzer.ts';
import { elementLength, headerLength } from '../parts/ber.ts';
import { isContent } from './content.ts';
import { messageIdAt, Op } from './envelope.ts';
import type { LdapState } from './state.ts';

/** searches without an answer that are waited for; a further one counts at once */
const UNANSWERED_KEPT = 64;

/**
 * Result codes (RFC 4511 §4.1.9) with which a server turns away somebody who has not bound: operationsError (so Active
 * Directory), authMethodNotSupported, strongerAuthRequired, referral, confidentialityRequired, inappropriateAuthentication,
 * invalidCredentials, insufficientAccessRights, busy, unavailable, unwillingToPerform
 */
const REFUSALS: readonly number[] = [1, 7, 8, 10, 13, 48, 49, 50, 51, 52, 53];

/**
 * States that the message at `start` exposes content. Who searches without having bound may be turned away, and neither
 * such a question nor the refusal is content: it counts when the answer comes.
 */
export function exposeContent(
  bytes: Uint8Array,
  start: number,
  operation: number,
  end: number,
  state: LdapState,
  out: Out,
): void {
  if (state.stated.directory) return;
  if (bytes[operation] === Op.searchResultDone) {
    const waited = state.unanswered.delete(messageIdAt(bytes, start));
    if (waited && !isRefusal(bytes, operation, end)) stateDirectory(state, out);
    return;
  }
  if (!isContent(bytes, operation, end)) return;
  const bound = state.boundBy !== null && state.boundBy !== 'anonymous';
  if (bytes[operation] === Op.searchRequest && !bound && state.unanswered.size < UNANSWERED_KEPT) {
    state.unanswered.add(messageIdAt(bytes, start));
  } else stateDirectory(state, out);
}

/**
 * No answer will be seen any more, so whether the search was turned away cannot be said. Once a layer has protected
 * something that must not be forgotten for it, and the question counts.
 */
export function exposeUnanswered(state: LdapState, out: Out): void {
  if (state.stated.directory || state.unanswered.size === 0) return;
  if (state.stated.privacy || state.stated.integrity) stateDirectory(state, out);
  else out.blind('gap', 'ldap: the answer to a search by somebody who has not bound was not seen');
  state.unanswered.clear();
}

function stateDirectory(state: LdapState, out: Out): void {
  state.stated.directory = true;
  state.unanswered.clear();
  out.fact({ kind: 'exposed', content: 'directory' });
}

function isRefusal(bytes: Uint8Array, operation: number, end: number): boolean {
  const code = operation + headerLength(bytes, operation);
  const length = elementLength(bytes, code, end);
  if (bytes[code] !== 0x0a || length <= 0 || code + length > end) return false;
  return length === headerLength(bytes, code) + 1 && REFUSALS.includes(bytes[code + length - 1]!);
}
