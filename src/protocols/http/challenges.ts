import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { type Head, type Recipient, valuesOf } from './head.ts';

/** One challenge of a WWW-Authenticate or Proxy-Authenticate field (RFC 9110 §11.6.1). */
export interface Challenge {
  /** as sent */
  scheme: string;
  /** what follows it: a token in Base64, or parameters with their quoted values left out */
  rest: string;
}

const CHALLENGE_FIELD: Record<Recipient, string> = { server: 'www-authenticate', proxy: 'proxy-authenticate' };

/** All challenges of a head. A field may hold several, and their parameters have commas too. */
export function readChallenges(head: Head, of: Recipient): Challenge[] {
  const challenges: Challenge[] = [];
  for (const value of valuesOf(head, CHALLENGE_FIELD[of])) {
    const unquoted = value.replace(/"(?:[^"\\]|\\.)*"?/g, '""');
    for (const part of unquoted.split(',')) {
      const begins = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]+([^=].*)?)?$/s.exec(part.trim());
      const last = challenges.at(-1);
      if (begins && challenges.length <= limits.mechanisms) {
        challenges.push({ scheme: begins[1]!.slice(0, limits.text), rest: begins[2]?.trim() ?? '' });
      } else if (last) last.rest += `,${part}`;
    }
  }
  return challenges;
}

/** States which schemes a 401 or 407 offers. */
export function stateOffer(challenges: readonly Challenge[], out: Out): void {
  const mechanisms = [...new Set(challenges.map(({ scheme }) => scheme))];
  if (mechanisms.length === 0) return;
  if (mechanisms.length > limits.mechanisms) {
    out.blind('limit', `more than ${limits.mechanisms} authentication mechanisms offered`);
  }
  out.fact({ kind: 'offered', what: 'authentication', mechanisms: mechanisms.slice(0, limits.mechanisms) });
}
