import { describe, expect, test } from 'vitest';
import { observe } from '../../src/check/observe.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import { between, exposed, nothingToUpgrade, offers, secured, starttls, tls, upgraded } from '../support/judge-flow.ts';

const seen = (facts: Fact[], some: Parameters<typeof between>[5] = {}, path = 'smtp/tls') =>
  observe(between('hub1', 'hub2', 25, path, facts, some));

describe('protection', () => {
  test.each([
    ['nothing', [], 'unknown', null],
    ['content in clear', [exposed('message')], 'none', null],
    ['privacy', [secured('starttls')], 'privacy', 'starttls'],
    ['integrity beside privacy', [secured('sasl'), secured('smb-signing', 'integrity')], 'integrity', 'smb-signing'],
    ['a password in clear beside privacy', [exposed('credentials'), secured('starttls')], 'none', null],
  ] as const)('%s', (_name, facts, protection, mechanism) => {
    expect(seen([...facts])).toMatchObject({ protection, mechanism });
  });
});

describe('upgrade', () => {
  const asked = (verb: 'STARTTLS' | 'X-ANONYMOUSTLS'): Fact => ({ kind: 'described', what: 'upgrade-asked', verb });
  const refused: Fact = { kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: '454' };

  test('none was spoken of', () => {
    expect(seen([exposed('message')]).upgrade).toBeNull();
  });

  test('offered only, asked and refused, asked and agreed', () => {
    expect(seen([offers()]).upgrade).toMatchObject({ offered: true, asked: false, accepted: false });
    expect(seen([offers(), asked('STARTTLS'), refused]).upgrade).toMatchObject({
      asked: true,
      accepted: false,
      refusedWith: '454',
      frames: { offered: 10, asked: 20, refused: 30 },
    });
    expect(seen(upgraded()).upgrade).toMatchObject({
      verb: 'STARTTLS',
      accepted: true,
      refusedWith: null,
      frames: { offered: 10, asked: 20, accepted: 30 },
    });
  });

  test('of two verbs each keeps to itself: the one that was agreed on is told', () => {
    const facts = [offers(), offers('X-ANONYMOUSTLS'), asked('STARTTLS'), refused, ...upgraded('X-ANONYMOUSTLS')];
    expect(seen(facts).upgrade).toMatchObject({
      verb: 'X-ANONYMOUSTLS',
      offered: true,
      asked: true,
      accepted: true,
      refusedWith: null,
    });
    const both = [offers(), offers('X-ANONYMOUSTLS'), asked('X-ANONYMOUSTLS')];
    expect(seen(both).upgrade).toMatchObject({ verb: 'X-ANONYMOUSTLS', asked: true, accepted: false });
  });

  test('what POP3 does not offer is called STLS (RFC 2595)', () => {
    expect(seen([nothingToUpgrade], {}, 'pop3').upgrade).toMatchObject({ verb: 'STLS', offered: false });
    expect(seen([nothingToUpgrade], {}, 'imap4').upgrade).toMatchObject({ verb: 'STARTTLS', offered: false });
  });

  test('an overwritten capability may have been the offer', () => {
    const masked: Fact = { kind: 'described', what: 'masked-capability', text: 'XXXXXXXX' };
    expect(seen([masked, nothingToUpgrade]).upgrade).toMatchObject({ offered: false, possiblyStripped: true });
    expect(seen([masked, ...upgraded()]).upgrade).toMatchObject({ possiblyStripped: false });
    expect(seen([nothingToUpgrade]).upgrade).toMatchObject({
      offered: false,
      possiblyStripped: false,
      frames: { capabilities: 10 },
    });
  });
});

describe('TLS', () => {
  test('none', () => {
    expect(seen([exposed('message')]).tls).toBeNull();
  });

  test('what a full handshake of TLS 1.2 shows', () => {
    expect(seen(starttls()).tls).toMatchObject({
      version: 0x0303,
      finished: true,
      resumed: false,
      clientCertificateRequested: false,
      clientCertificate: false,
    });
    expect(seen(starttls({ refuse: true })).tls).toMatchObject({
      clientCertificateRequested: true,
      clientCertificate: false,
    });
    expect(seen(starttls({ client: 'a'.repeat(64) })).tls).toMatchObject({
      clientCertificateRequested: true,
      clientCertificate: true,
    });
  });

  test.each([
    ['resumption', { resumed: true }],
    ['TLS 1.3', { version: 0x0304 }],
    ['an end that was not seen', { finished: false, content: false }],
  ])('%s leaves open whether a client certificate was asked for or shown', (_name, some) => {
    expect(seen(tls('tls', some), {}, 'tls').tls).toMatchObject({
      clientCertificateRequested: null,
      clientCertificate: null,
    });
  });
});
