import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadPack } from '../../src/check/load-pack.ts';
import type { CheckName } from '../../src/check/pack.ts';
import { type Remedy, referenceOf } from '../../src/check/reference.ts';
import { remedyFor } from '../../src/check/remedies.ts';
import type { Reason } from '../../src/check/result.ts';
import type { AuthenticationMechanism, Fact } from '../../src/protocols/fact.ts';
import { passwordRemedy } from '../../src/report/password-remedy.ts';
import { between, exposed, offers, report, secured, tried } from '../support/judge-flow.ts';
import { readPack } from '../support/read-pack.ts';

/** What an administrator of Exchange and Windows knows of the commands that the packs name. */

const pack = readPack();
const reference = referenceOf([{ pack, topology: null, roles: null, analyzers: new Set() }]);
const packs = ['exchange-2010', 'exchange-2019'].map((name) =>
  loadPack(name, readFileSync(new URL(`../../rules/${name}.yaml`, import.meta.url), 'utf8')),
);
const runs = ({ commands }: Remedy) => commands.map((command) => (typeof command === 'string' ? command : command.run));
const text = (remedy: Remedy) => JSON.stringify([remedy.steps.en, remedy.commands]);

function advised(flow: Parameters<typeof report>[0], check: CheckName, reason: Reason): Remedy {
  return remedyFor(reference, report(flow), check, reason)!;
}

describe('two remedies on one Receive connector', () => {
  // Set-ReceiveConnector: AuthMechanism and PermissionGroups take the whole list
  const lists = packs.map(({ remedies }) =>
    remedies.flatMap((remedy) =>
      runs(remedy)
        .filter((run) => run.startsWith('Set-ReceiveConnector'))
        .flatMap((run) => [...run.matchAll(/-(AuthMechanism|PermissionGroups) (<[^>]*>|[^ ]+)([^ ]*)/g)])
        .map(([, parameter, start, more]) => ({ remedy, parameter: parameter!, start: start!, more: more! })),
    ),
  );

  test.each(lists)('start from what is set, after it was shown', (...found) => {
    expect(found.length).toBeGreaterThan(3);
    for (const { remedy, parameter, start } of found) {
      expect([remedy.id, start]).toEqual([remedy.id, expect.stringMatching(/^<the list shown/)]);
      expect(runs(remedy)[0]).toMatch(new RegExp(`^Get-ReceiveConnector .*${parameter}`));
    }
  });

  test.each(lists)('take out nothing that the other puts in', (...found) => {
    const added = new Set(found.flatMap(({ more }) => more.split(',').filter((name) => name !== '')));
    const removed = found.flatMap(({ start }) => /without (.*)>/.exec(start)?.[1]?.split(' and ') ?? []);
    expect([...added]).toEqual(expect.arrayContaining(['Tls', 'ExchangeServer']));
    expect(removed.length).toBeGreaterThan(0);
    for (const name of removed) expect(added).not.toContain(name);
  });
});

describe('mail', () => {
  const clear = [offers(), exposed('message')];

  test('between Hub Transport servers goes by no Send connector that a cmdlet shows', () => {
    const hubs = advised(between('hub1', 'hub2', 25, 'smtp', clear), 'encryption', 'clear-content');
    expect(runs(hubs).join('\n')).not.toContain('SendConnector');
    expect(text(hubs)).toContain('SuppressXAnonymousTls');
    expect(text(hubs)).toContain('UseDowngradedExchangeServerAuth');
    const edge = advised(between('edge1', 'hub1', 25, 'smtp', clear), 'encryption', 'clear-content');
    expect(runs(edge).join('\n')).toContain('Set-SendConnector');
  });

  // Set-ReceiveConnector: Exchange servers log in by ExchangeServer, and send as ExchangeServers
  test('what a connector of Exchange servers needs is in the command, and only for such', () => {
    for (const { remedies } of packs) {
      const { commands } = remedies.find(({ id }) => id === 'mail-not-authenticated')!;
      const set = commands.find((command) => typeof command !== 'string' && command.run.startsWith('Set-Receive'));
      expect(set).toMatchObject({
        run: expect.stringMatching(/-AuthMechanism <[^>]*>,ExchangeServer -PermissionGroups <[^>]*>,ExchangeServers$/),
        note: { en: expect.stringMatching(/for others without/) },
      });
    }
  });

  // a login inside TLS is in no capture, and the remedy of encryption asks for TLS before it
  test('a login of a mail client is looked for in the log of the server', () => {
    const tried235 = between('client1', 'hub1', 587, 'smtp', [tried('plain')]);
    const login = advised(tried235, 'authentication', 'not-supported');
    expect(login.id).toBe('mail-submission-login');
    expect(login.proof.en).toMatch(/^A TLS handshake comes before AUTH\. .*protocol log/);
    expect(runs(login).join('\n')).toMatch(/-ProtocolLoggingLevel Verbose\n.*ReceiveProtocolLogPath/);
    // EHLO of Exchange 2010 lists AUTH NTLM, LOGIN and GSSAPI
    expect(text(login)).toMatch(/not PLAIN.*another program.*netstat -a/);
  });

  test('an Edge subscription is imported where it was only written', () => {
    for (const { remedies } of packs) {
      const commands = runs(remedies.find(({ id }) => id === 'mail-client-certificate')!).join('\n');
      expect(commands).toMatch(/New-EdgeSubscription -FileName .*\n.*New-EdgeSubscription -FileData .* -Site /);
    }
  });
});

