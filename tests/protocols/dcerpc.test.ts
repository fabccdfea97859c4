import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { negTokenResp, oid } from '../support/gss-tokens.ts';
import { authenticate, authenticateV2, challenge, negotiate } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import {
  alter,
  alterAck,
  auth3,
  bind,
  bindAck,
  bindNak,
  client,
  fault,
  interfaces,
  pdu,
  readable,
  request,
  response,
  sealed,
  server,
  transfer,
} from '../support/rpc-pdus.ts';
import {
  kerberos,
  kerberosOpened,
  netlogon,
  netlogonOpened,
  ntlm,
  ntlmOpened,
  opened,
  spnegoOpened,
  ticket,
} from '../support/rpc-sessions.ts';

const { samr, lsarpc, emsmdb, objectExporter, activator, mgmt } = interfaces;
const rpc = (steps: Step[], midstream = false) => play(steps, { port: 49_154, midstream });
const about = (facts: Fact[], what: string) => facts.filter((fact) => fact.kind === 'described' && fact.what === what);
const bound = (facts: Fact[]) => about(facts, 'rpc-interface').map((fact) => 'uuid' in fact && fact.uuid);
const logins = (facts: Fact[]) => facts.filter((fact) => fact.kind === 'authenticated');
const protection = (facts: Fact[]) =>
  facts.flatMap((fact) =>
    fact.kind === 'secured' ? [fact.level] : fact.kind === 'exposed' ? [`exposed ${fact.content}`] : [],
  );

describe('interfaces', () => {
  test('one that is accepted, with its version and who authenticates', () => {
    const { protocol, facts } = rpc(ntlmOpened(6, emsmdb));
    expect(protocol).toBe('dcerpc');
    expect(about(facts, 'rpc-interface')).toEqual([
      { kind: 'described', what: 'rpc-interface', uuid: emsmdb.uuid, version: '0.81', authType: 10, authLevel: 6 },
    ]);
  });

  test('a rejected one is none, nor is the agreement on features', () => {
    const asked = [
      { id: 0, of: samr },
      { id: 1, of: samr, syntaxes: [transfer.ndr64] },
      { id: 2, of: lsarpc },
      { id: 3, of: samr, syntaxes: [transfer.features] },
    ];
    expect(bound(rpc([client(bind(asked)), server(bindAck([0, 2, 2, 3]))]).facts)).toEqual([samr.uuid]);
  });

  test('a bind that is turned away binds nothing', () => {
    expect(bound(rpc([client(bind([{ of: samr }])), server(bindNak(0))]).facts)).toEqual([]);
  });

  test('alter context adds one', () => {
    const steps = [
      ...opened(),
      client(alter([{ id: 1, of: lsarpc }], { call: 2 })),
      server(alterAck([0], { call: 2 })),
    ];
    expect(bound(rpc(steps).facts)).toEqual([samr.uuid, lsarpc.uuid]);
  });

  test('in the other byte order', () => {
    const big = { bigEndian: true };
    const { facts } = rpc([
      client(bind([{ id: 258, of: emsmdb }], big)),
      server(bindAck([0], big)),
      client(request(readable(40), { ...big, context: 258, operation: 10 })),
    ]);
    expect(about(facts, 'rpc-interface')[0]).toMatchObject({ uuid: emsmdb.uuid, version: '0.81' });
    expect(about(facts, 'rpc-call')).toEqual([
      { kind: 'described', what: 'rpc-call', uuid: emsmdb.uuid, authType: 0, authLevel: 0 },
    ]);
  });
});

