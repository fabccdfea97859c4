import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packJsonSchema } from '../../src/check/json-schema.ts';
import { loadPack } from '../../src/check/load-pack.ts';
import { type CheckName, checkNames } from '../../src/check/pack.ts';
import { referenceOf } from '../../src/check/reference.ts';
import { remedyFor } from '../../src/check/remedies.ts';
import type { Reason } from '../../src/check/result.ts';
import { between, report } from '../support/judge-flow.ts';
import { readPack, readPackText } from '../support/read-pack.ts';

const pack = readPack();
const path = (id: string) => pack.paths.find((known) => known.id === id)!;
const carriersOf = (id: string) => path(id).carriers;

describe('exchange-2010 as the wire has it', () => {
  test('a topology may use 16 roles, and what it does not name is external', () => {
    expect(Object.keys(pack.roles).sort()).toEqual(
      'admin adrms backup cas client dc edge external hub ip-gateway legacy-mailbox load-balancer mailbox mapi-client ocs um'.split(
        ' ',
      ),
    );
    expect(pack.unnamedRole).toBe('external');
    expect(pack.accepts).toEqual({ client: ['external', 'mapi-client'] });
  });

  test('every role and path has a title in both languages', () => {
    for (const title of [...Object.values(pack.roles), ...pack.paths.map((known) => known.title)]) {
      expect(title.en).toMatch(/[A-Za-z]/);
      expect(title.ko.length).toBeGreaterThan(1);
    }
  });

  test('every note and remedy is there in both languages', () => {
    for (const { assertion, assertionKo } of pack.notes) {
      expect(assertion).toMatch(/[A-Za-z]/);
      expect(assertionKo).toMatch(/[가-힣]/);
    }
    for (const { title, steps, proof } of pack.remedies) {
      expect(steps.ko).toHaveLength(steps.en.length);
      for (const text of [title.ko, proof.ko, ...steps.ko]) expect(text).toMatch(/[가-힣]/);
    }
  });

  test('every failing reason has a remedy on every protocol that can have it', () => {
    const reference = referenceOf([{ pack, topology: null, roles: null, analyzers: new Set() }]);
    const judged = Object.entries(pack.protocols).map(([name, { notApplicable }]) => ({ name, notApplicable }));
    for (const { name, notApplicable } of judged) {
      const flow = report(between('hub1', 'hub2', 25, name));
      for (const check of checkNames.filter((check) => !notApplicable.includes(check))) {
        if (name === 'kerberos') continue;
        const reasons = { port: ['unlisted-port'], encryption: ['clear-content'], authentication: ['not-supported'] };
        for (const reason of reasons[check]) {
          expect([name, check, remedyFor(reference, flow, check, reason as Reason)?.id]).not.toContain(undefined);
        }
      }
    }
  });

  test('a remedy for one kind of server is not advised for another', () => {
    const reference = referenceOf([{ pack, topology: null, roles: null, analyzers: new Set() }]);
    const flow = report(between('hub1', 'hub2', 135, 'dcerpc'));
    const advised = (role: string) =>
      remedyFor(reference, { ...flow, server: { ...flow.server, roles: [role] } }, 'encryption', 'clear-content')?.id;
    // Set-RpcClientAccess is a cmdlet for Client Access servers
    expect([advised('cas'), advised('dc')]).toEqual(['rpc-encryption', 'rpc-directory-encryption']);
  });

  test('a mail client and its connector are mended, not a Send connector', () => {
    const reference = referenceOf([{ pack, topology: null, roles: null, analyzers: new Set() }]);
    const flow = report(between('client1', 'hub1', 587, 'smtp'));
    const advised = (check: CheckName, reason: Reason) => {
      const { id, commands } = remedyFor(reference, flow, check, reason)!;
      return { id, text: JSON.stringify(commands) };
    };
    const tls = advised('encryption', 'clear-content');
    expect(tls.id).toBe('mail-submission-tls');
    expect(tls.text).toMatch(/Set-ReceiveConnector .* -AuthMechanism .*BasicAuthRequireTLS/);
    expect(tls.text).not.toContain('SendConnector');
    // a password sent was the complaint
    const login = advised('authentication', 'not-supported');
    expect(login.id).toBe('mail-submission-login');
    for (const { text } of [
      login,
      { text: JSON.stringify(reference.remedies.find(({ id }) => id === 'mail-not-authenticated')!.commands) },
    ])
      expect(text.replace(/without [^>]*>/g, '')).not.toContain('BasicAuth');
  });

  test.each(['exchange-2010', 'exchange-2019', 'mail-cleartext'])('%s accuses no device on inference', (name) => {
    const { remedies } = loadPack(name, readFileSync(new URL(`../../rules/${name}.yaml`, import.meta.url), 'utf8'));
    const inferred = remedies.filter(({ for: { upgrade } }) => upgrade?.includes('possibly-stripped'));
    expect(inferred.length).toBeGreaterThan(0);
    for (const { title, steps, at } of inferred) {
      expect(title.en).toContain('Find out why');
      expect(steps.en[0]).toMatch(/^Inferred/);
      expect(at).toBe('between');
    }
  });

  test('ports that are TLS from the first byte, and only they, begin with TLS', () => {
    // RFC 8314 (993, 995), RFC 9110 (443), RFC 3261 (5061); 5062, 5066, 5068 and 50636 by the document's "TLS", "secured", "SSL"
    const implicit = [443, 993, 995, 5061, 5062, 5066, 5068, 5075, 50636];
    for (const carrier of pack.paths.flatMap((known) => known.carriers)) {
      const port = Array.isArray(carrier.port) ? carrier.port[0] : carrier.port;
      expect([port, carrier.begins]).toEqual([port, implicit.includes(Number(port)) ? 'tls' : 'clear']);
    }
  });

  test('each port is spoken by the protocol that IANA registers there', () => {
    const registered: Record<string, string[]> = {
      smtp: ['tcp 25', 'tcp 587'],
      ldap: ['tcp 389', 'tcp 3268'],
      cldap: ['udp 389'],
      kerberos: ['tcp 88', 'udp 88'],
      dns: ['tcp 53', 'udp 53'],
      epm: ['tcp 135'],
      http: ['tcp 80', 'tcp 443'],
      pop3: ['tcp 110', 'tcp 995'],
      imap4: ['tcp 143', 'tcp 993'],
      smb: ['tcp 139', 'tcp 445'],
      sip: ['tcp 5060', 'tcp 5061'],
      heartbeat: ['udp 3343'],
    };
    const spoken = (protocol: string) =>
      pack.paths.flatMap((known) => known.carriers).filter((carrier) => carrier.protocol === protocol);
    for (const [protocol, ports] of Object.entries(registered)) {
      const found = new Set(spoken(protocol).map(({ transport, port }) => `${transport} ${String(port)}`));
      expect([...found]).toEqual(expect.arrayContaining(ports));
    }
    const owners = new Map(Object.entries(registered).flatMap(([name, ports]) => ports.map((port) => [port, name])));
    for (const { transport, port, protocol } of pack.paths.flatMap((known) => known.carriers)) {
      expect(protocol).toBe(owners.get(`${transport} ${String(port)}`) ?? protocol);
    }
  });

  test('135 is followed by a dynamic RPC endpoint of named interfaces on every row', () => {
    const rows = pack.paths.filter((known) => known.carriers.some((carrier) => carrier.port === 135));
    expect(rows).toHaveLength(22);
    for (const row of rows) {
      const endpoint = row.carriers.find((carrier) => carrier.port === 'dynamic' && carrier.protocol === 'dcerpc');
      expect([row.id, endpoint?.interfaces?.length]).not.toEqual([row.id, undefined]);
      expect(endpoint?.interfaces).not.toEqual([]);
    }
    // [MS-NRPC] secure channel: auth type 68 on rows that list "RPC netlogon"
    const netlogon = rows.filter((row) => row.carriers.some((carrier) => carrier.label === 'RPC netlogon'));
    expect(netlogon).toHaveLength(6);
    for (const row of netlogon) {
      expect(row.carriers.find((carrier) => carrier.alsoAccepts)).toMatchObject({
        interfaces: ['netlogon', 'samr', 'lsarpc', 'drsuapi'],
        alsoAccepts: ['netlogon'],
      });
    }
  });

  test('RPC interfaces have the UUIDs of their specifications', () => {
    const uuids = Object.fromEntries(Object.entries(pack.interfaces).map(([name, { uuid }]) => [name, uuid]));
    expect(uuids).toMatchObject({
      emsmdb: 'a4f1db00-ca47-1067-b31f-00dd010662da', // [MS-OXCRPC] §1.9
      'async-emsmdb': '5261574a-4572-206e-b268-6b199213b4e4', // [MS-OXCRPC] §1.9
      nspi: 'f5cc5a18-4264-101a-8c59-08002b2f8426', // [MS-OXNSPI] §1.9
      rfr: '1544f5e0-613c-11d1-93df-00c04fd7bd09', // [MS-OXABREF] §1.9
      netlogon: '12345678-1234-abcd-ef00-01234567cffb', // [MS-NRPC] §2.1
      drsuapi: 'e3514235-4b06-11d1-ab04-00c04fc2dcd2', // [MS-DRSR] §2.1
      winreg: '338cd001-2244-31f1-aaaa-900038001003', // [MS-RRP] §2.1
      clusapi: 'b97db8b2-4c63-11cf-bff6-08002be23f2f', // [MS-CMRP] §1.9
      'cluster-storage': '12108a88-6858-4467-b92f-e6cf4568dfb6', // [MS-CSVP] §2.1
      epmapper: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', // C706 appendix O
    });
    // 99e66040 is a misprint of 99e64010 that one public list has
    expect(Object.values(uuids)).not.toContain('99e66040-b032-11d0-97a4-00c04fd6551d');
  });

  test('Office Communications Server, phone gateways and other organizations also call the other way', () => {
    expect(carriersOf('ocs-to-cas').map(({ port, direction }) => [port, direction])).toEqual([
      [[5075, 5077], 'forward'],
      [5061, 'reverse'],
    ]);
    for (const id of ['um-phone-interaction', 'edge-to-edge']) {
      expect(new Set(carriersOf(id).map((carrier) => carrier.direction))).toEqual(new Set(['either']));
    }
  });

  test('MRS is net.tcp and replication is NNS, whatever the document calls them', () => {
    expect(carriersOf('mailbox-replication-service')).toMatchObject([{ port: 808, protocol: 'nmf' }]);
    for (const id of ['log-shipping', 'seeding']) {
      expect(carriersOf(id)).toMatchObject([{ port: 64_327, protocol: 'nns', customisable: 'replication' }]);
    }
  });

  test('words of the reference stand for what may be seen on the wire', () => {
    const mechanismsOf = (word: string) => pack.authenticationWords[word]?.mechanisms;
    expect(mechanismsOf('basic')).toEqual(['basic', 'login', 'plain', 'simple-bind', 'user-pass']);
    expect(mechanismsOf('integrated-windows')).toEqual(expect.arrayContaining(['kerberos', 'ntlm']));
    expect(mechanismsOf('kerberos')).not.toContain('ntlm');
    expect(mechanismsOf('ntlm')).toEqual(['ntlm']);
    expect(mechanismsOf('anonymous')).toEqual(['anonymous']);
    expect(pack.authenticationWords['ntlm-v2-only']).toMatchObject({ mechanisms: ['ntlm'], exceptVersions: ['v1'] });
    expect(pack.authenticationWords['kerberos-if-colocated']).toMatchObject({
      by: 'never-on-the-wire',
      mechanisms: [],
    });
    expect(pack.authenticationWords['by-ip-address']?.by).toBe('peer-address');
    for (const word of ['direct-trust', 'mtls', 'mtls-required', 'certificate']) {
      expect(pack.authenticationWords[word]?.by).toBe('client-certificate');
    }
  });

  test('what has nothing to judge', () => {
    const exempt = Object.entries(pack.protocols).map(([name, { notApplicable }]) => [name, [...notApplicable].sort()]);
    expect(Object.fromEntries(exempt.filter(([, checks]) => checks!.length > 0))).toEqual({
      cldap: ['authentication', 'encryption'],
      dns: ['authentication', 'encryption'],
      epm: ['authentication', 'encryption'],
      heartbeat: ['authentication', 'encryption'],
      kerberos: ['encryption'],
      rtp: ['authentication'],
      rtcp: ['authentication'],
    });
    expect(pack.protocols.rtp?.notApplicableInClear).toEqual(['encryption']);
    const tlsPorts = Object.values(pack.protocols).flatMap((protocol) => protocol.tlsPorts);
    expect(tlsPorts.sort((a, b) => a - b)).toEqual([443, 465, 636, 993, 995, 3269, 5061]);
  });

  test('rows that no capture can tell apart answer together', () => {
    expect(pack.groups.map((group) => group.paths)).toEqual([
      ['mailbox-ad-access', 'system-attendant-legacy-ad', 'recipient-update-ad'],
      [
        ...['autodiscover', 'availability-service', 'outlook-oab-download', 'outlook-web-app', 'outlook-anywhere'],
        ...['exchange-activesync-client', 'um-web-service'],
      ],
      ['cas-to-cas-activesync', 'cas-to-cas-owa', 'cas-to-cas-ews'],
      ['availability-cas-to-mailbox', 'cas-to-mailbox'],
      ['log-shipping', 'seeding'],
      ['um-to-hub-smtp', 'um-to-hub'],
    ]);
  });

  test('what the document leaves out is known', () => {
    const known = pack.neighbours.map(({ transport, port }) => `${transport} ${port}`);
    expect(known).toEqual(expect.arrayContaining(['tcp 445', 'tcp 464', 'udp 464', 'tcp 636', 'tcp 3269', 'udp 123']));
  });
});

test('the published JSON Schema is current; `npx vitest run -u tests/check/pack.test.ts` renews it', async () => {
  const text = `${JSON.stringify(packJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../rules/pack.schema.json');
  expect(readPackText().split('\n', 1)[0]).toBe('# yaml-language-server: $schema=./pack.schema.json');
});

test('every role, word, interface and note that the pack states is used, or known to be for reports only', () => {
  const used = pack.paths.flatMap((known) => [...known.authentication!.default, ...known.authentication!.supported]);
  expect(new Set(used)).toEqual(new Set(Object.keys(pack.authenticationWords)));
  const named = pack.paths.flatMap((known) => known.carriers.flatMap((carrier) => carrier.interfaces ?? []));
  expect(named).toEqual(expect.arrayContaining(Object.keys(pack.unpublishedInterfaces)));
  expect(new Set(pack.paths.flatMap((known) => known.carriers.map((carrier) => carrier.protocol)))).toEqual(
    new Set(Object.keys(pack.protocols)),
  );
});

test('a pack is read the same with Windows line ends and a byte order mark', () => {
  const text = readFileSync(new URL('../../rules/exchange-2010.yaml', import.meta.url), 'utf8');
  expect(loadPack('x.yaml', `\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(pack);
});
