import { describe, expect, test } from 'vitest';
import { createAttributor } from '../../src/check/attribute.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { between, rulesWith } from '../support/judge-flow.ts';

const usual = rulesWith();
const candidates = (flow: FlowRecord, rules = usual) =>
  createAttributor(rules)(flow).map(({ path, by, portListed }) => [path.id, by, portListed]);
const selections = (flow: FlowRecord, rules = usual) =>
  createAttributor(rules)(flow).map(({ path, selection }) => `${path.id} ${selection}`);

describe('how a candidate was found', () => {
  test('by protocol, by TLS on a port that stands for it, by the port alone', () => {
    expect(candidates(between('hub1', 'hub2', 25, 'smtp'))).toEqual([['hub-to-hub', 'protocol', true]]);
    expect(candidates(between('hub1', 'hub2', 26, 'smtp'))).toEqual([['hub-to-hub', 'protocol', false]]);
    expect(candidates(between('client1', 'cas1', 995, 'tls'))).toEqual([['pop3', 'tls-port', true]]);
    expect(candidates(between('client1', 'hub1', 465, 'tls'))).toEqual([['smtp-client-to-hub', 'tls-port', false]]);
    expect(candidates(between('hub1', 'hub2', 25, ''))).toEqual([['hub-to-hub', 'port-only', true]]);
  });

  test('a path is one candidate, by the carrier that fits best', () => {
    expect(candidates(between('hub1', 'dc1', 3268, 'ldap'))).toEqual([['hub-ad-access', 'protocol', true]]);
    expect(candidates(between('client1', 'hub1', 25, 'smtp'))).toEqual([['smtp-client-to-hub', 'protocol', true]]);
  });

  test('the transport must be the carrier’s', () => {
    expect(candidates(between('hub1', 'hub2', 25, 'smtp', [], { transport: 'udp' }))).toEqual([]);
    expect(candidates(between('hub1', 'dc1', 389, 'cldap', [], { transport: 'udp' }))).toHaveLength(1);
    for (const transport of ['esp', 'ah', 'icmp', 'sctp', 'ip'] as const) {
      expect(candidates(between('hub1', 'hub2', 25, 'smtp', [], { transport }))).toEqual([]);
    }
  });

  test('a range holds its ends', () => {
    for (const [port, listed] of [
      [5074, false],
      [5075, true],
      [5077, true],
      [5078, false],
    ] as const) {
      expect(candidates(between('ocs1', 'cas1', port, 'sip'))).toEqual([['ocs-to-cas', 'protocol', listed]]);
    }
  });

  test('an override takes the place of the port, for its own carriers only', () => {
    const ports = rulesWith('ports: { replication: 70 }\n');
    expect(candidates(between('mbx1', 'mbx2', 70, 'nns'), ports).map(([, , listed]) => listed)).toEqual([true, true]);
    expect(candidates(between('mbx1', 'mbx2', 64327, 'nns'), ports).map(([, , listed]) => listed)).toEqual([
      false,
      false,
    ]);
    expect(candidates(between('hub1', 'hub2', 25, 'smtp'), ports)).toEqual([['hub-to-hub', 'protocol', true]]);
  });

  test('an IPv4 address written inside IPv6 is the same host', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp', [], { client: { address: '::ffff:10.0.0.11', port: 4 } });
    expect(candidates(flow)).toEqual([['hub-to-hub', 'protocol', true]]);
  });
});

const bound = (uuid: string): Fact => ({
  kind: 'described',
  what: 'rpc-interface',
  uuid,
  version: '1.0',
  authType: 10,
  authLevel: 6,
});
const asked = (uuid: string): Fact => ({
  kind: 'described',
  what: 'rpc-endpoint',
  uuid,
  transport: 'tcp',
  address: '10.0.0.31',
  port: 6005,
});
const used = (name: string): Fact => ({ kind: 'described', what: 'resource', name });
// wire-facts.md (c)
const emsmdb = 'a4f1db00-ca47-1067-b31f-00dd010662da';
const winreg = '338cd001-2244-31f1-aaaa-900038001003';
const netlogon = '12345678-1234-abcd-ef00-01234567cffb';
const nobodys = '11111111-2222-3333-4444-555555555555';

