import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { topologyJsonSchema } from '../../src/check/json-schema.ts';
import { RuleError } from '../../src/check/load-yaml.ts';
import { customisablePorts, loadTopology } from '../../src/check/topology.ts';
import { ownCaptures } from '../support/folders.ts';
import { readPack } from '../support/read-pack.ts';

const pack = readPack();
const roles = Object.keys(pack.roles);
const load = (text: string) => loadTopology('topology.yaml', text, roles, customisablePorts(pack));

function mistakes(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    expect(error).toBeInstanceOf(RuleError);
    return (error as RuleError).message.split('\n');
  }
  return [];
}

test('all that a topology may say', () => {
  const edgePrint = '0123456789abcdef'.repeat(4);
  const topology = load(`
hosts:
  - name: hub1
    addresses: [10.0.0.11, "FD00:0:0::11"]
    roles: [hub, mailbox]
    site: seoul
networks:
  - cidr: 10.1.0.0/16
    roles: [client]
ports: { replication: 50000 }
gateways: [10.0.0.80, "::ffff:10.0.0.81"]
interfaces: { "A4F1DB00-CA47-1067-B31F-00DD010662DB": mail-submission }
thumbprints:
  edge1:
    - ${edgePrint}
    - "${edgePrint.toUpperCase().match(/../g)!.join(':')}"
`);
  expect(topology).toEqual({
    hosts: [{ name: 'hub1', addresses: ['10.0.0.11', 'fd00::11'], roles: ['hub', 'mailbox'], site: 'seoul' }],
    networks: [{ cidr: '10.1.0.0/16', roles: ['client'] }],
    ports: { replication: 50_000 },
    gateways: ['10.0.0.80', '10.0.0.81'],
    interfaces: { 'a4f1db00-ca47-1067-b31f-00dd010662db': 'mail-submission' },
    thumbprints: { edge1: [edgePrint, edgePrint] },
  });
});

test('what it does not say is empty', () => {
  expect(load('hosts: []')).toEqual({
    hosts: [],
    networks: [],
    ports: {},
    gateways: [],
    interfaces: {},
    thumbprints: {},
  });
});

test.each(['smtp', 'directory'])('the topology beside our own captures of %s', (theme) => {
  const text = readFileSync(`${ownCaptures}${theme}/topology.yaml`, 'utf8');
  expect(load(text).hosts.map((host) => host.name)).toContain('hub1');
});