describe('how each request and answer goes', () => {
  test.each<[string, Step[], string[]]>([
    ['level 6', [client(request(sealed(40), ntlm(6))), server(response(sealed(40), ntlm(6)))], ['privacy']],
    ['level 5', [client(request(readable(40), ntlm(5))), server(response(readable(40), ntlm(5)))], ['integrity']],
    ['level 4', [client(request(readable(40), ntlm(4))), server(response(readable(40), ntlm(4)))], ['exposed rpc']],
    ['no verifier', [client(request(readable(40))), server(response(readable(40)))], ['exposed rpc']],
    ['no content', [client(request(new Uint8Array())), server(response(new Uint8Array()))], []],
    [
      'an answer less protected than its request',
      [client(request(sealed(40), ntlm(6))), server(response(readable(40)))],
      ['privacy', 'exposed rpc'],
    ],
    [
      'one fragment of many',
      [
        client(request(sealed(40), { flags: 1, ...ntlm(6) })),
        client(request(readable(40), { flags: 0 })),
        client(request(sealed(40), { flags: 2, ...ntlm(6) })),
        server(response(sealed(8), ntlm(6))),
      ],
      ['privacy', 'exposed rpc'],
    ],
  ])('%s', (_, calls, expected) => {
    expect(protection(rpc([...ntlmOpened(6), ...calls]).facts).sort()).toEqual(expected.sort());
  });

  test('an object UUID is no content', () => {
    const { facts } = rpc([...opened(), client(request(new Uint8Array(), { object: samr.uuid }))]);
    expect(protection(facts)).toEqual([]);
  });

  test('each combination of type and level, per interface', () => {
    const { facts } = rpc([
      ...ntlmOpened(6),
      client(alter([{ id: 1, of: lsarpc }], { call: 2 })),
      server(alterAck([0], { call: 2 })),
      client(request(sealed(40), { call: 3, ...ntlm(6) })),
      server(response(sealed(40), { call: 3, ...ntlm(6) })),
      client(request(readable(40), { call: 4, context: 1, ...ntlm(5) })),
      client(request(readable(40), { call: 5, context: 1 })),
    ]);
    expect(
      about(facts, 'rpc-call').map((fact) => 'authLevel' in fact && [fact.uuid, fact.authType, fact.authLevel]),
    ).toEqual([
      [samr.uuid, 10, 6],
      [lsarpc.uuid, 10, 5],
      [lsarpc.uuid, 0, 0],
    ]);
  });

  test('cancel, orphaned, shutdown and RTS tell nothing', () => {
    const { facts, blindSpots } = rpc([
      ...opened(),
      client(pdu(18, new Uint8Array())),
      client(pdu(19, new Uint8Array())),
      client(pdu(20, new Uint8Array(12))),
      server(pdu(20, new Uint8Array(12))),
      server(pdu(17, new Uint8Array())),
    ]);
    expect(protection(facts)).toEqual([]);
    expect(blindSpots).toEqual([]);
  });
});

describe('calls that carry no content', () => {
  test.each([
    ['netlogon: the handshake of the secure channel', interfaces.netlogon, [4, 5, 15, 26]],
    ['netlogon: where is a domain controller', interfaces.netlogon, [20, 27, 34]],
    ['DCOM: pings, and where an object lives', objectExporter, [0, 1, 2, 3, 4, 5]],
    ['management: questions about the server', mgmt, [0, 1, 2, 4]],
  ])('%s', (_, of, operations) => {
    const calls = operations.flatMap((operation, i): Step[] => [
      client(request(readable(60), { call: i + 2, operation })),
      server(response(readable(60), { call: i + 2 })),
    ]);
    expect(protection(rpc([...opened(of), ...calls]).facts)).toEqual([]);
  });

  test.each([
    ['netlogon: a logon', interfaces.netlogon, 2],
    ['DCOM: making an object', activator, 4],
    ['management: stopping the server', mgmt, 3],
    ['another interface, the same numbers', samr, 4],
  ])('but not %s', (_, of, operation) => {
    expect(protection(rpc([...opened(of), client(request(readable(60), { operation }))]).facts)).toEqual([
      'exposed rpc',
    ]);
  });
});

