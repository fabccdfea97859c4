import { describe, expect, test } from 'vitest';
import type { Direction } from '../../../src/flows/direction.ts';
import type { Fact } from '../../../src/protocols/fact.ts';
import { tls } from '../../../src/protocols/tls/tls.ts';
import { play } from '../../support/play.ts';
import { clientIdentity, type Play, recordSession, type Said } from './sessions.ts';

const tls12 = { maxVersion: 'TLSv1.2' } as const;
const lines = ['EHLO hub1.contoso.com\r\n', 'QUIT\r\n'];

// by `openssl x509 -nameopt RFC2253 -subject -issuer -fingerprint -sha256 -dates` on the fixtures
const serverCertificate = {
  kind: 'described',
  what: 'certificate',
  of: 'server',
  subject: 'CN=hub1.contoso.com,O=Contoso\\, Ltd.,C=KR',
  issuer: 'CN=Contoso Test CA,O=Contoso,C=KR',
  selfSigned: false,
  sha256: '8438ad60d5303ada6ff60baa352e0aa7925b9a984c972b94f30c769339112e28',
  notBefore: '2026-11-24T02:21:12Z',
  notAfter: '2126-10-31T02:21:12Z',
};
const clientCertificate = {
  kind: 'described',
  what: 'certificate',
  of: 'client',
  subject: 'CN=edge1.contoso.com,O=Contoso',
  issuer: 'CN=edge1.contoso.com,O=Contoso',
  selfSigned: true,
  sha256: 'd31af05412c0042b1749851feb24bddb21579dea40cc9a05824da8a7cb6dbd8d',
  notBefore: '2026-11-24T02:21:12Z',
  notAfter: '2126-10-31T02:21:12Z',
};
const secured = { kind: 'secured', mechanism: 'tls', level: 'privacy' };
const finished = { kind: 'described', what: 'tls-finished' };
const clientHello = (version: number, serverName: string | null, offersResumption = false) => ({
  kind: 'described',
  what: 'tls-client-hello',
  version,
  serverName,
  offersResumption,
});
const serverHello = (version: number, cipherSuite: number, resumed = false) => ({
  kind: 'described',
  what: 'tls-server-hello',
  version,
  cipherSuite,
  resumed,
});

async function observe(session: Play) {
  const said = await recordSession(session);
  return { said, ...play(said, { port: 443, analyzers: [tls] }) };
}

const suiteOf = (facts: Fact[]): number => {
  const hello = facts.find((fact) => fact.kind === 'described' && fact.what === 'tls-server-hello');
  return hello && 'cipherSuite' in hello ? hello.cipherSuite : -1;
};

describe('TLS 1.2', () => {
  const suite = { ...tls12, ciphers: 'ECDHE-RSA-AES256-GCM-SHA384' };

  test('is secured by application data after both Finished', async () => {
    const { facts, blindSpots, stamped } = await observe({
      client: { ...suite, servername: 'hub1.contoso.com' },
      lines,
    });
    expect(facts).toEqual([
      clientHello(0x0303, 'hub1.contoso.com'),
      serverHello(0x0303, 0xc030),
      serverCertificate,
      finished,
      secured,
    ]);
    expect(blindSpots).toEqual([]);
    // the handshake takes two steps of either side
    expect(stamped.find((fact) => fact.kind === 'secured')?.frame).toBe(5);
  });

  test('that only shakes hands and closes is not secured', async () => {
    const { facts } = await observe({ client: suite });
    expect(facts).toContainEqual(finished);
    expect(facts).not.toContainEqual(secured);
  });

  test('shows a client certificate, its proof and its acceptance', async () => {
    const { facts } = await observe({
      client: { ...suite, ...clientIdentity },
      server: { requestCert: true },
      lines,
    });
    expect(facts.slice(2)).toEqual([
      serverCertificate,
      { kind: 'offered', what: 'client-certificate' },
      clientCertificate,
      { kind: 'described', what: 'client-certificate-proven' },
      finished,
      {
        kind: 'authenticated',
        mechanism: 'certificate',
        outcome: 'accepted',
        protected: true,
        principal: 'CN=edge1.contoso.com,O=Contoso',
      },
      secured,
    ]);
  });

  test('shows a client that has no certificate to give', async () => {
    const { facts } = await observe({ client: suite, server: { requestCert: true }, lines });
    expect(facts).toContainEqual({ kind: 'refused', what: 'client-certificate' });
    expect(facts.some((fact) => fact.kind === 'authenticated')).toBe(false);
  });

  const noTicket = 1 << 14;
  test.each([
    ['ticket', {}],
    ['session id', { secureOptions: noTicket }],
  ])('resumed by %s has no certificates', async (_by, options) => {
    const { facts, blindSpots } = await observe({
      client: { ...suite, ...options },
      server: options,
      lines,
      resume: true,
    });
    expect(facts).toEqual([clientHello(0x0303, null, true), serverHello(0x0303, 0xc030, true), finished, secured]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['resumed-session']);
  });

  test('with a NULL cipher is only guarded against change', async () => {
    const ciphers = 'NULL-SHA256:@SECLEVEL=0';
    const { facts, said } = await observe({ client: { ...tls12, ciphers }, server: { ciphers }, lines });
    expect(facts.at(-1)).toEqual({ ...secured, level: 'integrity' });
    expect(suiteOf(facts)).toBe(0x003b);
    // the content is there to be read
    expect(said.some(([, bytes]) => Buffer.from(bytes).includes('EHLO hub1.contoso.com'))).toBe(true);
  });
});

