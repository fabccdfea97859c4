import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import { play, type Step } from '../support/play.ts';
import { connect, login, open, text } from '../support/smb-dialogues.ts';
import { body, sealed, smb2 } from '../support/smb-messages.ts';

const seen = (steps: Step[], midstream = false) => play(steps, { port: 445, midstream });
const protections = (facts: Fact[]) => facts.filter(({ kind }) => kind === 'secured' || kind === 'exposed');
const file = { kind: 'exposed', content: 'file' };
const privacy = { kind: 'secured', mechanism: 'smb3', level: 'privacy' };

describe('long messages', () => {
  const large = new Uint8Array(4 * limits.message);

  test('are passed over, and what follows is read', () => {
    const { facts, blindSpots } = seen([
      ...login(),
      ...connect(1),
      ['client', smb2({ command: 8, id: 5, body: body.read(5) })],
      ['server', smb2({ command: 8, id: 5, answer: true, body: body.data(large) })],
      ['client', smb2({ command: 9, id: 6, body: body.write(5, large) })],
      ['client', smb2({ command: 3, id: 7, body: body.tree('\\\\server\\later') })],
      ['server', smb2({ command: 3, id: 7, tree: 3, answer: true, body: body.treeAnswer(1) })],
    ]);
    expect(protections(facts)).toEqual([file]);
    expect(facts).toContainEqual({ kind: 'described', what: 'resource', name: '\\\\server\\later' });
    expect(blindSpots).toEqual([]);
  });

  test('may be encrypted', () => {
    const steps: Step[] = [
      ...login({ flags: 4 }),
      ['client', sealed(limits.message * 2)],
      ['server', sealed(limits.message * 2)],
    ];
    expect(protections(seen(steps).facts)).toEqual([privacy]);
  });

  test('bytes lost inside change nothing', () => {
    const read = smb2({ command: 8, id: 5, answer: true, body: body.data(large) });
    const { facts } = seen([
      ...login(),
      ...connect(1),
      ['client', smb2({ command: 8, id: 5, body: body.read(5) })],
      ['server', read.slice(0, 5000)],
      ['server', { lost: 1000 }],
      ['server', read.slice(6000)],
      ['client', smb2({ command: 3, id: 7, body: body.tree('\\\\server\\later') })],
      ['server', smb2({ command: 3, id: 7, tree: 3, answer: true, body: body.treeAnswer(1) })],
    ]);
    expect(facts).toContainEqual({ kind: 'described', what: 'resource', name: '\\\\server\\later' });
  });
});

describe('under way when the capture began', () => {
  test('encrypted on both sides', () => {
    expect(
      protections(
        seen(
          [
            ['client', sealed(200)],
            ['server', sealed(200)],
          ],
          true,
        ).facts,
      ),
    ).toEqual([privacy]);
    expect(protections(seen([['client', sealed(200)]], true).facts)).toEqual([]);
  });

  test('the tail of a message first', () => {
    const { facts, protocol } = seen(
      [
        ['server', sealed(300).slice(100)],
        ['client', sealed(200)],
        ['server', sealed(200)],
      ],
      true,
    );
    expect(protocol).toBe('smb');
    expect(protections(facts)).toEqual([privacy]);
  });

  test('a signature of a session that nobody saw begin is taken for one', () => {
    const write: Step = [
      'client',
      smb2({ command: 9, id: 5, signed: true, body: body.write(5, text('content'), 4096) }),
    ];
    expect(protections(seen([write], true).facts)).toEqual([
      { kind: 'secured', mechanism: 'smb-signing', level: 'integrity' },
    ]);
  });
});

describe('lost bytes', () => {
  test('the answer to opening a file', () => {
    const steps = [...login(), ...connect(1), ...open('a.txt', 1).slice(0, 1)];
    const { facts, blindSpots } = seen(steps);
    expect(protections(facts)).toEqual([]);
    expect(blindSpots.map(({ why }) => why)).toContain('gap');
  });

  test("a login's last request: the server still says how it ended", () => {
    const steps = login();
    const { facts } = seen([
      ...steps.slice(0, 4),
      ['client', { lost: 300 }],
      ...connect(1).slice(0, 1),
      ...steps.slice(5),
    ]);
    expect(facts.filter((fact) => fact.kind === 'authenticated')).toMatchObject([
      { mechanism: 'ntlm', outcome: 'accepted' },
    ]);
  });

  test('a guest stays one', () => {
    const { facts } = seen([
      ...login({ flags: 1 }),
      ['client', { lost: 100 }],
      ...connect(1, true),
      ...open('a.txt', 1, { ask: true, answer: true }),
    ]);
    expect(protections(facts)).toEqual([file]);
  });
});
