import { describe, expect, test } from 'vitest';
import type { BlindSpotWhy } from '../../src/flows/blind-spot.ts';
import { answer, between, exposed, judge, report, secured, starttls, tls, tried } from '../support/judge-flow.ts';

/** SMTP that upgrades: the ClientHello is in frame 40, the first protected content in frame 80. */
const mail = (...blind: [BlindSpotWhy, number][]) =>
  judge(between('hub1', 'hub2', 25, 'smtp/tls', starttls(), { blind }), 'hub-to-hub')?.encryption;
/** LDAP that seals: bind in frame 10, the first sealed buffer in frame 20. */
const directory = (...blind: [BlindSpotWhy, number][]) =>
  judge(between('hub1', 'dc1', 389, 'ldap', [tried('kerberos'), secured('sasl')], { blind }), 'hub-ad-access')
    ?.encryption;
const web = (...blind: [BlindSpotWhy, number][]) =>
  judge(between('client1', 'cas1', 443, 'tls', tls(), { blind }), 'outlook-web-app')?.encryption;

const lost = ['gap', 'truncated-capture', 'dropped-frames'] as const;
const all = ['one-direction', ...lost] as const;
const anywhere = ['limit', 'ambiguous-overlap', 'left-protocol'] as const;

describe('rule 13: where the protocol begins in clear', () => {
  test.each(lost)('%s before or at the protection could hide content in clear; after it, it changes nothing', (why) => {
    expect(mail([why, 5])).toBe(`unknown ${why}`);
    expect(mail([why, 80])).toBe(`unknown ${why}`);
    expect(mail([why, 81])).toBe('pass as-expected');
    expect(directory([why, 5])).toBe(`unknown ${why}`);
    expect(directory([why, 20])).toBe(`unknown ${why}`);
    expect(directory([why, 21])).toBe('pass as-expected');
  });

  test('one side that was never captured: wherever that was noticed, it was so from the start', () => {
    for (const frame of [1, 50, 99]) {
      expect(mail(['one-direction', frame])).toBe('unknown one-direction');
      expect(directory(['one-direction', frame])).toBe('unknown one-direction');
    }
  });

  test('a midstream start', () => {
    expect(mail(['midstream', 1])).toBe('unknown midstream');
    expect(directory(['midstream', 1])).toBe('unknown midstream');
  });

  test('content that could not be read is content, also beside sealed buffers', () => {
    expect(directory(['malformed', 5])).toBe('unknown malformed');
    expect(directory(['malformed', 50])).toBe('unknown malformed');
    expect(mail(['malformed', 5])).toBe('unknown malformed');
    expect(mail(['malformed', 40])).toBe('unknown malformed');
  });

  test('but a certificate that could not be read is part of the handshake', () => {
    expect(mail(['malformed', 60])).toBe('pass as-expected');
  });

  test('TLS after TLS that went back to the first protocol protects nothing of that', () => {
    const flow = between('hub1', 'dc1', 389, 'ldap/tls/ldap', starttls(), { blind: [['malformed', 90]] });
    expect(judge(flow, 'hub-ad-access')?.encryption).toBe('unknown malformed');
  });

  test.each([
    ['hub1', 'hub2', 25, 'hub-to-hub'],
    ['hub1', 'dc1', 389, 'hub-ad-access'],
    ['client1', 'hub1', 587, 'smtp-client-to-hub'],
  ] as const)('TLS under way from %s to %s on %d began in clear, unseen', (from, to, port, path) => {
    const flow = between(from, to, port, 'tls', [secured('tls')], { blind: [['midstream', 1]] });
    expect(judge(flow, path)?.encryption).toBe('unknown midstream');
  });

  test('TLS from the first byte on such a port never was in clear', () => {
    expect(judge(between('hub1', 'hub2', 25, 'tls', tls()), 'hub-to-hub')?.encryption).toBe('pass as-expected');
  });
});

describe('rule 13: where the protocol is inside TLS from the first byte', () => {
  test.each(['midstream', ...all, 'malformed'] as const)('%s changes nothing of the encryption', (why) => {
    expect(web([why, 1])).toBe('pass as-expected');
    expect(web([why, 90])).toBe('pass as-expected');
  });

  test('EdgeSync under way on 50636', () => {
    const flow = between('hub1', 'edge1', 50636, 'tls', [secured('tls')], { blind: [['midstream', 1]] });
    expect(judge(flow, 'edgesync-hub-to-edge')).toEqual({
      port: 'pass as-expected',
      authentication: 'unknown inside-encryption',
      encryption: 'pass as-expected',
    });
  });
});

describe('rule 13: what could be anything', () => {
  test.each(anywhere)('%s, before or after protection', (why) => {
    for (const check of [mail, directory, web]) {
      expect(check([why, 1])).toBe(`unknown ${why}`);
      expect(check([why, 95])).toBe(`unknown ${why}`);
    }
  });

  test.each([...all, ...anywhere, 'midstream', 'malformed'] as const)('%s takes no exposure back', (why) => {
    for (const frame of [1, 10, 95]) {
      const facts = [exposed('message'), ...starttls()];
      const flow = between('hub1', 'hub2', 25, 'smtp/tls', facts, { blind: [[why, frame]] });
      expect(judge(flow, 'hub-to-hub')?.encryption).toBe('fail clear-content');
    }
  });

  test.each([...all, ...anywhere, 'midstream', 'malformed'] as const)('%s makes signing no sealing', (why) => {
    const facts = [tried('kerberos'), secured('sasl', 'integrity')];
    const flow = between('hub1', 'dc1', 389, 'ldap', facts, { blind: [[why, 1]] });
    expect(judge(flow, 'hub-ad-access')?.encryption).toBe('fail integrity-only');
  });

  test.each([...all, ...anywhere, 'midstream'] as const)('%s says why nothing was seen', (why) => {
    const flow = between('hub1', 'hub2', 25, 'smtp', [], { blind: [[why, 3]] });
    expect(judge(flow, 'hub-to-hub')?.encryption).toBe(`unknown ${why}`);
    expect(report(flow).blindSpots.map((spot) => spot.why)).toEqual([why]);
  });

  test('of several the most telling one is the reason', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp', [], {
      blind: [
        ['malformed', 3],
        ['gap', 4],
        ['midstream', 1],
      ],
    });
    expect(judge(flow, 'hub-to-hub')?.encryption).toBe('unknown midstream');
  });

  test('one such flow keeps a path from passing', () => {
    const whole = between('hub1', 'hub2', 25, 'smtp/tls', starttls());
    const open = between('hub1', 'hub2', 25, 'smtp/tls', starttls(), { blind: [['midstream', 1]] });
    expect(answer([whole, open], 'hub-to-hub').encryption).toBe('unknown midstream');
  });
});
