import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { play, type Step } from '../support/play.ts';
import {
  alter,
  alterAck,
  bind,
  bindAck,
  client,
  interfaces,
  readable,
  request,
  response,
  sealed,
  server,
  transfer,
} from '../support/rpc-pdus.ts';
import { ntlm, opened } from '../support/rpc-sessions.ts';
import { flowsOf, framesOf } from '../support/talk.ts';

const { epm, samr, emsmdb } = interfaces;
const mapper = (steps: Step[], port = 135) => play(steps, { port });
const endpoints = (seen: ReturnType<typeof play>) =>
  seen.facts.flatMap((fact) => {
    if (fact.kind !== 'described' || fact.what !== 'rpc-endpoint') return [];
    const { kind: _, what: __, ...rest } = fact;
    return [rest];
  });

// [C706] Appendix L: floor count, then each floor's two halves with their lengths, always little-endian; ports and addresses big-endian
const le16 = (value: number) => [value & 255, value >> 8];
const floor = (left: number[], right: number[]) => [...le16(left.length), ...left, ...le16(right.length), ...right];
const uuidBytes = (text: string): number[] => {
  const bytes = [...Buffer.from(text.replaceAll('-', ''), 'hex')];
  return [
    ...bytes.slice(0, 4).reverse(),
    ...bytes.slice(4, 6).reverse(),
    ...bytes.slice(6, 8).reverse(),
    ...bytes.slice(8),
  ];
};
function tower(uuid: string, protocol: number, port: number, address = [0, 0, 0, 0]): number[] {
  return [
    ...le16(5),
    ...floor([0x0d, ...uuidBytes(uuid), 1, 0], [0, 0]),
    ...floor([0x0d, ...uuidBytes(transfer.ndr), 2, 0], [0, 0]),
    ...floor([0x0b], [0, 0]),
    ...floor([protocol], [port >> 8, port & 255]),
    ...floor([0x09], address),
  ];
}

