import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { readCertificate } from '../parts/x509.ts';
import type { TlsState } from './state.ts';

/** The sender's own certificate, first in the list of a Certificate message (RFC 5246 §7.4.2), or null where the list is empty. */
export function readLeaf(reader: Reader): Uint8Array | null {
  const list = reader.sub(reader.u24());
  return list.remaining === 0 ? null : list.take(list.u24());
}

/** A Certificate message: states whose certificate it is, or that a client has none to show. */
export function takeCertificate(reader: Reader, direction: Direction, state: TlsState, out: Out): void {
  const leaf = readLeaf(reader);
  if (leaf) stateCertificate(leaf, direction, state, out);
  else if (direction === 'client') out.fact({ kind: 'refused', what: 'client-certificate' });
}

export function stateCertificate(der: Uint8Array, of: Direction, state: TlsState, out: Out): void {
  // kept also where the certificate cannot be read: its owner may yet prove that the key is there
  state[of].subject = '';
  const certificate = out.recall(der, readCertificate);
  if (!certificate) {
    out.blind('malformed', `the certificate of the ${of} cannot be read`);
    return;
  }
  state[of].subject = certificate.subject;
  out.fact({ kind: 'described', what: 'certificate', of, ...certificate });
}
