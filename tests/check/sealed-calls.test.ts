import { describe, expect, test } from 'vitest';
import { ask } from '../support/http-dialogues.ts';
import { addressOf, judge } from '../support/judge-flow.ts';
import { play, type Step } from '../support/play.ts';
import {
  alter,
  alterAck,
  client,
  fault,
  interfaces,
  readable,
  request,
  response,
  sealed,
  server,
} from '../support/rpc-pdus.ts';
import { ntlm, ntlmOpened } from '../support/rpc-sessions.ts';
import { connect, login, open } from '../support/smb-dialogues.ts';
import { body, smb2 } from '../support/smb-messages.ts';
import { verdictOf } from '../support/verdict.ts';

/** Calls made to be called encrypted though bytes are missing, from the dialogue to the verdict on their data path. */
function encryptionOf(...steps: Step[]): string {
  const { record } = play(steps, { port: 49_154 });
  const ends = {
    client: { address: addressOf('hub1'), port: 40_000 },
    server: { address: addressOf('mbx1'), port: 49_154 },
  };
  const gaps = steps.flatMap(([, said], index) =>
    typeof said === 'object' && 'lost' in said
      ? [{ why: 'gap', capture: 0, frame: index + 1, detail: '' } as const]
      : [],
  );
  return judge({ ...record, ...ends, blindSpots: [...gaps, ...record.blindSpots] }, 'hub-to-mailbox-mapi')!.encryption;
}

const store = interfaces.emsmdb;
const opening = ntlmOpened(6, store);
const both = (call: number, length = 80): Step[] => [
  client(request(sealed(length), { ...ntlm(6), call })),
  server(response(sealed(length), { ...ntlm(6), call })),
];
const lost = (side: 'client' | 'server', bytes = 900): Step => [side, { lost: bytes }];
/** what goes by of a long PDU in clear whose header was lost */
const middle: Step = client(readable(1400));

describe('encrypted', () => {
  test.each<[string, Step[]]>([
    ['nothing lost', [...opening, ...both(2)]],
    ['bytes of the client, and both go on sealed', [...opening, ...both(2), lost('client'), ...both(4)]],
    ['bytes of the server', [...opening, ...both(2), lost('server'), ...both(4)]],
    [
      'a sealed call without its answer',
      [...opening, ...both(2), client(request(sealed(80), { ...ntlm(6), call: 3 })), lost('server'), ...both(4)],
    ],
    [
      'a sealed answer without its call',
      [...opening, ...both(2), lost('client'), server(response(sealed(80), { ...ntlm(6), call: 3 })), ...both(4)],
    ],
  ])('%s', (_, steps) => expect(encryptionOf(...steps)).toBe('pass as-expected'));
});

describe('not told', () => {
  test.each<[string, Step[]]>([
    ['a call and its answer were lost', [...opening, ...both(2), lost('client'), lost('server'), ...both(4)]],
    [
      'one after the other',
      [...opening, ...both(2), lost('client'), ...both(4), ...both(5), lost('server'), ...both(6)],
    ],
    ['the last bytes of the client', [...opening, ...both(2), lost('client')]],
    ['the last bytes of the server', [...opening, ...both(2), lost('server')]],
    ['only the server goes on', [...opening, ...both(2), lost('client'), both(4)[1]!]],
    ['only the client goes on', [...opening, ...both(2), lost('client'), both(4)[0]!]],
    ['the middle of a call in clear', [...opening, ...both(2), lost('client'), middle, middle]],
    ['before protection', [...opening, lost('client'), ...both(4)]],
    [
      'a call in clear, turned down',
      [...opening, ...both(2), lost('client'), server(fault(5, { call: 3 })), ...both(4)],
    ],
    [
      'a call in clear, answered with nothing',
      [...opening, ...both(2), lost('client'), server(response(new Uint8Array(0), { call: 3 })), ...both(4)],
    ],
    [
      'sealed by a login that nobody saw',
      [
        ...opening,
        ...both(2),
        lost('client'),
        client(request(sealed(80), { ...ntlm(6, 7), call: 4 })),
        server(response(sealed(80), { ...ntlm(6, 7), call: 4 })),
      ],
    ],
  ])('%s', (_, steps) => expect(encryptionOf(...steps)).toMatch(/^unknown /));
});

describe('in clear', () => {
  test.each<[string, Step[]]>([
    ['the call', [client(request(readable(80), { call: 4 }))]],
    ['the answer', [server(response(readable(80), { call: 4 }))]],
    [
      'by a binding of its own, whose beginning was lost',
      [
        server(alterAck([0], { call: 3 })),
        client(request(readable(80), { call: 4, context: 1, operation: 9 })),
        server(response(readable(80), { call: 4, context: 1 })),
      ],
    ],
    [
      'by a binding of its own',
      [
        client(alter([{ id: 1, of: store }], { call: 3 })),
        server(alterAck([0], { call: 3 })),
        client(request(readable(80), { call: 4, context: 1 })),
      ],
    ],
  ])('%s', (_, steps) => {
    expect(encryptionOf(...opening, ...both(2), lost('client'), ...steps, ...both(6))).toBe('fail clear-content');
  });
});

describe('sealed calls in a pipe of SMB without encryption', () => {
  const said = (pdus: readonly Step[], first: number): Step[] =>
    pdus.flatMap(([from, bytes], index) => {
      const [command, asked, answered] =
        from === 'client'
          ? [9, body.write(5, bytes as Uint8Array), body.written()]
          : [8, body.read(5), body.data(bytes as Uint8Array)];
      const both = { command, id: first + index, tree: 2 };
      return [client(smb2({ ...both, body: asked })), server(smb2({ ...both, answer: true, body: answered }))];
    });
  const closed: Step[] = [
    ['client', smb2({ command: 6, id: 30, tree: 2, body: body.close(5) })],
    ['server', smb2({ command: 6, id: 30, tree: 2, answer: true, body: body.closed() })],
  ];
  const calls: Step[] = [...login(), ...connect(2), ...open('winreg', 2), ...said([...ntlmOpened(6), ...both(2)], 10)];
  const verdict = (...steps: Step[]) => verdictOf(play([...calls, ...steps], { port: 445 }).record);

  test('pass', () => expect(verdict(...closed)).toBe('pass'));

  test.each<[string, Step[]]>([
    ['beside them', [lost('client'), ...said(both(3), 20)]],
    ['after them', [...closed, lost('client'), lost('server')]],
  ])('where bytes were lost %s, a file could have been in clear', (_, steps) => {
    expect(verdict(...steps)).toBe('unknown');
  });
});

describe('sealed calls of RPC over HTTP', () => {
  const head: Step = ask('RPC_IN_DATA /rpc/rpcproxy.dll?mbx1.example.com:6001', { 'Content-Length': '1073741824' });
  const one = [...opening, ...both(2), ...both(3)].filter(([from]) => from === 'client');
  const verdict = (...steps: Step[]) => verdictOf(play([head, ...steps], { port: 80 }).record);

  test('pass', () => expect(verdict(...one)).toBe('pass'));

  test('where bytes were lost, nothing of the other side tells', () => {
    expect(verdict(...one, lost('client'), ...both(4).slice(0, 1))).toBe('unknown');
  });
});
