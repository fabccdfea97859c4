import { expect, test } from 'vitest';
import type { Reader } from '../../src/bytes/reader.ts';
import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import { limits } from '../../src/limits.ts';
import { type AnyAnalyzer, defineAnalyzer, type Moment, NEED_MORE, type Out } from '../../src/protocols/analyzer.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { ProtocolHost } from '../../src/protocols/host.ts';
import type { BuiltFrame } from '../support/build-packets.ts';
import { frameOf, tcpFrame, udpFrame } from '../support/build-packets.ts';
import { play, type Step } from '../support/play.ts';

// What an analyzer can ask of the host, shown with protocols of one-letter messages.

/** `outer`: each message is a letter that names a channel (`S` signed, `s` the same one, not signed), a digit that is a length, and so many bytes of it. */
const outer = defineAnalyzer<null>({
  name: 'outer',
  transports: ['tcp'],
  ports: [1],
  start: () => null,
  recognise: (bytes, start) => (bytes[start]! >= 0x41 && bytes[start]! <= 0x5a ? 'certain' : 'no'),
  frame: (bytes, start, end) => {
    if (end - start < 2) return NEED_MORE;
    const length = 2 + bytes[start + 1]! - 0x30;
    return end - start < length ? NEED_MORE : length;
  },
  message(reader, _direction, _state, out) {
    const channel = reader.text(1);
    reader.skip(1);
    const over = channel === 'S' ? ({ mechanism: 'smb-signing', level: 'integrity' } as const) : null;
    if (channel === 'B') out.become('inner', 'handed on');
    else if (channel === 'R') out.release();
    else if (channel === 'N' || channel === 'O') {
      const detail = channel === 'N' ? 'x' : 'y';
      out.announce({ transport: 'udp', address: null, port: 5004, protocol: 'media', detail });
    } else if (channel === 'E') out.endCarried('A');
    else out.carry('inner', channel.toUpperCase(), reader.bytes, reader.at, reader.end, over);
    out.fact({ kind: 'described', what: 'property', name: 'outer', value: channel });
  },
});

/** `inner`: lines ended by `;`, each a fact. */
const inner = defineAnalyzer<{ given: unknown }>({
  name: 'inner',
  transports: ['tcp'],
  ports: [],
  start: ({ given }) => ({ given }),
  recognise: (bytes, start) => (bytes[start] === 0x23 ? 'certain' : 'no'),
  frame(bytes, start, end) {
    const at = bytes.subarray(start, end).indexOf(0x3b);
    return at < 0 ? NEED_MORE : at + 1;
  },
  message(reader, _direction, state, out) {
    out.fact({ kind: 'described', what: 'property', name: 'line', value: reader.text(reader.remaining) });
    if (state.given !== undefined)
      out.fact({ kind: 'described', what: 'property', name: 'given', value: String(state.given) });
    out.fact({ kind: 'exposed', content: 'rpc' });
  },
  resume: (_bytes, start) => start,
});

const media = defineAnalyzer<{ announced: string | null }>({
  name: 'media',
  transports: ['udp'],
  ports: [],
  possibleTimes: 3,
  lasting: true,
  start: ({ announced }) => ({ announced: announced && `${announced.detail}${announced.others ? ' or another' : ''}` }),
  recognise: (bytes, start) => (bytes[start] === 0x80 ? 'possible' : 'no'),
  frame: (_bytes, start, end) => end - start,
  message(_reader, _direction, state, out) {
    out.fact({ kind: 'described', what: 'property', name: 'announced', value: String(state.announced) });
  },
});

const analyzers: readonly AnyAnalyzer[] = [outer, inner, media];
const stage = { port: 1, analyzers };
const property = (name: string, value: string) => ({ kind: 'described', what: 'property', name, value });

