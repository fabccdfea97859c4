import { expect, test } from 'vitest';
import type { CheckReport } from '../../src/check/audit-report.ts';
import { undecided } from '../../src/report/undecided.ts';
import { auditFlows, between, starttls, tls } from '../support/judge-flow.ts';
import { samplePath, sampleReport } from '../support/sample-report.ts';

const open = (reason: CheckReport['reason']): CheckReport => ({ result: 'unknown', reason });

test('checks that stayed open for one reason on the same paths are said together', () => {
  const { port, authentication, encryption } = samplePath({ id: 'any' });
  const allOpen = {
    observed: 'itself',
    port: { ...port, ...open('no-analyzer') },
    authentication: { ...authentication, ...open('no-analyzer') },
    encryption: { ...encryption, ...open('no-analyzer') },
  } as const;
  const report = sampleReport({
    paths: [
      samplePath({ id: 'a', ...allOpen }),
      samplePath({ id: 'b', ...allOpen }),
      samplePath({ id: 'c', ...allOpen, encryption: { ...encryption, ...open('midstream') } }),
    ],
    groups: [],
  });
  const said = undecided(report).map(({ checks, reason, answers }) => [
    checks.join(),
    reason,
    answers.map(({ rows }) => rows[0].id).join(),
  ]);
  expect(said).toEqual([
    ['encryption,authentication,port', 'no-analyzer', 'a,b'],
    ['encryption', 'midstream', 'c'],
    ['authentication,port', 'no-analyzer', 'c'],
  ]);
});

test('a group answers once, with its own results', () => {
  const row = (id: string) => samplePath({ id, group: 'g', observed: 'group' });
  const check = open('ambiguous-path');
  const pass = { result: 'pass', reason: 'as-expected' } as const;
  const groups = [{ id: 'g', paths: ['a', 'b'], port: pass, authentication: pass, encryption: check }];
  const found = undecided(sampleReport({ paths: [row('a'), row('b')], groups }));
  expect(found).toHaveLength(1);
  expect(found[0]!.answers.map(({ rows }) => rows.map(({ id }) => id))).toEqual([['a', 'b']]);
});

test('no ticket is to be recorded for a path without Kerberos: EdgeSync binds with a name and a password inside TLS', () => {
  const advice = (...flows: Parameters<typeof auditFlows>[0]) =>
    undecided(auditFlows(flows) as Parameters<typeof undecided>[0])
      .filter(({ reason }) => reason === 'inside-encryption')
      .map(({ advice, answers }) => [advice, answers.map(({ rows }) => rows[0].id).join()]);
  expect(advice(between('hub1', 'edge1', 50636, 'tls', tls()))).toEqual([['no-ticket', 'edgesync-hub-to-edge']]);
  expect(advice(between('hub1', 'edge1', 25, 'smtp/tls', starttls({}, 'X-ANONYMOUSTLS')))).toEqual([
    ['no-ticket', 'hub-to-edge'],
  ]);
  expect(advice(between('hub1', 'hub2', 25, 'smtp/tls', starttls()))).toEqual([['inside-encryption', 'hub-to-hub']]);
});