describe('a mistake is told with its place, what is wrong and what would be right', () => {
  const host = (rest: string) => `hosts:\n  - { name: a, ${rest} }\n`;

  test.each(['10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.1/24', '10.0.0.1:25', 'fd00::1::2', 'fe80::1%eth0', 'hub1'])(
    'an address that cannot be: %s',
    (address) => {
      const message = `"${address}" is no address; write one like 10.0.0.11 or fd00::11`;
      expect(mistakes(host(`addresses: ["${address}"], roles: [hub]`))).toEqual([`topology.yaml:2:28: ${message}`]);
      expect(mistakes(`gateways: ["${address}"]`)).toEqual([`topology.yaml:1:12: ${message}`]);
    },
  );

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/08', 'fd00::/129', '/8', '10.0.0.0/8/8', '10.0.0/8'])(
    'a network that cannot be: %s',
    (cidr) => {
      expect(mistakes(`networks: [{ cidr: "${cidr}", roles: [hub] }]`)).toEqual([
        `topology.yaml:1:20: "${cidr}" is no network; write one like 10.1.0.0/16 or fd00:1::/64`,
      ]);
    },
  );

  test('an address where a network is meant', () => {
    expect(mistakes('networks: [{ cidr: 10.1.2.3/17, roles: [hub] }]')).toEqual([
      'topology.yaml:1:20: "10.1.2.3/17" is an address inside a network; the network is 10.1.0.0/17',
    ]);
    expect(mistakes('networks: [{ cidr: "fd00::5/64", roles: [hub] }]')).toEqual([
      'topology.yaml:1:20: "fd00::5/64" is an address inside a network; the network is fd00::/64',
    ]);
  });

  test('one address of two hosts, however it is written', () => {
    const two = (a: string, b: string) =>
      mistakes(
        `hosts:\n  - { name: a, addresses: ["${a}"], roles: [hub] }\n  - { name: b, addresses: ["${b}"], roles: [hub] }\n`,
      );
    expect(two('10.0.0.1', '10.0.0.2')).toEqual([]);
    for (const [a, b] of [
      ['10.0.0.1', '10.0.0.1'],
      ['10.0.0.1', '::ffff:10.0.0.1'],
      ['fd00::1', 'FD00:0:0:0::0001'],
    ] as const) {
      expect(two(a, b)).toEqual([
        `topology.yaml:3:28: "${b}" already stands on line 2 as an address of a; an address belongs to one host`,
      ]);
    }
  });

  test('a host or a network twice', () => {
    expect(
      mistakes(
        'hosts:\n  - { name: a, addresses: [::1], roles: [hub] }\n  - { name: A, addresses: [::2], roles: [hub] }\n',
      ),
    ).toEqual(['topology.yaml:3:13: "A" already stands on line 2; a host stands here once, under one name']);
    const network = '  - { cidr: 10.0.0.0/8, roles: [hub] }\n';
    expect(mistakes(`networks:\n${network}${network}`)).toEqual([
      'topology.yaml:3:13: "10.0.0.0/8" already stands on line 2; a network stands here once',
    ]);
  });

  test('a role that the pack does not have', () => {
    const list = `Use one of: ${roles.join(', ')}`;
    expect(mistakes(host('addresses: [10.0.0.1], roles: [hbu]'))).toEqual([
      `topology.yaml:2:47: no role is called "hbu"; did you mean "hub"? ${list}`,
    ]);
    expect(mistakes('networks:\n  - cidr: 10.0.0.0/8\n    roles: [client, clinet]\n')).toEqual([
      `topology.yaml:3:21: no role is called "clinet"; did you mean "client"? ${list}`,
    ]);
  });

  test('a host without address or role', () => {
    expect(mistakes(host('addresses: [], roles: [hub]'))).toEqual([
      'topology.yaml:2:27: addresses a list of nothing is not right; it is at least 1 item',
    ]);
    expect(mistakes(host('addresses: [::1]'))).toEqual(['topology.yaml:2:5: roles is missing; it is a list']);
  });

  test('unknown keys, ports, interfaces and thumbprints', () => {
    expect(mistakes('host: []\nport: {}\n')).toEqual([
      'topology.yaml:1:1: unknown key "host"; did you mean "hosts"? Use one of: hosts, networks, ports, gateways, interfaces, thumbprints',
      'topology.yaml:2:1: unknown key "port"; did you mean "ports"? Use one of: hosts, networks, ports, gateways, interfaces, thumbprints',
    ]);
    expect(mistakes('ports: { replicaton: 5000 }')).toEqual([
      'topology.yaml:1:10: no port is called "replicaton"; did you mean "replication"? Use one of: replication',
    ]);
    expect(mistakes('ports: { replication: 65536 }')).toEqual([
      'topology.yaml:1:23: replication 65536 is not right; it is a whole number from 1 to 65535',
    ]);
    expect(mistakes('interfaces: { emsmdb: x }')).toEqual([
      'topology.yaml:1:15: "emsmdb" is no good key; it is a UUID',
    ]);
    expect(mistakes('thumbprints: { edge1: [abcd] }')).toEqual([
      'topology.yaml:1:24: edge1[0] "abcd" is not right; it is a SHA-256 thumbprint: 64 hexadecimal digits, with or without colons',
    ]);
  });
});

test('the published JSON Schema is current; `npx vitest run -u tests/check/topology.test.ts` renews it', async () => {
  const text = `${JSON.stringify(topologyJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../rules/topology.schema.json');
});