describe('who authenticates', () => {
  const calls = (auth: object): Step[] => [client(request(sealed(40), auth)), server(response(sealed(40), auth))];

  test('NTLM: accepted once an answer under its context is seen', () => {
    expect(logins(rpc([...ntlmOpened(6), ...calls(ntlm(6))]).facts)).toEqual([
      {
        kind: 'authenticated',
        mechanism: 'ntlm',
        outcome: 'accepted',
        principal: 'Domain\\User',
        protected: true,
        version: 'v2',
      },
    ]);
  });

  test('AUTH3 has no answer: without another nobody knows', () => {
    expect(logins(rpc(ntlmOpened(6)).facts)).toMatchObject([{ mechanism: 'ntlm', outcome: 'unseen' }]);
  });

  test('a challenge that is not answered is unfinished', () => {
    expect(logins(rpc(ntlmOpened(6).slice(0, 2)).facts)).toMatchObject([{ mechanism: 'ntlm', outcome: 'unfinished' }]);
  });

  test.each([
    ['access denied', 5],
    ['a security package that says no', 0x721],
  ])('%s: refused', (_, status) => {
    const steps = [...ntlmOpened(6), client(request(sealed(40), ntlm(6))), server(fault(status))];
    expect(logins(rpc(steps).facts)).toMatchObject([{ mechanism: 'ntlm', outcome: 'refused' }]);
  });

  test('bind_nak: refused', () => {
    const [first] = ntlmOpened(6);
    expect(logins(rpc([first!, server(bindNak(8))]).facts)).toMatchObject([{ mechanism: 'ntlm', outcome: 'refused' }]);
  });

  test('a fault about something else refuses nobody', () => {
    const steps = [...ntlmOpened(6), client(request(sealed(40), ntlm(6))), server(fault(0x1c010002))];
    expect(logins(rpc(steps).facts)).toMatchObject([{ outcome: 'unseen' }]);
  });

  test('without user and response: anonymous', () => {
    const nobody = authenticate({ domain: '', user: '', lm: 1, nt: 0 });
    const { facts } = rpc([
      client(bind([{ of: samr }], { auth: { type: 10, level: 2, token: negotiate } })),
      server(bindAck([0], { auth: { type: 10, level: 2, token: challenge } })),
      client(auth3({ auth: { type: 10, level: 2, token: nobody } })),
      client(request(readable(40), { call: 2 })),
      server(response(readable(40), { call: 2 })),
    ]);
    expect(logins(facts)).toMatchObject([{ mechanism: 'anonymous', outcome: 'accepted' }]);
  });

  test('Kerberos: the ticket, and who accepted it', () => {
    const { facts } = rpc([...kerberosOpened(6), ...calls(kerberos(6))]);
    expect(about(facts, 'ticket-shown')).toEqual([
      {
        kind: 'described',
        what: 'ticket-shown',
        realm: 'EXAMPLE.TEST',
        service: 'exchangeMDB/mbx1.example.test',
        etype: 18,
      },
    ]);
    expect(logins(facts)).toMatchObject([{ mechanism: 'kerberos', outcome: 'accepted', etype: 18 }]);
    expect(protection(facts)).toEqual(['privacy']);
  });

  test('SPNEGO: what is inside', () => {
    expect(logins(rpc(spnegoOpened(6)).facts)).toMatchObject([
      { mechanism: 'kerberos', inside: 'negotiate', outcome: 'accepted', etype: 18 },
    ]);
    expect(logins(rpc(spnegoOpened(6, 2)).facts)).toMatchObject([{ mechanism: 'kerberos', outcome: 'refused' }]);
  });

  test('SPNEGO: an optimistic ticket turned down for NTLM, by alter context', () => {
    const auth = (token: Uint8Array) => ({ call: 2, auth: { type: 9, level: 6, token } });
    const { facts } = rpc([
      ...spnegoOpened(6, 1, oid.ntlm),
      client(alter([{ of: samr }], auth(negTokenResp({ token: negotiate })))),
      server(alterAck([0], auth(negTokenResp({ state: 1, token: challenge })))),
      client(alter([{ of: samr }], auth(negTokenResp({ token: authenticateV2 })))),
      server(alterAck([0], auth(negTokenResp({ state: 0 })))),
    ]);
    expect(logins(facts)).toMatchObject([
      { mechanism: 'ntlm', inside: 'negotiate', outcome: 'accepted', principal: 'Domain\\User', version: 'v2' },
    ]);
  });

  test('netlogon: the machine, once an answer is protected by its secure channel', () => {
    expect(logins(rpc([...netlogonOpened(6), ...calls(netlogon(6))]).facts)).toMatchObject([
      { mechanism: 'netlogon', outcome: 'accepted', principal: 'EXAMPLE\\MBX1' },
    ]);
    expect(logins(rpc(netlogonOpened(6)).facts)).toMatchObject([{ mechanism: 'netlogon', outcome: 'unseen' }]);
  });

  test('two users on one connection, by their security contexts', () => {
    const { facts } = rpc([
      ...ntlmOpened(6, samr, 1),
      client(alter([{ of: samr }], { call: 2, auth: { type: 16, level: 6, id: 2, token: ticket } })),
      server(
        alterAck([0], {
          call: 2,
          auth: { type: 16, level: 6, id: 2, token: new Uint8Array([0x6f, 4, 0x30, 2, 0, 0]) },
        }),
      ),
      client(request(sealed(40), { call: 3, ...ntlm(6, 1) })),
      server(response(sealed(40), { call: 3, ...ntlm(6, 1) })),
      client(request(sealed(40), { call: 4, auth: { ...kerberos(6).auth, id: 2 } })),
      server(response(sealed(40), { call: 4, auth: { ...kerberos(6).auth, id: 2 } })),
    ]);
    expect(logins(facts)).toMatchObject([
      { mechanism: 'ntlm', outcome: 'accepted' },
      { mechanism: 'kerberos', outcome: 'accepted' },
    ]);
  });

  test('at level 2 an answer without verifier is the acceptance, and comes before the content', () => {
    const { facts } = rpc([
      ...ntlmOpened(2),
      client(request(readable(40), { call: 3 })),
      server(response(readable(40), { call: 3 })),
    ]);
    expect(facts.filter(({ kind }) => kind !== 'described').map(({ kind }) => kind)).toEqual([
      'authenticated',
      'exposed',
    ]);
    expect(logins(facts)).toMatchObject([{ mechanism: 'ntlm', outcome: 'accepted' }]);
  });

  test('mechanisms that are not looked into keep their number', () => {
    const auth = { auth: { type: 14, level: 6, token: new Uint8Array(32) } };
    const steps = [client(bind([{ of: samr }], auth)), server(bindAck([0], auth))];
    expect(logins(rpc(steps).facts)).toMatchObject([{ mechanism: 'unknown', version: 'schannel' }]);
  });
});

