import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, networkOf, parseHost, parseNetwork } from '../../src/check/network-address.ts';
import { createRoleMap } from '../../src/check/roles.ts';
import { loadTopology } from '../../src/check/topology.ts';
import { readPack } from '../support/read-pack.ts';

const pack = readPack();
const topology = loadTopology(
  'topology.yaml',
  `
hosts:
  - { name: hub1, addresses: [10.1.0.11, "fd00::11"], roles: [hub], site: seoul }
  - { name: all, addresses: ["::ffff:10.1.0.12"], roles: [cas, mailbox] }
networks:
  - { cidr: 10.0.0.0/8, roles: [admin] }
  - { cidr: 10.1.2.0/23, roles: [mapi-client], site: busan }
  - { cidr: 10.1.0.0/16, roles: [client] }
  - { cidr: "fd00::/8", roles: [backup] }
  - { cidr: "fd00:0:0:1::/64", roles: [dc] }
  - { cidr: "::ffff:192.168.0.0/112", roles: [edge] }
`,
  Object.keys(pack.roles),
);
const map = createRoleMap(topology, pack);

test('a host beats a network', () => {
  expect(map.hostOf('10.1.0.11')).toEqual({ name: 'hub1', roles: ['hub'], site: 'seoul', named: true });
  expect(map.hostOf('fd00::11')).toMatchObject({ name: 'hub1' });
  expect(map.hostOf('10.1.0.12')).toEqual({ name: 'all', roles: ['cas', 'mailbox'], site: null, named: true });
});

test('the longest prefix wins, whatever the order', () => {
  expect(map.hostOf('10.1.2.1')).toEqual({ name: null, roles: ['mapi-client'], site: 'busan', named: true });
  expect(map.hostOf('10.1.3.255').roles).toEqual(['mapi-client']);
  expect(map.hostOf('10.1.4.0').roles).toEqual(['client']);
  expect(map.hostOf('10.2.0.1').roles).toEqual(['admin']);
  expect(map.hostOf('fd00:0:0:1::9').roles).toEqual(['dc']);
  expect(map.hostOf('fd00:0:0:2::9').roles).toEqual(['backup']);
});

test('an IPv4-mapped IPv6 address is the IPv4 address, on either side', () => {
  expect(map.hostOf('::ffff:10.1.0.11').name).toBe('hub1');
  expect(map.hostOf('::ffff:a01:c').name).toBe('all');
  expect(map.hostOf('::ffff:10.1.2.1').roles).toEqual(['mapi-client']);
  expect(map.hostOf('192.168.7.7').roles).toEqual(['edge']);
  // IPv4-compatible (RFC 4291 §2.5.5.1) is another address
  expect(map.hostOf('::10.1.0.11').named).toBe(false);
});

test('what nobody names is external, or nothing where there is no topology', () => {
  const stranger = { name: null, roles: ['external'], site: null, named: false };
  for (const address of ['8.8.8.8', '2001:db8::1', '', 'hub1', '02:00:00:00:00:01'])
    expect(map.hostOf(address)).toEqual(stranger);
  const unknown = { name: null, roles: [], site: null, named: false };
  expect(createRoleMap(null, pack).hostOf('10.1.0.11')).toEqual(unknown);
  expect(createRoleMap(topology, {}).hostOf('8.8.8.8')).toEqual(unknown);
});

test('the same answer the second time', () => {
  expect(map.hostOf('10.1.0.11')).toBe(map.hostOf('10.1.0.11'));
});

test('/0 holds every address of its family, /32 and /128 one', () => {
  const holds = (network: string, address: string) => contains(parseNetwork(network)!, parseHost(address)!);
  expect([holds('0.0.0.0/0', '255.1.2.3'), holds('0.0.0.0/0', '::1'), holds('::/0', '10.0.0.1')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([holds('10.0.0.1/32', '10.0.0.1'), holds('10.0.0.1/32', '10.0.0.0')]).toEqual([true, false]);
  expect([holds('fd00::1/128', 'fd00::1'), holds('fd00::1/128', 'fd00::')]).toEqual([true, false]);
});

test('an address lies in the network that is made from it, and not once a bit of the prefix differs', () => {
  const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 32 }), fc.nat(31), (address, prefix, bit) => {
      const network = networkOf({ address, prefix });
      expect(contains(network, address)).toBe(true);
      const other = address.slice();
      other[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(contains(network, other)).toBe(bit >= prefix);
    }),
  );
});
