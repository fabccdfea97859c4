import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/limits.ts';
import { tls } from '../../../src/protocols/tls/tls.ts';
import { play, type Step } from '../../support/play.ts';
import { startContext } from '../../support/start-context.ts';
import {
  alert,
  certificate,
  certificateRequest,
  certificateVerify,
  changeCipherSpec,
  clientHello,
  clientKeyExchange,
  content,
  derOf,
  encrypted,
  extension,
  finished,
  handshake,
  hex,
  join,
  message,
  noise,
  record,
  rfc8448,
  serverHello,
  serverHelloDone,
  serverName,
  supportedVersions,
  tls12Handshake,
  u16,
} from './builder.ts';
import { clientIdentity, serverIdentity } from './sessions.ts';

const observe = (...steps: Step[]) => play(steps, { port: 443, analyzers: [tls] });
const secured = { kind: 'secured', mechanism: 'tls', level: 'privacy' };
const tlsFinished = { kind: 'described', what: 'tls-finished' };
const hello = (fields: object) => ({ kind: 'described', what: 'tls-client-hello', ...fields });
const clientDer = derOf(clientIdentity.cert);
const serverDer = derOf(serverIdentity.cert);
const tlsAlert = (level: number, code: number) => ({ kind: 'described', what: 'tls-alert', level, code });

describe('a ClientHello', () => {
  test('is read as RFC 8448 §3 explains it', () => {
    expect(observe(['client', rfc8448.clientHello]).facts).toEqual([
      hello({ version: 0x0304, serverName: 'server', offersResumption: false }),
    ]);
  });

  test.each([
    ['without extensions, as in SSL 3', clientHello({ version: 0x0300 }), 0x0300, false],
    [
      'with GREASE among its versions',
      clientHello({ extensions: [supportedVersions(0xfafa, 0x0303, 0x0302)] }),
      0x0303,
      false,
    ],
    ['with a draft of TLS 1.3', clientHello({ extensions: [supportedVersions(0x7f1c, 0x0303)] }), 0x7f1c, false],
    ['with a session id', clientHello({ sessionId: noise(32, 1) }), 0x0303, true],
    [
      'with a session id that only fills in for TLS 1.3',
      clientHello({ sessionId: noise(32, 1), extensions: [supportedVersions(0x0304)] }),
      0x0304,
      false,
    ],
    ['that asks for a ticket', clientHello({ extensions: [extension(35, hex(''))] }), 0x0303, false],
    ['with a ticket', clientHello({ extensions: [extension(35, noise(100, 1))] }), 0x0303, true],
    [
      'with a pre-shared key',
      clientHello({ extensions: [supportedVersions(0x0304), extension(41, noise(80, 1))] }),
      0x0304,
      true,
    ],
  ])('%s', (_what, bytes, version, offersResumption) => {
    expect(observe(['client', handshake(bytes)]).facts).toEqual([
      hello({ version, serverName: null, offersResumption }),
    ]);
  });

  test('keeps no more of a name than of any text', () => {
    const [fact] = observe(['client', handshake(clientHello({ extensions: [serverName('a'.repeat(1000))] }))]).facts;
    expect(fact).toMatchObject({ serverName: 'a'.repeat(limits.text) });
  });

  test('may span records', () => {
    const bytes = clientHello({ extensions: [serverName('hub1.contoso.com'), extension(21, new Uint8Array(300))] });
    const records = [bytes.subarray(0, 3), bytes.subarray(3, 90), bytes.subarray(90)].map((part) => record(22, part));
    expect(observe(['client', join(...records)]).facts).toEqual([
      hello({ version: 0x0303, serverName: 'hub1.contoso.com', offersResumption: false }),
    ]);
  });
});

