import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import { registry } from '../../src/protocols/registry.ts';
import type { BuiltFrame } from '../support/build-packets.ts';
import { type Dialogue, ownDialogues, sizeOf } from '../support/dialogues.ts';
import { play, type Step, withoutStamp } from '../support/play.ts';
import { randomFrom } from '../support/random.ts';
import { createReader, framesOf } from '../support/talk.ts';

// Every analyzer gets these from its registry line alone: its dialogues are those of our captures that it takes part in.
const all = await ownDialogues();
const dialoguesPerAnalyzer = 12;
const read = createReader();

/** Facts as sorted text: what was stated, whatever the order and the frames. */
const stated = (facts: readonly Fact[]): string[] => facts.map((fact) => JSON.stringify(fact)).sort();
/** What the end of a flow decides: it says more of a whole dialogue than of a part. */
const isSettledAtTheEnd = (fact: Fact): boolean => fact.kind === 'authenticated';

describe.each(registry.map((analyzer) => analyzer.name))('%s', (name) => {
  const mine = pick(all.filter((dialogue) => dialogue.path.includes(name) && sizeOf(dialogue) < 100_000));

  test('takes part in a dialogue of our captures', () => {
    expect(mine.length).toBeGreaterThan(0);
  });

  test.each(mine.map((dialogue) => [dialogue.name, dialogue] as const))(
    '%s: truncated anywhere, states nothing new',
    (_name, dialogue) => {
      const whole = new Set(stated(play(dialogue.steps, dialogue.stage).facts));
      for (const length of places(sizeOf(dialogue), 200)) {
        const { facts } = play(truncate(dialogue.steps, length), dialogue.stage);
        const extra = facts.filter((fact) => !isSettledAtTheEnd(fact) && !whole.has(JSON.stringify(fact)));
        expect(extra, `cut after ${length} bytes`).toEqual([]);
      }
    },
  );

  const streams = mine.filter((dialogue) => dialogue.stage.transport === 'tcp');

  test.skipIf(streams.length === 0).each(streams.map((dialogue) => [dialogue.name, dialogue] as const))(
    '%s: split anywhere, states the same',
    (_name, dialogue) => {
      const whole = stated(play(dialogue.steps, dialogue.stage).facts);
      for (const size of [1, 2, 3, 7, 100]) {
        expect(
          stated(
            play(
              split(dialogue.steps, () => size),
              dialogue.stage,
            ).facts,
          ),
          `pieces of ${size}`,
        ).toEqual(whole);
      }
      const random = randomFrom(sizeOf(dialogue));
      for (let round = 0; round < 20; round++) {
        expect(
          stated(
            play(
              split(dialogue.steps, () => 1 + random(40)),
              dialogue.stage,
            ).facts,
          ),
        ).toEqual(whole);
      }
    },
  );

  test.skipIf(streams.length === 0).each(streams.map((dialogue) => [dialogue.name, dialogue] as const))(
    '%s: reordered and duplicated, states the same',
    (_name, dialogue) => {
      const frames = framesOf(dialogue.steps, { port: dialogue.stage.port, segment: 200 });
      const whole = stated(read(frames)[0]!.facts.map(withoutStamp));
      for (let seed = 0; seed < 20; seed++) {
        const [flow] = read(shuffle(frames, randomFrom(seed)));
        expect(stated(flow!.facts.map(withoutStamp)), `seed ${seed}`).toEqual(whole);
      }
    },
  );

  test.each(mine.map((dialogue) => [dialogue.name, dialogue] as const))(
    '%s: noise ends, and is bounded',
    (_name, dialogue) => {
      const random = randomFrom(sizeOf(dialogue) + 1);
      for (let round = 0; round < 200; round++) {
        const noisy = dialogue.steps.map(([from, said]): Step => {
          const bytes = (said as Uint8Array).slice();
          for (let i = random(4); i > 0 && bytes.length > 0; i--) bytes[random(bytes.length)] = random(256);
          return [from, bytes];
        });
        const { facts, blindSpots } = play(noisy, dialogue.stage);
        expect(facts.length).toBeLessThanOrEqual(limits.facts + 16);
        expect(blindSpots.length).toBeLessThanOrEqual(limits.blindSpots + 1);
      }
    },
  );
});

describe('any protocol', () => {
  test('random bytes on every port end, and say nothing of protection', () => {
    const random = randomFrom(7);
    for (const analyzer of registry) {
      for (let round = 0; round < 100; round++) {
        const port = analyzer.ports[round % analyzer.ports.length] ?? 1;
        const steps = Array.from({ length: 1 + random(6) }, (): Step => {
          const bytes = Uint8Array.from({ length: random(400) }, () => random(256));
          return [random(2) ? 'client' : 'server', bytes];
        });
        const { facts } = play(steps, { port, transport: analyzer.transports[0]! });
        expect(facts.filter((fact) => fact.kind === 'secured')).toEqual([]);
      }
    }
  });
});

/** The shortest dialogues, and some of every other length. */
function pick(dialogues: Dialogue[]): Dialogue[] {
  const step = Math.max(1, Math.floor(dialogues.length / dialoguesPerAnalyzer));
  return dialogues.filter((_dialogue, index) => index % step === 0).slice(0, dialoguesPerAnalyzer);
}

/** Up to `count` places in [0, size). */
function places(size: number, count: number): number[] {
  const random = randomFrom(size);
  return size <= count ? Array.from({ length: size }, (_, i) => i) : Array.from({ length: count }, () => random(size));
}

function truncate(steps: readonly Step[], length: number): Step[] {
  const kept: Step[] = [];
  let left = length;
  for (const [from, said] of steps) {
    const bytes = said as Uint8Array;
    if (left <= 0) break;
    kept.push([from, bytes.slice(0, left)]);
    left -= bytes.length;
  }
  return kept;
}

function split(steps: readonly Step[], size: () => number): Step[] {
  return steps.flatMap(([from, said]) => {
    const bytes = said as Uint8Array;
    const pieces: Step[] = [];
    for (let at = 0; at < bytes.length; ) {
      const to = at + size();
      pieces.push([from, bytes.slice(at, to)]);
      at = to;
    }
    return pieces;
  });
}

/** Frames displaced by a few places, some of them twice. */
function shuffle(frames: readonly BuiltFrame[], random: (below: number) => number): BuiltFrame[] {
  const placed = frames.flatMap((frame, index) => {
    const once = { frame, at: index + random(4) };
    return random(5) === 0 ? [once, { frame, at: index + 2 + random(4) }] : [once];
  });
  return placed.sort((a, b) => a.at - b.at).map(({ frame }) => frame);
}
