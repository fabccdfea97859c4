import { describe, expect, test } from 'vitest';
import { tls } from '../../../src/protocols/tls/tls.ts';
import { play, type Step } from '../../support/play.ts';
import {
  alert,
  changeCipherSpec,
  clientHello,
  content,
  encrypted,
  extension,
  handshake,
  hex,
  join,
  noise,
  record,
  retryRandom,
  rfc8448,
  selectedVersion,
  serverHello,
  supportedVersions,
} from './builder.ts';

const secured = { kind: 'secured', mechanism: 'tls', level: 'privacy' };
const tlsFinished = { kind: 'described', what: 'tls-finished' };
const observe = (...steps: Step[]) => {
  const { facts, blindSpots } = play(steps, { port: 443, analyzers: [tls] });
  return { facts, blindSpots, secured: facts.some((fact) => fact.kind === 'secured'), finished: has(facts) };
};
const has = (facts: object[]): boolean => facts.some((fact) => 'what' in fact && fact.what === 'tls-finished');

const hellos: Step[] = [
  ['client', rfc8448.clientHello],
  ['server', join(rfc8448.serverHello, rfc8448.serverFlight)],
];
const finished: Step = ['client', rfc8448.clientFinished];

describe('the handshake of RFC 8448 §3', () => {
  test('is told apart from its content', () => {
    const { facts } = observe(
      ...hellos,
      finished,
      ['server', rfc8448.serverTicket],
      ['client', rfc8448.applicationData],
      ['server', rfc8448.applicationData],
      ['client', rfc8448.closeNotify],
    );
    expect(facts).toEqual([
      { kind: 'described', what: 'tls-client-hello', version: 0x0304, serverName: 'server', offersResumption: false },
      { kind: 'described', what: 'tls-server-hello', version: 0x0304, cipherSuite: 0x1301, resumed: false },
      tlsFinished,
      secured,
    ]);
  });

  test('is no content without the application data', () => {
    const handshakeOnly = observe(
      ...hellos,
      finished,
      ['server', rfc8448.serverTicket],
      ['client', rfc8448.closeNotify],
    );
    expect(handshakeOnly).toMatchObject({ finished: true, secured: false });
  });
});

test.each<[string, Step[], boolean, boolean]>([
  ['the server alone', [['server', content(500)]], false, false],
  [
    'an encrypted alert instead of Finished',
    [
      ['client', content(19)],
      ['server', content(500)],
      ['client', content(500)],
    ],
    false,
    false,
  ],
  ['Finished and a KeyUpdate', [finished, ['client', content(22)]], true, false],
  ['Finished and an empty record', [finished, ['client', content(17)]], true, false],
  ['Finished and content in one segment', [['client', join(rfc8448.clientFinished, content(40))]], true, true],
  [
    'ChangeCipherSpec before Finished',
    [
      ['client', join(changeCipherSpec, rfc8448.clientFinished)],
      ['client', content(40)],
    ],
    true,
    true,
  ],
  [
    'certificate, proof and Finished',
    [['client', join(content(900), content(281), rfc8448.clientFinished)]],
    true,
    false,
  ],
  [
    'no certificate and Finished in two records',
    [
      ['client', join(content(25), rfc8448.clientFinished)],
      ['client', content(40)],
    ],
    true,
    true,
  ],
  ['no certificate and Finished in one record', [['client', content(61)]], true, false],
  ['certificate, proof and Finished in one record', [['client', content(1200)]], false, false],
  [
    'the same, and the server lets it in',
    [
      ['client', content(1200)],
      ['server', content(250)],
    ],
    true,
    false,
  ],
  [
    'the same, and content',
    [
      ['client', content(1200)],
      ['server', content(250)],
      ['client', content(40)],
    ],
    true,
    true,
  ],
  [
    'the same, and the server alerts',
    [
      ['client', content(1200)],
      ['server', content(19)],
      ['client', content(40)],
    ],
    false,
    false,
  ],
  ['a certificate so long that it takes two records', [['client', join(content(16401), content(3000))]], false, false],
])('after both hellos, %s', (_what, steps, isFinished, isSecured) => {
  expect(observe(...hellos, ...steps)).toMatchObject({ finished: isFinished, secured: isSecured });
});

