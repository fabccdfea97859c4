import { describe, expect, test } from 'vitest';
import { tls } from '../../../src/protocols/tls/tls.ts';
import { play, type Step } from '../../support/play.ts';
import {
  certificate,
  changeCipherSpec,
  clientKeyExchange,
  content,
  derOf,
  finished,
  handshake,
  hex,
  join,
  noise,
  serverHello,
  serverHelloDone,
} from './builder.ts';
import { serverIdentity } from './sessions.ts';
import { ssl2ClientHello, ssl2Encrypted, ssl2MasterKey, ssl2Record, ssl2ServerHello } from './ssl2-builder.ts';

const observe = (...steps: Step[]) => play(steps, { port: 443, analyzers: [tls] });
const der = derOf(serverIdentity.cert);
const secured = { kind: 'secured', mechanism: 'tls', level: 'privacy' };

describe('SSL 2', () => {
  const opening: Step[] = [
    ['client', ssl2ClientHello()],
    ['server', ssl2ServerHello(der)],
    ['client', join(ssl2MasterKey, ssl2Encrypted(33))],
  ];
  const verified: Step[] = [
    ['server', ssl2Encrypted(33)],
    ['server', ssl2Encrypted(33)],
  ];

  test('says version, the cipher the client chose, and the certificate', () => {
    const { facts, blindSpots } = observe(...opening, ...verified);
    expect(facts).toEqual([
      { kind: 'described', what: 'tls-client-hello', version: 2, serverName: null, offersResumption: false },
      expect.objectContaining({
        what: 'certificate',
        of: 'server',
        subject: 'CN=hub1.contoso.com,O=Contoso\\, Ltd.,C=KR',
      }),
      { kind: 'described', what: 'tls-server-hello', version: 2, cipherSuite: 0x010080, resumed: false },
    ]);
    expect(blindSpots).toEqual([]);
  });

  test('is secured by records that can be no handshake any more', () => {
    const certificateToo: Step = ['client', ssl2Encrypted(900)];
    expect(observe(...opening, ...verified, certificateToo).facts).not.toContainEqual(secured);
    const { facts } = observe(...opening, ...verified, certificateToo, ['client', ssl2Encrypted(100, true)]);
    expect(facts.slice(-2)).toEqual([{ kind: 'described', what: 'tls-finished' }, secured]);
    const answers = observe(...opening, ...verified, ['server', join(ssl2Encrypted(500), ssl2Encrypted(500))]);
    expect(answers.facts).toContainEqual(secured);
  });

  test('resumed has neither certificate nor cipher to show', () => {
    const { facts, blindSpots } = observe(
      ['client', ssl2ClientHello({ sessionId: noise(16, 9) })],
      ['server', ssl2ServerHello(hex(''), true)],
      ['client', ssl2Encrypted(33)],
    );
    expect(facts).toEqual([
      { kind: 'described', what: 'tls-client-hello', version: 2, serverName: null, offersResumption: true },
    ]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['resumed-session']);
  });

  test('refused by the server is no more than its hello', () => {
    const { facts, blindSpots } = observe(['client', ssl2ClientHello()], ['server', ssl2Record(hex('00 0001'))]);
    expect(facts).toHaveLength(1);
    expect(blindSpots).toEqual([]);
  });
});

test('an SSL 2 hello may open TLS 1.0 (RFC 2246 appendix E)', () => {
  const { facts, blindSpots } = observe(
    ['client', ssl2ClientHello({ version: 0x0301 })],
    ['server', handshake(serverHello({ version: 0x0301, suites: [0x0004] }), certificate(der), serverHelloDone)],
    ['client', join(handshake(clientKeyExchange), changeCipherSpec, finished)],
    ['server', join(changeCipherSpec, finished)],
    ['client', content(80)],
  );
  expect(facts).toEqual([
    { kind: 'described', what: 'tls-client-hello', version: 0x0301, serverName: null, offersResumption: false },
    { kind: 'described', what: 'tls-server-hello', version: 0x0301, cipherSuite: 4, resumed: false },
    expect.objectContaining({ what: 'certificate' }),
    { kind: 'described', what: 'tls-finished' },
    secured,
  ]);
  expect(blindSpots).toEqual([]);
});
