import { expect, test } from 'vitest';
import { createFlow, type Flow, flowEnd } from '../../src/flows/flow.ts';
import { FlowIndex } from '../../src/flows/flow-index.ts';
import { keyWords } from '../../src/flows/flow-key.ts';
import { IdleFlows } from '../../src/flows/idle-flows.ts';
import { randomFrom } from '../support/random.ts';

const end = flowEnd(Uint8Array.of(10, 0, 0, 1), 25);
const key = (id: number) => new Uint32Array(keyWords).fill(id);

function tableOf(turns: readonly number[]): { index: FlowIndex<Flow | number>; flows: Flow[] } {
  const index = new FlowIndex<Flow | number>();
  const flows = turns.map((turn, id) => {
    const flow = createFlow('tcp', 6, end, end);
    flow.turn = turn;
    index.set(key(id), flow);
    return flow;
  });
  return { index, flows };
}

test('the idlest first, however many there are and whatever happens in between', () => {
  const below = randomFrom(7);
  const count = 50_000;
  const { index, flows } = tableOf(Array.from({ length: count }, (_, turn) => turn));
  const idle = new IdleFlows();
  let turn = count;
  let last = -1;
  for (let left = count; left > 0; left--) {
    // another flow has a packet now and then
    const used = flows[below(count)]!;
    if (!used.ended && left > 10) used.turn = turn++;
    const found = idle.first(index, turn, Number.POSITIVE_INFINITY)!;
    expect(found.turn).toBeGreaterThan(last);
    if (left % 1000 === 0) {
      expect(found.turn).toBe(Math.min(...flows.flatMap((flow) => (flow.ended ? [] : [flow.turn]))));
    }
    last = found.turn;
    found.ended = true;
    index.delete(key(flows.indexOf(found)));
  }
  expect(idle.first(index, turn, Number.POSITIVE_INFINITY)).toBeNull();
});

test('only where it is idler than what it is held against', () => {
  const { index, flows } = tableOf([5, 9]);
  const idle = new IdleFlows();
  expect(idle.first(index, 10, 5)).toBeNull();
  expect(idle.first(index, 10, 6)).toBe(flows[0]);
  flows[0]!.turn = 10;
  expect(idle.first(index, 11, 9)).toBeNull();
  expect(idle.first(index, 11, 10)).toBe(flows[1]);
});

test('is not looked for again and again where rows are idler', () => {
  const { index, flows } = tableOf([1]);
  let looks = 0;
  const watched = {
    forEach: (visit: (flow: Flow | number) => void): void => {
      looks++;
      index.forEach(visit);
    },
  };
  const idle = new IdleFlows();
  for (let turn = 2; turn < 10_000; turn++) {
    flows[0]!.turn = turn;
    idle.first(watched as unknown as FlowIndex<Flow | number>, turn, turn - 1000);
  }
  expect(looks).toBeLessThan(12);
});
