import { describe, expect, test } from 'vitest';
import { ownDialogues, sizeOf } from '../support/dialogues.ts';
import { play, type Step } from '../support/play.ts';
import { verdictOf } from '../support/verdict.ts';

// Every protected dialogue of our captures, which then goes on in clear behind a hole: never is that called protected.
const dialogues = (await ownDialogues())
  .filter((dialogue) => dialogue.stage.transport === 'tcp' && sizeOf(dialogue) < 300_000)
  .filter(({ steps, stage }) => verdictOf(play(steps, stage).record) === 'pass');

const letter = 'Dear Anna, the figures of the third quarter are these:\r\n'.repeat(40);
const wide = Array.from(letter, (character) => `${character}\0`).join('');
const pieces = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(1800 / size) }, (_, i) => text.slice(i * size, (i + 1) * size));

test('there are some', () => expect(dialogues.length).toBeGreaterThan(40));

describe.each(dialogues)('$name', ({ steps, stage }) => {
  test.each([
    ['text', letter, 600],
    ['text a few bytes at a time', letter, 12],
    ['UTF-16', wide, 600],
  ])('%s in clear behind lost bytes', (_, text, size) => {
    for (const side of ['client', 'server'] as const) {
      const clear = pieces(text, size).map((piece): Step => [side, piece]);
      expect(verdictOf(play([...steps, [side, { lost: 1000 }], ...clear], stage).record)).not.toBe('pass');
    }
  });
});
