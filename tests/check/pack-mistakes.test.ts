import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadPack } from '../../src/check/load-pack.ts';
import { RuleError } from '../../src/check/load-yaml.ts';
import { limits } from '../../src/limits.ts';
import { readPackText } from '../support/read-pack.ts';

/** A pack with one data path, for mistakes whose place is known by counting. */
const small = `id: demo
version: 1.0.0
title: { en: Demo, ko: 데모 }
document: { product: Demo, lastModified: "2020-01-01", url: "https://example.com/ports" }
roles:
  hub: { en: Hub, ko: 허브 }
  edge: { en: Edge, ko: 에지 }
authenticationWords:
  kerberos: { mechanisms: [kerberos] }
protocols:
  smtp: { tlsPorts: [465] }
interfaces:
  emsmdb: { uuid: a4f1db00-ca47-1067-b31f-00dd010662da }
notes:
  - { id: n1, section: s, kind: k, checkable: "yes", assertion: a, test: t }
paths:
  - id: hub-to-hub
    title: { en: Hub to hub, ko: 허브에서 허브로 }
    from: [hub]
    to: [hub]
    carriers:
      - { transport: tcp, port: 25, protocol: smtp }
    authentication: { default: [kerberos], supported: [kerberos], text: { default: K, supported: K } }
    encryption: { supported: true, mechanism: tls, byDefault: "yes", text: { supported: Y, byDefault: Y } }
    notes: [n1]
    source: { order: 1, table: t, ports: 25/TCP, from: hub, to: hub, cells: {} }
`;

function mistakes(text: string): string {
  try {
    loadPack('rules/demo.yaml', text);
  } catch (error) {
    expect(error).toBeInstanceOf(RuleError);
    return (error as RuleError).message;
  }
  return 'none';
}

/** `small` with `before` replaced by `after`: both must differ, and `before` must be there. */
function spoilt(before: string, after: string): string {
  expect(small).toContain(before);
  return mistakes(small.replace(before, () => after));
}

test('a pack without mistakes has none', () => {
  expect(mistakes(small)).toBe('none');
});

