import type { Out } from '../analyzer.ts';

export interface KerberosState {
  /** bytes before a message: TCP gives its length first */
  prefix: 0 | 4;
  /** the AS-REQ that waits for its answer; null where there is none, or where it could be another's answer */
  asked: Asked | null;
}

/** An AS-REQ. */
export interface Asked {
  client: string;
  service: string;
  /** it came with something that could prove who asks */
  preauthenticated: boolean;
  /** another request came before this one was answered */
  ambiguous: boolean;
}

/** A proof of identity was sent, and nothing says what became of it. */
export function stateUnanswered({ asked }: KerberosState, out: Out): void {
  if (!asked?.preauthenticated || asked.ambiguous) return;
  const principal = asked.client;
  out.fact({ kind: 'authenticated', mechanism: 'kerberos', outcome: 'unseen', principal, protected: true });
}
