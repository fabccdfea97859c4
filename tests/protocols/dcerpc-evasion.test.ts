import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { cipher } from '../support/framing-messages.ts';
import { addressOf, judge } from '../support/judge-flow.ts';
import { authenticate, challenge, negotiate } from '../support/ntlm-messages.ts';
import { play, type Step } from '../support/play.ts';
import {
  alter,
  alterAck,
  auth3,
  bind,
  bindAck,
  client,
  fault,
  interfaces,
  micToken,
  ntlmSignature,
  pdu,
  readable,
  request,
  response,
  sealed,
  server,
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
} from '../support/rpc-sessions.ts';

// Connections that were made to be called encrypted or authenticated without being so.

const { samr, epm, netlogon: netlogonInterface, lsarpc } = interfaces;
const rpc = (steps: Step[], port = 49_154) => play(steps, { port });
const protection = (facts: Fact[]) =>
  facts.flatMap((fact) => (fact.kind === 'secured' ? [fact.level] : fact.kind === 'exposed' ? ['exposed'] : []));
const accepted = (facts: Fact[]) =>
  facts.flatMap((fact) => (fact.kind === 'authenticated' && fact.outcome === 'accepted' ? [fact.mechanism] : []));

describe('sealed-looking calls that are not sealed', () => {
  test.each<[string, Step[], object]>([
    ['level 6 is claimed, the content is readable', ntlmOpened(6), ntlm(6)],
    ['level 6 under a context of level 2', ntlmOpened(2), ntlm(6)],
    ['level 6 with a signature of one byte', ntlmOpened(6), { auth: { type: 10, level: 6, token: new Uint8Array(1) } }],
    ['level 7, which nobody has defined', ntlmOpened(6), { auth: { type: 10, level: 7, token: ntlmSignature } }],
  ])('%s', (_, opening, auth) => {
    expect(protection(rpc([...opening, client(request(readable(80), auth))]).facts)).toEqual(['exposed']);
  });

  test.each<[string, Step[], object]>([
    ['a Kerberos token that says it is not sealed', kerberosOpened(6), kerberos(6, false)],
    ['a Kerberos MIC', kerberosOpened(6), { auth: { type: 16, level: 6, token: micToken } }],
    ['a netlogon signature that says it is not sealed', netlogonOpened(6), netlogon(6, false)],
  ])('level 6 with %s is no more than guarded', (_, opening, auth) => {
    expect(protection(rpc([...opening, client(request(sealed(80), auth))]).facts)).toEqual(['integrity']);
  });

  test.each<[string, Step[], object]>([
    ['a security context that nobody has opened', opened(), ntlm(6)],
    ['a context of another mechanism', ntlmOpened(6), netlogon(6)],
    ['a login that was only begun', ntlmOpened(6).slice(0, 2), ntlm(6)],
    ['a mechanism that nobody knows', unknownOpened(), { auth: { type: 99, level: 6, token: ntlmSignature } }],
    [
      'a token that is none of its mechanism',
      kerberosOpened(6),
      { auth: { type: 16, level: 6, token: ntlmSignature } },
    ],
    ['NTLM that was negotiated without sealing', ntlmUnsealed(), ntlm(6)],
  ])('level 6 under %s shows nothing', (_, opening, auth) => {
    const { facts, blindSpots } = rpc([...opening, client(request(sealed(80), auth))]);
    expect(protection(facts)).toEqual([]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['malformed']);
  });

  test('a bind at level 6, and calls without verifier', () => {
    expect(protection(rpc([...ntlmOpened(6), client(request(sealed(80)))]).facts)).toEqual(['exposed']);
  });
});

function unknownOpened(): Step[] {
  const auth = { auth: { type: 99, level: 6, token: new Uint8Array(40) } };
  return [client(bind([{ of: samr }], auth)), server(bindAck([0], auth))];
}

/** The example's flags without NTLMSSP_NEGOTIATE_SEAL. */
function ntlmUnsealed(): Step[] {
  const answer = authenticate({ domain: 'Domain', user: 'User', lm: 24, nt: 60 });
  return [
    client(bind([{ of: samr }], { auth: { type: 10, level: 6, token: negotiate } })),
    server(bindAck([0], { auth: { type: 10, level: 6, token: challenge } })),
    client(auth3({ auth: { type: 10, level: 6, token: answer } })),
  ];
}