describe('a mistake is told with its place, what is wrong and what would be right', () => {
  test('broken YAML', () => {
    expect(spoilt('from: [hub]', 'from: [hub')).toMatch(/^rules\/demo\.yaml:20:\d+: \S/);
    expect(spoilt('version', '\tversion')).toMatch(/^rules\/demo\.yaml:2:1: a tab as indentation; use spaces$/m);
    expect(spoilt('paths:\n', '---\npaths:\n')).toBe(
      'rules/demo.yaml:16:1: a second document begins; a file holds one',
    );
  });

  test('a key twice', () => {
    expect(spoilt('    to: [hub]\n', '    to: [hub]\n    from: [edge]\n')).toBe(
      'rules/demo.yaml:21:5: the key from stands here twice; keep one of them',
    );
  });

  test('an unknown key', () => {
    expect(spoilt('    to: [hub]\n', '    to: [hub]\n    form: [hub]\n')).toBe(
      'rules/demo.yaml:21:5: unknown key "form"; did you mean "from"? Use one of: ' +
        'id, title, from, to, carriers, authentication, encryption, notes, exceptions, source, examples',
    );
  });

  test('a missing key', () => {
    expect(spoilt(', ko: 데모', '')).toBe('rules/demo.yaml:3:8: ko is missing; it is text');
  });

  test('a word that is none of the choices', () => {
    expect(spoilt('transport: tcp', 'transport: tpc')).toBe(
      'rules/demo.yaml:22:22: transport "tpc" is not known; did you mean "tcp"? Use one of: tcp, udp',
    );
    expect(spoilt('byDefault: "yes"', 'byDefault: maybe')).toBe(
      'rules/demo.yaml:24:63: byDefault "maybe" is not known; use one of: yes, no, yes-with-note',
    );
  });

  test('an impossible port', () => {
    const right = 'it is a port from 1 to 65535, a range [from, to] or dynamic';
    for (const port of ['0', '65536', '-1', '25.5', '"25"', 'any', '[1, 2, 3]']) {
      const told = spoilt('port: 25,', `port: ${port},`);
      expect(told).toMatch(/^rules\/demo\.yaml:22:33: port /);
      expect(told.endsWith(right)).toBe(true);
    }
    expect(spoilt('port: 25,', 'port: [25, 70000],')).toBe(
      `rules/demo.yaml:22:38: port[1] 70000 is not right; ${right}`,
    );
    expect(spoilt('port: 25,', 'port: [30, 20],')).toBe(
      'rules/demo.yaml:22:33: the range 30 to 20 is empty; write [20, 30]',
    );
    expect(spoilt('[465]', '[70000]')).toBe(
      'rules/demo.yaml:11:22: tlsPorts[0] 70000 is not right; it is a whole number from 1 to 65535',
    );
  });

  test.each([
    ['to: [hub]', 'to: [hug]', '20:10: no role is called "hug"; did you mean "hub"? Use one of: hub, edge'],
    ['smtp }', 'smpt }', '22:47: no protocol is called "smpt"; did you mean "smtp"? Use one of: smtp'],
    ['default: [kerberos]', 'default: [ntlm]', '23:33: no authentication word is called "ntlm"; use one of: kerberos'],
    ['[n1]', '[n1, n2]', '25:17: no note is called "n2"; did you mean "n1"? Use one of: n1'],
    [
      'smtp }',
      'smtp, interfaces: [emsdmb] }',
      '22:66: no interface is called "emsdmb"; did you mean "emsmdb"? Use one of: emsmdb',
    ],
    ['roles:\n', 'unnamedRole: extern\nroles:\n', '5:14: no role is called "extern"; use one of: hub, edge'],
    [
      'roles:\n',
      'accepts: { hob: [edge] }\nroles:\n',
      '5:12: no role is called "hob"; did you mean "hub"? Use one of: hub, edge',
    ],
    [
      'roles:\n',
      'groups: [{ id: g, paths: [hub-to-hub, x] }]\nroles:\n',
      '5:39: no data path is called "x"; use one of: hub-to-hub',
    ],
    [
      'roles:\n',
      'neighbours: [{ transport: tcp, port: 1, name: x, from: [y] }]\nroles:\n',
      '5:57: no role is called "y"; use one of: hub, edge',
    ],
    ['to: [hub]', 'to: [constructor]', '20:10: no role is called "constructor"; use one of: hub, edge'],
  ])('a name that stands for nothing: %s, %s', (before, after, message) => {
    expect(spoilt(before, after)).toBe(`rules/demo.yaml:${message}`);
  });

  test('encryption by default where there is none', () => {
    expect(spoilt('supported: true, m', 'supported: false, m')).toBe(
      'rules/demo.yaml:24:64: what is not supported cannot be on by default; write "no", or supported: true',
    );
  });

  test('something given twice', () => {
    expect(
      spoilt(
        '  - { id: n1,',
        '  - { id: n1, section: s, kind: k, checkable: x, assertion: a, test: t }\n  - { id: n1,',
      ),
    ).toBe('rules/demo.yaml:16:11: "n1" already stands on line 15; an id is given once');
    const twoGroups =
      'groups:\n  - { id: g, paths: [hub-to-hub, hub-to-hub] }\n  - { id: g, paths: [hub-to-hub, hub-to-hub] }\nroles:\n';
    expect(spoilt('roles:\n', twoGroups).split('\n')).toEqual([
      'rules/demo.yaml:6:34: "hub-to-hub" already stands on line 6; a data path is in one group at most',
      'rules/demo.yaml:7:11: "g" already stands on line 6; an id is given once',
      'rules/demo.yaml:7:22: "hub-to-hub" already stands on line 6; a data path is in one group at most',
      'rules/demo.yaml:7:34: "hub-to-hub" already stands on line 6; a data path is in one group at most',
    ]);
    expect(spoilt('interfaces:\n', 'interfaces:\n  other: { uuid: a4f1db00-ca47-1067-b31f-00dd010662da }\n')).toBe(
      'rules/demo.yaml:14:19: "a4f1db00-ca47-1067-b31f-00dd010662da" already stands on line 13; a UUID has one name',
    );
  });

  test('all of them, in order, but not without end', () => {
    const several = small.replace('[hub]\n    to: [hub]', '[a]\n    to: [b]').replace('[n1]', '[n2]');
    expect(
      mistakes(several)
        .split('\n')
        .map((line) => line.split(' ', 1)[0]),
    ).toEqual(['rules/demo.yaml:19:12:', 'rules/demo.yaml:20:10:', 'rules/demo.yaml:25:13:']);
    const many = small.replace('[n1]', `[${Array.from({ length: 50 }, (_, i) => `x${i}`).join(', ')}]`);
    const told = mistakes(many).split('\n');
    expect(told).toHaveLength(limits.ruleProblems + 1);
    expect(told.at(-1)).toBe('rules/demo.yaml: and 30 more');
  });

  test('behind an alias, at what the alias stands for, and once', () => {
    const aliased = small.replace('from: [hub]', 'from: &ends [hob]').replace('to: [hub]', 'to: *ends');
    expect(mistakes(aliased)).toBe(
      'rules/demo.yaml:19:18: no role is called "hob"; did you mean "hub"? Use one of: hub, edge',
    );
  });
});

