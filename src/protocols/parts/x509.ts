import { createHash, X509Certificate } from 'node:crypto';
import { Malformed } from '../../bytes/malformed.ts';
import { limits } from '../../limits.ts';
import { type Element, element } from './der.ts';

/** What is told of a certificate (RFC 5280). */
export interface CertificateSummary {
  /** distinguished names on one line, the most specific part first, escaped as in RFC 4514 */
  subject: string;
  issuer: string;
  /** issuer and subject are the same, byte for byte; the signature is not looked at */
  selfSigned: boolean;
  /** of the DER, lower-case hexadecimal */
  sha256: string;
  /** RFC 3339 UTC, seconds */
  notBefore: string;
  notAfter: string;
}

/** Reads a DER certificate; null where it is none. Never throws. */
export function readCertificate(der: Uint8Array): CertificateSummary | null {
  try {
    const certificate = new X509Certificate(der);
    const [issuer, subject] = rawNames(der);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      selfSigned: Buffer.compare(issuer, subject) === 0,
      sha256: createHash('sha256').update(der).digest('hex'),
      notBefore: seconds(certificate.validFromDate),
      notAfter: seconds(certificate.validToDate),
    };
  } catch {
    // OpenSSL's parser and `rawNames` say no by throwing, and so does a date that is none
    return null;
  }
}

/** Node gives a name one part a line, the most general first; an empty name is undefined. */
function oneLine(name: string | undefined): string {
  const parts = (name ?? '').split('\n').filter((part) => part !== '');
  return parts.reverse().join(',').slice(0, limits.text);
}

const seconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

/** Issuer and subject as encoded: TBSCertificate's third and fifth element after the optional version (RFC 5280 §4.1). */
function rawNames(der: Uint8Array): [issuer: Uint8Array, subject: Uint8Array] {
  const tbs = inside(der, inside(der, { from: 0, to: der.length }));
  const first = inside(der, tbs);
  const serial = first.tag === 0xa0 ? inside(der, { from: first.to, to: tbs.to }) : first;
  const algorithm = inside(der, { from: serial.to, to: tbs.to });
  const issuer = inside(der, { from: algorithm.to, to: tbs.to });
  const validity = inside(der, { from: issuer.to, to: tbs.to });
  const subject = inside(der, { from: validity.to, to: tbs.to });
  return [der.subarray(issuer.from, issuer.to), der.subarray(subject.from, subject.to)];
}

/** The first element of a stretch of bytes; OpenSSL has read the same bytes before, so that one is missing cannot happen. */
function inside(der: Uint8Array, { from, to }: { from: number; to: number }): Element {
  const found = element(der, from, to);
  if (!found || found.cut) throw new Malformed('x509', from, 2, to - from);
  return found;
}
