import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import { negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { negotiate } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import { connect, LOGON_FAILURE, login, open, rpcBind, text } from '../support/smb-dialogues.ts';
import { body, compound, framed, sealed, smb2 } from '../support/smb-messages.ts';

// Traffic made to be called protected, or authenticated, which it is not.

const at445 = (...steps: Step[]) => play(steps, { port: 445 });
const secured = (facts: Fact[]) => facts.filter(({ kind }) => kind === 'secured');
const exposed = (facts: Fact[]) => facts.filter(({ kind }) => kind === 'exposed');
const whys = (seen: ReturnType<typeof play>) => seen.blindSpots.map(({ why }) => why);
const both = { ask: true, answer: true };
const file = { kind: 'exposed', content: 'file' };

describe('signatures that guard nothing', () => {
  test('of a guest', () => {
    const { facts } = at445(...login({ flags: 1 }), ...connect(1, true), ...open('a.txt', 1, both));
    expect([...secured(facts), ...exposed(facts)]).toEqual([file]);
  });

  test('of nobody', () => {
    const { facts } = at445(...login({ flags: 2 }), ...connect(1, true), ...open('a.txt', 1, both));
    expect([...secured(facts), ...exposed(facts)]).toEqual([file]);
  });

  test('of a session that was refused', () => {
    const { facts } = at445(...login({ status: LOGON_FAILURE }), ...connect(1, true), ...open('a.txt', 1, both));
    expect([...secured(facts), ...exposed(facts)]).toEqual([file]);
  });

  test('of a session that nobody logged in to', () => {
    const { facts } = at445(...login().slice(0, 2), ...connect(1, true), ...open('a.txt', 1, both));
    // one may have been missed until the flow has ended: then the exposure decides, at the frame that shows it
    expect(exposed(facts)).toEqual([file]);
  });

  test('of a session that the server let in before anything was proven', () => {
    const { facts } = at445(
      ['client', smb2({ command: 1, id: 1, session: 0, body: body.setup(negTokenInit([oid.ntlm], negotiate)) })],
      ['server', smb2({ command: 1, id: 1, answer: true, body: body.setUp(0, negTokenResp({ state: 0 })) })],
      ...connect(1, true),
      ...open('a.txt', 1, both),
    );
    expect([...secured(facts), ...exposed(facts)]).toEqual([file]);
  });

  test('of a session that was left', () => {
    const leave: Step[] = [
      ['client', smb2({ command: 2, id: 8, tree: 0, signed: true, body: Uint8Array.of(4, 0, 0, 0) })],
      ['server', smb2({ command: 2, id: 8, tree: 0, answer: true, signed: true, body: Uint8Array.of(4, 0, 0, 0) })],
    ];
    const { facts } = at445(...login(), ...connect(1, true), ...leave, ...open('a.txt', 1, both));
    expect([...secured(facts), ...exposed(facts)]).toEqual([file]);
  });

  test('a flag without a signature', () => {
    const { facts } = at445(...login(), ...connect(1), [
      'client',
      smb2({ command: 9, id: 5, signed: 'empty', body: body.write(5, text('content')) }),
    ]);
    expect([...secured(facts), ...exposed(facts)]).toEqual([file]);
  });

  test('one side signs, the other shows the name', () => {
    const { facts } = at445(...login(), ...connect(1, true), ...open('a.txt', 1, { answer: true }));
    expect(exposed(facts)).toEqual([file]);
  });

  test('the second command of a message is not signed', () => {
    const { facts } = at445(...login(), ...connect(1, true), [
      'client',
      compound(
        { command: 5, id: 5, signed: true, body: body.create('a.txt') },
        { command: 9, id: 6, flags: 4, body: body.write(255, text('content')) },
      ),
    ]);
    expect(exposed(facts)).toEqual([file]);
  });

  test('content in clear after content that was signed', () => {
    const { facts } = at445(...login(), ...connect(1, true), ...open('a.txt', 1, both), [
      'client',
      smb2({ command: 9, id: 6, body: body.write(5, text('content')) }),
    ]);
    expect(exposed(facts)).toEqual([file]);
  });
});

describe('encryption that is none', () => {
  const session = login({ flags: 4 });
  const readable = text('this is a file that anybody can read, as nothing here is encrypted. '.repeat(4));

  test.each<[string, Step[]]>([
    ['asked for, and not done', [...session, ...connect(1), ...open('a.txt', 1)]],
    ['of one side alone', [...session, ['client', sealed(200)], ['client', sealed(200)]]],
    [
      'of a session that nobody logged in to',
      [...session, ['client', sealed(200, { session: 8 })], ['server', sealed(200, { session: 8 })]],
    ],
    ['of a guest', [...login({ flags: 1 }), ['client', sealed(200)], ['server', sealed(200)]]],
    ['of a refused login', [...login({ status: LOGON_FAILURE }), ['client', sealed(200)], ['server', sealed(200)]]],
    [
      'that anybody can read',
      [...session, ['client', sealed(0, { content: readable })], ['server', sealed(0, { content: readable })]],
    ],
    ['without a nonce', [...session, ['client', sealed(200, { nonce: 0 })], ['server', sealed(200, { nonce: 0 })]]],
    [
      'of nothing but set-up',
      [...session, ['client', sealed(112)], ['server', sealed(80)], ['client', sealed(124)], ['server', sealed(136)]],
    ],
  ])('%s', (_what, steps) => expect(secured(at445(...steps).facts)).toEqual([]));

  test('content in clear beside it', () => {
    const { facts } = at445(
      ...session,
      ['client', sealed(200)],
      ['server', sealed(200)],
      ['client', smb2({ command: 9, id: 6, body: body.write(5, text('content'), 8192) })],
    );
    expect(exposed(facts)).toEqual([file]);
  });

  test('a message whose lengths do not fit ends the protocol', () => {
    const cut = sealed(200).slice(0, 150);
    cut[3] = 146;
    const seen = at445(...session, ['client', cut], ['client', sealed(200)]);
    expect(secured(seen.facts)).toEqual([]);
    expect(whys(seen)).toContain('left-protocol');
  });
});

describe('who says what', () => {
  test('answers that the client gives are none', () => {
    const seen = at445(...login().slice(0, 5), [
      'client',
      smb2({ command: 1, id: 2, answer: true, body: body.setUp(0) }),
    ]);
    expect(seen.facts.filter((fact) => fact.kind === 'authenticated')).toMatchObject([{ outcome: 'unseen' }]);
    expect(whys(seen)).toContain('malformed');
  });

  test('an answer to something that was not asked authenticates nobody', () => {
    const { facts } = at445(...login().slice(0, 2), [
      'server',
      smb2({ command: 1, id: 9, answer: true, body: body.setUp(0, negTokenResp({ state: 0 })) }),
    ]);
    expect(facts.filter((fact) => fact.kind === 'authenticated')).toEqual([]);
  });

  test('an answer with another command than the question is no answer', () => {
    const { facts } = at445(
      ...login(),
      ...connect(1),
      ['client', smb2({ command: 5, id: 9, body: body.create('a.txt') })],
      ['server', smb2({ command: 6, id: 9, answer: true, body: body.closed() })],
      ['server', smb2({ command: 5, id: 9, answer: true, body: body.created(5) })],
    );
    expect(exposed(facts)).toEqual([file]);
  });
});

describe('what is hidden from the reader', () => {
  test('pieces of a call, one signed and one not, are not called signed', () => {
    const at = (from: number, to: number, signed: boolean, id: number): Step => [
      'client',
      smb2({ command: 9, id, tree: 2, signed, body: body.write(5, rpcCall.slice(from, to)) }),
    ];
    const { facts } = at445(
      ...login(),
      ...connect(2, true),
      ...open('winreg', 2, both),
      ['client', smb2({ command: 9, id: 5, tree: 2, signed: true, body: body.write(5, rpcBind) })],
      at(0, 20, false, 6),
      at(20, rpcCall.length, true, 7),
    );
    expect(secured(facts)).toEqual([]);
  });

  test('what goes through a pipe and is no RPC is content all the same', () => {
    const { facts } = at445(...login(), ...connect(2), ...open('backdoor', 2), [
      'client',
      smb2({ command: 9, id: 5, tree: 2, body: body.write(5, text('command')) }),
    ]);
    expect(exposed(facts)).toEqual([file]);
  });

  test('a long message of several commands says that not all was read', () => {
    const long = framed(
      new Uint8Array(
        Buffer.concat([
          compound(
            { command: 13, id: 5, body: Uint8Array.of(4, 0, 0, 0) },
            { command: 9, id: 6, body: body.write(5, text('x')) },
          ).slice(4),
          new Uint8Array(limits.message),
        ]),
      ),
    );
    const seen = at445(...login(), ...connect(1), ['client', long], ...open('a.txt', 1));
    expect(exposed(seen.facts)).toEqual([file]);
  });

  test('a compressed message is not hidden by it, and is content', () => {
    const inner = smb2({ command: 9, id: 5, body: body.write(5, text('content')) }).slice(4, 4 + 64);
    const message = framed(
      new Uint8Array(
        Buffer.concat([
          Uint8Array.of(0xfc, 0x53, 0x4d, 0x42, 0, 16, 0, 0, 1, 0, 0, 0, 64, 0, 0, 0),
          inner,
          new Uint8Array(200),
        ]),
      ),
    );
    expect(exposed(at445(...login(), ...connect(1), ['client', message]).facts)).toEqual([file]);
    const whole = framed(
      new Uint8Array(
        Buffer.concat([
          Uint8Array.of(0xfc, 0x53, 0x4d, 0x42, 0, 16, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0),
          new Uint8Array(200),
        ]),
      ),
    );
    expect(whys(at445(...login(), ...connect(1), ['client', whole]))).toContain('malformed');
  });

  test('more requests without an answer than are kept are said to be', () => {
    const asks = Array.from(
      { length: limits.smbEntries + 1 },
      (_, i): Step => ['client', smb2({ command: 5, id: 100 + i, body: body.create('a') })],
    );
    expect(whys(at445(...login(), ...connect(1), ...asks))).toContain('limit');
  });
});

/** A request of winreg without authentication, with 32 bytes of stub. */
const rpcCall = Uint8Array.from([
  5,
  0,
  0,
  3,
  0x10,
  0,
  0,
  0,
  56,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  32,
  0,
  0,
  0,
  0,
  0,
  2,
  0,
  ...new Array(32).fill(0x41),
]);
