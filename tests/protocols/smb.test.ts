import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { apReq, krbToken, negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { negotiate } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import { ACCESS_DENIED, connect, LOGON_FAILURE, login, MORE_PROCESSING, open, text } from '../support/smb-dialogues.ts';
import { body, compound, sealed, smb2 } from '../support/smb-messages.ts';

const at445 = (...steps: Step[]) => play(steps, { port: 445 });
const property = (name: string, value: unknown) => ({ kind: 'described', what: 'property', name, value });
const logins = (facts: Fact[]) => facts.filter((fact) => fact.kind === 'authenticated');
const protections = (facts: Fact[]) => facts.filter(({ kind }) => kind === 'secured' || kind === 'exposed');
const file = { kind: 'exposed', content: 'file' };
const signing = { kind: 'secured', mechanism: 'smb-signing', level: 'integrity' };
const PENDING = 0x103;

describe('dialect and signing', () => {
  test('the dialect is the one that the server chose', () => {
    const { facts, protocol } = at445(
      ['client', smb2({ command: 0, id: 0, session: 0, tree: 0, body: body.negotiate(3) })],
      ['server', smb2({ command: 0, id: 0, session: 0, tree: 0, answer: true, body: body.negotiated(0x0302, 1) })],
    );
    expect(protocol).toBe('smb');
    expect(facts).toContainEqual(property('smb-dialect', 0x0302));
    expect(facts).toContainEqual(property('smb-signing-required', 'client'));
    expect(facts).not.toContainEqual(property('smb-signing-required', 'server'));
  });

  test('0x02ff only asks for another NEGOTIATE ([MS-SMB2] §2.2.4)', () => {
    const { facts } = at445(
      ['client', smb2({ command: 0, id: 0, body: body.negotiate() })],
      ['server', smb2({ command: 0, id: 0, answer: true, body: body.negotiated(0x02ff, 3) })],
    );
    expect(facts.map((fact) => fact.kind === 'described' && fact.what === 'property' && fact.name)).toEqual([
      'smb-signing-required',
    ]);
  });
});

describe('logins', () => {
  const ntlm = {
    kind: 'authenticated',
    mechanism: 'ntlm',
    inside: 'negotiate',
    principal: 'Domain\\User',
    version: 'v2',
    protected: true,
  };

  test('NTLM in SPNEGO, let in', () =>
    expect(logins(at445(...login()).facts)).toEqual([{ ...ntlm, outcome: 'accepted' }]));
  test('NTLM, turned away', () =>
    expect(logins(at445(...login({ status: LOGON_FAILURE })).facts)).toEqual([{ ...ntlm, outcome: 'refused' }]));
  test('a guest is not who he says', () =>
    expect(logins(at445(...login({ flags: 1 })).facts)).toEqual([
      { kind: 'authenticated', mechanism: 'guest', outcome: 'accepted', principal: 'Domain\\User', protected: true },
    ]));
  test('a null session', () =>
    expect(logins(at445(...login({ flags: 2 })).facts)).toMatchObject([
      { mechanism: 'anonymous', outcome: 'accepted' },
    ]));
  test('an answer that nobody saw', () =>
    expect(logins(at445(...login().slice(0, 5)).facts)).toMatchObject([{ outcome: 'unseen' }]));
  test('a client that goes no further', () =>
    expect(logins(at445(...login().slice(0, 4)).facts)).toMatchObject([{ mechanism: 'ntlm', outcome: 'unfinished' }]));

  test('Kerberos, with the service and the cipher of its ticket', () => {
    const token = krbToken(0x0100, apReq('EXAMPLE.TEST', ['cifs', 'mbx1'], 18));
    const { facts } = at445(
      ['client', smb2({ command: 1, id: 1, session: 0, body: body.setup(negTokenInit([oid.kerberos], token)) })],
      ['server', smb2({ command: 1, id: 1, answer: true, body: body.setUp(0, negTokenResp({ state: 0 })) })],
    );
    expect(logins(facts)).toEqual([
      {
        kind: 'authenticated',
        mechanism: 'kerberos',
        inside: 'negotiate',
        outcome: 'accepted',
        protected: true,
        etype: 18,
      },
    ]);
    expect(facts).toContainEqual({
      kind: 'described',
      what: 'ticket-shown',
      service: 'cifs/mbx1',
      realm: 'EXAMPLE.TEST',
      etype: 18,
    });
  });

  test('a server that lets in who has only begun has authenticated nobody', () => {
    const { facts } = at445(
      ['client', smb2({ command: 1, id: 1, session: 0, body: body.setup(negTokenInit([oid.ntlm], negotiate)) })],
      ['server', smb2({ command: 1, id: 1, answer: true, body: body.setUp(0, negTokenResp({ state: 0 })) })],
    );
    expect(logins(facts)).toMatchObject([{ outcome: 'unfinished' }]);
  });

  test('flags that ask for encryption', () => {
    const { facts } = at445(...login({ flags: 4 }));
    expect(facts).toContainEqual(property('smb-session-encryption', true));
    expect(protections(facts)).toEqual([]);
  });
});

describe('what is content', () => {
  const session = [...login(), ...connect(1)];
  const ask = (command: number, answer: Uint8Array, request: Uint8Array, status = 0): Step[] => [
    ['client', smb2({ command, id: 5, body: request })],
    ['server', smb2({ command, id: 5, answer: true, status, body: answer })],
  ];

  test('setting up is none, and shares are named', () => {
    const { facts } = at445(...session);
    expect(protections(facts)).toEqual([]);
    expect(facts).toContainEqual({ kind: 'described', what: 'resource', name: '\\\\server\\files' });
  });

  test.each([
    ['a file opened by its name', open('secret.txt', 1), true],
    ['one that is refused', open('secret.txt', 1, {}, ACCESS_DENIED), false],
    ["the share's root", open('', 1), false],
    ['bytes read', ask(8, body.data(text('content')), body.read(5)), true],
    ['bytes read as far as they fit', ask(8, body.data(text('content')), body.read(5), 0x80000005), true],
    ['reading refused', ask(8, body.error(), body.read(5), ACCESS_DENIED), false],
    ['nothing read', ask(8, body.data(text('')), body.read(5)), false],
    ['bytes written, though refused', ask(9, body.error(), body.write(5, text('content')), ACCESS_DENIED), true],
    ['a folder', ask(14, body.found(text('entries')), body.find(5)), true],
    ['no more files', ask(14, body.error(), body.find(5), 0x80000006), false],
    ["a file's attributes", ask(16, body.found(text('attributes')), body.info(5, 1)), true],
    ["the volume's size", ask(16, body.found(text('size')), body.info(5, 2)), false],
    [
      'VALIDATE_NEGOTIATE_INFO',
      ask(11, body.ioctlAnswer(0x140204, 255, text('x'.repeat(24))), body.ioctl(0x140204, 255, text('y'.repeat(26)))),
      false,
    ],
    [
      'DFS_GET_REFERRALS',
      ask(11, body.ioctlAnswer(0x60194, 255, text('referral')), body.ioctl(0x60194, 255, text('name'))),
      false,
    ],
    [
      'another control code with an answer',
      ask(11, body.ioctlAnswer(0x900a8, 5, text('reparse data')), body.ioctl(0x900a8, 5, text(''))),
      true,
    ],
    [
      'a control code that the server does not know',
      ask(11, body.error(), body.ioctl(0x900a8, 5, text('data')), 0xc00000bb),
      false,
    ],
    ['an echo', ask(13, Uint8Array.of(4, 0, 0, 0), Uint8Array.of(4, 0, 0, 0)), false],
  ])('%s', (_what, steps, content) => {
    expect(protections(at445(...session, ...steps).facts)).toEqual(content ? [file] : []);
  });

  test('an interim answer is empty, the one after it counts', () => {
    const interim: Step = [
      'server',
      smb2({ command: 8, id: 5, answer: true, async: true, status: PENDING, body: body.error() }),
    ];
    const request: Step = ['client', smb2({ command: 8, id: 5, body: body.read(5) })];
    expect(protections(at445(...session, request, interim).facts)).toEqual([]);
    const last: Step = [
      'server',
      smb2({ command: 8, id: 5, answer: true, async: true, body: body.data(text('content')) }),
    ];
    expect(protections(at445(...session, request, interim, last).facts)).toEqual([file]);
  });

  test('compounded requests go on with what the first opens', () => {
    const { facts } = at445(
      ...session,
      [
        'client',
        compound(
          { command: 5, id: 5, body: body.create('a.txt') },
          { command: 8, id: 6, flags: 4, body: body.read(255) },
          { command: 6, id: 7, flags: 4, body: body.close(255) },
        ),
      ],
      [
        'server',
        compound(
          { command: 5, id: 5, answer: true, status: ACCESS_DENIED, body: body.error() },
          { command: 8, id: 6, answer: true, flags: 4, body: body.data(text('content')) },
          { command: 6, id: 7, answer: true, flags: 4, body: body.closed() },
        ),
      ],
    );
    expect(protections(facts)).toEqual([file]);
  });
});

describe('protection', () => {
  const signed = { ask: true, answer: true };

  test('signed on both sides', () => {
    const { facts } = at445(...login(), ...connect(1, true), ...open('a.txt', 1, signed));
    expect(protections(facts)).toEqual([signing]);
    expect(facts).toContainEqual(property('smb-signed', true));
  });

  test('encrypted, once both sides did so and there was more than set-up', () => {
    const session: Step[] = [...login({ flags: 4 }), ['client', sealed(112)], ['server', sealed(80)]];
    expect(protections(at445(...session).facts)).toEqual([]);
    const { facts } = at445(...session, ['client', sealed(160)], ['server', sealed(152)]);
    expect(protections(facts)).toEqual([{ kind: 'secured', mechanism: 'smb3', level: 'privacy' }]);
    expect(facts).toContainEqual(property('smb-encrypted', true));
  });

  test('a share that asks for encryption is named', () => {
    expect(at445(...login(), ...connect(1, false, 0x8000)).facts).toContainEqual(
      property('smb-share-encryption', '\\\\server\\files'),
    );
  });

  test('STATUS_MORE_PROCESSING_REQUIRED admits nobody', () => {
    expect(logins(at445(...login({ status: MORE_PROCESSING }).slice(0, 4)).facts)).toMatchObject([
      { outcome: 'unfinished' },
    ]);
  });
});
