import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { EndReport } from '../../../src/check/audit-report.ts';
import { referenceOf } from '../../../src/check/reference.ts';
import { loadTopology } from '../../../src/check/topology.ts';
import { captureFilter } from '../../../src/report/html/capture-filter.ts';
import type { Case } from '../../../src/report/to-do.ts';
import { auditCapture } from '../../support/audit-capture.ts';
import { readPack } from '../../support/read-pack.ts';
import { sampleFlow, samplePath } from '../../support/sample-report.ts';

const pack = readPack();
const topology = loadTopology(
  'topology.yaml',
  `hosts:
  - { name: edge1, addresses: [10.0.0.21], roles: [edge] }
  - { name: cas1, addresses: [10.0.0.41, "fd00::41"], roles: [cas] }
  - { name: cas2, addresses: [10.0.0.42], roles: [cas] }
  - { name: dc1, addresses: [10.0.0.5], roles: [dc] }
  - { name: mbx1, addresses: [10.0.0.31], roles: [mailbox] }
`,
  Object.keys(pack.roles),
);
const reference = referenceOf([{ pack, topology, roles: null, analyzers: new Set() }]);

const address = { edge1: '10.0.0.21', cas1: '10.0.0.41', cas2: '10.0.0.42', dc1: '10.0.0.5', mbx1: '10.0.0.31' };
const host = (name: keyof typeof address, port: number): EndReport => ({
  name,
  address: address[name],
  port,
  roles: [],
});
const anybody: EndReport = { name: null, address: '192.0.2.7', port: 50_000, roles: [] };

function found(path: string, protocol: string, server: EndReport, client = anybody, supported = ['tls']): Case {
  const encryption = { ...samplePath({ id: path }).encryption, supported };
  const rows = [samplePath({ id: path, encryption })];
  const flow = sampleFlow({ protocol, client, server });
  return { rows, flow, findings: [], gravity: 1, others: [], flows: 1 };
}
const filterOf = (...cases: Case[]) => captureFilter(reference, cases, true);

// 995, 993, 443, 636 and 3269 are IANA's ports of these protocols over TLS, 135 is the endpoint mapper's
describe('a capture filter has the connection as it was and as it should be', () => {
  test('a port for TLS beside the one in clear, and the host by its other addresses', () => {
    expect(filterOf(found('pop3', 'pop3', host('cas1', 110)))).toBe(
      '(host 10.0.0.41 or host fd00::41) and (port 110 or port 995)',
    );
    expect(filterOf(found('outlook-web-app', 'http', host('cas2', 80)))).toBe(
      'host 10.0.0.42 and (port 80 or port 443)',
    );
  });

  test('the listed port beside one that is not', () => {
    expect(filterOf(found('imap4', 'imap4', host('cas2', 10143)))).toBe(
      'host 10.0.0.42 and (port 143 or port 993 or port 10143)',
    );
  });

  test('several paths to a host in one', () => {
    expect(filterOf(found('pop3', 'pop3', host('cas2', 110)), found('imap4', 'imap4', host('cas2', 143)))).toBe(
      'host 10.0.0.42 and (port 110 or port 143 or port 993 or port 995)',
    );
  });

  test('directories over TLS', () => {
    const filter = filterOf(found('hub-ad-access', 'ldap', host('dc1', 389)));
    for (const port of [389, 3268, 636, 3269, 88]) expect(filter).toMatch(new RegExp(`\\bport ${port}\\b`));
  });

  // the reference: EdgeSync goes to 50636 over TLS, and AD LDS listens on 50389 without
  test('AD LDS of an Edge server on its own ports', () => {
    expect(filterOf(found('edgesync-hub-to-edge', 'ldap', host('edge1', 50_636)))).toBe(
      'host 10.0.0.21 and (port 50389 or port 50636)',
    );
  });

  test('no port of RPC that the next start of the service changes', () => {
    const client = host('mbx1', 50_000);
    expect(filterOf(found('hub-ad-access', 'dcerpc', host('dc1', 49_154), client))).toBe(
      'host 10.0.0.31 and host 10.0.0.5',
    );
    expect(filterOf(found('mapi-access', 'dcerpc', host('cas2', 40_001)))).toBe('host 10.0.0.42');
  });

  test('IPsec where the path can be protected by it', () => {
    expect(filterOf(found('admin-smb-file', 'smb', host('mbx1', 445), anybody, ['ipsec']))).toContain('esp');
  });

  test('ports alone where hosts are too many or not all named, and nothing where that would miss some', () => {
    const one = found('pop3', 'pop3', host('cas1', 110));
    expect(captureFilter(reference, [one], false)).toBe('port 110 or port 995');
    const rpc = found('mapi-access', 'dcerpc', host('cas2', 40_001));
    expect(captureFilter(reference, [one, rpc], false)).toBe('');
  });
});

describe.skipIf(spawnSync('tcpdump', ['--version']).error !== undefined)(
  'what lay in a tunnel is recorded again',
  () => {
    const captured = (file: string, filter: string) =>
      execFileSync('tcpdump', ['-nr', file, filter], { stdio: 'pipe', encoding: 'utf8' }).trim().split('\n').length;

    // tshark -Y ah: 34 frames, all there are
    test('every frame of IPsec AH', async () => {
      const file = new URL('../../../captures/ipsec/ah.pcap', import.meta.url).pathname;
      const { flows } = await auditCapture([file]);
      const inside = flows.find(({ protocol }) => protocol === 'smtp')!;
      expect(captured(file, filterOf({ ...found('hub-to-hub', 'smtp', inside.server), flow: inside }))).toBe(34);
    });

    test('every frame of every kind that libpcap can name, and no filter for the others', async () => {
      const file = new URL('../../../captures/tunnels/tunnels.pcap', import.meta.url).pathname;
      const { flows } = await auditCapture([file]);
      const inside = flows.filter(({ tunnels, protocol }) => tunnels !== undefined && protocol === 'smtp');
      expect(inside.length).toBeGreaterThan(10);
      for (const flow of inside) {
        const filter = filterOf({ ...found('hub-to-hub', 'smtp', flow.server), flow });
        if (flow.tunnels![0]!.from === null) expect(filter).toBe('');
        else
          expect([flow.tunnels![0]!.kind, captured(file, filter) >= flow.frames]).toEqual([
            flow.tunnels![0]!.kind,
            true,
          ]);
      }
    });
  },
);

const tcpdump = spawnSync('tcpdump', ['--version']).error === undefined;
test.skipIf(!tcpdump)('libpcap understands each form', () => {
  const cases = [
    found('pop3', 'pop3', host('cas1', 110)),
    found('hub-ad-access', 'dcerpc', host('dc1', 49_154), host('mbx1', 50_000)),
    found('admin-smb-file', 'smb', host('mbx1', 445), anybody, ['ipsec']),
  ];
  for (const filter of [
    filterOf(...cases),
    ...cases.map((one) => filterOf(one)),
    captureFilter(reference, [cases[0]!], false),
  ]) {
    expect(() => execFileSync('tcpdump', ['-y', 'EN10MB', '-d', filter], { stdio: 'pipe' })).not.toThrow();
  }
});