/** NDR ([C706] chapter 14) or NDR64 ([MS-RPCE] §2.2.5), in either byte order. */
class Ndr {
  readonly bytes: number[] = [];
  readonly big: boolean;
  readonly wide: boolean;
  constructor(big: boolean, wide: boolean) {
    this.big = big;
    this.wide = wide;
  }
  align(size: number) {
    while (this.bytes.length % size !== 0) this.bytes.push(0);
    return this;
  }
  u32(value: number) {
    this.align(4);
    const four = [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
    this.bytes.push(...(this.big ? four.reverse() : four));
    return this;
  }
  size(value: number) {
    if (!this.wide) return this.u32(value);
    this.align(8);
    return this.big ? this.u32(0).u32(value) : this.u32(value).u32(0);
  }
  raw(bytes: number[]) {
    this.bytes.push(...bytes);
    return this;
  }
}
interface Form {
  big?: boolean;
  wide?: boolean;
}
const handle = new Array<number>(20).fill(0);
function mapAnswer(towers: number[][], { big = false, wide = false }: Form = {}): Uint8Array {
  const ndr = new Ndr(big, wide).raw(handle).u32(towers.length).size(4).size(0).size(towers.length);
  for (const [i] of towers.entries()) ndr.size(i + 3);
  for (const octets of towers) ndr.size(octets.length).u32(octets.length).raw(octets);
  return Uint8Array.from(ndr.u32(0).bytes);
}
function lookupAnswer(entries: { tower: number[]; annotation: string }[]): Uint8Array {
  const ndr = new Ndr(false, false).raw(handle).u32(entries.length).size(500).size(0).size(entries.length);
  for (const [i, { annotation }] of entries.entries()) {
    ndr
      .align(4)
      .raw(new Array<number>(16).fill(0))
      .size(i + 3)
      .size(0)
      .size(annotation.length + 1);
    ndr.raw([...Buffer.from(`${annotation}\0`)]);
  }
  for (const { tower: octets } of entries) ndr.size(octets.length).u32(octets.length).raw(octets);
  return Uint8Array.from(ndr.u32(0).bytes);
}

const asked = (operation: number): Step => client(request(readable(120), { call: 2, operation }));
const answered = (stub: Uint8Array, options = {}): Step => server(response(stub, { call: 2, ...options }));

describe('what it answers', () => {
  test('one tower: interface, address and port', () => {
    const stub = mapAnswer([tower(samr.uuid, 0x07, 49_154, [10, 0, 0, 5])]);
    const seen = mapper([...opened(epm), asked(3), answered(stub)]);
    expect(seen.protocol).toBe('epm');
    expect(endpoints(seen)).toEqual([{ uuid: samr.uuid, transport: 'tcp', address: '10.0.0.5', port: 49_154 }]);
    expect(seen.facts.filter(({ kind }) => kind !== 'described')).toEqual([]);
  });

  test('no address is that of the server itself', () => {
    expect(
      endpoints(mapper([...opened(epm), asked(3), answered(mapAnswer([tower(samr.uuid, 0x07, 1025)]))])),
    ).toMatchObject([{ address: '10.0.0.2', port: 1025 }]);
  });

  test('UDP and HTTP; named pipes and local calls have no port', () => {
    const towers = [
      tower(emsmdb.uuid, 0x1f, 6001),
      tower(samr.uuid, 0x08, 1026),
      [...le16(1), ...floor([0x0d, ...uuidBytes(samr.uuid), 1, 0], [0, 0])],
    ];
    expect(endpoints(mapper([...opened(epm), asked(3), answered(mapAnswer(towers))]))).toMatchObject([
      { uuid: emsmdb.uuid, transport: 'http', port: 6001 },
      { uuid: samr.uuid, transport: 'udp', port: 1026 },
    ]);
  });

  test('big-endian', () => {
    const big = { bigEndian: true };
    const stub = mapAnswer([tower(samr.uuid, 0x07, 1025)], { big: true });
    const seen = mapper([
      client(bind([{ of: epm }], big)),
      server(bindAck([0], big)),
      client(request(readable(120), { call: 2, operation: 3, ...big })),
      answered(stub, big),
    ]);
    expect(endpoints(seen)).toMatchObject([{ uuid: samr.uuid, port: 1025 }]);
  });

  test('NDR64', () => {
    const stub = mapAnswer([tower(samr.uuid, 0x07, 1025), tower(emsmdb.uuid, 0x07, 1026)], { wide: true });
    const seen = mapper([
      client(bind([{ of: epm, syntaxes: [transfer.ndr64] }])),
      server(bindAck([0], { syntax: transfer.ndr64 })),
      asked(3),
      answered(stub),
    ]);
    expect(endpoints(seen)).toMatchObject([{ port: 1025 }, { port: 1026 }]);
  });

  test('a list of all, with annotations, in several fragments', () => {
    const stub = lookupAnswer([
      { tower: tower(emsmdb.uuid, 0x07, 40_001), annotation: 'Exchange Server Database EMSMDB Interface' },
      { tower: tower(samr.uuid, 0x07, 40_002), annotation: '' },
    ]);
    const seen = mapper([
      ...opened(epm),
      asked(2),
      answered(stub.slice(0, 100), { flags: 1 }),
      answered(stub.slice(100, 250), { flags: 0 }),
      answered(stub.slice(250), { flags: 2 }),
    ]);
    expect(endpoints(seen)).toEqual([
      {
        uuid: emsmdb.uuid,
        transport: 'tcp',
        address: '10.0.0.2',
        port: 40_001,
        annotation: 'Exchange Server Database EMSMDB Interface',
      },
      { uuid: samr.uuid, transport: 'tcp', address: '10.0.0.2', port: 40_002 },
    ]);
  });
});

describe('what is no answer of an endpoint mapper', () => {
  const stub = mapAnswer([tower(samr.uuid, 0x07, 1025)]);

  test.each<[string, Step[]]>([
    ['what the client says', [...opened(epm), asked(3), client(response(stub, { call: 2 }))]],
    ['an answer to another question', [...opened(epm), asked(4), answered(stub)]],
    ['an answer of another interface', [...opened(samr), asked(3), answered(stub)]],
    ['what is sealed', [...opened(epm), asked(3), answered(sealed(150), ntlm(6))]],
    ['a fragment without its beginning', [...opened(epm), asked(3), answered(stub, { flags: 2 })]],
  ])('%s', (_, steps) => {
    expect(endpoints(mapper(steps))).toEqual([]);
  });

  test.each<[string, Uint8Array]>([
    ['cut short', stub.slice(0, 60)],
    ['more towers than there are', mapAnswer([tower(samr.uuid, 0x07, 1025)]).fill(0xff, 32, 35)],
    ['a tower longer than the answer', stub.slice(0, -30)],
  ])('%s: said, and nothing is believed', (_, bad) => {
    const seen = mapper([...opened(epm), asked(3), answered(bad)]);
    expect(endpoints(seen)).toEqual([]);
    expect(seen.blindSpots.map(({ why }) => why)).toEqual(['malformed']);
  });

  test('an answer without end', () => {
    const parts = Array.from({ length: 100 }, (_, i) => answered(new Uint8Array(4000), { flags: i === 0 ? 1 : 0 }));
    const seen = mapper([...opened(epm), asked(2), ...parts]);
    expect(100 * 4000).toBeGreaterThan(limits.rpcAnswer);
    expect(seen.blindSpots.map(({ why }) => why)).toEqual(['limit']);
  });
});

describe('whose flow it is', () => {
  test('with all of its transfer syntaxes, it is the endpoint mapper', () => {
    const syntaxes = [transfer.ndr, transfer.ndr64, transfer.features];
    const asks = syntaxes.map((syntax, id) => ({ id, of: epm, syntaxes: [syntax] }));
    expect(mapper([client(bind(asks)), server(bindAck([2, 0, 3]))]).protocolPath).toEqual(['epm']);
  });

  test('on any port, and behind the banner of RPC over HTTP', () => {
    expect(mapper(opened(epm), 50_000).protocolPath).toEqual(['epm']);
    expect(mapper([['server', 'ncacn_http/1.0'], ...opened(epm)], 593).protocolPath).toEqual(['epm']);
  });

  test('with another interface beside it, by bind or later, it is RPC', () => {
    const both = [
      { id: 0, of: epm },
      { id: 1, of: samr },
    ];
    expect(mapper([client(bind(both)), server(bindAck([0, 0]))]).protocolPath).toEqual(['dcerpc']);
    const later = [
      ...opened(epm),
      client(alter([{ id: 1, of: samr }], { call: 2 })),
      server(alterAck([0], { call: 2 })),
    ];
    const seen = mapper([...later, client(request(readable(40), { call: 3, context: 1 }))]);
    expect(seen.protocolPath).toEqual(['dcerpc']);
    expect(seen.facts).toContainEqual({ kind: 'exposed', content: 'rpc' });
  });

  test('where the other one is turned away, it stays', () => {
    const steps = [
      ...opened(epm),
      client(alter([{ id: 1, of: samr }], { call: 2 })),
      server(alterAck([2], { call: 2 })),
    ];
    expect(mapper(steps).protocolPath).toEqual(['epm']);
  });
});

test('what it announces names the calls of a later flow whose bind was not seen, as long as it is one interface', () => {
  const call: Step[] = [client(request(readable(40), { call: 9 })), server(response(readable(40), { call: 9 }))];
  const calledAfter = (...answers: string[]) => calledAfterAnswersOf('10.0.0.2', answers);
  const calledAfterAnswersOf = (mapperAddress: string, answers: string[]) => {
    const questions = answers.flatMap((uuid) => [
      asked(3),
      answered(mapAnswer([tower(uuid, 0x07, 49_154, [10, 0, 0, 2])])),
    ]);
    // the second flow is under way: its handshake is left out
    const handshake = 3;
    const frames = [
      ...framesOf([...opened(epm), ...questions], { port: 135, server: mapperAddress }),
      ...framesOf(call, { port: 49_154 }).slice(handshake),
    ];
    const { facts } = flowsOf(frames).find((flow) => flow.server.port === 49_154)!;
    return facts.flatMap((fact) => (fact.kind === 'described' && fact.what === 'rpc-call' ? [fact.uuid] : []));
  };
  expect(calledAfter(emsmdb.uuid)).toEqual([emsmdb.uuid]);
  expect(calledAfter(samr.uuid, emsmdb.uuid)).toEqual([null]);
  // what another host says of it chooses nothing
  expect(calledAfterAnswersOf('10.0.0.66', [emsmdb.uuid])).toEqual([null]);
});

test('hearsay excuses nothing: calls of what was announced as an endpoint mapper are content', () => {
  const handshake = 3;
  const frames = [
    ...framesOf([...opened(epm), asked(3), answered(mapAnswer([tower(epm.uuid, 0x07, 49_154)]))], { port: 135 }),
    ...framesOf([client(request(readable(40), { call: 9, operation: 9 }))], { port: 49_154 }).slice(handshake),
  ];
  const flow = flowsOf(frames).find(({ server: { port } }) => port === 49_154)!;
  expect(flow.protocol).toBe('dcerpc');
  expect(flow.facts).toContainEqual(expect.objectContaining({ kind: 'exposed', content: 'rpc' }));
});
