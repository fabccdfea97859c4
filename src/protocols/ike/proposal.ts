import { Malformed } from '../../bytes/malformed.ts';
import type { Reader } from '../../bytes/reader.ts';

/** What a proposal would protect, and with which ciphers (IANA numbers of the version's own registry). */
export interface Proposal {
  of: 'ike' | 'esp' | 'other';
  ciphers: number[];
}

/** proposals and transforms of one payload that are read: who chooses, sends one of each */
const AT_MOST = 32;
const PROTOCOLS = ['other', 'ike', 'other', 'esp'] as const;
/** IKEv2 transform type */
const ENCRYPTION = 1;
/** IKEv1 phase 1 attribute, as a two-byte value (RFC 2409 appendix A) */
const ENCRYPTION_ALGORITHM = 0x8001;

/** The proposals of an SA payload's content (RFC 7296 §3.3; RFC 2408 §3.4 to §3.6, RFC 2407 §4.6.1). */
export function readProposals(version: 1 | 2, reader: Reader): Proposal[] {
  // domain of interpretation and situation
  if (version === 1) reader.skip(8);
  return items(reader).map((proposal) => {
    proposal.skip(1);
    const of = PROTOCOLS[proposal.u8()] ?? 'other';
    const spi = proposal.u8();
    proposal.skip(1 + spi);
    return { of, ciphers: items(proposal).flatMap((transform) => cipherOf(version, of, transform)) };
  });
}

function cipherOf(version: 1 | 2, of: Proposal['of'], transform: Reader): number[] {
  if (version === 2) {
    const type = transform.u8();
    transform.skip(1);
    return type === ENCRYPTION ? [transform.u16()] : [];
  }
  transform.skip(1);
  const id = transform.u8();
  transform.skip(2);
  if (of === 'esp') return [id];
  while (transform.remaining >= 4) {
    const type = transform.u16();
    const value = transform.u16();
    if (type === ENCRYPTION_ALGORITHM) return [value];
    // the highest bit tells a value from a length
    if (type < 0x8000) transform.skip(value);
  }
  return [];
}

/** Substructures one after the other: whether more follow, a zero, the length of all of it. */
function items(reader: Reader): Reader[] {
  const found: Reader[] = [];
  while (reader.remaining > 0 && found.length < AT_MOST) {
    const more = reader.u8();
    reader.skip(1);
    const length = reader.u16();
    if (length < 4) throw new Malformed('ike proposal', 0, 4, length);
    found.push(reader.sub(length - 4));
    if (more === 0) break;
  }
  return found;
}
