import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { content, tls12Handshake } from '../protocols/tls/builder.ts';
import { type Audited, auditCapture } from '../support/audit-capture.ts';
import {
  type Block,
  block,
  nameResolution,
  networkInterface,
  type PcapRecord,
  packet,
  pcapFile,
  pcapngFile,
  section,
  statistics,
  text,
} from '../support/build-capture.ts';
import { type BuiltFrame, concat, udpFrame } from '../support/build-packets.ts';
import { ownCaptures } from '../support/folders.ts';
import type { Step } from '../support/play.ts';
import { C, opening, S } from '../support/smtp-dialogues.ts';
import { framesOf } from '../support/talk.ts';

const folder = mkdtempSync(join(tmpdir(), 'beside-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function audited(bytes: Uint8Array): Promise<Audited> {
  const path = join(folder, 'built.pcap');
  writeFileSync(path, bytes);
  return auditCapture([path]);
}

const micro = (time: number) => BigInt(Math.round(time * 1e6));
const blockOf = (frame: BuiltFrame, from = 0, options: [number, Uint8Array][] = []): Block =>
  packet({ bytes: frame.bytes, time: micro(frame.time), interface: from, options });
const said = ({ records }: Audited, name: string) =>
  records
    .flatMap(({ facts }) => facts)
    .filter((fact) => 'what' in fact && fact.what === 'property' && fact.name === name);
const whys = ({ records }: Audited) => records.map(({ blindSpots }) => blindSpots.map(({ why }) => why));

const session: Step[] = [
  ...opening,
  C('STARTTLS'),
  S('220 2.0.0 SMTP server ready'),
  ...tls12Handshake(),
  ['client', content(200)],
  ['server', content(90)],
];
const frames = framesOf(session, { port: 25 });

describe('what a pcapng file says beside its packets', () => {
  test('comments and the interface go with the flow', async () => {
    const blocks = frames.map((frame, index) => blockOf(frame, 1, index === 4 ? [[1, text('look at this')]] : []));
    const two = [networkInterface({ name: 'eth0' }), networkInterface({ name: 'span 7' })];
    const report = await audited(pcapngFile([section(), ...two, ...blocks]));
    expect(said(report, 'comment')).toMatchObject([{ value: 'look at this', frame: 5 }]);
    expect(said(report, 'interface')).toMatchObject([{ value: 'span 7', frame: 1 }]);
  });

  test('comments that are not kept are counted among the limits', async () => {
    const wordy = Array.from({ length: 20 }, (_, index) =>
      blockOf(frames[index % frames.length]!, 0, [[1, text(`comment ${index}`)]]),
    );
    const report = await audited(pcapngFile([section(), networkInterface(), ...wordy]));
    expect(said(report, 'comment')).toHaveLength(limits.comments);
    expect(report.limits).toMatchObject([{ name: 'comments', cap: limits.comments, hit: 20 - limits.comments }]);
  });

  test('a single interface needs no word', async () => {
    const report = await audited(
      pcapngFile([section(), networkInterface({ name: 'eth0' }), ...frames.map((frame) => blockOf(frame))]),
    );
    expect(said(report, 'interface')).toEqual([]);
  });

  test('names of addresses are kept', async () => {
    const names = nameResolution([
      { address: Uint8Array.of(10, 0, 0, 2), names: ['hub2.example.test', 'hub2'] },
      { address: Uint8Array.of(0xfd, ...new Uint8Array(14), 0x12), names: ['hub2.example.test'] },
    ]);
    const report = await audited(pcapngFile([section('big'), networkInterface(), names, blockOf(frames[0]!)]));
    expect(report.captures[0]!.names).toEqual([
      { address: '10.0.0.2', name: 'hub2.example.test' },
      { address: 'fd00::12', name: 'hub2.example.test' },
    ]);
  });

  test('secrets are noticed, and kept nowhere', async () => {
    const secret = block(10, ({ u32 }) => [u32(0x544c534b), u32(20), text('CLIENT_RANDOM 012345')]);
    const report = await audited(pcapngFile([section(), networkInterface(), secret, blockOf(frames[0]!)]));
    expect(report.captures[0]!.problems).toMatchObject([{ kind: 'secrets-present' }]);
    expect(JSON.stringify(report.captures) + JSON.stringify(report.records)).not.toContain('CLIENT_RANDOM');
  });

  test.each([
    ['octets', 4],
    ['bits', 32],
  ])('a check sequence, its length said in %s, is no payload', async (_unit, checkSequence) => {
    // IP says a length of 0, as segmentation offload does, so the frame's end is all there is to go by
    const offloaded = frames.map(({ bytes, time }) => {
      const copy = concat(bytes, Uint8Array.of(0xde, 0xad, 0xbe, 0xef));
      copy.set([0, 0], 16);
      return { bytes: copy, time };
    });
    const blocks = offloaded.map((frame) => blockOf(frame));
    const report = await audited(pcapngFile([section(), networkInterface({ checkSequence }), ...blocks]));
    expect(report.records[0]).toMatchObject({ state: 'SF', missedBytes: 0, duplicates: 0, blindSpots: [] });
  });
});

test("in pcap the file header's upper half says how long the check sequence is, in 16-bit units", async () => {
  const records: PcapRecord[] = frames.map(({ bytes, time }) => {
    const copy = concat(bytes, Uint8Array.of(0xde, 0xad, 0xbe, 0xef));
    copy.set([0, 0], 16);
    return { bytes: copy, seconds: Math.floor(time), fraction: Math.round((time % 1) * 1e6) };
  });
  const report = await audited(pcapFile({ linkType: 0x2400_0001, records }));
  expect(report.captures[0]!.linkTypes).toEqual([1]);
  expect(report.records[0]).toMatchObject({ state: 'SF', duplicates: 0, blindSpots: [] });
});

describe('lost frames', () => {
  const lost = (flow: readonly BuiltFrame[]) =>
    audited(
      pcapngFile([
        section(),
        networkInterface(),
        ...flow.map((frame) => blockOf(frame)),
        statistics(0, { ifdrop: 7n }),
      ]),
    );

  test('say nothing against a flow that was seen to its end without a gap', async () => {
    const report = await lost(frames);
    expect(report.captureQuality.droppedFrames).toBe(7);
    expect(whys(report)).toEqual([[]]);
  });

  test('are a blind spot behind the last byte of one that did not end', async () => {
    const open = frames.slice(0, -3);
    const report = await lost(open);
    expect(report.records[0]!.blindSpots).toEqual([
      { why: 'dropped-frames', capture: 0, frame: open.length, detail: 'the capturing machine lost 7 packets' },
    ]);
  });

  test('are one where a gap is', async () => {
    const gap = frames.filter((_, index) => index !== 6);
    const { records } = await lost(gap);
    const spots = records[0]!.blindSpots;
    expect(spots.map(({ why }) => why)).toEqual(['gap', 'dropped-frames']);
    expect(spots[1]!.frame).toBe(spots[0]!.frame);
  });

  test('may have been any of a flow of datagrams', async () => {
    const datagram = udpFrame({ from: '10.0.0.1', to: '10.0.0.2', fromPort: 5000, toPort: 6000, payload: text('x') });
    expect(whys(await lost([datagram]))).toEqual([['dropped-frames']]);
  });
});

describe('frames that cannot be read', () => {
  test('are counted, and said by link type and reason', async () => {
    const blocks = [
      blockOf(frames[0]!),
      blockOf({ bytes: text('an unknown link'), time: 1 }, 1),
      blockOf({ bytes: text('an unknown link'), time: 2 }, 1),
      blockOf({ bytes: frames[0]!.bytes.slice(0, 20), time: 3 }),
    ];
    const report = await audited(
      pcapngFile([section(), networkInterface(), networkInterface({ linkType: 147 }), ...blocks]),
    );
    expect(report.captureQuality.unreadFrames).toBe(3);
    expect(report.captures[0]!.problems.find(({ kind }) => kind === 'unread-frames')).toMatchObject({
      detail: '2 of link type 147, which is not read here (first: frame 2), 1 with damaged ipv4 (first: frame 4)',
    });
  });
});

describe('datagrams that a mirror port recorded twice', () => {
  const ends = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 5000, toPort: 6000 };
  const one = (time: number, payload = 'hello', id = 9) => {
    const frame = udpFrame({ ...ends, payload: text(payload), time });
    frame.bytes.set([0, id], 18);
    return frame;
  };
  const flowOf = async (sent: BuiltFrame[]) => {
    const report = await audited(pcapngFile([section(), networkInterface(), ...sent.map((frame) => blockOf(frame))]));
    return report.records[0]!;
  };

  test('are known again, counted and ignored', async () => {
    const routed = one(1.001);
    routed.bytes[22] = 62; // another hop limit, behind a router
    expect(await flowOf([one(1), routed])).toMatchObject({ frames: 2, duplicates: 1, bytes: { client: 5 } });
  });

  test.each<[string, BuiltFrame[]]>([
    ['with another identification', [one(1), one(1.001, 'hello', 10)]],
    ['with another payload of the same length', [one(1), one(1.001, 'hullo')]],
    ['long after', [one(1), one(2)]],
  ])('and those %s are not the same', async (_how, sent) => {
    expect(await flowOf(sent)).toMatchObject({ frames: 2, duplicates: 0, bytes: { client: 10 } });
  });
});

