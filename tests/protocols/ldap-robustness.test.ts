import { describe, expect, test } from 'vitest';
import { hex, negTokenInit, oid } from '../support/gss-tokens.ts';
import {
  bindResponse,
  entry,
  extendedRequest,
  extendedResponse,
  join,
  saslBind,
  saslBuffer,
  search,
  searchDone,
  simpleBind,
  startTls,
  unbind,
} from '../support/ldap-messages.ts';
import { authenticateV2 } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';

const password = 'Tr0ub4dor&3';
const sealed = saslBuffer(
  hex('050406ff0000001c000000001b43d901'),
  Uint8Array.from({ length: 60 }, (_, i) => i * 167),
);

const plays: Record<string, [Step['0'], Uint8Array][]> = {
  'simple bind and search': [
    ['client', simpleBind(1, 'cn=svc,dc=example,dc=test', password)],
    ['server', bindResponse(1, 0)],
    ['client', search(2, 'dc=example,dc=test')],
    ['server', join(entry(2, 'cn=a,dc=example,dc=test', { cn: ['a'] }), searchDone(2))],
    ['client', unbind(3)],
  ],
  PLAIN: [
    ['client', saslBind(1, 'PLAIN', `\0svc\0${password}`)],
    ['server', bindResponse(1, 49)],
  ],
  'root DSE, NTLM and a layer': [
    ['client', search(1, '', 0)],
    [
      'server',
      join(entry(1, '', { supportedSASLMechanisms: ['GSSAPI'], supportedExtension: [startTls] }), searchDone(1)),
    ],
    ['client', saslBind(2, 'GSS-SPNEGO', negTokenInit([oid.ntlm], hex('4e544c4d535350000100000000000000')))],
    ['server', bindResponse(2, 14)],
    ['client', saslBind(3, 'GSS-SPNEGO', authenticateV2)],
    ['server', bindResponse(3, 0)],
    ['client', sealed],
    ['server', join(sealed, sealed)],
  ],
  'StartTLS refused': [
    ['client', extendedRequest(1, startTls)],
    ['server', extendedResponse(1, 52, startTls)],
    ['client', simpleBind(2, 'cn=svc', password)],
    ['server', bindResponse(2, 0)],
  ],
};

describe.each(Object.entries(plays))('%s', (_name, steps) => {
  const whole = play(steps, { port: 389 });

  test('cut into single bytes it says the same', () => {
    const bytes = steps.flatMap(([from, said]) => [...said].map((byte): Step => [from, Uint8Array.of(byte)]));
    const observed = play(bytes, { port: 389 });
    expect(observed.facts).toEqual(whole.facts);
    expect(observed.blindSpots).toEqual(whole.blindSpots);
  });

  test('cut in two at every byte it says the same', () => {
    for (const [index, [from, said]] of steps.entries()) {
      for (let cut = 1; cut < said.length; cut++) {
        const parts: Step[] = [
          [from, said.subarray(0, cut)],
          [from, said.subarray(cut)],
        ];
        expect(play(steps.toSpliced(index, 1, ...(parts as typeof steps)), { port: 389 }).facts).toEqual(whole.facts);
      }
    }
  });

  test('ending anywhere it says nothing that is not in the whole, and never more protection', () => {
    for (const [index, [from, said]] of steps.entries()) {
      for (let cut = 0; cut < said.length; cut++) {
        const { facts } = play([...steps.slice(0, index), [from, said.subarray(0, cut)]], { port: 389 });
        for (const fact of facts) {
          if (fact.kind === 'authenticated' && fact.outcome !== 'accepted' && fact.outcome !== 'refused') continue;
          // a computer's name is stated with the outcome, also where that is not seen
          if (fact.kind === 'described' && fact.what === 'peer-name') continue;
          expect(whole.facts).toContainEqual(fact);
        }
      }
    }
  });

  test('with any byte changed nothing breaks and no password shows', () => {
    for (const [index, [from, said]] of steps.entries()) {
      for (let at = 0; at < said.length; at++) {
        for (const value of [0x00, 0x30, 0x7f, 0x80, 0x84, 0xff]) {
          const changed = said.slice();
          changed[at] = value;
          const { facts, blindSpots } = play(steps.toSpliced(index, 1, [from, changed]), { port: 389 });
          expect(JSON.stringify([facts, blindSpots])).not.toContain(password);
        }
      }
    }
  });

  test('no password shows', () => {
    expect(JSON.stringify(whole)).not.toContain(password);
  });
});

test('noise is not LDAP, also after LDAP', () => {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 24;
  };
  for (let round = 0; round < 300; round++) {
    const noise = Uint8Array.from({ length: 1 + random() * 2 }, random);
    // whatever a message begins with
    if (round % 2 === 0) noise[0] = [0x30, 0x00][(round % 4) >> 1]!;
    expect(play([['client', noise]], { port: 12_345 }).protocol).not.toBe('ldap');
    const { facts } = play(
      [
        ['client', search(1, '', 0)],
        ['client', noise],
        ['server', noise],
      ],
      { port: 389 },
    );
    expect(facts.filter((fact) => fact.kind === 'secured' || fact.kind === 'authenticated')).toEqual([]);
  }
});

test('many messages in one segment', () => {
  const many = join(...Array.from({ length: 5000 }, () => search(1, '', 0)));
  expect(play([['client', many]], { port: 389 }).blindSpots).toEqual([]);
});

test('a broken message is a blind spot, and the next one is read', () => {
  // a bind whose version is no INTEGER
  const broken = hex('300c02010160070401030400800000'.slice(0, 28));
  const observed = play(
    [
      ['client', broken],
      ['client', simpleBind(2, 'cn=a', 'pw')],
    ],
    { port: 389 },
  );
  expect(observed.blindSpots).toEqual([expect.objectContaining({ why: 'malformed' })]);
  expect(observed.facts).toContainEqual({ kind: 'exposed', content: 'credentials' });
});
