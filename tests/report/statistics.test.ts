import { expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { Counting, worstOf } from '../../src/report/statistics.ts';
import { answer, between, exposed, report } from '../support/judge-flow.ts';

const worst = (...flows: FlowRecord[]) => {
  const counting = new Counting(null, new Set());
  for (const flow of flows) counting.add(report(flow));
  return [...counting.statistics.pairs.values()].map(worstOf);
};

const replication = (...facts: Fact[]) => between('mbx1', 'mbx2', 64327, 'nns', facts);
const silent = replication();
const clear = replication(exposed('mailbox'));

test('between two roles, a flow without content counts as little as it does in the result of their path', () => {
  const path = 'log-shipping';
  expect(answer([clear, silent], path)).toEqual(answer([clear], path));
  expect(worst(clear, silent)).toEqual(worst(clear));
  expect(worst(silent, clear)).toEqual(worst(clear));
  expect(worst(silent)).toMatchObject([{ result: 'unknown', reason: 'no-content' }]);
});

test('between two roles, the worst result of any flow with content', () => {
  const stray = between('mbx1', 'mbx2', 64328, 'nns', [exposed('mailbox')]);
  expect(worst(clear, stray)).toMatchObject([
    { result: 'fail', path: expect.stringMatching(/^(log-shipping|seeding)$/) },
  ]);
});

test('no result where no path answers', () => {
  expect(worst(between('client1', 'client1', 9999, '', []))).toEqual([null]);
});
