import { describe, expect, test } from 'vitest';
import type { BuiltFrame } from '../support/build-packets.ts';
import { ownDialogues, sizeOf } from '../support/dialogues.ts';
import type { Step } from '../support/play.ts';
import { C, opening, S } from '../support/smtp-dialogues.ts';
import { createReader, framesOf } from '../support/talk.ts';
import { verdictOf } from '../support/verdict.ts';
import { content, tls12Handshake } from './tls/builder.ts';

// What a capture leaves out may make a verdict unknown, never a pass of what had clear content, nor a fail of what had none.
const session: Step[] = [
  ...tls12Handshake(),
  ['client', content(200)],
  ['server', content(90)],
  ['client', content(300)],
];
const built = [
  { name: 'STARTTLS', port: 25, steps: [...opening, C('STARTTLS'), S('220 Go'), ...session] as Step[] },
  {
    name: 'STARTTLS agreed, and mail in clear',
    port: 25,
    steps: [
      ...opening,
      C('STARTTLS'),
      S('220 Go'),
      C('MAIL FROM:<a@b.example>'),
      S('250 OK'),
      C('DATA'),
      S('354 Go'),
      C('secret', '.'),
      S('250 OK'),
    ],
  },
  {
    name: 'mail in clear, then STARTTLS',
    port: 25,
    steps: [
      ...opening,
      C('MAIL FROM:<a@b.example>'),
      S('250 OK'),
      C('RSET'),
      S('250 OK'),
      C('STARTTLS'),
      S('220 Go'),
      ...session,
    ] as Step[],
  },
  {
    name: 'STARTTLS refused, then agreed',
    port: 25,
    steps: [...opening, C('STARTTLS'), S('454 Not now'), C('STARTTLS'), S('220 Go'), ...session] as Step[],
  },
];
const recorded = (await ownDialogues())
  .filter(({ stage, path }) => stage.transport === 'tcp' && path[0] !== 'dns')
  .filter((dialogue) => sizeOf(dialogue) < 60_000)
  .map(({ name, stage, steps }) => ({ name, port: stage.port, steps }));

/** A search by nobody that is turned away is no content; where the refusal was not captured, ldap counts it. */
const alsoIn = (name: string): string[] => (name.includes('search-refused') ? ['none'] : []);
const read = createReader();
const verdictsOf = (frames: readonly BuiltFrame[]) => read(frames).map(verdictOf);

describe.each([...built, ...recorded])('$name', ({ name, port, steps }) => {
  const frames = framesOf(steps, { port });
  const [whole] = verdictsOf(frames);
  const fair = ['unknown', whole, ...alsoIn(name)];
  const without = (first: number, count: number) => [...frames.slice(0, first), ...frames.slice(first + count)];

  test.each([1, 2, 3, 5])('without any %i neighbouring frames, is judged no better and no worse', (count) => {
    for (let first = 0; first + count <= Math.min(frames.length, 400); first++) {
      for (const verdict of verdictsOf(without(first, count))) {
        expect(fair, `without frames ${first + 1} to ${first + count}`).toContain(verdict);
      }
    }
  });

  test('from any frame on, and up to any', () => {
    for (let cut = 1; cut < Math.min(frames.length, 400); cut++) {
      for (const verdict of verdictsOf(frames.slice(cut))) expect(fair, `from ${cut + 1}`).toContain(verdict);
      for (const verdict of verdictsOf(frames.slice(0, cut))) expect(fair, `to ${cut}`).toContain(verdict);
    }
  });

  test('one side only', () => {
    for (const from of [25, port]) {
      const side = frames.filter(
        (frame) => (new DataView(frame.bytes.buffer).getUint16(34) === from) === (from === port),
      );
      for (const verdict of verdictsOf(side)) expect(fair).toContain(verdict);
    }
  });

  test('every frame twice, again later, in pieces or a little out of order, is judged the same', () => {
    const small = framesOf(steps, { port, segment: 100 });
    expect(verdictsOf(frames.flatMap((frame) => [frame, frame]))).toEqual([whole]);
    expect(verdictsOf([...small, ...frames.slice(3, -3)].map((frame) => ({ ...frame, time: 1_700_000_000 })))).toEqual([
      whole,
    ]);
    expect(
      verdictsOf([...frames.slice(0, -3), ...small.slice(3)].map((frame) => ({ ...frame, time: 1_700_000_000 }))),
    ).toEqual([whole]);
    for (let at = 0; at + 1 < Math.min(small.length, 200); at++) {
      const swapped = [...small.slice(0, at), small[at + 1]!, small[at]!, ...small.slice(at + 2)];
      expect(verdictsOf(swapped), `frames ${at + 1} and ${at + 2} swapped`).toEqual([whole]);
    }
  });
});
