import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wiresharkFilter } from '../../src/check/wireshark-filter.ts';
import { type Audited, auditCapture } from '../support/audit-capture.ts';
import { pcapFile } from '../support/build-capture.ts';
import { flowWith } from '../support/build-flow.ts';
import { type BuiltFrame, ipFrame, tcpFrame, udpFrame } from '../support/build-packets.ts';

const [a, b, a6, b6] = ['10.0.0.1', '10.0.0.2', 'fd00::1', 'fd00::2'];
const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.warn('SKIPPED: tshark is missing, so no filter was tried');

let time = 1_767_225_600;
const stamped = (frame: BuiltFrame): BuiltFrame => ({ ...frame, time: time++ });

/** Opens, says one thing and is reset. */
function connection(from: string, to: string, fromPort: number, toPort: number, sequence: number): BuiltFrame[] {
  const ends = { from, to, fromPort, toPort };
  const back = { from: to, to: from, fromPort: toPort, toPort: fromPort };
  return [
    tcpFrame({ ...ends, flags: 'S', sequence }),
    tcpFrame({ ...back, flags: 'SA', sequence: 7, acknowledgment: sequence + 1 }),
    tcpFrame({ ...ends, flags: 'PA', sequence: sequence + 1, acknowledgment: 8, payload: Buffer.from('EHLO a\r\n') }),
    tcpFrame({ ...back, flags: 'R', sequence: 8 }),
  ].map(stamped);
}

/** "Port unreachable" about a packet (RFC 792: its IP header and the first 8 bytes after it). */
function unreachable(from: string, to: string, about: BuiltFrame): BuiltFrame {
  const message = Buffer.concat([Buffer.from([3, 3, 0, 0, 0, 0, 0, 0]), about.bytes.subarray(14, 14 + 28)]);
  return stamped(ipFrame(from, to, 1, message, 0));
}

const datagram = () =>
  stamped(udpFrame({ from: a, to: b, fromPort: 40_000, toPort: 25, payload: Buffer.from('hello') }));
const frames = [
  ...connection(a, b, 40_000, 25, 1000),
  ...connection(a, b, 40_001, 25, 1000),
  // the same ends the other way round, and both ports on either side
  ...connection(b, a, 40_000, 25, 1000),
  ...connection(a, b, 25, 40_000, 1000),
  datagram(),
  unreachable(b, a, datagram()),
  unreachable(b, a, connection(a, b, 40_000, 25, 1000)[0]!),
  stamped(ipFrame(a, b, 47, Buffer.from([0, 0, 0x88, 0xb5, 1, 2, 3, 4]), 0)),
  ...connection(a6, b6, 40_000, 25, 1000),
  // the same ports again
  ...connection(a, b, 40_000, 25, 90_000),
];

describe.skipIf(!hasTshark)('what tshark selects by the filter of a flow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'filter-'));
  const file = join(folder, 'a.pcap');
  let audited: Audited;
  beforeAll(async () => {
    writeFileSync(file, pcapFile({ records: frames.map(({ bytes, time }) => ({ bytes, seconds: time })) }));
    audited = await auditCapture([file]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const select = (filter: string): number[] =>
    execFileSync('tshark', ['-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\n')
      .filter(Boolean)
      .map(Number);

  test('every frame belongs to one flow, and to as many as the flow has', () => {
    const selected = audited.flows.map((flow) => select(flow.wiresharkFilter));
    expect(selected.map((numbers) => numbers.length)).toEqual(audited.flows.map((flow) => flow.frames));
    expect(selected.flat().sort((x, y) => x - y)).toEqual(frames.map((_, index) => index + 1));
  });

  test('a flow in two files, whose ports were used again, is bounded in time', () => {
    const flow = flowWith({
      client: { address: a, port: 40_000 },
      server: { address: b, port: 25 },
      captures: [0, 1],
      firstSeen: audited.flows[0]!.firstSeen,
      lastSeen: audited.flows[0]!.lastSeen,
    });
    expect(select(wiresharkFilter(flow, true))).toEqual([1, 2, 3, 4]);
  });
});

test('frame numbers bound a flow only where its ports were used again', () => {
  expect(wiresharkFilter(flowWith({}), false)).not.toContain('frame.number');
  expect(wiresharkFilter(flowWith({}), true)).toMatch(/frame\.number >= 1 && frame\.number <= 99$/);
});
