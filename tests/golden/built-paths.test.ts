import { describe, expect, test } from 'vitest';
import { noise } from '../protocols/tls/builder.ts';
import { apReq, krbToken } from '../support/gss-tokens.ts';
import { tlsSession } from '../support/handshake.ts';
import { addressOf, type HostName, report } from '../support/judge-flow.ts';
import {
  bindResponse,
  entry,
  extendedRequest,
  extendedResponse,
  saslBind,
  saslBuffer,
  search,
  searchDone,
  simpleBind,
  startTls,
} from '../support/ldap-messages.ts';
import { play, type Step } from '../support/play.ts';
import { C, opening, S } from '../support/smtp-dialogues.ts';

/**
 * Dialogues between hosts of every role whose paths have an analyzer, played through protocols and checker. What is
 * expected follows from docs and reference: roles give the path, then port, authentication, encryption.
 */
function judged(from: HostName, to: HostName, port: number, steps: readonly Step[]): string[] {
  const client = { address: addressOf(from), port: 40_000 };
  const server = { address: addressOf(to), port };
  const { results } = report({ ...play(steps, { port }).record, client, server });
  const paths = [...new Set(results.map((row) => row.path))];
  return paths.map((path) =>
    [path, ...results.filter((row) => row.path === path).map(({ result, reason }) => `${result}:${reason}`)].join(' '),
  );
}

const mail = [C('MAIL FROM:<a@example.com>'), S('250 2.1.0 Ok')];
const plain = [C('EHLO a'), S('250-mail', '250 SIZE')];
const greeting = opening[0]!;
const ticket = krbToken(0x0100, apReq('EXAMPLE.COM', ['SMTPSVC', 'hub2.example.com'], 18));
const kerberos = [
  C(`X-EXPS GSSAPI ${Buffer.from(ticket).toString('base64')}`),
  S('334 YWFh'),
  C(''),
  S('235 2.7.0 Authentication successful'),
];
const upgraded: Step[] = [...opening, C('STARTTLS'), S('220 2.0.0 Ready'), ...tlsSession()];
const anonymousTls: Step[] = [...opening, C('X-ANONYMOUSTLS'), S('220 2.0.0 Ready'), ...tlsSession()];
const login = [C('AUTH LOGIN YWxpY2U='), S('334 UGFzc3dvcmQ6'), C('c2VjcmV0'), S('235 Ok')];
const bound: Step[] = [
  ['client', saslBind(1, 'GSS-SPNEGO', krbToken(0x0100, apReq('EXAMPLE.COM', ['ldap', 'dc1.example.com'], 18)))],
  ['server', bindResponse(1, 0)],
];
// RFC 4121 §4.2.6.2: flags 02 say that what follows is sealed
const sealed = saslBuffer(Uint8Array.of(5, 4, 2, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), noise(60, 9));
const entries: Step[] = [
  ['client', search(2, 'dc=example,dc=com')],
  ['server', entry(2, 'cn=alice,dc=example,dc=com', { mail: ['alice@example.com'] })],
];

