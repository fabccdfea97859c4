import type { Out } from '../analyzer.ts';
import { type Element, readChild } from '../parts/ber.ts';
import { fieldOf, fieldsOf, numberOf } from './fields.ts';
import { serviceOf } from './request.ts';
import type { KerberosState } from './state.ts';

/**
 * Codes (RFC 4120 §7.5.9, RFC 4556 §3.1.3) that turn a client away who has tried to prove who he is. Others ask him to go on
 * (25, 91), to come back another way (52, 68) or later, or are of no concern to who he is.
 */
const REFUSALS: ReadonlySet<number> = new Set([
  6, // KDC_ERR_C_PRINCIPAL_UNKNOWN
  12, // KDC_ERR_POLICY
  18, // KDC_ERR_CLIENT_REVOKED
  23, // KDC_ERR_KEY_EXPIRED
  24, // KDC_ERR_PREAUTH_FAILED
  31, // KRB_AP_ERR_BAD_INTEGRITY
  37, // KRB_AP_ERR_SKEW
  62, // KDC_ERR_CLIENT_NOT_TRUSTED
  64, // KDC_ERR_INVALID_SIG
  70, // KDC_ERR_CANT_VERIFY_CERTIFICATE
  71, // KDC_ERR_INVALID_CERTIFICATE
  72, // KDC_ERR_REVOKED_CERTIFICATE
  75, // KDC_ERR_CLIENT_NAME_MISMATCH
]);

/** A KRB-ERROR (RFC 4120 §5.9.1). */
export function readError(message: Element, state: KerberosState, out: Out): void {
  const fields = fieldsOf(readChild(message));
  const code = numberOf(fieldOf(fields, 6));
  const service = serviceOf(fields.get(10));
  out.fact({ kind: 'described', what: 'kerberos-error', code, service });
  const { asked } = state;
  state.asked = null;
  if (!asked?.preauthenticated || asked.ambiguous || !REFUSALS.has(code)) return;
  const principal = asked.client;
  out.fact({ kind: 'authenticated', mechanism: 'kerberos', outcome: 'refused', principal, protected: true });
}