describe('which path a flow of a shared carrier belongs to', () => {
  test('an RPC interface selects the paths that list it, and rules the others out', () => {
    expect(selections(between('cas1', 'mbx1', 6005, 'dcerpc', [bound(emsmdb)]))).toEqual([
      'availability-cas-to-mailbox selected',
      'cas-to-mailbox selected',
    ]);
    expect(selections(between('admin1', 'mbx1', 49160, 'dcerpc', [bound(winreg)]))).toEqual([
      'admin-remote-registry selected',
    ]);
    expect(selections(between('hub1', 'dc1', 49160, 'dcerpc', [bound(netlogon)]))).toEqual(['hub-ad-access selected']);
  });

  test('an interface that nobody has named leaves only the paths whose interface nobody has published', () => {
    expect(selections(between('mbx1', 'hub1', 6006, 'dcerpc', [bound(nobodys)]))).toEqual([
      'mailbox-to-hub-mail-submission open',
    ]);
    expect(selections(between('hub1', 'dc1', 6006, 'dcerpc', [bound(nobodys)]))).toEqual([]);
  });

  test('a topology can name it', () => {
    const rules = rulesWith(`interfaces: { "${nobodys}": mail-submission }\n`);
    expect(selections(between('mbx1', 'hub1', 6006, 'dcerpc', [bound(nobodys)]), rules)).toEqual([
      'mailbox-to-hub-mail-submission selected',
    ]);
  });

  test('without a bind any interface path of these roles could be it', () => {
    expect(selections(between('hub1', 'mbx1', 6005, 'dcerpc'))).toContain('hub-to-mailbox-mapi open');
  });

  test('an endpoint mapper call belongs to the paths whose interfaces it asks for', () => {
    expect(selections(between('cas1', 'mbx1', 135, 'epm', [asked(emsmdb)]))).toEqual([
      'availability-cas-to-mailbox selected',
      'cas-to-mailbox selected',
    ]);
    expect(selections(between('cas1', 'mbx1', 135, 'epm')).length).toBeGreaterThan(1);
  });

  test('an HTTP path selects the service, in any case', () => {
    expect(selections(between('client1', 'cas1', 80, 'http', [used('/OWA/auth.owa')]))).toEqual([
      'outlook-web-app selected',
    ]);
    expect(selections(between('client1', 'cas1', 80, 'http', [used('/owa/'), used('/oab/x')]))).toEqual([
      'outlook-oab-download selected',
      'outlook-web-app selected',
    ]);
  });

  test('a path that only begins like one that is listed is another', () => {
    for (const name of ['/oabmail', '/OAB-old/x', '/oab2', '/oab_', '/oab.mail']) {
      expect(selections(between('client1', 'cas1', 80, 'http', [used(name)]))).not.toContain(
        'outlook-oab-download selected',
      );
    }
    for (const name of ['/oab', '/OAB/x']) {
      expect(selections(between('client1', 'cas1', 80, 'http', [used(name)]))).toEqual([
        'outlook-oab-download selected',
      ]);
    }
  });

  test('where no resource tells, every service could be it', () => {
    const selected = selections(between('client1', 'cas1', 80, 'http', [used('/')]));
    expect(selected.length).toBeGreaterThan(3);
    expect(selected.every((text) => text.endsWith(' none'))).toBe(true);
  });

  test('a pipe selects the registry; a share beside it keeps the other use of SMB', () => {
    const pipe = used('\\PIPE\\winreg');
    expect(selections(between('admin1', 'mbx1', 445, 'smb', [pipe]))).toEqual(['admin-remote-registry selected']);
    expect(selections(between('admin1', 'mbx1', 445, 'smb', [pipe, used('\\\\mbx1\\c$')]))).toEqual([
      'admin-remote-registry selected',
      'admin-smb-file none',
    ]);
  });

  test('the share that holds all pipes is no use of its own', () => {
    const flow = between('admin1', 'mbx1', 445, 'smb', [used('\\PIPE\\winreg'), used('\\\\mbx1\\IPC$')]);
    expect(selections(flow)).toEqual(['admin-remote-registry selected']);
  });

  test('files, and what encryption hides, say nothing of the registry', () => {
    expect(selections(between('admin1', 'mbx1', 445, 'smb', [used('\\\\mbx1\\c$')]))).toEqual(['admin-smb-file none']);
    expect(selections(between('admin1', 'mbx1', 445, 'smb'))).toEqual(['admin-smb-file none']);
  });
});
