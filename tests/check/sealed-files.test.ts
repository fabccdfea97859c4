import { describe, expect, test } from 'vitest';
import { addressOf, judge } from '../support/judge-flow.ts';
import { play, type Step } from '../support/play.ts';
import { connect, login, open, text } from '../support/smb-dialogues.ts';
import { body, compound, sealed, smb2 } from '../support/smb-messages.ts';

/** File sharing made to be called encrypted, from the dialogue to the verdict on its data path. */
function encryptionOf(...steps: Step[]): string {
  const client = { address: addressOf('admin1'), port: 40_000 };
  const server = { address: addressOf('mbx1'), port: 445 };
  return judge({ ...play(steps, { port: 445 }).record, client, server }, 'admin-smb-file')!.encryption;
}

const wholeSession = login({ flags: 4 });
const shareOnly = login();
const both: Step[] = [
  ['client', sealed(200)],
  ['server', sealed(200)],
];
const lost = (side: 'client' | 'server'): Step => [side, { lost: 900 }];
/** the same login on another session of the connection */
const onSession = (session: number, steps: readonly Step[]): Step[] =>
  steps.slice(2).map(([from, said]) => {
    const bytes = Uint8Array.from(said as Uint8Array);
    // MessageId and SessionId, behind the four bytes of the session service ([MS-SMB2] §2.2.1.2)
    bytes[4 + 24]! += 30;
    if (bytes[4 + 40] !== 0) bytes[4 + 40] = session;
    return [from, bytes];
  });
const guest = onSession(9, login({ flags: 1 }));
const old: Step[] = [
  shareOnly[0]!,
  ['server', smb2({ command: 0, id: 0, session: 0, tree: 0, answer: true, body: body.negotiated(0x0210) })],
  ...shareOnly.slice(2),
];

describe('encrypted', () => {
  test.each<[string, Step[]]>([
    ['a session', [...wholeSession, ...both]],
    ['a share', [...shareOnly, ...both]],
    [
      'a session, though bytes were lost: its server takes nothing else',
      [...wholeSession, ...both, lost('client'), ...both],
    ],
  ])('%s', (_, steps) => expect(encryptionOf(...steps)).toBe('pass better-than-documented'));
});

describe('not told', () => {
  test.each<[string, Step[]]>([
    ['bytes of the client were lost beside an encrypted share', [...shareOnly, ...both, lost('client'), ...both]],
    ['bytes of the server', [...shareOnly, ...both, lost('server'), ...both]],
    ['the last bytes of all', [...shareOnly, ...both, lost('client')]],
    [
      'one session is encrypted as a whole, and another is not',
      [...wholeSession, ...onSession(8, shareOnly), ...both, lost('client')],
    ],
    [
      'a later message only says that it is encrypted',
      [...shareOnly, ...both, ['client', sealed(0, { content: text('anybody can read this '.repeat(20)) })]],
    ],
    [
      'a later message is of a session without a key',
      [...shareOnly, ...both, ...guest, ['client', sealed(200, { session: 9 })]],
    ],
    ['of a session that nobody began', [...shareOnly, ...both, ['client', sealed(200, { session: 11 })]]],
    [
      'something in clear is written to what was opened inside',
      [...shareOnly, ...both, ['client', smb2({ command: 9, id: 6, tree: 9, body: body.write(5, text('content')) })]],
    ],
    [
      'a file is named in clear, and the answer is not seen',
      [
        ...shareOnly,
        ...connect(1),
        ...both,
        ['client', smb2({ command: 5, id: 6, body: body.create('secret plans.doc') })],
      ],
    ],
    ['the dialect has no encryption', [...old, ...both]],
  ])('%s', (_, steps) => expect(encryptionOf(...steps)).toMatch(/^unknown /));
});

describe('in clear as documented', () => {
  test.each<[string, Step[]]>([
    ['a file of another share', [...shareOnly, ...both, ...connect(1), ...open('a.txt', 1)]],
    [
      'the second session of the connection',
      [
        ...wholeSession,
        ...both,
        ...guest,
        ['client', smb2({ command: 9, id: 6, session: 9, body: body.write(5, text('content'), 8192) })],
      ],
    ],
    [
      'a command behind one without content',
      [
        ...shareOnly,
        ...connect(1),
        ...both,
        [
          'client',
          compound(
            { command: 13, id: 6, body: Uint8Array.of(4, 0, 0, 0) },
            { command: 9, id: 7, body: body.write(5, text('content'), 8192) },
          ),
        ],
      ],
    ],
  ])('%s', (_, steps) => expect(encryptionOf(...steps)).toBe('informational clear-by-default'));

  test('signed, and no more', () => {
    const signed = { ask: true, answer: true };
    expect(encryptionOf(...shareOnly, ...both, ...connect(1, true), ...open('a.txt', 1, signed))).toBe(
      'informational integrity-only',
    );
  });
});
