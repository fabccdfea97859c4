import { expect, test } from 'vitest';
import type { FlowReport } from '../../src/check/audit-report.ts';
import type { Reason } from '../../src/check/result.ts';
import { digest } from '../../src/report/digest.ts';
import { wordsOf } from '../../src/report/words/language.ts';
import { print } from '../support/print.ts';
import { evidence, sampleFlow, sampleReference, sampleReport } from '../support/sample-report.ts';

const failing = (id: string, reason: Reason, some: Partial<FlowReport>): FlowReport =>
  sampleFlow({
    id,
    results: [{ path: 'hub-to-hub', check: 'encryption', result: 'fail', reason, evidence: [evidence(17, 'x')] }],
    ...some,
  });
const signed = (at: number) =>
  failing(`signed-${at}`, 'integrity-only', {
    protocol: 'ldap',
    upgrade: null,
    encryption: { protection: 'integrity', mechanism: 'sasl', exposed: [], exposures: [] },
  });
const clear = failing('clear', 'clear-content', {});
const [remedy] = sampleReference().remedies;
const remedies = ['ldap', 'smtp'].map((protocol) => ({ ...remedy!, id: protocol, for: { protocols: [protocol] } }));
const report = sampleReport({
  flows: [signed(1), signed(2), signed(3), clear],
  reference: { ...sampleReference(), remedies },
});

test('content in clear comes before more that is signed', () => {
  const { tasks } = digest(report, wordsOf('en'));
  expect(tasks.map((task) => [task.remedy?.id, task.findings])).toEqual([
    ['smtp', 1],
    ['ldap', 3],
  ]);
});

test('a task is told by its worst finding, whichever came first', () => {
  const one = { ...report, reference: { ...report.reference, remedies: [{ ...remedy!, for: {} }] } };
  const text = print('html', one);
  expect(text).toContain('4 findings, the worst: mail in clear; on');
  expect(text).toContain('4 findings in 4 flows.');
});

test.each([
  ['once', {}, {}, 1],
  [
    'apart where another virtual directory is to be changed',
    { virtualDirectories: ['/owa'] },
    { virtualDirectories: ['/EWS'] },
    2,
  ],
  [
    'apart where one lay in a tunnel, recorded otherwise',
    {},
    { tunnels: [{ kind: 'ah', from: '10.0.0.11', to: '10.0.0.12' }] },
    2,
  ],
] as [string, Partial<FlowReport>, Partial<FlowReport>, number][])(
  'the same between the same hosts is told %s',
  (_title, one, other, cases) => {
    const flows = [failing('one', 'clear-content', one), failing('other', 'clear-content', other)];
    const { tasks } = digest({ ...report, flows }, wordsOf('en'));
    expect(tasks[0]!.cases).toHaveLength(cases);
  },
);