describe('early data (RFC 8446 §4.2.10)', () => {
  const offer = handshake(
    clientHello({
      suites: [0x1301],
      extensions: [supportedVersions(0x0304), extension(42, hex('')), extension(41, noise(80, 1))],
    }),
  );
  const answer = join(
    handshake(serverHello({ suites: [0x1301], extensions: [selectedVersion(0x0304), extension(41, hex('0000'))] })),
    content(100),
  );
  const endOfEarlyData = content(0x15);

  test('before the server has answered is neither content nor midstream', () => {
    const { secured: isSecured, blindSpots } = observe(['client', join(offer, content(200), content(300))]);
    expect(isSecured).toBe(false);
    expect(blindSpots).toEqual([]);
  });

  test('and its end are not taken for Finished and content', () => {
    const opening: Step[] = [
      ['client', join(offer, content(200))],
      ['server', answer],
      ['client', join(content(300), endOfEarlyData, rfc8448.clientFinished)],
      ['server', content(250)],
    ];
    expect(observe(...opening)).toMatchObject({ finished: true, secured: false });
    expect(observe(...opening, ['client', content(40)])).toMatchObject({ secured: true });
  });

  test('still on its way when the server speaks is not the end of the handshake', () => {
    const late: Step[] = [
      ['client', offer],
      ['server', answer],
      ['client', content(300)],
      ['server', content(90)],
      ['client', content(400)],
    ];
    expect(observe(...late)).toMatchObject({ finished: false, secured: false });
  });

  test('between the hello of the server and its encrypted part is not Finished', () => {
    const hello = answer.subarray(0, answer.length - 105);
    expect(observe(['client', offer], ['server', hello], ['client', content(0x35)]).finished).toBe(false);
  });

  test('that has the length of Finished does not make the rest of the handshake content', () => {
    const opening: Step[] = [
      ['client', offer],
      ['server', answer],
      ['client', join(content(0x35), endOfEarlyData, rfc8448.clientFinished)],
    ];
    expect(observe(...opening).secured).toBe(false);
  });
});

test('a HelloRetryRequest is no ServerHello', () => {
  const retry = serverHello({ random: retryRandom, suites: [0x1301], extensions: [selectedVersion(0x0304)] });
  const hello = clientHello({ suites: [0x1301], extensions: [supportedVersions(0x0304)] });
  const opening: Step[] = [
    ['client', handshake(hello)],
    ['server', join(handshake(retry), changeCipherSpec)],
  ];
  expect(observe(...opening).facts).toHaveLength(1);
  const whole: Step[] = [
    ...opening,
    ['client', join(changeCipherSpec, handshake(hello))],
    ['server', join(handshake(serverHello({ suites: [0x1301], extensions: [selectedVersion(0x0304)] })), content(800))],
    ['client', rfc8448.clientFinished],
    ['client', content(40)],
  ];
  expect(observe(...whole)).toMatchObject({ finished: true, secured: true });
  expect(observe(...whole).facts).toHaveLength(4);
});

test('an alert in clear is still one: the client does not like the ServerHello', () => {
  const { facts } = observe(['client', rfc8448.clientHello], ['server', rfc8448.serverHello], ['client', alert(2, 47)]);
  expect(facts.at(-1)).toEqual({ kind: 'described', what: 'tls-alert', level: 2, code: 47 });
});

test('suites without encryption (RFC 9150) only guard against change', () => {
  const { facts } = observe(
    ['client', handshake(clientHello({ suites: [0xc0b4], extensions: [supportedVersions(0x0304)] }))],
    ['server', join(handshake(serverHello({ suites: [0xc0b4], extensions: [selectedVersion(0x0304)] })), content(800))],
    // 4 bytes, a hash of 32, the type, a tag of 32
    ['client', content(69)],
    ['client', content(90)],
  );
  expect(facts.slice(-2)).toEqual([tlsFinished, { ...secured, level: 'integrity' }]);
});

test("a draft's ServerHello, before it had a session id, is read", () => {
  const draft18 = join(hex('02 00002a 7f12'), new Uint8Array(32).fill(9), hex('1301 0004 00000000'));
  const { facts } = observe(
    ['client', handshake(clientHello({ suites: [0x1301], extensions: [supportedVersions(0x7f12)] }))],
    ['server', record(22, draft18)],
  );
  expect(facts).toContainEqual({
    kind: 'described',
    what: 'tls-server-hello',
    version: 0x7f12,
    cipherSuite: 0x1301,
    resumed: false,
  });
});

test('handshake records after the ServerHello are not believed', () => {
  const { facts } = observe(...hellos, ['client', encrypted(22, 60)], ['server', encrypted(22, 60)]);
  expect(facts).toHaveLength(2);
});
