import type { Direction } from '../../flows/direction.ts';
import type { StartContext } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { type Stretch, startStretch } from '../parts/randomness.ts';
import type { Sasl } from '../parts/sasl.ts';

/** What is remembered of one LDAP connection. */
export interface LdapState {
  /** buffers of a SASL layer (RFC 4513 §5.2.1.3) may come: a SASL bind was seen, or something before was not */
  mayWrap: boolean;
  /** the bind that is being carried out */
  bind: Bind | null;
  /** the mechanism of the last bind that was accepted */
  boundBy: Authenticated['mechanism'] | null;
  /** the StartTLS request that is not answered yet */
  upgrade: { id: number; from: Direction } | null;
  /** messageIDs of searches by somebody who has not bound, until they are answered */
  unanswered: Set<number>;
  /** whether a direction's next SASL buffer surely begins a message */
  beginsMessage: Record<Direction, boolean>;
  /** a buffer was readable although its token does not say whether it is sealed */
  signedOnly: boolean;
  /** what was stated so far and need not be said for every message */
  stated: { directory: boolean; integrity: boolean; privacy: boolean; untold: boolean; readable: boolean };
  /** the last bytes that ought to be ciphertext */
  sealed: Record<Direction, Stretch>;
}

/** Who tries to prove what. */
export type Attempt = Omit<Authenticated, 'kind' | 'outcome'>;

/** A bind from its first request to its outcome: one simple bind, or an exchange of several steps. */
export interface Bind {
  /** messageID of the last request */
  id: number;
  /** the SASL mechanism's name in upper case, `sicily` or `simple` */
  by: string;
  /** who tries what: a bind in one step, or an exchange as far as it went */
  attempt: Attempt | Sasl;
  /** the server has asked for another step */
  inProgress: boolean;
  /** success in the answer to the last request only means "go on" (Sicily) */
  successContinues: boolean;
}

export function startLdap(context: StartContext): LdapState {
  const known = context.fromTheStart;
  return {
    mayWrap: !known,
    bind: null,
    boundBy: null,
    upgrade: null,
    unanswered: new Set(),
    beginsMessage: { client: known, server: known },
    signedOnly: false,
    stated: { directory: false, integrity: false, privacy: false, untold: false, readable: false },
    sealed: { client: startStretch(), server: startStretch() },
  };
}