describe('a session recorded by several taps and files', () => {
  const name = `${ownCaptures}smtp/hub-to-hub-x-anonymoustls.pcap`;
  const topology = `${ownCaptures}smtp/topology.yaml`;
  /** the records of a classic pcap, as bytes */
  const bytes = readFileSync(name);
  const records: Buffer[] = [];
  for (let at = 24; at < bytes.length; ) {
    const next = at + 16 + bytes.readUInt32LE(at + 8);
    records.push(bytes.subarray(at, next));
    at = next;
  }
  const write = (file: string, some: Buffer[]) => {
    const path = join(folder, file);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 24), ...some]));
    return path;
  };
  const fromServer = (record: Buffer) => record.readUInt16BE(16 + 34) === 25;
  const results = ({ flows, paths }: Audited) => ({
    flows: flows.map(({ captures: _files, results: judged, ...flow }) => ({
      id: flow.id,
      frames: flow.frames,
      bytes: flow.bytes,
      state: flow.state,
      encryption: flow.encryption,
      why: flow.blindSpots.map(({ why }) => why),
      results: judged.map(({ path, check, result, reason }) => [path, check, result, reason]),
    })),
    paths: paths.map(({ id, port, authentication, encryption }) => [
      id,
      port.result,
      authentication.result,
      encryption.result,
    ]),
  });
  const whole = auditCapture([name], topology);

  test('one tap for each direction', async () => {
    const one = write(
      'to-server.pcap',
      records.filter((record) => !fromServer(record)),
    );
    const other = write('from-server.pcap', records.filter(fromServer));
    const together = await auditCapture([one, other], topology);
    expect(results(together)).toEqual(results(await whole));
    expect(together.flows.some(({ captures }) => captures.length === 2)).toBe(true);
  });

  test('a ring of small files, given in any order', async () => {
    const files = Array.from({ length: Math.ceil(records.length / 5) }, (_, index) =>
      write(`ring${index}.pcap`, records.slice(5 * index, 5 * index + 5)),
    );
    expect(results(await auditCapture(files.reverse(), topology))).toEqual(results(await whole));
  });

  test('every frame in two taps', async () => {
    const one = write('tap1.pcap', records);
    const other = write('tap2.pcap', records);
    const twice = results(await auditCapture([one, other], topology));
    const once = results(await whole);
    const judged = ({ flows, paths }: ReturnType<typeof results>) => [
      flows.map((flow) => [flow.id, flow.encryption, flow.results, flow.why]),
      paths,
    ];
    expect(judged(twice)).toEqual(judged(once));
  });
});
