import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { limits } from '../../../src/limits.ts';
import { readCertificate } from '../../../src/protocols/parts/x509.ts';

const der = (name: string): Uint8Array => {
  const pem = readFileSync(new URL(`../tls/fixtures/${name}.pem`, import.meta.url));
  return Uint8Array.from(new X509Certificate(pem).raw);
};

// expectations by `openssl x509 -nameopt RFC2253 -subject -issuer -fingerprint -sha256 -dates`
test('a certificate that another has issued', () => {
  expect(readCertificate(der('server'))).toEqual({
    subject: 'CN=hub1.contoso.com,O=Contoso\\, Ltd.,C=KR',
    issuer: 'CN=Contoso Test CA,O=Contoso,C=KR',
    selfSigned: false,
    sha256: '8438ad60d5303ada6ff60baa352e0aa7925b9a984c972b94f30c769339112e28',
    notBefore: '2026-11-24T02:21:12Z',
    notAfter: '2126-10-31T02:21:12Z',
  });
});

test('a self-signed certificate', () => {
  expect(readCertificate(der('client'))).toMatchObject({ selfSigned: true, subject: 'CN=edge1.contoso.com,O=Contoso' });
});

test('names beyond ASCII, without any part, and too long (fixtures/names.txt says how they were made)', () => {
  expect(readCertificate(der('korean'))?.subject).toBe('CN=서울-허브1,O=콘토소');
  expect(readCertificate(der('nameless'))).toMatchObject({ subject: '', issuer: '', selfSigned: true });
  expect(readCertificate(der('long'))?.subject).toHaveLength(limits.text);
});

test('anything else is null, and nothing throws', () => {
  const bytes = der('client');
  expect(readCertificate(new Uint8Array(0))).toBeNull();
  for (let length = 0; length < bytes.length; length++) expect(readCertificate(bytes.subarray(0, length))).toBeNull();
  for (let at = 0; at < bytes.length; at++) readCertificate(bytes.with(at, bytes[at]! ^ 0x55));
});