describe('content beside calls that carry none', () => {
  test('fragments that say they are of a call that carries none', () => {
    const { facts } = rpc([
      ...opened(netlogonInterface),
      client(request(readable(60), { call: 2, operation: 2, flags: 1 })),
      client(request(readable(60), { call: 2, operation: 4, flags: 2 })),
    ]);
    expect(protection(facts)).toEqual(['exposed']);
  });

  test('a call that follows under the same number, without being a first fragment', () => {
    const { facts } = rpc([
      ...opened(netlogonInterface),
      client(request(readable(60), { call: 2, operation: 4 })),
      client(request(readable(60), { call: 2, operation: 2, flags: 2 })),
    ]);
    expect(protection(facts)).toEqual(['exposed']);
  });

  test('the endpoint mapper first, then a call of what was not accepted', () => {
    const seen = rpc(
      [
        ...opened(epm),
        client(alter([{ id: 1, of: samr }], { call: 2 })),
        server(alterAck([2], { call: 2 })),
        client(request(readable(60), { call: 3, context: 1 })),
      ],
      135,
    );
    expect(seen.protocol).toBe('dcerpc');
    expect(protection(seen.facts)).toEqual(['exposed']);
  });

  test('the endpoint mapper first, then another interface whose acceptance was lost', () => {
    const seen = rpc(
      [
        ...opened(epm),
        client(alter([{ id: 1, of: samr }], { call: 2 })),
        ['server', { lost: 56 }],
        client(request(readable(60), { call: 3, context: 1 })),
      ],
      135,
    );
    expect(seen.protocol).toBe('dcerpc');
    expect(protection(seen.facts)).toEqual(['exposed']);
  });

  test('the number of an interface given away to another', () => {
    const seen = rpc(
      [
        ...opened(epm),
        client(alter([{ id: 0, of: samr }], { call: 2 })),
        ['server', { lost: 56 }],
        client(request(readable(60), { call: 3 })),
      ],
      135,
    );
    expect(seen.protocol).toBe('dcerpc');
    expect(protection(seen.facts)).toEqual(['exposed']);
  });

  test('the port of the endpoint mapper excuses nothing', () => {
    // operation 3 asks an endpoint mapper for the way, and 9 nobody whom this program knows
    const call = (operation: number) =>
      play([client(request(readable(60), { operation }))], { port: 135, midstream: true });
    expect(call(3).protocol).toBe('dcerpc');
    expect(call(3).blindSpots.map(({ why }) => why)).toContain('malformed');
    expect(protection(call(9).facts)).toEqual(['exposed']);
  });
});

describe('logins that were none', () => {
  const call = (auth: object): Step => client(request(sealed(40), auth));

  test.each<[string, Step[]]>([
    ['the client answers itself', [...ntlmOpened(6), call(ntlm(6)), client(response(sealed(40), ntlm(6)))]],
    ['the client accepts its own ticket', [spnegoOpened(6)[0]!, ['client', spnegoOpened(6)[1]![1]]]],
    ['an optimistic ticket, and nothing more', kerberosOpened(6).slice(0, 2)],
    ['a ticket that is answered by the wish for another', spnegoOpened(6, 1)],
    ['an answer without verifier under level 6', [...ntlmOpened(6), call(ntlm(6)), server(response(sealed(40)))]],
    [
      'an answer under the context of somebody else',
      [...ntlmOpened(6), call(ntlm(6)), server(response(sealed(40), ntlm(6, 7)))],
    ],
    ['an answer with a signature of one byte', [...ntlmOpened(6), call(ntlm(6)), server(response(sealed(40), short))]],
    ['a fault', [...ntlmOpened(6), call(ntlm(6)), server(fault(5))]],
    [
      'a login begun again after the challenge',
      [...ntlmOpened(6).slice(0, 2), call(ntlm(6)), server(response(sealed(40), ntlm(6)))],
    ],
    [
      'at level 2, an answer to what nobody asked under it',
      [
        ...opened(),
        ...ntlmOpened(2),
        client(request(readable(40), { call: 2 })),
        server(response(readable(40), { call: 2 })),
      ],
    ],
    [
      'at level 2, an answer to a call from before the login',
      [
        ...ntlmOpened(2).slice(0, 2),
        client(request(readable(40), { call: 2 })),
        ntlmOpened(2)[2]!,
        server(response(readable(40), { call: 2 })),
      ],
    ],
  ])('%s', (_, steps) => {
    expect(accepted(rpc(steps).facts)).toEqual([]);
  });

  test('a netlogon answer whose token is none, under a context that was not seen', () => {
    const auth = { auth: { type: 68, level: 6, token: new Uint8Array(32) } };
    expect(
      accepted(play([call(auth), server(response(sealed(40), auth))], { port: 49_154, midstream: true }).facts),
    ).toEqual([]);
  });
});

const short = { auth: { type: 10, level: 6, token: new Uint8Array(1) } };

