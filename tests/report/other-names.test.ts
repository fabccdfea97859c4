import { describe, expect, test } from 'vitest';
import { otherNames } from '../../src/report/other-names.ts';
import { print } from '../support/print.ts';
import { evidence, sampleReference, sampleReport } from '../support/sample-report.ts';

const named = (address: string, name: string) => ({
  kind: 'name',
  from: { address },
  to: { name, by: 'dcerpc' },
  evidence: [evidence(24, `${address} is called ${name} by dcerpc`)],
});
const addresses = new Map([
  ['hub1', ['10.0.0.11', 'fd00::11']],
  ['mbx1.example.test', ['10.0.0.31']],
]);
const [host] = sampleReport().hosts;
const report = (...correlations: ReturnType<typeof named>[]) =>
  sampleReport({
    correlations,
    hosts: [host!, { ...host!, address: '10.0.0.31', name: 'mbx1.example.test' }],
    reference: { ...sampleReference(), addresses },
  });

describe('an address with the name of another host', () => {
  test.each([
    ['10.0.0.31', 'HUB1', 'hub1'],
    ['10.0.0.31', 'hub1.example.test', 'hub1'],
    ['10.0.0.99', 'MBX1', 'mbx1.example.test'],
  ])('%s called %s', (address, name, other) => {
    expect(otherNames(report(named(address, name)))).toMatchObject([{ address, called: name, other }]);
  });

  test.each([
    ['10.0.0.11', 'HUB1'],
    ['fd00::11', 'hub1.contoso.example'],
    ['10.0.0.31', 'mbx1'],
    ['10.0.0.31', 'labuser'],
    ['10.0.0.31', 'hub10'],
  ])('is not %s called %s', (address, name) => expect(otherNames(report(named(address, name)))).toEqual([]));

  test('is said again in the tasks that would change it, and in no other', () => {
    const tasksOf = (text: string) => text.split('<h2 id="findings">')[1]!.split('<h2 ')[0]!;
    const notice = (of: ReturnType<typeof sampleReport>) =>
      /<p class="notice">Find out first which host this is: (.*)<\/p>/.exec(tasksOf(print('html', of)))?.[1];
    const [changed] = sampleReport().hosts;
    const failing = { correlations: [named(changed!.address, 'MBX1')] };
    expect(notice({ ...report(), ...failing })).toContain(`${changed!.name} (${changed!.address}) is called MBX1`);
    expect(notice(report(named('10.0.0.31', 'HUB1')))).toBeUndefined();
  });

  test('is said on the first page, and told with its frame', () => {
    const all = report(named('10.0.0.31', 'HUB1'), named('10.0.0.31', 'hub1.example.test'));
    const page = print('html', all);
    expect(page).toContain('<a href="#quality">1 address is called by the name of another host of the topology');
    const line =
      'mbx1.example.test (10.0.0.31) is called HUB1 by dcerpc, and in the topology that is hub1 (frame 24 of hub.pcapng)';
    expect(page).toContain(`<li>${line}</li>`);
    expect(print('terminal', all).replace(/\s+/g, ' ')).toContain(line);
  });
});