test('TLS 1.0 is secured as 1.2 is', async () => {
  const old = { minVersion: 'TLSv1', ciphers: 'ECDHE-RSA-AES256-SHA:@SECLEVEL=0' } as const;
  const { facts } = await observe({ client: { ...old, maxVersion: 'TLSv1' }, server: old, lines });
  expect(facts).toEqual([clientHello(0x0301, null), serverHello(0x0301, 0xc014), serverCertificate, finished, secured]);
});

test('a server that shares no version answers with an alert', async () => {
  const { facts } = await observe({ client: tls12, server: { minVersion: 'TLSv1.3' }, lines });
  expect(facts).toEqual([clientHello(0x0303, null), { kind: 'described', what: 'tls-alert', level: 2, code: 70 }]);
});

describe.each([
  ['TLS_AES_128_GCM_SHA256', 0x1301],
  ['TLS_AES_256_GCM_SHA384', 0x1302],
  ['TLS_CHACHA20_POLY1305_SHA256', 0x1303],
  ['TLS_AES_128_CCM_SHA256', 0x1304],
  ['TLS_AES_128_CCM_8_SHA256', 0x1305],
])('TLS 1.3 with %s', (name, number) => {
  const suite = { ciphers: `${name}:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0` };

  test('is secured by what the client sends after Finished', async () => {
    const { facts, blindSpots, stamped, said } = await observe({ client: suite, server: suite, lines });
    expect(facts).toEqual([clientHello(0x0304, null), serverHello(0x0304, number), finished, secured]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['encrypted']);
    expect(stamped.find((fact) => fact.kind === 'secured')?.frame).toBe(firstLine(said));
  });

  test('that only shakes hands and closes is not secured', async () => {
    const { facts } = await observe({ client: suite, server: suite });
    expect(facts).toContainEqual(finished);
    expect(facts).not.toContainEqual(secured);
  });

  test('with a client certificate is secured by the content after it, not by the certificate', async () => {
    const session = { client: { ...suite, ...clientIdentity }, server: { ...suite, requestCert: true } };
    const { facts, stamped, said } = await observe({ ...session, lines });
    expect(facts).toContainEqual(secured);
    expect(stamped.find((fact) => fact.kind === 'secured')?.frame).toBe(firstLine(said));
    const handshake = await observe(session);
    expect(handshake.facts).toContainEqual(finished);
    expect(handshake.facts).not.toContainEqual(secured);
  });

  test('with a client that has no certificate to give', async () => {
    const session = { client: suite, server: { ...suite, requestCert: true } };
    const { facts, stamped, said } = await observe({ ...session, lines });
    expect(facts).toContainEqual(finished);
    expect(stamped.find((fact) => fact.kind === 'secured')?.frame).toBe(firstLine(said));
    expect((await observe(session)).facts).not.toContainEqual(secured);
  });
});

/** The step in which the client says its first line: two of its flights, hello and Finished, come before. */
const firstLine = (said: Said[]): number =>
  1 + said.findIndex(([from], at) => from === 'client' && said.slice(0, at).filter(isFrom('client')).length === 2);
const isFrom =
  (direction: Direction) =>
  ([from]: Said): boolean =>
    from === direction;

test('TLS 1.3 after a HelloRetryRequest says each hello once', async () => {
  const { facts } = await observe({
    client: { ecdhCurve: 'X25519:P-384', ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256' },
    server: { ecdhCurve: 'P-384' },
    lines,
  });
  expect(facts).toEqual([clientHello(0x0304, null), serverHello(0x0304, 0x1301), finished, secured]);
});

test('TLS 1.3 resumed by a pre-shared key says so', async () => {
  const { facts, blindSpots } = await observe({ client: { ciphers: 'TLS_AES_128_GCM_SHA256' }, lines, resume: true });
  expect(facts).toEqual([clientHello(0x0304, null, true), serverHello(0x0304, 0x1301, true), finished, secured]);
  expect(blindSpots.map(({ why }) => why)).toContain('resumed-session');
});

test.each([
  ['1.2', tls12],
  ['1.3', {}],
])('TLS %s says the same however it is cut into segments', async (_version, client) => {
  const said = await recordSession({ client: { ...client, ...clientIdentity }, server: { requestCert: true }, lines });
  const whole = play(said, { port: 443, analyzers: [tls] }).facts;
  const bytewise = said.flatMap(([from, bytes]) => [...bytes].map((byte): Said => [from, Uint8Array.of(byte)]));
  expect(play(bytewise, { port: 443, analyzers: [tls] }).facts).toEqual(whole);
  const coalesced: Said[] = [];
  for (const [from, bytes] of said) {
    const last = coalesced.at(-1);
    if (last?.[0] === from) coalesced[coalesced.length - 1] = [from, Uint8Array.from([...last[1], ...bytes])];
    else coalesced.push([from, bytes]);
  }
  expect(play(coalesced, { port: 443, analyzers: [tls] }).facts).toEqual(whole);
});