describe('damage is reported, and what follows is read', () => {
  test.each<[string, Uint8Array]>([
    ['padding longer than the body', withByte(request(readable(4), ntlm(6)), 30, 200)],
    ['more contexts than there are', withByte(bind([{ of: samr }]), 24, 200)],
    ['more syntaxes than there are', withByte(bind([{ of: samr }]), 30, 200)],
  ])('%s', (_, bad) => {
    const { facts, blindSpots } = rpc([...ntlmOpened(6), client(bad), client(request(sealed(40), ntlm(6)))]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['malformed']);
    expect(protection(facts)).toEqual(['privacy']);
  });

  test('what is no PDU ends it', () => {
    const { blindSpots } = rpc([...opened(), client(new Uint8Array(40).fill(0x41))]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['left-protocol']);
  });

  test('tables have an end', () => {
    const calls = Array.from({ length: 2000 }, (_, i) => client(request(readable(20), { call: i + 10, operation: 4 })));
    const contexts = Array.from({ length: 2000 }, (_, i) => client(alter([{ id: i, of: lsarpc }], { call: i + 10 })));
    const logins = Array.from({ length: 2000 }, (_, i) =>
      client(bind([{ of: samr }], { call: i, auth: { type: 10, level: 6, id: i, token: negotiate } })),
    );
    const { blindSpots } = rpc([...opened(netlogonInterface), ...calls, ...contexts, ...logins]);
    expect(blindSpots.map(({ why }) => why)).toEqual(['limit']);
  });

  test('RTS from either side, fragments without end', () => {
    const parts = Array.from({ length: 200 }, () => client(pdu(20, new Uint8Array(100), { flags: 0 })));
    expect(protection(rpc([...opened(), ...parts]).facts)).toEqual([]);
  });
});

/** After lost bytes a PDU is looked for; what only looks like one inside content is none. */
test('a sealed PDU inside a clear one is not read', () => {
  const bait = request(sealed(40), ntlm(6));
  const carrier = request(new Uint8Array([...readable(41), ...bait, ...readable(200)]), { call: 9 });
  const { facts } = rpc([...ntlmOpened(6), ['client', { lost: 10 }], client(carrier.subarray(60))]);
  expect(protection(facts)).toEqual([]);
});

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  bytes[at] = value;
  return bytes;
}

describe('calls for nobody beside those of somebody', () => {
  const judged = (...steps: Step[]) => {
    const { record } = rpc(steps);
    const ends = {
      client: { address: addressOf('hub1'), port: 40_000 },
      server: { address: addressOf('mbx1'), port: 49_154 },
    };
    return judge({ ...record, ...ends }, 'hub-to-mailbox-mapi');
  };
  const store = interfaces.emsmdb;
  const good: Step[] = [
    ...ntlmOpened(6, store),
    client(request(sealed(80), ntlm(6))),
    server(response(sealed(80), ntlm(6))),
  ];
  const plain: Step[] = [client(request(readable(80), { call: 7 })), server(response(readable(80), { call: 7 }))];

  test('what these imitate passes', () => {
    expect(judged(...good)).toMatchObject({ authentication: 'pass as-expected', encryption: 'pass as-expected' });
  });

  test('after them, by the same binding or by one of its own', () => {
    const own: Step[] = [client(alter([{ of: store }], { call: 6 })), server(alterAck([0], { call: 6 }))];
    for (const steps of [
      [...good, ...plain],
      [...good, ...own, ...plain],
      [...good, ...own, ...plain, ...good.slice(3)],
    ]) {
      expect(judged(...steps)).toMatchObject({
        authentication: 'fail not-authenticated',
        encryption: 'fail clear-content',
      });
    }
  });

  test('a call that is refused is no call', () => {
    const refused = [...good, client(request(readable(80), { call: 7 })), server(fault(5, { call: 7 }))];
    expect(judged(...refused)?.authentication).toBe('pass as-expected');
  });

  test('a login that asks for no more than itself answers for calls without verifier', () => {
    const steps = [...ntlmOpened(2, store), ...plain];
    expect(judged(...steps)?.authentication).toBe('pass as-expected');
  });
});

describe('calls too short to show alone that they are not sealed', () => {
  test('show it together', () => {
    const calls = Array.from({ length: 12 }, (_, call) =>
      client(request(readable(24), { ...ntlm(6), call: call + 5 })),
    );
    expect(protection(rpc([...ntlmOpened(6), ...calls]).facts)).toContain('exposed');
  });

  test('and sealed ones do not', () => {
    const calls = Array.from({ length: 200 }, (_, call) =>
      client(request(cipher(24, call + 1), { ...ntlm(6), call: call + 5 })),
    );
    expect(protection(rpc([...ntlmOpened(6), ...calls]).facts)).toEqual(['privacy']);
  });

  test('show it also after many that were sealed', () => {
    const long = Array.from({ length: 60 }, (_, call) => client(request(cipher(100, call + 1), { ...ntlm(6), call })));
    const short = Array.from({ length: 60 }, (_, call) =>
      client(request(readable(40), { ...ntlm(6), call: call + 100 })),
    );
    expect(protection(rpc([...ntlmOpened(6), ...long, ...short]).facts)).toContain('exposed');
  });

  test('and thousands of sealed ones do not', () => {
    const calls = Array.from({ length: 5000 }, (_, call) =>
      client(request(cipher(40, call + 1), { ...ntlm(6), call: call + 5 })),
    );
    expect(protection(rpc([...ntlmOpened(6), ...calls]).facts)).toEqual(['privacy']);
  });
});