describe('up to TLS 1.2', () => {
  test('a suite decides what application data after both Finished is worth', () => {
    for (const suite of [0x0001, 0x0002, 0x002c, 0x003b, 0x00b0, 0xc001, 0xc006, 0xc010, 0xc015, 0xc039, 0xc03b]) {
      const { facts } = observe(...tls12Handshake(suite), ['client', content(60)]);
      expect(facts.at(-1)).toEqual({ ...secured, level: 'integrity' });
    }
    for (const suite of [0x0004, 0x000a, 0x002f, 0x009c, 0xc014, 0xc02f, 0xcca8]) {
      const { facts } = observe(...tls12Handshake(suite), ['client', content(60)]);
      expect(facts.at(-1)).toEqual(secured);
    }
  });

  test('the server may be the first with content', () => {
    const { facts } = observe(...tls12Handshake(), ['server', content(60)]);
    expect(facts.slice(-2)).toEqual([tlsFinished, secured]);
  });

  test('application data before both Finished is no content yet: false start (RFC 7918)', () => {
    const [first, second, third, fourth] = tls12Handshake();
    const { facts } = observe(first, second, third, ['client', content(60)], fourth);
    expect(facts).toContainEqual(tlsFinished);
    expect(facts).not.toContainEqual(secured);
    const goesOn = observe(first, second, third, ['client', content(60)], fourth, ['server', content(60)]);
    expect(goesOn.facts).toContainEqual(secured);
  });

  test('application data in the middle of the handshake is no sign of its end', () => {
    const [first, second] = tls12Handshake();
    const { facts } = observe(first, second, ['client', content(60)], ['server', content(60)], ['client', content(60)]);
    expect(facts).not.toContainEqual(tlsFinished);
    expect(facts).not.toContainEqual(secured);
  });

  test('the first ServerHello counts: a second one cannot make a NULL suite better', () => {
    const [first, , third, fourth] = tls12Handshake(0x0002);
    const hellos = handshake(serverHello({ suites: [0x0002] }), serverHello({ suites: [0xc02f] }), serverHelloDone);
    const { facts } = observe(first, ['server', hellos], third, fourth, ['client', content(60)]);
    expect(facts.filter((fact) => 'what' in fact && fact.what === 'tls-server-hello')).toHaveLength(1);
    expect(facts.at(-1)).toEqual({ ...secured, level: 'integrity' });
  });

  test('neither encrypted alerts nor heartbeats nor handshakes are content', () => {
    const { facts, blindSpots } = observe(
      ...tls12Handshake(),
      ['client', encrypted(21, 26)],
      ['server', encrypted(24, 60)],
      ['server', encrypted(22, 60)],
      ['client', record(23, hex(''))],
    );
    expect(facts).not.toContainEqual(secured);
    expect(blindSpots).toEqual([]);
  });

  test('a renegotiation by the client is said to hide a certificate', () => {
    const { facts } = observe(...tls12Handshake(), ['client', encrypted(22, 300)], ['client', encrypted(22, 300)]);
    expect(facts.filter((fact) => fact.kind === 'described' && fact.what === 'tls-renegotiated')).toHaveLength(1);
  });

  test('handshake records after ChangeCipherSpec are not read, even where they look clear', () => {
    const [first, second] = tls12Handshake();
    const lookalike = handshake(certificate(clientDer));
    const { facts } = observe(first, second, ['client', join(changeCipherSpec, lookalike)]);
    expect(facts.some((fact) => fact.kind === 'described' && fact.what === 'certificate')).toBe(false);
  });

  test('coalesced records of one segment count one by one', () => {
    const [first, second, third, fourth] = tls12Handshake();
    const { stamped } = observe(first, second, third, ['server', join(fourth[1], content(60))]);
    expect(stamped.find((fact) => fact.kind === 'secured')?.frame).toBe(4);
  });

  test('a protected stream is called by what handed over to it', () => {
    const state = tls.start(startContext(25, 'x-anonymoustls'));
    expect(state).toMatchObject({ mechanism: 'x-anonymoustls' });
  });
});

describe('a client certificate', () => {
  const request: Step = [
    'server',
    handshake(serverHello(), certificate(serverDer), certificateRequest, serverHelloDone),
  ];
  const opening: Step = ['client', handshake(clientHello())];
  const proof = handshake(certificate(clientDer), clientKeyExchange, certificateVerify);
  const shown: Step = ['client', join(proof, changeCipherSpec, finished)];
  const authenticated = (outcome: string) => ({
    kind: 'authenticated',
    mechanism: 'certificate',
    outcome,
    protected: true,
    principal: 'CN=edge1.contoso.com,O=Contoso',
  });

  test('is accepted once the server has finished', () => {
    const { facts } = observe(opening, request, shown, ['server', join(changeCipherSpec, finished)]);
    expect(facts.slice(-2)).toEqual([tlsFinished, authenticated('accepted')]);
  });

  test.each([
    ['by a fatal alert', alert(2, 48), [tlsAlert(2, 48), authenticated('refused')]],
    ['by closing', alert(1, 0), [tlsAlert(1, 0), authenticated('refused')]],
  ])('is refused %s', (_how, bytes, facts) => {
    expect(observe(opening, request, shown, ['server', bytes]).facts.slice(-2)).toEqual(facts);
  });

  test('stays unfinished where nobody answers, or the client itself gives up', () => {
    expect(observe(opening, request, shown).facts.at(-1)).toEqual(authenticated('unfinished'));
    expect(observe(opening, request, ['client', join(proof, alert(2, 48))]).facts.at(-1)).toEqual(
      authenticated('unfinished'),
    );
  });

  test('without CertificateVerify proves nothing', () => {
    const { facts } = observe(
      opening,
      request,
      ['client', join(handshake(certificate(clientDer), clientKeyExchange), changeCipherSpec, finished)],
      ['server', join(changeCipherSpec, finished)],
    );
    expect(facts.some((fact) => fact.kind === 'authenticated')).toBe(false);
  });

  test('is refused by an empty list, and in SSL 3 by an alert (RFC 6101 §5.4.2)', () => {
    const refused = { kind: 'refused', what: 'client-certificate' };
    expect(observe(opening, request, ['client', handshake(hex('0b 000003 000000'))]).facts).toContainEqual(refused);
    expect(observe(opening, request, ['client', alert(1, 41)]).facts.slice(-2)).toEqual([tlsAlert(1, 41), refused]);
  });

  test('that cannot be read is a blind spot, and reading goes on', () => {
    const { facts, blindSpots } = observe(opening, [
      'server',
      handshake(serverHello(), certificate(noise(300, 5)), certificateRequest, serverHelloDone),
    ]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['malformed']);
    expect(facts).toContainEqual({ kind: 'offered', what: 'client-certificate' });
  });
});

