import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/bytes/address.ts';
import { Malformed } from '../../src/bytes/malformed.ts';
import { createFlow, type FlowEnd, flowEnd } from '../../src/flows/flow.ts';
import { limits } from '../../src/limits.ts';
import { type AnyAnalyzer, defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, WAIT } from '../../src/protocols/analyzer.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { ProtocolHost } from '../../src/protocols/host.ts';
import { play, type Step } from '../support/play.ts';

const word = (i: number): string =>
  ['q'.charCodeAt(0) - 97, i % 26, Math.floor(i / 26)].map((n) => String.fromCharCode(97 + n)).join('');

/** A protocol for these tests: messages end with `.`; `up.` asks for the next protocol, `ok.` agrees, `no.` refuses. */
const dots = defineAnalyzer<{ asked: boolean; failed: boolean }>({
  name: 'dots',
  transports: ['tcp', 'udp'],
  ports: [7],
  start: () => ({ asked: false, failed: false }),
  recognise(bytes, start, end, direction) {
    const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
    if ('hello'.startsWith(text) && text.length < 5) return 'more';
    if (direction === 'client' && text.startsWith('hello')) return 'certain';
    return /^[a-z.]+$/.test(text) ? 'possible' : 'no';
  },
  frame(bytes, start, end, direction, state) {
    if (direction === 'client' && state.asked) return WAIT;
    if (bytes[start] === 0x23) return NOT_THIS_PROTOCOL;
    const dot = bytes.indexOf(0x2e, start);
    return dot < 0 || dot >= end ? NEED_MORE : dot + 1 - start;
  },
  message(reader, direction, state, out) {
    const text = reader.text(reader.remaining);
    out.fact({ kind: 'described', what: 'banner', text: `${direction} ${text}` });
    if (text === 'up.') state.asked = true;
    if (text === 'no.') state.asked = false;
    if (text === 'ok.') out.handOver('hash', 'starttls');
    if (text === 'bad.') throw new Malformed('dots', 0, 2, 1);
    if (text === 'skip.') out.skip(5);
    if (text === 'done.') out.done();
  },
  resume: (bytes, start, end) => {
    const dot = bytes.indexOf(0x2e, start);
    return dot < 0 || dot + 1 >= end ? -1 : dot + 1;
  },
  handOverFailed: (state) => {
    state.asked = false;
  },
  end: (_state, out) => out.fact({ kind: 'described', what: 'banner', text: 'end' }),
});

/** Messages are `#` and three bytes. */
const hash: AnyAnalyzer = defineAnalyzer<null>({
  name: 'hash',
  transports: ['tcp'],
  ports: [9],
  start: () => null,
  recognise: (bytes, start) => (bytes[start] === 0x23 ? 'certain' : 'no'),
  frame: (bytes, start, end) => (bytes[start] !== 0x23 ? NOT_THIS_PROTOCOL : end - start < 4 ? NEED_MORE : 4),
  message: (reader, direction, _state, out) => {
    out.fact({ kind: 'described', what: 'banner', text: `${direction} ${reader.text(4)}` });
  },
});

const analyzers = [dots, hash];
const run = (steps: readonly Step[], port = 7, midstream = false) => {
  const observed = play(steps, { port, analyzers, midstream });
  const said = observed.facts.map((fact) =>
    fact.kind === 'described' && fact.what === 'banner' ? fact.text : fact.kind,
  );
  return { ...observed, said, why: observed.blindSpots.map((spot) => spot.why) };
};

