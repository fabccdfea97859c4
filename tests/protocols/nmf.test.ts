import { describe, expect, test } from 'vitest';
import * as say from '../support/framing-messages.ts';
import { tlsSession } from '../support/handshake.ts';
import { join } from '../support/ldap-messages.ts';
import { play, type Step } from '../support/play.ts';
import { exposed, kinds } from '../support/smtp-dialogues.ts';

const C = (...parts: Uint8Array[]): Step => ['client', join(...parts)];
const S = (...parts: Uint8Array[]): Step => ['server', join(...parts)];
const audit = (...steps: Step[]) => play(steps, { port: 808 });

describe('recognition', () => {
  test('a preamble, on any port', () => {
    expect(play([C(say.preamble())], { port: 9389 }).protocol).toBe('nmf');
  });

  test('a session under way, by a binary SOAP envelope', () => {
    const seen = play([S(say.envelope())], { port: 808, midstream: true });
    expect(seen.protocol).toBe('nmf');
    expect(exposed(seen)).toEqual(['mailbox']);
  });

  test.each([
    ['another version', [0, 2, 0, 1, 2, 2]],
    ['no such mode', [0, 1, 0, 1, 9, 2]],
  ])('%s is none', (_, bytes) => {
    expect(audit(C(Uint8Array.from(bytes))).protocol).toBe('unknown');
  });
});

test('whom the client calls, and how', () => {
  const seen = audit(C(say.preamble()));
  expect(kinds(seen, 'resource', 'peer-name', 'property')).toEqual([
    { kind: 'described', what: 'property', name: 'nmf-mode', value: 2 },
    { kind: 'described', what: 'property', name: 'nmf-via', value: say.via },
    { kind: 'described', what: 'resource', name: '/Microsoft.Exchange.MailboxReplicationService' },
    { kind: 'described', what: 'peer-name', of: 'server', name: 'cas2.example.test' },
    { kind: 'described', what: 'property', name: 'nmf-encoding', value: 8 },
  ]);
  expect(exposed(seen)).toEqual([]);
});

test('an encoding by its name ([MC-NMF] §2.2.3.4.2)', () => {
  const name = Uint8Array.from('application/soap+xml', (letter) => letter.charCodeAt(0));
  const seen = audit(C(say.preamble(), Uint8Array.of(4, name.length), name));
  expect(kinds(seen, 'property')).toContainEqual(expect.objectContaining({ value: 'application/soap+xml' }));
});

describe('envelopes without an upgrade', () => {
  test.each([
    [say.via, 'mailbox'],
    ['net.tcp://dc1:9389/ActiveDirectoryWebServices/Windows/Resource', 'directory'],
    ['net.tcp://host/Other', 'rpc'],
  ])('%s', (to, content) => {
    const seen = audit(C(say.preamble(to), say.preambleEnd), S(say.preambleAck), C(say.envelope()));
    expect(exposed(seen)).toEqual([content]);
  });

  test('in chunks ([MC-NMF] §2.2.4.3)', () => {
    const chunks = Uint8Array.of(5, 3, 1, 2, 3, 2, 4, 5, 0, 7);
    const seen = audit(C(say.preamble(), say.preambleEnd), S(say.preambleAck), C(chunks), S(say.end));
    expect(exposed(seen)).toEqual(['mailbox']);
    expect(seen.blindSpots).toEqual([]);
  });

  test('an envelope larger than what is kept of a message', () => {
    const steps = [
      C(say.preamble(), say.preambleEnd),
      S(say.preambleAck),
      C(say.envelope('x'.repeat(1 << 19)), say.end),
    ];
    expect(audit(...steps).blindSpots).toEqual([]);
  });

  test('a preamble and its answer are no content', () => {
    expect(exposed(audit(C(say.preamble(), say.preambleEnd), S(say.preambleAck), C(say.end), S(say.end)))).toEqual([]);
  });
});

describe('the upgrade', () => {
  test('to TLS', () => {
    const seen = audit(
      C(say.preamble(), say.upgradeRequest('application/ssl-tls')),
      S(say.upgradeResponse),
      ...tlsSession(),
    );
    expect(seen.protocolPath).toEqual(['nmf', 'tls']);
    expect(kinds(seen, 'upgrade-asked', 'upgrade-accepted', 'secured')).toEqual([
      { kind: 'described', what: 'upgrade-asked', verb: 'application/ssl-tls' },
      { kind: 'described', what: 'upgrade-accepted', verb: 'application/ssl-tls', code: '0A' },
      { kind: 'secured', mechanism: 'tls', level: 'privacy' },
    ]);
  });

  test('refused', () => {
    const seen = audit(C(say.preamble(), say.upgradeRequest()), S(say.fault('UpgradeInvalid')));
    expect(kinds(seen, 'refused')).toEqual([
      { kind: 'refused', what: 'upgrade', verb: 'application/negotiate', code: 'UpgradeInvalid' },
    ]);
  });

  test('another fault is none of it', () => {
    const seen = audit(C(say.preamble(), say.preambleEnd), S(say.fault('EndpointNotFound')));
    expect(kinds(seen, 'refused')).toEqual([]);
    expect(kinds(seen, 'property')).toContainEqual(
      expect.objectContaining({ name: 'nmf-fault', value: 'EndpointNotFound' }),
    );
  });

  test('one that nobody knows', () => {
    const seen = audit(
      C(say.preamble(), say.upgradeRequest('application/other')),
      S(say.upgradeResponse),
      C(say.envelope()),
    );
    expect(seen.blindSpots).toMatchObject([{ why: 'left-protocol' }]);
    expect(kinds(seen, 'secured')).toEqual([]);
  });
});
