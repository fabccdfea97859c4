import { le16, le32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { ProtectionLevel } from '../fact.ts';

/** Tokens of the netlogon secure channel (auth_type 68, [MS-NRPC] §2.2.1.3). */

const HMAC_MD5 = 0x0077;
const HMAC_SHA256 = 0x0013;
const RC4 = 0x007a;
const AES_128 = 0x001a;
const NOT_SEALED = 0xffff;

/** What NL_AUTH_SIGNATURE or NL_AUTH_SHA2_SIGNATURE (§2.2.1.3.2, §2.2.1.3.3) does to its call; null where it is none. */
export function netlogonLevel(token: Uint8Array): ProtectionLevel | null {
  if (token.length < 24) return null;
  const signs = le16(token, 0);
  if (signs !== HMAC_MD5 && signs !== HMAC_SHA256) return null;
  const seals = le16(token, 2);
  if (seals === NOT_SEALED) return 'integrity';
  return seals === (signs === HMAC_MD5 ? RC4 : AES_128) ? 'privacy' : null;
}

/** The domain and the computer that an NL_AUTH_MESSAGE (§2.2.1.3.1) names: OEM names in this order, where the flags say so. */
export function netlogonNames(token: Uint8Array): { domain: string | null; computer: string | null } {
  const names: { domain: string | null; computer: string | null } = { domain: null, computer: null };
  if (token.length < 8) return names;
  const flags = le32(token, 4);
  let at = 8;
  for (const [bit, name] of [
    [1, 'domain'],
    [2, 'computer'],
  ] as const) {
    if ((flags & bit) === 0) continue;
    const zero = token.indexOf(0, at);
    if (zero < 0) break;
    names[name] = latin1(token, at, Math.min(zero, at + limits.text));
    at = zero + 1;
  }
  return names;
}