test('carried streams are put together each by itself, and belong to the flow', () => {
  const { facts, protocol, protocolPath, stamped } = play(
    [
      ['client', 'A2on'],
      ['client', 'C3two'],
      ['client', 'A2e;C1;'],
    ],
    stage,
  );
  expect(facts).toContainEqual(property('line', 'one;'));
  expect(facts).toContainEqual(property('line', 'two;'));
  expect(facts).toContainEqual({ kind: 'exposed', content: 'rpc' });
  expect({ protocol, protocolPath }).toEqual({ protocol: 'outer', protocolPath: ['outer', 'inner'] });
  // stamped by who stated them, at the frame that shows them; the outer message goes on after what it carries
  expect(stamped.find((fact) => JSON.stringify(fact).includes('two;'))).toMatchObject({ protocol: 'inner', frame: 3 });
  expect(stamped.find((fact) => JSON.stringify(fact).includes('"A"'))).toMatchObject({ protocol: 'outer', frame: 1 });
});

test('what protects a carried stream turns its exposures into its own protection', () => {
  const { facts } = play([['client', 'S2x;']], stage);
  expect(facts).toContainEqual({ kind: 'secured', mechanism: 'smb-signing', level: 'integrity' });
  expect(facts.filter(({ kind }) => kind === 'exposed')).toEqual([]);
});

test('a fact can be stamped with the earlier moment that shows it', () => {
  const late = defineAnalyzer<{ first: Moment | null }>({
    ...(outer as object),
    start: () => ({ first: null }),
    message(reader: never, _direction: never, state: { first: Moment | null }, out: Out) {
      (reader as Reader).skip((reader as Reader).remaining);
      if (state.first === null) state.first = out.now();
      else out.fact({ kind: 'exposed', content: 'web' }, state.first);
    },
  } as never);
  const { stamped } = play(
    [
      ['client', 'A0'],
      ['server', 'A0'],
    ],
    { port: 1, analyzers: [late] },
  );
  expect(stamped).toMatchObject([{ content: 'web', frame: 1, from: 'client', protocol: 'outer' }]);
});

test('a carried message is protected as its least protected piece is', () => {
  const exposed = (...said: string[]) =>
    play(
      said.map((text) => ['client', text] as const),
      stage,
    ).facts.filter(({ kind }) => kind === 'exposed').length;
  expect(exposed('A0', 's1x', 'S1;')).toBe(1);
  expect(exposed('A0', 'S1x', 's1;')).toBe(1);
  expect(exposed('A0', 's1x', 'S1y', 'S1;')).toBe(1);
  expect(exposed('A0', 'S1x', 'S1;')).toBe(0);
});

test('a carried stream that is over makes room, and forgets what was not whole', () => {
  const { facts, blindSpots } = play([['client', `A2xx${'E0A2y;'.repeat(limits.channels + 1)}`]], stage);
  expect(facts).toContainEqual(property('line', 'y;'));
  expect(facts).not.toContainEqual(property('line', 'xxy;'));
  expect(blindSpots).toEqual([]);
});

test('lost bytes are lost to every carried stream', () => {
  const resumable = defineAnalyzer<null>({ ...(outer as object), resume: (_b: Uint8Array, at: number) => at } as never);
  const { facts } = play(
    [
      ['client', 'A2on'],
      ['client', { lost: 4 }],
      ['client', 'A3wo;'],
    ],
    { port: 1, analyzers: [resumable, inner, media] },
  );
  expect(facts).toContainEqual(property('line', 'wo;'));
});

test('more carried streams than the cap are said to be left out', () => {
  const many = defineAnalyzer<null>({
    ...(outer as object),
    message(reader: never, _direction: never, _state: never, out: { carry: (...args: unknown[]) => void }) {
      const { bytes, at, end } = reader as { bytes: Uint8Array; at: number; end: number };
      for (let i = 0; i <= limits.channels; i++) out.carry('inner', String(i), bytes, at, end, null);
    },
  } as never);
  const { blindSpots } = play([['client', 'A2x;']], { port: 1, analyzers: [many, inner] });
  expect(blindSpots.map(({ why }) => why)).toEqual(['limit']);
});

test('a flow that becomes another protocol has its name, and gets the state handed on', () => {
  const { facts, protocol, protocolPath } = play([['client', 'B0x;']], stage);
  expect({ protocol, protocolPath }).toEqual({ protocol: 'inner', protocolPath: ['inner'] });
  expect(facts).toContainEqual(property('given', 'handed on'));
});