describe('POP3 and IMAP4', () => {
  const flow = (facts: Fact[]) => between('client1', 'cas1', 110, 'pop3', facts);
  const used = advised(flow([offers('STLS'), exposed('credentials')]), 'encryption', 'clear-content');

  test('a password that crossed before TLS is mended at both ends', () => {
    expect(used.at).toBe('both');
    expect(used.steps.en[0]).toMatch(/require TLS/);
    expect(runs(used).join('\n')).toContain('-Services POP,IMAP');
    expect(text(used)).toMatch(/<name>: a host name \(FQDN\) on that certificate/);
  });

  test('an offer that was perhaps taken out is told as it is for mail', () => {
    const masked: Fact = { kind: 'described', what: 'masked-capability', text: 'XXXX' };
    const { id, at, steps } = advised(flow([masked, exposed('credentials')]), 'encryption', 'clear-content');
    expect([id, at]).toEqual(['pop-imap-tls-stripped', 'between']);
    expect(steps.en.join(' ')).toContain('record at both ends');
  });

  test('a port of its own is no question of secure login', () => {
    expect(advised(flow([]), 'port', 'unlisted-port').id).toBe('unlisted-port');
  });
});

describe('directories', () => {
  const dc = (facts: Fact[], protocol = 'ldap') => between('hub1', 'dc1', 389, protocol, facts);

  // [MS-ADTS] 5.1.1.1, KB 935834: LDAPServerIntegrity 2 requires signing, of which sealing is no part
  test('what is signed already is not mended by requiring signing', () => {
    const signed = advised(dc([tried('kerberos'), secured('sasl', 'integrity')]), 'encryption', 'integrity-only');
    expect(signed.at).toBe('client');
    expect(runs(signed).join('\n')).not.toContain('LDAPServerIntegrity');
    const clear = advised(dc([exposed('directory')]), 'encryption', 'clear-content');
    expect(clear.at).toBe('both');
    expect(runs(clear).join('\n')).not.toMatch(/Set-ItemProperty .*LDAPServerIntegrity/);
    expect(text(clear)).toMatch(/Group Policy/);
    expect(text(clear)).toMatch(/has sent its password already/);
  });

  // RFC 4511 §4.14: STARTTLS is known where TLS is supported; a password in the bind itself is lost before any sealing
  test('a password in the bind is gone before what is sealed after it, and TLS needs a certificate', () => {
    const clear = advised(dc([tried('simple-bind'), exposed('credentials')]), 'encryption', 'clear-content');
    expect(clear.id).toBe('directory-protection');
    expect(clear.proof.en).toMatch(/^No simple bind goes before TLS/);
    expect(clear.steps.en.join(' ')).toMatch(/needs a certificate .* which program answers on 389/);
    expect(runs(clear).join('\n')).toMatch(/certutil -v -store My\nnetstat -a -b -n$/);
  });

  test('plain LDAP to an Edge server is no EdgeSync, which no command of EdgeSync cures', () => {
    const edge = advised(
      between('hub1', 'edge1', 50_636, 'ldap', [exposed('directory')]),
      'encryption',
      'clear-content',
    );
    expect(edge.id).toBe('edge-directory-plain');
    expect(runs(edge).join('\n')).not.toContain('Start-EdgeSynchronization');
    expect(runs(edge).join('\n')).toContain('netstat -a');
  });

  // New-EdgeSubscription makes the ESRA accounts and their passwords; the file lasts 1440 minutes
  test('a password of an Edge subscription is renewed with it, once nothing sends it in clear', () => {
    for (const { remedies } of packs) {
      const edge = remedies.find(({ id }) => id === 'edge-directory-plain')!;
      expect(edge.steps.en[1]).toMatch(/Take it off, or let it use TLS, before all else/);
      expect(edge.steps.en.at(-1)).toMatch(/once that program is gone.*within 24 hours.*overwrites/);
      expect(runs(edge).join('\n')).toMatch(
        /netstat(.|\n)*New-EdgeSubscription -FileName .*\nNew-EdgeSubscription -FileData .* -Site /,
      );
    }
  });

  // an instance identifier holds severity and facility beside the number; 2889 is for unsigned SASL and clear simple binds
  test('events are asked for by their number, and 2889 for what it logs', () => {
    for (const { remedies } of packs) for (const remedy of remedies) expect(text(remedy)).not.toContain('InstanceId');
    const bind = advised(dc([tried('simple-bind')]), 'authentication', 'not-supported');
    expect(runs(bind).join('\n')).toContain("Get-WinEvent -FilterHashtable @{LogName='Directory Service';Id=2889}");
    for (const protocol of ['ldap', 'dcerpc']) {
      const ntlm = advised(dc([tried('ntlm')], protocol), 'authentication', 'not-supported');
      expect([ntlm.id, runs(ntlm).join('\n')]).toEqual(['directory-kerberos', expect.not.stringContaining('2889')]);
    }
  });
});