describe('a host', () => {
  test('buffers partial messages, and stamps them with the step that completes them', () => {
    const { said, stamped } = run([
      ['client', 'hel'],
      ['client', 'lo.a'],
      ['client', 'b.'],
    ]);
    expect(said).toEqual(['client hello.', 'client ab.', 'end']);
    expect(stamped.map((fact) => fact.frame)).toEqual([2, 3, 3]);
    expect(stamped[0]).toMatchObject({ from: 'client', protocol: 'dots', capture: 0 });
  });

  test('takes a possible protocol on its own port only', () => {
    expect(run([['client', 'abc.']], 7).protocol).toBe('dots');
    expect(run([['client', 'abc.']], 8).protocol).toBe('unknown');
  });

  test('turns client and server around where nobody saw who opened and content tells', () => {
    const { said, record } = run([['server', 'hello.']], 8, true);
    expect(said[0]).toBe('client hello.');
    expect(record.client.port).toBe(8);
  });

  test('stops Malformed and reads the next message', () => {
    const { said, why } = run([['client', 'hello.bad.next.']]);
    expect(said).toEqual(['client hello.', 'client bad.', 'client next.', 'end']);
    expect(why).toEqual(['malformed']);
  });

  test('moves past skipped bytes, also over segments and gaps', () => {
    expect(
      run([
        ['client', 'hello.skip.xx.'],
        ['client', '.xnext.'],
      ]).said,
    ).toContain('client next.');
    expect(
      run([
        ['client', 'hello.skip.x'],
        ['client', { lost: 4 }],
        ['client', 'next.'],
      ]).said,
    ).toContain('client next.');
  });

  test('goes on after lost bytes where the protocol says a message begins', () => {
    const { said } = run([
      ['client', 'hello.ab'],
      ['client', { lost: 3 }],
      ['client', 'c.next.'],
    ]);
    expect(said).toEqual(['client hello.', 'client next.', 'end']);
  });

  test('reads nothing more once there is nothing to learn', () => {
    expect(
      run([
        ['client', 'hello.done.next.'],
        ['client', 'more.'],
      ]).said,
    ).toEqual(['client hello.', 'client done.', 'end']);
  });

  test('hands over when the answer agrees', () => {
    const { said, protocol, protocolPath } = run([
      ['client', 'hello.up.'],
      ['server', 'ok.'],
      ['client', '#one'],
      ['server', '#two'],
    ]);
    expect(said).toEqual(['client hello.', 'client up.', 'server ok.', 'client #one', 'server #two']);
    expect([protocol, protocolPath]).toEqual(['dots', ['dots', 'hash']]);
  });

  test('holds what the client says until the answer is there', () => {
    const { said } = run([
      ['client', 'hello.up.#one'],
      ['server', 'ok.'],
    ]);
    expect(said).toEqual(['client hello.', 'client up.', 'server ok.', 'client #one']);
  });

  test('goes on in the old protocol when the answer refuses', () => {
    const { said } = run([
      ['client', 'hello.up.next.'],
      ['server', 'no.'],
    ]);
    expect(said).toEqual(['client hello.', 'client up.', 'server no.', 'client next.', 'end']);
  });

  test('goes on in the old protocol when the client does not follow', () => {
    const { said, protocolPath } = run([
      ['client', 'hello.up.'],
      ['server', 'ok.'],
      ['client', 'next.'],
    ]);
    expect(said).toEqual(['client hello.', 'client up.', 'server ok.', 'client next.', 'end']);
    expect(protocolPath).toEqual(['dots']);
  });

  test('says where a stream stops being its protocol and is not recognised again', () => {
    const { why } = run(
      [
        ['client', '#one'],
        ['client', '!!!!'],
      ],
      9,
    );
    expect(why).toEqual(['left-protocol']);
  });

  test('lets the protocol that a stream leaves say what stayed unfinished', () => {
    expect(
      run([
        ['client', 'hello.'],
        ['client', '#one'],
      ]).said,
    ).toEqual(['client hello.', 'end', 'client #one']);
  });

  test('recognises what a stream becomes', () => {
    expect(
      run(
        [
          ['client', '#one'],
          ['client', 'hello.'],
        ],
        9,
      ),
    ).toMatchObject({ protocol: 'hash', protocolPath: ['hash', 'dots'] });
  });

  test('changes protocols no more often than the cap', () => {
    const turns = Array.from({ length: 50 }, (_, i): Step => ['client', i % 2 ? 'hello.' : '#one']);
    expect(run(turns, 9).why).toEqual(['left-protocol']);
  });

  test('keeps no message longer than the cap, however it comes', () => {
    const { why } = run([
      ['client', 'hello.'],
      ...Array.from({ length: 300 }, (): Step => ['client', 'x'.repeat(1000)]),
    ]);
    expect(why).toEqual(['limit']);
  });

  test('reads a message that comes byte by byte in linear time', () => {
    const bytes = Array.from({ length: 20_000 }, (): Step => ['client', 'x']);
    const { said } = run([['client', 'hello.'], ...bytes, ['client', '.']]);
    expect(said).toHaveLength(3);
  });

  test('caps the facts of a flow, and says so', () => {
    const many = Array.from(
      { length: 2 * limits.facts },
      (_, i): Step => ['client', `${'abcdefghij'[i % 10]}${'k'.repeat(i >> 3)}.`],
    );
    const { facts, why } = run([['client', 'hello.'], ...many]);
    expect(facts.length).toBe(limits.facts);
    expect(why).toEqual(['limit']);
  });

  test('caps the facts of all open flows, and has room again once flows end', () => {
    const records: FlowRecord[] = [];
    const host = new ProtocolHost([dots], (record) => records.push(record));
    const [one, other] = ['10.0.0.1', '10.0.0.2'].map((text) => flowEnd(parseAddress(text)!, 7)) as [FlowEnd, FlowEnd];
    const ofEach = 100;
    const said = Buffer.from(`hello.${Array.from({ length: ofEach - 1 }, (_, i) => `${word(i)}.`).join('')}`);
    const open = () => {
      const flow = createFlow('tcp', 6, one, other);
      host.bytes(flow, 0, said, 0, said.length);
      return flow;
    };
    const flows = Array.from({ length: limits.factsTotal / ofEach + 3 }, open);
    for (const flow of flows) host.ended(flow);
    const last = open();
    host.ended(last);
    const isSaid = (fact: FlowRecord['facts'][number]) =>
      fact.kind === 'described' && fact.what === 'banner' && fact.text !== 'end';
    const facts = records.map((record) => record.facts.filter(isSaid).length);
    expect(facts).toEqual([...flows.slice(0, -3).map(() => ofEach), 0, 0, 0, ofEach]);
    expect(records.map(({ blindSpots }) => blindSpots.map(({ why }) => why).join())).toEqual(
      // there was no room yet for what the first one's end said
      facts.map((count, i) => (count === 0 || i === 0 ? 'limit' : '')),
    );
  });

  test('reads each datagram as one message', () => {
    const { said } = {
      said: play(
        [
          ['client', 'hello.'],
          ['server', 'yes.'],
        ],
        { port: 7, transport: 'udp', analyzers },
      ).facts,
    };
    expect(said).toHaveLength(3);
  });
});
