import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { auditCapture } from '../support/audit-capture.ts';
import { type PcapRecord, pcapFile } from '../support/build-capture.ts';
import { udpFrame } from '../support/build-packets.ts';
import type { Step } from '../support/play.ts';
import { framesOf } from '../support/talk.ts';

/** Frames that stand in the file in another order than they were captured in. */
const folder = mkdtempSync(join(tmpdir(), 'disorder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'built.pcap');

async function recordsOf(records: PcapRecord[]) {
  writeFileSync(path, pcapFile({ records }));
  const { records: flows, captures } = await auditCapture([path]);
  return { flows, problems: captures[0]!.problems };
}

const mail: Step[] = [
  ['server', '220 hub2 ESMTP\r\n'],
  ['client', 'EHLO hub1\r\n'],
  ['server', '250-hub2\r\n250 AUTH PLAIN\r\n'],
  ['client', 'AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n'],
  ['server', '235 OK\r\n'],
  ['client', 'MAIL FROM:<a@example.com>\r\n'],
  ['server', '250 OK\r\n'],
];
const frames = framesOf(mail, { port: 25 }).map(({ bytes }, index) => ({ bytes, seconds: 100 + index }));

describe('a connection', () => {
  test('begins and ends at its earliest and latest frame, and keeps its id', async () => {
    const [inOrder] = (await recordsOf(frames)).flows;
    const [first, second, ...rest] = frames;
    const { flows, problems } = await recordsOf([second!, first!, ...rest.slice(0, -2), rest.at(-1)!, rest.at(-2)!]);
    expect(flows).toHaveLength(1);
    expect(flows[0]).toMatchObject({ id: inOrder!.id, firstSeen: inOrder!.firstSeen, lastSeen: inOrder!.lastSeen });
    expect(problems.map(({ kind }) => kind)).toEqual(['not-in-time-order']);
  });

  test('has its facts in the order in which the bytes were sent', async () => {
    // the login's frame stands behind that of the content, at its own time
    const login = frames.findIndex(({ bytes }) => Buffer.from(bytes).includes('AUTH PLAIN AG'));
    const moved = [...frames.slice(0, login), ...frames.slice(login + 1), frames[login]!];
    const [flow] = (await recordsOf(moved)).flows;
    const facts = flow!.facts.filter(({ kind }) => kind === 'authenticated' || kind === 'exposed');
    const place = ({ frame, order }: { frame: number; order?: number }) => order ?? frame;
    expect(facts.map(place)).toEqual(facts.map(place).sort((one, other) => one - other));
    const accepted = facts.findIndex(({ kind }) => kind === 'authenticated');
    const content = facts.findIndex((fact) => fact.kind === 'exposed' && fact.content === 'message');
    expect(place(facts[accepted]!)).toBeLessThan(place(facts[content]!));
  });
});

describe('datagrams', () => {
  const ask = (seconds: number) => {
    const { bytes } = udpFrame({
      from: '10.0.0.1',
      to: '10.0.0.2',
      fromPort: 5000,
      toPort: 6000,
      payload: Uint8Array.of(1, 2, seconds & 255),
    });
    return { bytes, seconds };
  };

  test('more than two minutes apart are two flows, whichever stands first', async () => {
    const later = await recordsOf([ask(1000), ask(1001), ask(100), ask(101)]);
    expect(later.flows.map(({ frames, firstSeen }) => [frames, firstSeen.slice(11, 19)])).toEqual([
      [2, '00:01:40'],
      [2, '00:16:40'],
    ]);
  });

  test('within two minutes are one, whose times are the extremes', async () => {
    const { flows } = await recordsOf([ask(160), ask(100), ask(130)]);
    expect(flows).toMatchObject([
      { frames: 3, firstSeen: '1970-01-01T00:01:40.000000000Z', lastSeen: '1970-01-01T00:02:40.000000000Z' },
    ]);
  });
});