describe('web', () => {
  const web = (check: CheckName, reason: Reason) =>
    advised(between('client1', 'cas1', 80, 'http', [exposed('web')]), check, reason);

  test('HTTPS: the module first, the flags kept, the client too, remote PowerShell left out', () => {
    const ssl = web('encryption', 'clear-content');
    const commands = runs(ssl);
    expect(commands[0]).toBe('Import-Module WebAdministration');
    expect(commands.find((run) => run.startsWith('Set-WebConfigurationProperty'))).toContain('Ssl128');
    expect(ssl.at).toBe('both');
    expect(ssl.steps.en.join(' ')).toMatch(/Leave out \/PowerShell/);
  });

  test('authentication: each virtual directory can be looked at, and one be changed', () => {
    for (const reason of ['not-authenticated', 'not-supported'] as const) {
      const commands = runs(web('authentication', reason)).join('\n');
      for (const name of ['Autodiscover', 'Owa', 'WebServices', 'ActiveSync', 'Oab'])
        expect(commands).toContain(`Get-${name}VirtualDirectory`);
      expect(commands).toContain('Get-OutlookAnywhere');
    }
    expect(runs(web('authentication', 'not-supported')).join('\n')).toMatch(/^Set-/m);
  });
});

// once a change brings the offer back, nothing is left to tell the server from a device on the way
test('an offer that is missing is recorded at both ends before anything is changed', () => {
  for (const { remedies } of packs) {
    for (const { id, steps } of remedies.filter(({ at }) => at === 'between')) {
      expect([id, steps.en[1]]).toEqual([
        id,
        expect.stringMatching(/^Before you change anything, record at both ends/),
      ]);
      expect([id, steps.ko[1]]).toEqual([id, expect.stringMatching(/^무엇이든 변경하기 전에 양쪽 끝에서 기록/)]);
      expect(steps.en.slice(2).join(' ')).not.toMatch(/[Rr]ecord at both/);
    }
  }
});

// netstat -p takes tcp or tcpv6, and shows no connection of the other
test('what listens on a port is looked for over IPv4 and IPv6', () => {
  const all = [...packs.flatMap(({ remedies }) => remedies), passwordRemedy].flatMap(runs);
  const netstat = all.filter((run) => run.startsWith('netstat'));
  expect(netstat.length).toBeGreaterThan(10);
  for (const run of netstat) expect(run).not.toMatch(/-p\b/);
});

test('faults that have nothing in common have remedies of their own', () => {
  const smb = (mechanism: AuthenticationMechanism) => between('admin1', 'mbx1', 445, 'smb', [tried(mechanism)]);
  const found = [
    advised(smb('guest'), 'authentication', 'not-supported'),
    advised(smb('anonymous'), 'authentication', 'not-authenticated'),
    advised(between('cas1', 'cas2', 808, 'nmf', [exposed('mailbox')]), 'authentication', 'not-authenticated'),
    advised(between('client1', 'cas1', 40_003, 'dcerpc', [exposed('rpc')]), 'authentication', 'not-authenticated'),
    advised(between('mbx1', 'dc1', 49_154, 'dcerpc', [exposed('rpc')]), 'authentication', 'not-authenticated'),
  ];
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  for (const remedy of found) expect(runs(remedy).join('\n')).not.toMatch(/setspn|w32tm/);
});