describe('a resumed session of TLS 1.2', () => {
  const sessionId = noise(32, 2);
  const offer: Step = ['client', handshake(clientHello({ sessionId }))];

  test.each([
    ['goes on with ChangeCipherSpec', join(handshake(serverHello({ sessionId })), changeCipherSpec, finished), true],
    [
      'goes on with a new ticket',
      join(handshake(serverHello({ sessionId }), message(4, noise(90, 1))), changeCipherSpec),
      true,
    ],
    [
      'does not show certificates',
      handshake(serverHello({ sessionId }), certificate(serverDer), serverHelloDone),
      false,
    ],
    ['does not end its hello with ServerHelloDone', handshake(serverHello(), serverHelloDone), false],
    ['echoes the session id, if nothing follows', handshake(serverHello({ sessionId })), true],
    ['does not choose another session id', handshake(serverHello({ sessionId: noise(32, 3) })), false],
  ])('%s', (_what, answer, resumed) => {
    const { facts, blindSpots } = observe(offer, ['server', answer]);
    const [fact] = facts.filter((one) => one.kind === 'described' && one.what === 'tls-server-hello');
    expect(fact).toMatchObject({ version: 0x0303, cipherSuite: 0xc02f, resumed });
    expect(blindSpots.some(({ why }) => why === 'resumed-session')).toBe(resumed);
  });
});

describe('a suite that no registry explains', () => {
  test('is decided by the bytes', () => {
    const steps = [...tls12Handshake(0xff85)];
    const random = Array.from({ length: 8 }, (_, i): Step => ['client', record(23, noise(700, i + 1))]);
    expect(observe(...steps, ...random).facts).toContainEqual(secured);
    const text = Array.from(
      { length: 8 },
      (): Step => ['client', record(23, Buffer.from('MAIL FROM:<a@b> '.repeat(40)))],
    );
    const { facts, blindSpots } = observe(...steps, ...text);
    expect(facts).not.toContainEqual(secured);
    expect(blindSpots.map(({ why }) => why)).toEqual(['encrypted']);
  });
});

describe('the stream', () => {
  test('that turns into something else is left', () => {
    const { blindSpots } = observe(...tls12Handshake(), ['client', content(60)], ['client', 'MAIL FROM:<a@b>\r\n']);
    expect(blindSpots.map(({ why }) => why)).toEqual(['left-protocol']);
  });

  test('may not announce longer records than there are', () => {
    const state = tls.start(startContext(443));
    const frame = (bytes: Uint8Array) => tls.frame(bytes, 0, bytes.length, 'client', state);
    expect(frame(join(hex('17 0303'), u16((1 << 14) + 2048)))).toBe(5);
    expect(frame(join(hex('17 0303'), u16((1 << 14) + 2049)))).toBe(-1);
    expect(frame(hex('17 0403 0020'))).toBe(-1);
    expect(frame(hex('16 0303'))).toBe(0);
  });

  test('of application data is not kept: its header is the message', () => {
    const state = tls.start(startContext(443));
    expect(tls.frame(content(16000), 0, 5, 'client', state)).toBe(5);
  });

  test('with a handshake message beyond the cap says so and reads the next', () => {
    const long = message(11, new Uint8Array(limits.handshake + 1));
    const parts = [];
    for (let at = 0; at < long.length; at += 16384) parts.push(record(22, long.subarray(at, at + 16384)));
    const { facts, blindSpots } = observe(
      ['client', handshake(clientHello())],
      ['server', join(handshake(serverHello()), ...parts, handshake(certificateRequest))],
    );
    expect(blindSpots.map(({ why }) => why)).toEqual(['limit']);
    expect(facts).toContainEqual({ kind: 'offered', what: 'client-certificate' });
  });

  test('with a version of neither family has no server hello', () => {
    const { facts, blindSpots } = observe(
      ['client', handshake(clientHello())],
      ['server', handshake(serverHello({ version: 0x0002 }))],
    );
    expect(facts.map((fact) => 'what' in fact && fact.what)).toEqual(['tls-client-hello']);
    expect(blindSpots.map(({ why }) => why)).toEqual(['malformed']);
  });
});
