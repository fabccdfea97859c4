import { describe, expect, test } from 'vitest';
import { hex } from '../support/gss-tokens.ts';
import { answer, ask, basic, challenge401, exposed, spots } from '../support/http-dialogues.ts';
import { type Observed, play, type Step } from '../support/play.ts';

const target = '/rpc/rpcproxy.dll?mbx1.example.com:6001';
const long = { 'Content-Length': '1073741824' };
const bytes = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

/** EMSMDB ([MS-OXCRPC] §1.9), NDR, one context ([C706] §12.6.4.3) */
const bind = hex(
  '05000b0310000000480000000100000000100010000000000100000000000100' +
    '00dbf1a447ca6710b31f00dd010662da51000000045d888aeb1cc9119fe808002b10486002000000',
);
const request = hex(`0500000310000000280000000200000010000000000001 00${'41'.repeat(16)}`);
/** RTS with no commands ([MS-RPCH] §2.2.3.6): 20 bytes */
const rts = hex('0500140310000000140000000000000000000000');

const inChannel = (body: Uint8Array[]): Step[] => [
  ask(`RPC_IN_DATA ${target}`, long),
  ...body.map((part): Step => ['client', bytes(part)]),
];
const calls = (seen: Observed) => seen.facts.filter((fact) => fact.kind === 'described' && fact.what === 'rpc-call');

describe('RPC over HTTP ([MS-RPCH])', () => {
  test('the in channel carries calls, which are judged as RPC', () => {
    const seen = play(inChannel([rts, bind, request]), { port: 80 });
    expect(seen.protocolPath).toEqual(['http', 'dcerpc']);
    expect(calls(seen)).toMatchObject([{ authLevel: 0 }]);
    expect(exposed(seen)).toEqual(['rpc']);
  });

  test('its head and its channel set-up expose nothing', () => {
    const seen = play(inChannel([rts]), { port: 80 });
    expect(exposed(seen)).toEqual([]);
  });

  test('in pieces, and in chunks', () => {
    const whole = bytes(bind) + bytes(request);
    const chunked: Step[] = [
      ask(`RPC_IN_DATA ${target}`, { 'Transfer-Encoding': 'chunked' }),
      ['client', `5\r\n${whole.slice(0, 5)}\r\n`],
      ['client', `${(whole.length - 5).toString(16)}\r\n${whole.slice(5)}\r\n`],
    ];
    expect(exposed(play(chunked, { port: 80 }))).toEqual(['rpc']);
    const pieces = [...whole].map((byte): Step => ['client', byte]);
    expect(exposed(play([ask(`RPC_IN_DATA ${target}`, long), ...pieces], { port: 80 }))).toEqual(['rpc']);
  });

  test('the out channel: its request and its answer are both RPC', () => {
    const seen = play(
      [
        ask(`RPC_OUT_DATA ${target}`, {}, bytes(rts)),
        answer(200, { ...long, 'Content-Type': 'application/rpc' }),
        ['server', bytes(rts)],
      ],
      { port: 80 },
    );
    expect(seen.protocolPath).toEqual(['http', 'dcerpc']);
    expect(exposed(seen)).toEqual([]);
    expect(spots(seen)).toEqual([]);
  });

  test('a login of the proxy comes before it', () => {
    const seen = play(
      [
        ask(`RPC_IN_DATA ${target}`, { 'Content-Length': '0' }),
        challenge401('Basic realm="cas1"'),
        ask(`RPC_IN_DATA ${target}`, { ...long, ...basic('anna', 'x') }),
        ['client', bytes(bind) + bytes(request)],
      ],
      { port: 80 },
    );
    expect(exposed(seen)).toEqual(['credentials', 'rpc']);
  });

  test('lost bytes within it: RPC goes on', () => {
    const seen = play([...inChannel([bind]), ['client', { lost: 500 }], ['client', bytes(request)]], { port: 80 });
    expect(exposed(seen)).toEqual(['rpc']);
  });

  test('what is no RPC in it is not passed over in silence', () => {
    const seen = play(inChannel([hex('3c68746d6c3e6d61696c3c2f68746d6c3e')]), { port: 80 });
    expect(spots(seen)).toContain('left-protocol');
  });
});
