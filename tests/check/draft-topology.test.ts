import { describe, expect, test } from 'vitest';
import { TopologyDraft } from '../../src/check/draft-topology.ts';
import { loadTopology } from '../../src/check/topology.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { writeDraft } from '../../src/report/draft-yaml.ts';
import { addressOf, between, offers } from '../support/judge-flow.ts';
import { readPack } from '../support/read-pack.ts';

const pack = readPack();
function drafted(...flows: FlowRecord[]) {
  const draft = new TopologyDraft(pack);
  for (const flow of flows) draft.add(flow);
  return draft.list();
}
function textOf(...flows: FlowRecord[]): string {
  const chunks: string[] = [];
  writeDraft(
    drafted(...flows),
    ['a.pcap'],
    () => 'a.pcap',
    (chunk) => chunks.push(chunk),
  );
  return chunks.join('');
}
const load = (text: string) => loadTopology('t.yaml', text, Object.keys(pack.roles));
const named = (address: string, name: string): Fact => ({ kind: 'described', what: 'address-name', address, name });
const shown = (service: string): Fact => ({ kind: 'described', what: 'ticket-shown', service, realm: 'E', etype: 18 });

describe('a drafted topology', () => {
  test('takes for a role only what nobody else does, and says which frame shows it', () => {
    const text = textOf(
      between('hub1', 'dc1', 88, 'kerberos'),
      between('hub1', 'hub2', 25, 'smtp', [offers('X-ANONYMOUSTLS')]),
    );
    const { hosts } = load(text);
    expect(hosts).toEqual([expect.objectContaining({ addresses: [addressOf('dc1')], roles: ['dc'] })]);
    // a hub or an edge: both are said, neither is taken
    expect(text).toMatch(/# .*10\.0\.0\.12.*roles: \[hub, edge\]/);
    expect(text).toMatch(/hub\?: .*offers X-ANONYMOUSTLS, frame 10 of a\.pcap/);
  });

  test('joins the addresses that DNS gives one name', () => {
    const names = [named('10.0.0.5', 'dc1.example.test'), named('fd00::5', 'dc1.example.test')];
    const dns = between('hub1', 'dc1', 53, 'dns', names, { transport: 'udp' });
    const six = between('hub1', 'dc1', 88, 'kerberos', names, { server: { address: 'fd00::5', port: 88 } });
    const { hosts } = load(textOf(six, dns));
    expect(hosts).toEqual([{ name: 'dc1', addresses: ['10.0.0.5', 'fd00::5'], roles: ['dc'] }]);
  });

  test('a hub is known by the ticket that it is shown', () => {
    const flow = between('hub1', 'hub2', 25, 'smtp', [shown('SMTPSVC/hub2.example.test')]);
    expect(load(textOf(flow)).hosts).toEqual([
      expect.objectContaining({ name: 'hub2', addresses: [addressOf('hub2')], roles: ['hub'] }),
    ]);
  });

  test('who did not answer is nobody', () => {
    const flow = between('hub1', 'dc1', 88, 'kerberos', [], { bytes: { client: 9, server: 0 } });
    expect(drafted(flow).map(({ addresses }) => addresses)).toEqual([[addressOf('hub1')]]);
  });

  test('is valid whatever names are in the capture, and none of them is more than a comment or a name', () => {
    for (const name of ['"]\n  - name: evil', "'; rm", '#x', '\u001b[31mred', 'a: b', '- x', '{}', '']) {
      const text = textOf(
        between('hub1', 'dc1', 88, 'kerberos', [{ kind: 'described', what: 'peer-name', of: 'server', name }]),
      );
      expect(load(text).hosts).toHaveLength(1);
      expect(text).not.toContain('\u001b');
    }
  });

  test('of nothing is empty, and valid', () => {
    expect(load(textOf()).hosts).toEqual([]);
  });
});
