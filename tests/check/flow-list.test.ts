import { expect, test } from 'vitest';
import { FlowIds, PathFlows } from '../../src/check/flow-list.ts';
import { randomFrom } from '../support/random.ts';

test('gives back every id of every path, in order', () => {
  const below = randomFrom(3);
  const ids = new FlowIds();
  const paths = [1, 2, 50, 1000, 200_000].map((rarity) => ({ rarity, kept: new PathFlows(ids), said: [] as string[] }));
  for (let i = 0; i < 300_000; i++) {
    const hex = Array.from({ length: 4 }, () => below(65_536).toString(16).padStart(4, '0')).join('');
    const id = i % 7777 === 0 ? `${hex}-${i}` : i === 5 ? '0000000000000000' : i === 6 ? 'ffffffffffffffff' : hex;
    const place = ids.add(id);
    for (const { rarity, kept, said } of paths) {
      if (below(rarity) > 0) continue;
      kept.push(place);
      said.push(id);
    }
  }
  for (const { kept, said } of paths) {
    expect(kept.length).toBe(said.length);
    expect([...kept].join()).toBe(said.join());
  }
});

test('the first place, and none', () => {
  const ids = new FlowIds();
  const [one, none] = [new PathFlows(ids), new PathFlows(ids)];
  one.push(ids.add('0123456789abcdef'));
  expect([...one]).toEqual(['0123456789abcdef']);
  expect([...none]).toEqual([]);
});