describe('a hostile file', () => {
  test('an empty one, and one that is something else', () => {
    for (const text of ['', '# nothing\n', 'null', '[]', 'text', '5', '\u0000\u0001']) {
      expect(mistakes(text)).toMatch(/^rules\/demo\.yaml:1:\d+: /);
    }
  });

  test('aliases that multiply, stand inside themselves or for nothing', () => {
    const rows = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++) {
      const [name, last] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
      rows.push(`${name}: &${name} [${Array(9).fill(`*${last}`).join(', ')}]`);
    }
    expect(mistakes(rows.join('\n'))).toBe(
      'rules/demo.yaml:1:1: aliases or nesting multiply beyond reason; write it out plainly',
    );
    expect(mistakes('a: &a [*a]')).toBe(
      'rules/demo.yaml:1:8: *a stands inside itself; an alias repeats something else',
    );
    expect(mistakes('a: *b')).toBe('rules/demo.yaml:1:4: nothing is called &b above; an alias repeats what has a name');
  });

  test('too long, too deep', () => {
    expect(mistakes('x'.repeat(limits.ruleFile + 1))).toMatch(/^rules\/demo\.yaml:1:1: \d+ characters are too many/);
    for (const bracket of ['[', '{a: ', '- ', '? ']) expect(mistakes(bracket.repeat(20_000))).not.toBe('none');
  });

  test('keys that every object has by birth', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      expect(spoilt('roles:\n', `${key}: { en: x }\nroles:\n`)).toContain(`rules/demo.yaml:5:1: unknown key "${key}"`);
    }
  });

  test('a text with control characters is told on one line', () => {
    expect(spoilt('to: [hub]', 'to: ["a\\nb\\e[31m"]').split('\n')).toHaveLength(1);
    for (const control of ['\u001b[31m', '\u009b31m', '\u007f']) {
      expect(spoilt('    to: [hub]\n', `    to: [hub]\n    x${control}: 1\n    x${control}: 2\n`)).not.toContain(
        control,
      );
      expect(spoilt('to: [hub]', `to: ['${control}']`)).not.toContain(control);
    }
  });

  test('a pack with any stretch of it cut out or repeated is either read or told of', () => {
    const text = readPackText();
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.boolean(), (at, length, repeat) => {
        const piece = text.slice(at, at + length);
        const broken = text.slice(0, at) + (repeat ? piece + piece : '') + text.slice(at + length);
        expect(mistakes(broken)).toMatch(/^(none$|rules\/demo\.yaml:\d+:\d+: )/);
      }),
      { numRuns: 25 },
    );
  });
});