describe('what was not seen', () => {
  test('a bind: sealed calls show it all the same, their interface is not known', () => {
    const { protocol, facts } = rpc(
      [client(request(sealed(40), ntlm(6))), server(response(sealed(40), ntlm(6)))],
      true,
    );
    expect(protocol).toBe('dcerpc');
    expect(about(facts, 'rpc-call')).toEqual([
      { kind: 'described', what: 'rpc-call', uuid: null, authType: 10, authLevel: 6 },
    ]);
    expect(protection(facts)).toEqual(['privacy']);
    // NTLM could have been anonymous
    expect(logins(facts)).toEqual([]);
  });

  test('a Kerberos login: who has the key was let in', () => {
    const steps = [client(request(sealed(40), kerberos(6))), server(response(sealed(40), kerberos(6)))];
    expect(logins(rpc(steps, true).facts)).toMatchObject([{ mechanism: 'kerberos', outcome: 'accepted' }]);
    expect(logins(rpc(steps.slice(0, 1), true).facts)).toEqual([]);
  });

  test('the tail of a PDU: the next one is found', () => {
    const tail = request(sealed(400), ntlm(6)).subarray(100);
    const { facts } = rpc([client(tail), client(request(sealed(40), ntlm(6)))], true);
    expect(protection(facts)).toEqual(['privacy']);
  });

  test('lost bytes: calls go on, of interfaces bound before', () => {
    const { facts } = rpc([
      ...ntlmOpened(6),
      client(request(sealed(40), { call: 3, ...ntlm(6) })),
      ['client', { lost: 100 }],
      client(request(readable(40), { call: 5, ...ntlm(5) })),
    ]);
    expect(about(facts, 'rpc-call').map((fact) => 'authLevel' in fact && [fact.uuid, fact.authLevel])).toEqual([
      [samr.uuid, 6],
      [samr.uuid, 5],
    ]);
    expect(protection(facts)).toEqual(['privacy', 'integrity']);
  });

  test('the server: what the client asked for is what it calls', () => {
    const { facts } = rpc([client(bind([{ of: samr }])), client(request(readable(40), { call: 2 }))]);
    expect(bound(facts)).toEqual([]);
    expect(about(facts, 'rpc-call')).toMatchObject([{ uuid: samr.uuid }]);
  });

  test('the client: nothing is known of what is called', () => {
    const { facts, blindSpots } = rpc([server(bindAck([0])), server(response(readable(40)))]);
    expect(about(facts, 'rpc-call')).toMatchObject([{ uuid: null }]);
    expect(protection(facts)).toEqual([]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['malformed']);
  });
});

test('RPC over HTTP: the server says so first', () => {
  const { protocol, facts } = play([['server', 'ncacn_http/1.0'], ...opened(emsmdb)], { port: 6001 });
  expect(protocol).toBe('dcerpc');
  expect(about(facts, 'banner')).toEqual([{ kind: 'described', what: 'banner', text: 'ncacn_http/1.0' }]);
  expect(bound(facts)).toEqual([emsmdb.uuid]);
});
