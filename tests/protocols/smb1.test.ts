import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { negTokenInit, negTokenResp, oid } from '../support/gss-tokens.ts';
import { authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import { MORE_PROCESSING, rpcBind, text } from '../support/smb-dialogues.ts';
import { noMore, type Smb1, smb1, utf16, words } from '../support/smb-messages.ts';

const at = (port: number, ...steps: Step[]) => play(steps, { port });
const protections = (facts: Fact[]) => facts.filter(({ kind }) => kind === 'secured' || kind === 'exposed');
const exposed = (facts: Fact[]) => facts.filter(({ kind }) => kind === 'exposed');
const property = (name: string, value: unknown) => ({ kind: 'described', what: 'property', name, value });
const file = { kind: 'exposed', content: 'file' };
const credentials = { kind: 'exposed', content: 'credentials' };
const signature = new Uint8Array(8).fill(0xaa);
const SIGNED = 0xc805;

const ask = (is: Smb1): Step => ['client', smb1(is)];
const say = (is: Smb1): Step => ['server', smb1({ ...is, answer: true })];

/** SecurityMode 3: users, hashed passwords; 7 and 15 with signing; 1 without hashing. */
const negotiated = (mode: number): Step[] => [
  ask({ command: 0x72, words: [], data: text('\x02PC NETWORK PROGRAM 1.0\0\x02NT LM 0.12\0') }),
  say({
    command: 0x72,
    words: words([1, 2], [mode, 1], [50, 2], [1, 2], [16644, 4], [65536, 4], [0, 4], [0, 4], [0, 8], [0, 2], [8, 1]),
    data: text('challnge'),
  }),
];

const token = (bytes: Uint8Array): Smb1 => ({
  command: 0x73,
  words: words(...noMore, [16644, 2], [50, 2], [1, 2], [0, 4], [bytes.length, 2], [0, 4], [0x80000054, 4]),
  data: bytes,
});
const login: Step[] = [
  ...negotiated(7),
  ask({ ...token(negTokenInit([oid.ntlm], negotiate)), user: 0, id: 2 }),
  say({
    command: 0x73,
    id: 2,
    status: MORE_PROCESSING,
    words: words(...noMore, [0, 2], [challenge.length, 2]),
    data: challenge,
  }),
  ask({ ...token(negTokenResp({ token: authenticateV2 })), id: 3 }),
  say({ command: 0x73, id: 3, words: words(...noMore, [0, 2], [0, 2]), data: new Uint8Array(0) }),
];
const passwords = (first: Uint8Array, second: Uint8Array, account = 'user'): Step =>
  ask({
    command: 0x73,
    id: 2,
    flags2: 0x4001,
    words: words(
      ...noMore,
      [16644, 2],
      [50, 2],
      [1, 2],
      [0, 4],
      [first.length, 2],
      [second.length, 2],
      [0, 4],
      [0x54, 4],
    ),
    data: new Uint8Array(Buffer.concat([first, second, text(`${account}\0DOMAIN\0`)])),
  });
const letIn = (action = 0): Step =>
  say({ command: 0x73, id: 2, words: words(...noMore, [action, 2]), data: new Uint8Array(0) });
const tree = (service: 'A:' | 'IPC'): Step[] => [
  ask({
    command: 0x75,
    id: 4,
    words: words(...noMore, [0, 2], [1, 2]),
    data: new Uint8Array(
      Buffer.concat([
        text('\0'),
        utf16(service === 'A:' ? '\\\\server\\files\0' : '\\\\server\\IPC$\0'),
        text('?????\0'),
      ]),
    ),
  }),
  say({ command: 0x75, id: 4, words: words(...noMore, [0, 2]), data: text(`${service}\0`) }),
];
const open = (name: string, is: Partial<Smb1> = {}): Step[] => [
  ask({
    command: 0xa2,
    id: 5,
    words: words(...noMore, [0, 1], [2 * name.length, 2], [0, 41]),
    data: new Uint8Array(Buffer.concat([text('\0'), utf16(`${name}\0`)])),
    ...is,
  }),
  say({
    command: 0xa2,
    id: 5,
    words: words(...noMore, [0, 1], [77, 2], [1, 4], [0, 52], [0, 5]),
    data: new Uint8Array(0),
    ...is,
  }),
];
const write = (data: Uint8Array, is: Partial<Smb1> = {}): Step =>
  ask({
    command: 0x2f,
    id: 6,
    words: words(...noMore, [77, 2], [0, 4], [0, 4], [0, 2], [0, 2], [0, 2], [data.length, 2], [64, 2], [0, 4]),
    data: new Uint8Array(Buffer.concat([text('\0'), data])),
    ...is,
  });

describe('logins of SMB 1', () => {
  const logins = (facts: Fact[]) => facts.filter((fact) => fact.kind === 'authenticated');

  test('with a token, NTLM in SPNEGO', () => {
    const { facts, protocol } = at(445, ...login);
    expect(protocol).toBe('smb');
    expect(facts).toContainEqual(property('smb-dialect', 'NT LM 0.12'));
    expect(logins(facts)).toMatchObject([
      { mechanism: 'ntlm', inside: 'negotiate', outcome: 'accepted', principal: 'Domain\\User', version: 'v2' },
    ]);
  });

  test.each([
    [
      'responses of 24 bytes',
      3,
      new Uint8Array(24),
      new Uint8Array(24),
      { mechanism: 'ntlm', version: 'v1', outcome: 'accepted', principal: 'DOMAIN\\user' },
      [],
    ],
    [
      'a longer response',
      3,
      new Uint8Array(24),
      new Uint8Array(120),
      { mechanism: 'ntlm', version: 'v2', outcome: 'accepted' },
      [],
    ],
    [
      'a password, as the server wants no hash',
      1,
      text('secret\0'),
      text(''),
      { mechanism: 'plain', protected: false, outcome: 'accepted' },
      [credentials],
    ],
    [
      'a password of 24 letters',
      1,
      text('a'.repeat(24)),
      text(''),
      { mechanism: 'plain', protected: false },
      [credentials],
    ],
    [
      'a password, though the server wants a hash',
      3,
      text('secret\0'),
      text(''),
      { mechanism: 'plain', protected: false },
      [credentials],
    ],
  ])('%s', (_what, mode, first, second, fact, exposures) => {
    const { facts } = at(
      445,
      ...negotiated(mode as number),
      passwords(first as Uint8Array, second as Uint8Array),
      letIn(),
    );
    expect(logins(facts)).toMatchObject([fact]);
    expect(protections(facts)).toEqual(exposures);
    expect(JSON.stringify(facts)).not.toMatch(/secret|aaaa/);
  });

  test('a guest, and nobody', () => {
    const guest = at(445, ...negotiated(3), passwords(new Uint8Array(24), new Uint8Array(24)), letIn(1));
    expect(logins(guest.facts)).toMatchObject([{ mechanism: 'guest', outcome: 'accepted' }]);
    const nobody = at(445, ...negotiated(3), passwords(Uint8Array.of(0), text(''), ''), letIn());
    expect(logins(nobody.facts)).toMatchObject([{ mechanism: 'anonymous', outcome: 'accepted' }]);
  });
});

describe('content and signing of SMB 1', () => {
  test('a share is set up without content', () => {
    const { facts } = at(445, ...login, ...tree('A:'));
    expect(protections(facts)).toEqual([]);
    expect(facts).toContainEqual({ kind: 'described', what: 'resource', name: '\\\\server\\files' });
  });

  test('opened and written in clear', () =>
    expect(protections(at(445, ...login, ...tree('A:'), ...open('\\a.txt')).facts)).toEqual([file]));
  test('signed', () => {
    const is = { flags2: SIGNED, signature };
    expect(
      protections(at(445, ...login, ...tree('A:'), ...open('\\a.txt', is), write(text('content'), is)).facts),
    ).toEqual([{ kind: 'secured', mechanism: 'smb-signing', level: 'integrity' }]);
  });
  test('the word that stands in for a signature is none', () => {
    const is = { flags2: SIGNED, signature: text('BSRSPYL ') };
    expect(protections(at(445, ...login, ...tree('A:'), write(text('content'), is)).facts)).toEqual([file]);
  });
  test('a signature before anybody has logged in is none', () => {
    const is = { flags2: SIGNED, signature };
    expect(exposed(at(445, ...negotiated(7), ...tree('A:'), write(text('content'), is)).facts)).toEqual([file]);
  });
  test('a guest signs nothing', () => {
    const is = { flags2: SIGNED, signature };
    const session = [...negotiated(3), passwords(new Uint8Array(24), new Uint8Array(24)), letIn(1)];
    expect(protections(at(445, ...session, ...tree('A:'), write(text('content'), is)).facts)).toEqual([file]);
  });
  test('deleting by name, done and refused', () => {
    const remove = ask({ command: 0x06, id: 8, words: words([0, 2]), data: text('\x04\\a.txt\0') });
    const done = say({ command: 0x06, id: 8, words: [], data: text('') });
    const refused = say({ command: 0x06, id: 8, status: 0xc0000022, words: [], data: text('') });
    expect(protections(at(445, ...login, ...tree('A:'), remove, done).facts)).toEqual([file]);
    expect(protections(at(445, ...login, ...tree('A:'), remove, refused).facts)).toEqual([]);
  });
  test('a write behind another command in the same message', () => {
    // LOCKING_ANDX of 8 words; what follows begins at 32 + 1 + 16 + 2
    const second = words(
      ...noMore,
      [77, 2],
      [0, 4],
      [0, 4],
      [0, 2],
      [0, 2],
      [0, 2],
      [4, 2],
      [51 + 1 + 28 + 2, 2],
      [0, 4],
    );
    const chained = ask({
      command: 0x24,
      id: 8,
      words: words([0x2f, 1], [0, 1], [51, 2], [77, 2], [0, 2], [0, 4], [0, 2], [0, 2]),
      data: Uint8Array.from([second.length / 2, ...second, 4, 0, ...text('data')]),
    });
    expect(protections(at(445, ...login, ...tree('A:'), chained).facts)).toEqual([file]);
  });
});

describe('pipes of SMB 1', () => {
  const transact = (data: Uint8Array): Smb1 => ({
    command: 0x25,
    id: 7,
    words: words(
      [0, 2],
      [data.length, 2],
      [0, 2],
      [1024, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [0, 2],
      [0, 2],
      [84, 2],
      [data.length, 2],
      [84, 2],
      [2, 2],
      [0x26, 2],
      [77, 2],
    ),
    data: new Uint8Array(Buffer.concat([text('\0\\\0P\0I\0P\0E\0\\\0\0\0'), new Uint8Array(2), data])),
  });
  test('TransactNmPipe and WRITE_ANDX hand RPC on', () => {
    const session = [...login, ...tree('IPC'), ...open('\\winreg')];
    const one = at(445, ...session, write(rpcBind));
    expect(one.protocolPath).toEqual(['smb', 'dcerpc']);
    expect(one.facts).toContainEqual({ kind: 'described', what: 'resource', name: '\\PIPE\\winreg' });
    const message = smb1(transact(rpcBind));
    // where the data really lies
    const from = message.length - rpcBind.length - 4;
    const step = smb1({
      ...transact(rpcBind),
      words: transact(rpcBind).words.map((byte, i) => (i === 24 || i === 20 ? from : byte)),
    });
    const other = at(445, ...session, ['client', step]);
    expect(other.protocolPath).toEqual(['smb', 'dcerpc']);
    expect(other.blindSpots).toEqual([]);
  });
  test('remote administration over \\PIPE\\LANMAN is content', () => {
    const rap = (answer: boolean): Smb1 => ({
      command: 0x25,
      id: 7,
      words: answer
        ? words([0, 2], [4, 2], [0, 2], [0, 2], [0, 2], [0, 2], [4, 2], [55, 2], [0, 2], [0, 2])
        : words(
            [0, 2],
            [0, 2],
            [8, 2],
            [1024, 2],
            [0, 2],
            [0, 2],
            [0, 4],
            [0, 2],
            [0, 2],
            [0, 2],
            [0, 2],
            [0, 2],
            [0, 2],
          ),
      data: answer ? text('data') : text('\0\\PIPE\\LANMAN\0'),
    });
    expect(protections(at(445, ...login, ...tree('IPC'), ask(rap(false)), say(rap(true))).facts)).toEqual([file]);
  });
});

describe('the NetBIOS session service', () => {
  const name = (letter: string) => ` ${'CA'.repeat(15)}${letter}A\0`;
  const request = text(`\x81\0\0\x44${name('C')}${name('D')}`);
  test('a session is asked for, granted and kept alive', () => {
    const { protocol, facts, blindSpots } = at(
      139,
      ['client', request],
      ['server', text('\x82\0\0\0')],
      ['client', text('\x85\0\0\0')],
      ...login,
      ['server', text('\x85\0\0\0')],
      ...tree('A:'),
    );
    expect(protocol).toBe('smb');
    expect(facts).toContainEqual({ kind: 'described', what: 'resource', name: '\\\\server\\files' });
    expect(blindSpots).toEqual([]);
  });
  test('is known on any port', () =>
    expect(at(1390, ['client', request], ['server', text('\x83\0\0\x01\x82')]).protocol).toBe('smb'));
});
