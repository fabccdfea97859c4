import { describe, expect, test } from 'vitest';
import { apReq, hex, krbToken, negTokenInit, oid } from '../support/gss-tokens.ts';
import {
  bindResponse,
  entry,
  join,
  saslBind,
  saslBuffer,
  search,
  searchDone,
  text,
  unbind,
} from '../support/ldap-messages.ts';
import { authenticateV2 } from '../support/ntlm-messages.ts';
import { type Observed, play, type Step } from '../support/play.ts';

const privacy = { kind: 'secured', mechanism: 'sasl', level: 'privacy' };
const integrity = { kind: 'secured', mechanism: 'sasl', level: 'integrity' };
const directory = { kind: 'exposed', content: 'directory' };

/** Bytes that look like nothing, as ciphertext does. */
const cipher = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 167 + 89) & 0xff);

const ticket = krbToken(0x0100, apReq('EXAMPLE.TEST', ['ldap', 'dc1.example.test'], 18));
const kerberos: Step[] = [
  ['client', saslBind(1, 'GSS-SPNEGO', negTokenInit([oid.kerberos], ticket))],
  ['server', bindResponse(1, 0)],
];
const ntlm: Step[] = [
  ['client', saslBind(1, 'GSS-SPNEGO', authenticateV2)],
  ['server', bindResponse(1, 0)],
];
const digest: Step[] = [
  ['client', saslBind(1, 'DIGEST-MD5', 'username="chris"')],
  ['server', bindResponse(1, 0)],
];

const watch = (...steps: Step[]): Observed => play(steps, { port: 389 });
/** Only what is said about protection. */
const levels = (observed: Observed) =>
  observed.facts.filter((fact) => fact.kind === 'secured' || fact.kind === 'exposed');

/** RFC 4121 §4.2.6.2: TOK_ID, flags, filler, EC, RRC, sequence number. */
const cfx = (flags: number, ec: number, rrc: number) =>
  Uint8Array.of(5, 4, flags, 0xff, ec >> 8, ec, rrc >> 8, rrc, 0, 0, 0, 0, 0x1b, 0x43, 0xd9, 0x01);
/** Content and checksum, rotated right by RRC (RFC 4121 §4.2.5). */
const signedCfx = (content: Uint8Array, rrc: number, flags = 0x04): Uint8Array => {
  const whole = join(content, cipher(12));
  const turn = rrc % whole.length;
  return join(cfx(flags, 12, rrc), whole.subarray(whole.length - turn), whole.subarray(0, whole.length - turn));
};
/** RFC 1964 §1.2.2 and RFC 4757 §7.3 in the header of RFC 2743 §3.1. */
const v1 = (algorithms: string, checksum: number, content: Uint8Array): Uint8Array => {
  const body = join(oid.kerberos, hex(`0201${algorithms}ffff`), cipher(8 + checksum + 8), content);
  return join(Uint8Array.of(0x60, 0x82, body.length >> 8, body.length), body);
};
const signature = (sequence: number) => join(hex('01000000'), cipher(8), Uint8Array.of(sequence, 0, 0, 0));

