import { describe, expect, test } from 'vitest';
import { cipher } from '../support/framing-messages.ts';
import { apReq, krbToken, negTokenInit, oid } from '../support/gss-tokens.ts';
import { tlsSession } from '../support/handshake.ts';
import { addressOf, judge } from '../support/judge-flow.ts';
import {
  ber,
  bindResponse,
  entry,
  extendedRequest,
  extendedResponse,
  join,
  message,
  saslBind,
  saslBuffer,
  search,
  searchDone,
  simpleBind,
  startTls,
  text,
} from '../support/ldap-messages.ts';
import { play, type Step } from '../support/play.ts';
import { exposed, kinds } from '../support/smtp-dialogues.ts';

/** Sessions that were made to be called encrypted or authenticated without being so, and how they are judged between hub and DC. */
const judged = (steps: readonly Step[]) => {
  const { record } = play(steps, { port: 389 });
  const client = { address: addressOf('hub1'), port: 40_000 };
  const server = { address: addressOf('dc1'), port: 389 };
  // what a flow says of bytes that were lost
  const gaps = steps.flatMap(([, said], index) =>
    typeof said === 'object' && 'lost' in said
      ? [{ why: 'gap', capture: 0, frame: index + 1, detail: '' } as const]
      : [],
  );
  const blindSpots = [...gaps, ...record.blindSpots];
  return judge({ ...record, client, server, blindSpots }, 'hub-ad-access');
};
const upgrade: Step[] = [
  ['client', extendedRequest(1, startTls)],
  ['server', extendedResponse(1, 0, startTls)],
  ...tlsSession(),
];
const content: Step[] = [
  ['client', search(3, 'dc=example,dc=com')],
  ['server', entry(3, 'cn=alice,dc=example,dc=com', { mail: ['alice@example.com'], title: ['postmaster'] })],
];

const ticket = apReq('EXAMPLE.TEST', ['ldap', 'dc1.example.test'], 18);
const losses: Step[][] = [[], [['client', { lost: 50 }]], [['server', { lost: 50 }]]];

describe('in clear after StartTLS', () => {
  test('the upgrade alone passes', () => {
    expect(judged(upgrade)?.encryption).toBe('pass as-expected');
  });

  // RFC 4511 §4.14.3: TLS may be closed and the LDAP session go on without it
  test('TLS was closed', () => {
    expect(judged([...upgrade, ...content])?.encryption).toBe('fail clear-content');
  });

  test('TLS was closed in bytes that were lost', () => {
    const steps: Step[] = [...upgrade, ['client', { lost: 31 }], ['server', { lost: 31 }], ...content];
    expect(exposed(play(steps, { port: 389 }))).toEqual(['directory']);
    expect(judged(steps)?.encryption).toBe('fail clear-content');
  });
});

test('a search in clear whose answer was not seen before StartTLS leaves it open what went in clear', () => {
  expect(judged([content[0]!, ...upgrade])?.encryption).toBe('unknown gap');
});

describe('content in clear anywhere in a protected session', () => {
  for (let at = 0; at <= upgrade.length; at++) {
    test(`before its step ${at + 1}, with bytes lost around it or not`, () => {
      for (const around of losses) {
        const steps = [...upgrade.slice(0, at), ...around, ...content, ...around, ...upgrade.slice(at)];
        expect(judged(steps)?.encryption).not.toMatch(/^pass/);
      }
    });
  }
});

// an unknown operation must not make what is readable look sealed ([MS-NLMP] §2.2.2.9: 16 bytes, then the message)
test('an NTLM layer that only signs, whose first message nobody knows', () => {
  const signature = Uint8Array.of(1, 0, 0, 0, ...Array<number>(12).fill(3));
  const odd = message(2, ber(0x7e, text('odd')));
  const seen = play(
    [
      ['client', saslBind(1, 'GSS-SPNEGO', 'x')],
      ['server', bindResponse(1, 0)],
      ['client', saslBuffer(signature, odd, search(3, 'dc=example'))],
      ['server', saslBuffer(signature, odd, entry(3, 'dc=example', {}))],
    ],
    { port: 389 },
  );
  expect(kinds(seen, 'secured')).toEqual([{ kind: 'secured', mechanism: 'sasl', level: 'integrity' }]);
});