test('a released stream is what it shows to be, in both directions, also in the same segment', () => {
  const { facts, protocolPath } = play(
    [
      ['client', 'R0#a;'],
      ['server', '#b;'],
    ],
    stage,
  );
  expect(protocolPath).toEqual(['outer', 'inner']);
  expect(facts).toContainEqual(property('line', '#a;'));
  expect(facts).toContainEqual(property('line', '#b;'));
});

test('so many possible datagrams in a row are certain', () => {
  const steps = (count: number) => Array.from({ length: count }, () => ['client', '\x80'] as const);
  expect(play(steps(2), { ...stage, transport: 'udp' }).protocol).toBe('unknown');
  expect(play(steps(3), { ...stage, transport: 'udp' }).protocol).toBe('media');
  const broken = [...steps(2), ['client', 'x'] as const, ...steps(2)];
  expect(play(broken, { ...stage, transport: 'udp' }).protocol).toBe('unknown');
});

/** One flow says `said`, then another has two datagrams, far apart. */
function afterAnnouncement(said: string): FlowRecord[] {
  const ends = { from: '10.0.0.1', to: '10.0.0.2' };
  const text = (said: string) => Uint8Array.from(said, (letter) => letter.charCodeAt(0));
  const frames: BuiltFrame[] = [
    tcpFrame({ ...ends, fromPort: 9, toPort: 1, sequence: 1, flags: 'S', time: 1 }),
    tcpFrame({ ...ends, fromPort: 9, toPort: 1, sequence: 2, flags: 'PA', payload: text(said), time: 2 }),
    udpFrame({ from: '10.0.0.2', to: '10.0.0.1', fromPort: 5004, toPort: 7000, payload: text('\x80'), time: 3 }),
    udpFrame({ from: '10.0.0.2', to: '10.0.0.1', fromPort: 5004, toPort: 7000, payload: text('\x80'), time: 999 }),
  ];
  const records: FlowRecord[] = [];
  const table = new FlowTable(new ProtocolHost(analyzers, (record) => records.push(record)), (port) => port === 1);
  const packet = createPacket();
  for (const [index, frame] of frames.entries()) {
    decode(frameOf(frame, index + 1, 1), 0, packet);
    table.packet(packet);
  }
  table.endAll();
  return records.filter(({ transport }) => transport === 'udp');
}

test('an announced flow is known from its first datagram, by either end, and says by which frame; it never ends by idleness', () => {
  const flows = afterAnnouncement('N0');
  expect(flows).toHaveLength(1);
  expect(flows[0]).toMatchObject({ protocol: 'media', frames: 2 });
  expect(flows[0]!.facts).toContainEqual(
    expect.objectContaining({ what: 'announced', detail: 'x', announcedIn: { capture: 0, frame: 2 } }),
  );
  expect(flows[0]!.facts).toContainEqual(expect.objectContaining(property('announced', 'x')));
});

test('announced with one detail and then another: the last word counts, and that there were others is told', () => {
  const about = (said: string) => afterAnnouncement(said)[0]!.facts;
  expect(about('N0N0')).toContainEqual(expect.objectContaining(property('announced', 'x')));
  expect(about('N0O0')).toContainEqual(expect.objectContaining(property('announced', 'y or another')));
  expect(about('N0O0O0')).toContainEqual(expect.objectContaining(property('announced', 'y or another')));
});

test('what only its port could settle keeps nobody else from being settled by repetition', () => {
  const portBound = defineAnalyzer<null>({
    name: 'port-bound',
    transports: ['udp'],
    ports: [4500],
    start: () => null,
    recognise: () => 'possible',
    frame: (_bytes, start, end) => end - start,
    message() {},
  });
  const steps = Array.from({ length: 4 }, (): Step => ['client', Uint8Array.of(0x80, 1, 2, 3)]);
  const on = (port: number) => play(steps, { port, transport: 'udp', analyzers: [portBound, media] }).protocol;
  expect([on(9999), on(4500)]).toEqual(['media', 'port-bound']);
});