describe('Kerberos: the token says whether it is sealed', () => {
  test.each([
    ['AES (RFC 4121), by the initiator', join(cfx(0x06, 0, 28), cipher(90))],
    ['AES, by the acceptor', join(cfx(0x07, 0, 28), cipher(90))],
    ['RC4 (RFC 4757)', v1('11001000', 8, cipher(60))],
    ['DES (RFC 1964)', v1('00000000', 8, cipher(60))],
    ['DES3 (RFC 1964 as extended)', v1('04000200', 20, cipher(60))],
  ])('sealed: %s', (_name, token) => {
    expect(levels(watch(...kerberos, ['client', saslBuffer(token)]))).toEqual([privacy]);
    expect(levels(watch(...kerberos, ['server', saslBuffer(token)]))).toEqual([privacy]);
  });

  test.each([
    ['AES, rotated by its checksum', (content: Uint8Array) => signedCfx(content, 12)],
    ['AES, not rotated', (content: Uint8Array) => signedCfx(content, 0)],
    ['AES, rotated once around and more', (content: Uint8Array) => signedCfx(content, 12 + content.length + 12)],
    ['RC4', (content: Uint8Array) => v1('1100ffff', 8, join(content, Uint8Array.of(1)))],
    ['DES', (content: Uint8Array) => v1('0000ffff', 8, join(content, Uint8Array.of(2, 2)))],
    ['DES3', (content: Uint8Array) => v1('0400ffff', 20, join(content, Uint8Array.of(1)))],
  ])('signed only: %s', (_name, sign) => {
    const buffer = (content: Uint8Array) => saslBuffer(sign(content));
    expect(levels(watch(...kerberos, ['client', buffer(search(2, 'dc=x'))]))).toEqual([integrity]);
    expect(levels(watch(...kerberos, ['server', buffer(join(entry(2, '', {}), searchDone(2)))]))).toEqual([]);
    expect(levels(watch(...kerberos, ['server', buffer(join(entry(2, '', {}), entry(2, 'cn=a', {})))]))).toEqual([
      integrity,
    ]);
    expect(levels(watch(...kerberos, ['client', buffer(search(2, '', 0))], ['client', buffer(unbind(3))]))).toEqual([]);
  });

  test('signed-only content that cannot be read is content', () => {
    expect(levels(watch(...kerberos, ['client', saslBuffer(cfx(0x04, 12, 12), cipher(80))]))).toEqual([integrity]);
  });

  test('each buffer is looked at: one that is only signed among sealed ones', () => {
    const sealed = saslBuffer(cfx(0x06, 0, 28), cipher(5000));
    const observed = watch(
      ...kerberos,
      ['client', sealed],
      ['client', saslBuffer(signedCfx(search(3, 'dc=x'), 12))],
      ['client', sealed],
    );
    expect(levels(observed)).toEqual([privacy, integrity]);
  });

  test('each direction on its own', () => {
    const observed = watch(
      ...kerberos,
      ['client', saslBuffer(cfx(0x06, 0, 28), cipher(90))],
      ['server', entry(2, 'cn=a', {})],
    );
    expect(levels(observed)).toEqual([privacy, directory]);
  });

  test('a direction that falls back to clear', () => {
    const observed = watch(
      ...kerberos,
      ['client', saslBuffer(cfx(0x06, 0, 28), cipher(90))],
      ['client', search(3, 'dc=x')],
      ['client', saslBuffer(cfx(0x06, 0, 28), cipher(90))],
    );
    expect(levels(observed)).toEqual([privacy, directory]);
    expect(observed.blindSpots).toEqual([]);
  });

  test('no layer at all: content as usual', () => {
    expect(levels(watch(...kerberos, ['client', search(2, 'dc=x')]))).toEqual([directory]);
  });

  test('the client may seal before it has the answer to its bind', () => {
    const sealed = saslBuffer(cfx(0x06, 0, 28), cipher(90));
    const [asked, answered] = kerberos as [Step, Step];
    const observed = watch(asked, ['client', sealed], answered);
    expect(observed.facts).toContainEqual(privacy);
    expect(observed.facts).toContainEqual(expect.objectContaining({ mechanism: 'kerberos', outcome: 'accepted' }));
  });

  test('a MIC token is no protected content', () => {
    const observed = watch(...kerberos, ['client', saslBuffer(hex('040404ffffffffff0000000000000001'), cipher(40))]);
    expect(levels(observed)).toEqual([]);
    expect(observed.blindSpots).toEqual([expect.objectContaining({ why: 'encrypted' })]);
  });

  test('large buffers are passed over', () => {
    const large = saslBuffer(cfx(0x06, 0, 28), cipher(3 << 20));
    const observed = watch(...kerberos, ['server', large], ['server', saslBuffer(signedCfx(entry(2, 'cn=a', {}), 12))]);
    expect(levels(observed)).toEqual([privacy, integrity]);
    expect(observed.blindSpots).toEqual([]);
  });

  test('a signed-only buffer larger than any message is content', () => {
    const large = entry(2, 'cn=a', { photo: ['x'.repeat(1 << 19)] });
    expect(levels(watch(...kerberos, ['server', saslBuffer(signedCfx(large, 12))]))).toEqual([integrity]);
  });
});

describe('NTLM: only the content tells ([MS-NLMP] §2.2.2.9)', () => {
  const sealed = (sequence: number, length = 90) => saslBuffer(signature(sequence), cipher(length));

  test('sealed', () => {
    expect(levels(watch(...ntlm, ['client', sealed(0)], ['server', sealed(0)]))).toEqual([privacy]);
  });

  test('signed only', () => {
    const buffer = saslBuffer(signature(0), search(2, 'dc=x'));
    expect(levels(watch(...ntlm, ['client', buffer]))).toEqual([integrity]);
    expect(levels(watch(...ntlm, ['client', saslBuffer(signature(0), search(2, '', 0))]))).toEqual([]);
  });

  test('signed only, with an operation that does not exist', () => {
    expect(levels(watch(...ntlm, ['client', saslBuffer(signature(0), hex('30050201025f00'))]))).toEqual([integrity]);
  });

  test('signed only, then bound anew and sealed', () => {
    const signed = saslBuffer(signature(0), search(2, 'dc=x'));
    expect(levels(watch(...ntlm, ['client', signed], ...ntlm, ['client', sealed(0)]))).toEqual([integrity, privacy]);
  });

  test('the rest of a message that was cut is not taken for sealed', () => {
    const large = entry(2, 'cn=a', { photo: ['x'.repeat(100_000)] });
    const first = saslBuffer(signature(0), large.subarray(0, 65_000));
    const rest = saslBuffer(signature(1), large.subarray(65_000));
    expect(levels(watch(...ntlm, ['server', first], ['server', rest]))).toEqual([integrity]);
    // neither where only the rest was seen
    const observed = play([['server', rest]], { port: 389, midstream: true });
    expect(levels(observed)).toEqual([]);
    expect(observed.blindSpots).toEqual([expect.objectContaining({ why: 'encrypted' })]);
  });

  test('nor the rest of one that was cut in three, nor one after lost bytes', () => {
    const large = entry(2, 'cn=a', { photo: ['x'.repeat(150_000)] });
    const rests: Step[] = [
      ['server', saslBuffer(signature(1), large.subarray(65_000, 130_000))],
      ['server', saslBuffer(signature(2), large.subarray(130_000))],
    ];
    expect(levels(play(rests, { port: 389, midstream: true }))).toEqual([]);
    expect(levels(watch(...ntlm, ['server', { lost: 65_020 }], ...rests))).toEqual([]);
  });

  test('midstream: sealed once a message must begin', () => {
    const observed = play(
      [
        ['client', sealed(7)],
        ['client', sealed(8)],
      ],
      { port: 389, midstream: true },
    );
    expect(observed.protocol).toBe('ldap');
    expect(levels(observed)).toEqual([privacy]);
  });
});

