/** PA-DATA types (IANA "Pre-authentication and Typed Data") with which an AS-REQ can prove who asks; in a first SPAKE message nothing is proven yet. */
export const PROOFS: ReadonlySet<number> = new Set([
  2, // PA-ENC-TIMESTAMP
  14, // PA-PK-AS-REQ of Windows 2000
  16, // PA-PK-AS-REQ (RFC 4556)
  138, // PA-ENCRYPTED-CHALLENGE (RFC 6113)
  151, // PA-SPAKE (RFC 9588)
]);

/** PA-FX-FAST (RFC 6113 §5.4): request or answer is armoured, and what proves who asks is inside */
export const FAST = 136;