describe('from a dialogue to its verdict', () => {
  test.each<[string, HostName, HostName, number, Step[], string[]]>([
    [
      'hub to hub, Kerberos in clear, then TLS',
      'hub1',
      'hub2',
      25,
      [...opening, ...kerberos, ...upgraded.slice(3)],
      ['hub-to-hub pass:as-expected pass:as-expected pass:as-expected'],
    ],
    [
      'hub to hub, X-ANONYMOUSTLS: the login is inside',
      'hub1',
      'hub2',
      25,
      anonymousTls,
      ['hub-to-hub pass:as-expected unknown:inside-encryption pass:as-expected'],
    ],
    [
      'hub to hub, Kerberos and no TLS',
      'hub1',
      'hub2',
      25,
      [...opening, ...kerberos, ...mail],
      ['hub-to-hub pass:as-expected pass:as-expected fail:clear-content'],
    ],
    [
      'hub to hub on another port',
      'hub1',
      'hub2',
      2525,
      upgraded,
      ['hub-to-hub fail:unlisted-port unknown:inside-encryption pass:as-expected'],
    ],
    [
      'hub to hub, a suite without encryption',
      'hub1',
      'hub2',
      25,
      [...upgraded.slice(0, 5), ...tlsSession(0x003b)],
      ['hub-to-hub pass:as-expected unknown:inside-encryption fail:integrity-only'],
    ],
    [
      'hub to edge, nobody asked for a certificate',
      'hub1',
      'edge1',
      25,
      upgraded,
      ['hub-to-edge pass:as-expected fail:no-client-certificate pass:as-expected'],
    ],
    [
      'edge to hub in clear',
      'edge1',
      'hub1',
      25,
      [...opening, ...mail],
      ['edge-to-hub pass:as-expected fail:not-authenticated fail:clear-content'],
    ],
    [
      'edge to a partner that offers nothing',
      'edge1',
      'partner',
      25,
      [greeting, ...plain, ...mail],
      ['edge-to-edge pass:as-expected pass:as-expected informational:not-offered'],
    ],
    [
      'edge to a partner that does not know EHLO',
      'edge1',
      'partner',
      25,
      [greeting, C('EHLO a'), S('500 No'), C('HELO a'), S('250 Ok'), ...mail],
      ['edge-to-edge pass:as-expected pass:as-expected informational:not-offered'],
    ],
    [
      'edge to a partner whose offer it does not take',
      'edge1',
      'partner',
      25,
      [...opening, ...mail],
      ['edge-to-edge pass:as-expected pass:as-expected fail:clear-content'],
    ],
    [
      'a partner to an edge that offers nothing',
      'partner',
      'edge1',
      25,
      [greeting, ...plain, ...mail],
      ['edge-to-edge pass:as-expected pass:as-expected fail:clear-content'],
    ],
    [
      'a client that shows its password',
      'desk',
      'hub1',
      587,
      [...opening, ...login, ...mail],
      ['smtp-client-to-hub pass:as-expected fail:not-supported fail:clear-content'],
    ],
    [
      'hub to domain controller, sealed',
      'hub1',
      'dc1',
      389,
      [...bound, ['client', sealed], ['server', sealed]],
      ['hub-ad-access pass:as-expected pass:as-expected pass:as-expected'],
    ],
    [
      'CAS to global catalog, Kerberos without a layer',
      'cas1',
      'dc1',
      3268,
      [...bound, ...entries],
      ['cas-ad-access pass:as-expected pass:as-expected fail:clear-content'],
    ],
    [
      'UM to domain controller, a password in clear',
      'um1',
      'dc1',
      389,
      [['client', simpleBind(1, 'cn=um', 'secret')], ['server', bindResponse(1, 0)], ...entries],
      ['um-ad-access pass:as-expected fail:not-supported fail:clear-content'],
    ],
    [
      'hub to domain controller, the root DSE alone',
      'hub1',
      'dc1',
      389,
      [
        ['client', search(1, '', 0)],
        ['server', searchDone(1)],
      ],
      ['hub-ad-access pass:as-expected unknown:no-content unknown:no-content'],
    ],
    [
      'hub to domain controller, StartTLS',
      'hub1',
      'dc1',
      389,
      [['client', extendedRequest(1, startTls)], ['server', extendedResponse(1, 0)], ...tlsSession()],
      ['hub-ad-access pass:as-expected unknown:inside-encryption pass:as-expected'],
    ],
    [
      'EdgeSync inside TLS',
      'hub1',
      'edge1',
      50_636,
      tlsSession(),
      ['edgesync-hub-to-edge pass:as-expected unknown:inside-encryption pass:as-expected'],
    ],
    [
      'EdgeSync to the clear port from afar',
      'hub1',
      'edge1',
      50_389,
      [['client', simpleBind(1, 'cn=esra', 'secret')], ['server', bindResponse(1, 0)], ...entries],
      ['edgesync-hub-to-edge fail:unlisted-port pass:as-expected fail:clear-content'],
    ],
    ['a client that reads the directory: no path', 'desk', 'dc1', 389, entries, []],
    ['two clients between themselves: no path', 'desk', 'desk2', 25, [...opening, ...mail], []],
  ])('%s', (_, from, to, port, steps, expected) => {
    expect(judged(from, to, port, steps)).toEqual(expected);
  });

  test('rows that no capture can tell apart are all judged alike', () => {
    const rows = judged('mbx1', 'dc1', 389, [...bound, ['client', sealed]]);
    expect(rows.map((row) => row.split(' ')[0])).toEqual([
      'mailbox-ad-access',
      'system-attendant-legacy-ad',
      'recipient-update-ad',
    ]);
    for (const row of rows) expect(row).toMatch(/ pass:as-expected pass:as-expected pass:as-expected$/);
  });
});