describe('sealed by its token, and readable', () => {
  // RFC 4121 §4.2.6.2: Wrap, sealed by the acceptor or not
  const header = Uint8Array.of(5, 4, 6, 0xff, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0, 7);
  const bound: Step[] = [
    ['client', saslBind(1, 'GSS-SPNEGO', negTokenInit([oid.kerberos], krbToken(0x0100, ticket)))],
    ['server', bindResponse(1, 0)],
  ];
  const sealed: Step[] = [
    ['client', saslBuffer(header, cipher(200))],
    ['server', saslBuffer(header, cipher(900, 2))],
  ];
  const [asked, found] = content.map(([from, said]): Step => [from, saslBuffer(header, said as Uint8Array)]);

  test('what these imitate passes', () => {
    expect(judged([...bound, ...sealed, ...sealed])?.encryption).toMatch(/^pass/);
    const many = Array.from({ length: 3000 }, (_, i): Step => ['client', saslBuffer(header, cipher(44, i))]);
    expect(judged([...bound, ...sealed, ...many])?.encryption).toMatch(/^pass/);
  });

  test.each<[string, Step[]]>([
    ['from the first', [asked!, found!, asked!, found!]],
    ['beside what is sealed', [...sealed, asked!, found!, asked!, found!, asked!, found!]],
  ])('%s', (_, steps) => expect(judged([...bound, ...steps])?.encryption).not.toMatch(/^pass/));
});

test('a client that answers its own bind has not authenticated', () => {
  const seen = play([['client', join(simpleBind(1, 'cn=x', 'secret'), bindResponse(1, 0))]], { port: 389 });
  expect(kinds(seen, 'authenticated')).toMatchObject([{ mechanism: 'simple-bind', outcome: 'unseen' }]);
});

// MS-ADTS, RFC 4512 §4.4: unlike the root DSE, the schema is an entry of the directory, and reading it is content
test('reading the schema is content, a root DSE of subtree scope too', () => {
  for (const asked of [search(2, 'cn=schema,cn=configuration,dc=example', 0), search(2, '', 2)]) {
    const seen = play(
      [
        ['client', asked],
        ['server', searchDone(2)],
      ],
      { port: 389 },
    );
    expect(exposed(seen)).toEqual(['directory']);
  }
});

// RFC 4511 §4.2.1: a bind takes back the one before it
describe('a login that is taken back', () => {
  const bound: Step[] = [
    ['client', simpleBind(1, 'cn=x', 'secret')],
    ['server', bindResponse(1, 0)],
  ];
  const nobody: Step[] = [
    ['client', simpleBind(2, '', '')],
    ['server', bindResponse(2, 0)],
  ];
  const answered: Step[] = [...content, ['server', searchDone(3)]];
  const facts = (steps: Step[]) =>
    play(steps, { port: 389 }).facts.flatMap((fact) =>
      fact.kind === 'authenticated' ? [fact.mechanism] : fact.kind === 'exposed' ? [fact.content] : [],
    );

  test('by an anonymous bind, before any content', () => {
    expect(facts([...bound, ...nobody, ...answered]).slice(-2)).toEqual(['anonymous', 'directory']);
  });

  test('by an anonymous bind after content, and after another anonymous bind', () => {
    for (const steps of [
      [...bound, ...answered, ...nobody, ...answered],
      [...nobody, ...bound, ...answered, ...nobody, ...answered],
    ]) {
      expect(facts(steps).slice(-2)).toEqual(['anonymous', 'directory']);
      expect(judged(steps)?.authentication).not.toMatch(/^pass/);
    }
  });

  test('and given again: both of them are told', () => {
    const steps = [...bound, ...answered, ...nobody, ...answered, ...bound, ...answered];
    expect(facts(steps).filter((what) => what === 'simple-bind')).toHaveLength(2);
  });
});