describe('DIGEST-MD5 (RFC 2831 §2.3, §2.4)', () => {
  const trailer = hex('000100000000');

  test('auth-int: readable, then a MAC', () => {
    expect(levels(watch(...digest, ['client', saslBuffer(search(2, 'dc=x'), cipher(10), trailer)]))).toEqual([
      integrity,
    ]);
  });

  test('auth-int of the root DSE and a farewell is no content', () => {
    const observed = watch(
      ...digest,
      ['client', saslBuffer(search(2, '', 0), cipher(10), trailer)],
      ['client', saslBuffer(unbind(3), cipher(10), trailer)],
    );
    expect(levels(observed)).toEqual([]);
  });

  test('auth-conf: unreadable, with its version and sequence number at the end', () => {
    expect(levels(watch(...digest, ['client', saslBuffer(cipher(90), trailer)]))).toEqual([privacy]);
  });

  test('unreadable without that trailer: cannot be told', () => {
    const observed = watch(...digest, ['client', saslBuffer(cipher(96))]);
    expect(levels(observed)).toEqual([]);
    expect(observed.blindSpots).toEqual([expect.objectContaining({ why: 'encrypted' })]);
  });
});

describe('layers of other mechanisms', () => {
  const srp: Step[] = [
    ['client', saslBind(1, 'SRP', text('x'))],
    ['server', bindResponse(1, 0)],
  ];

  test('unreadable: cannot be told, and said once', () => {
    const buffer = saslBuffer(cipher(52));
    const observed = watch(...srp, ['client', buffer], ['server', buffer], ['client', buffer]);
    expect(levels(observed)).toEqual([]);
    expect(observed.blindSpots).toEqual([expect.objectContaining({ why: 'encrypted' })]);
  });

  test('readable: signed only', () => {
    expect(levels(watch(...srp, ['client', saslBuffer(search(2, 'dc=x'), cipher(16))]))).toEqual([integrity]);
  });
});

describe('midstream', () => {
  test.each([
    ['AES, sealed', saslBuffer(cfx(0x06, 0, 28), cipher(90)), [privacy]],
    ['RC4, sealed', saslBuffer(v1('11001000', 8, cipher(60))), [privacy]],
    ['AES, signed', saslBuffer(signedCfx(search(2, 'dc=x'), 12)), [integrity]],
  ])('%s', (_name, buffer, expected) => {
    const observed = play([['client', buffer]], { port: 389, midstream: true });
    expect(observed.protocol).toBe('ldap');
    expect(levels(observed)).toEqual(expected);
  });

  test('on another port a buffer alone is not LDAP', () => {
    const buffer = saslBuffer(cfx(0x06, 0, 28), cipher(90));
    expect(play([['client', buffer]], { port: 4444, midstream: true }).protocol).not.toBe('ldap');
  });

  test('after lost bytes the next buffer or message is found', () => {
    const sealed = saslBuffer(cfx(0x06, 0, 28), cipher(90));
    const steps: Step[] = [
      ...kerberos,
      ['client', { lost: 500 }],
      ['client', join(cipher(70), sealed, search(9, 'dc=x'))],
    ];
    expect(levels(watch(...steps))).toEqual([privacy, directory]);
  });

  test('a bind that was lost', () => {
    const sealed = saslBuffer(cfx(0x06, 0, 28), cipher(90));
    const observed = watch(['client', search(1, '', 0)], ['client', { lost: 2000 }], ['client', sealed]);
    expect(levels(observed)).toEqual([privacy]);
  });
});
