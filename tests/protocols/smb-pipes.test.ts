import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { type AnyAnalyzer, defineAnalyzer } from '../../src/protocols/analyzer.ts';
import { smb } from '../../src/protocols/smb.ts';
import { play, type Step } from '../support/play.ts';
import { connect, login, open, rpcBind } from '../support/smb-dialogues.ts';
import { body, compound, smb2 } from '../support/smb-messages.ts';

/** Stands in for RPC: says what it is given, by whom, and calls it content. */
const rpc = defineAnalyzer<null>({
  name: 'dcerpc',
  transports: ['tcp'],
  ports: [],
  start: () => null,
  recognise: () => 'no',
  frame: (_bytes, start, end) => end - start,
  message(reader, direction, _state, out) {
    out.fact({ kind: 'described', what: 'property', name: direction, value: reader.remaining });
    out.fact({ kind: 'exposed', content: 'rpc' });
  },
});
const analyzers: readonly AnyAnalyzer[] = [smb, rpc];
const seen = (steps: Step[], midstream = false) => play(steps, { port: 445, analyzers, midstream });
const property = (name: string, value: unknown) => ({ kind: 'described', what: 'property', name, value });
const TRANSCEIVE = 0x11c017;
const signed = { ask: true, answer: true };

const through = (isSigned: boolean): Step[] => [
  ['client', smb2({ command: 9, id: 5, tree: 2, signed: isSigned, body: body.write(5, rpcBind) })],
  ['server', smb2({ command: 9, id: 5, tree: 2, answer: true, signed: isSigned, body: body.written() })],
  ['client', smb2({ command: 8, id: 6, tree: 2, signed: isSigned, body: body.read(5) })],
  [
    'server',
    smb2({ command: 8, id: 6, tree: 2, answer: true, signed: isSigned, body: body.data(rpcBind.slice(0, 60)) }),
  ],
];

describe('pipes', () => {
  test('are named, and what is written and read is handed on, by direction', () => {
    const { facts, protocolPath, blindSpots } = seen([
      ...login(),
      ...connect(2),
      ...open('WinReg', 2),
      ...through(false),
    ]);
    expect(protocolPath).toEqual(['smb', 'dcerpc']);
    expect(facts).toContainEqual({ kind: 'described', what: 'resource', name: '\\PIPE\\winreg' });
    expect(facts).toContainEqual(property('client', rpcBind.length));
    expect(facts).toContainEqual(property('server', 60));
    expect(facts).toContainEqual({ kind: 'exposed', content: 'rpc' });
    expect(blindSpots).toEqual([]);
  });

  test('signed, what they carry is protected by it', () => {
    const { facts } = seen([...login(), ...connect(2, true), ...open('winreg', 2, signed), ...through(true)]);
    expect(facts).toContainEqual({ kind: 'secured', mechanism: 'smb-signing', level: 'integrity' });
    expect(facts.filter(({ kind }) => kind === 'exposed')).toEqual([]);
  });

  test('asked and answered at once (FSCTL_PIPE_TRANSCEIVE)', () => {
    const { facts } = seen([
      ...login(),
      ...connect(2),
      ...open('lsarpc', 2),
      ['client', smb2({ command: 11, id: 5, tree: 2, body: body.ioctl(TRANSCEIVE, 5, rpcBind) })],
      [
        'server',
        smb2({
          command: 11,
          id: 5,
          tree: 2,
          answer: true,
          body: body.ioctlAnswer(TRANSCEIVE, 5, rpcBind.slice(0, 44)),
        }),
      ],
    ]);
    expect(facts).toContainEqual(property('client', rpcBind.length));
    expect(facts).toContainEqual(property('server', 44));
  });

  test('opened and written to in one message', () => {
    const { facts } = seen([
      ...login(),
      ...connect(2),
      [
        'client',
        compound(
          { command: 5, id: 5, tree: 2, body: body.create('samr') },
          { command: 9, id: 6, tree: 2, flags: 4, body: body.write(255, rpcBind) },
        ),
      ],
    ]);
    expect(facts).toContainEqual(property('client', rpcBind.length));
  });

  test('a pipe looked at (QUERY_INFO) shows no content', () => {
    const { facts } = seen([
      ...login(),
      ...connect(2),
      ...open('samr', 2),
      ['client', smb2({ command: 16, id: 5, tree: 2, body: body.info(5, 1) })],
      ['server', smb2({ command: 16, id: 5, tree: 2, answer: true, body: body.found(rpcBind) })],
    ]);
    expect(facts.filter(({ kind }) => kind === 'exposed')).toEqual([]);
  });

  test('closed ones make room for others', () => {
    const one = (id: number): Step[] => [
      ['client', smb2({ command: 5, id, tree: 2, body: body.create('srvsvc') })],
      ['server', smb2({ command: 5, id, tree: 2, answer: true, body: body.created(5, 0) })],
      ['client', smb2({ command: 9, id: id + 1, tree: 2, body: body.write(5, rpcBind) })],
      ['client', smb2({ command: 6, id: id + 2, tree: 2, body: body.close(5) })],
      ['server', smb2({ command: 6, id: id + 2, tree: 2, answer: true, body: body.closed() })],
    ];
    const many = Array.from({ length: limits.channels + 2 }, (_, i) => one(10 + 3 * i)).flat();
    expect(seen([...login(), ...connect(2), ...many]).blindSpots).toEqual([]);
  });
});

describe('what was opened before the capture began', () => {
  test('is RPC where it looks like it, and then stays so', () => {
    const { facts } = seen(
      [
        ['client', smb2({ command: 9, id: 5, tree: 2, body: body.write(5, rpcBind) })],
        ['client', smb2({ command: 9, id: 6, tree: 2, body: body.write(5, new Uint8Array(30)) })],
      ],
      true,
    );
    expect(facts).toContainEqual(property('client', rpcBind.length));
    expect(facts).toContainEqual(property('client', 30));
  });

  test('is told by what is read from further on: no pipe has that', () => {
    const write = (offset: number): Step => [
      'client',
      smb2({ command: 9, id: 5, tree: 2, body: body.write(5, new Uint8Array(30), offset) }),
    ];
    expect(seen([write(0)], true).facts).toEqual([]);
    expect(seen([write(0)], true).blindSpots.map(({ why }) => why)).toContain('midstream');
    expect(seen([write(4096)], true).facts).toEqual([{ kind: 'exposed', content: 'file' }]);
  });

  test('a pipe has no times, a file has: so a tree is known again ([MS-SMB2] §2.2.14)', () => {
    const opened = (time: number): Step[] => [
      ['client', smb2({ command: 5, id: 4, tree: 2, body: body.create('samr') })],
      ['server', smb2({ command: 5, id: 4, tree: 2, answer: true, body: body.created(5, time) })],
    ];
    expect(seen(opened(0), true).facts).toEqual([{ kind: 'described', what: 'resource', name: '\\PIPE\\samr' }]);
    expect(seen(opened(1), true).facts).toEqual([{ kind: 'exposed', content: 'file' }]);
  });
});
