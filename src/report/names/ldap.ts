/** Result codes of LDAP that can answer a request for TLS (RFC 4511 §4.1.9, Appendix A). */
const results: ReadonlyMap<string, string> = new Map([
  ['1', 'operationsError'],
  ['2', 'protocolError'],
  ['8', 'strongerAuthRequired'],
  ['10', 'referral'],
  ['11', 'adminLimitExceeded'],
  ['12', 'unavailableCriticalExtension'],
  ['13', 'confidentialityRequired'],
  ['48', 'inappropriateAuthentication'],
  ['49', 'invalidCredentials'],
  ['50', 'insufficientAccessRights'],
  ['51', 'busy'],
  ['52', 'unavailable'],
  ['53', 'unwillingToPerform'],
  ['80', 'other'],
]);

/** A server's code against an upgrade: `LDAP protocolError (2)`; as it is on the wire where the protocol says it in words. */
export function refusalText(protocol: string, code: string): string {
  if (protocol !== 'ldap') return code;
  const name = results.get(code);
  return name === undefined ? `LDAP result ${code}` : `LDAP ${name} (${code})`;
}
