import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownCaptures } from '../support/folders.ts';
import { pcapAudit } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const db = join(folder, 'a.db');
const capture = `${ownCaptures}smtp/hub-to-hub-offered-not-used.pcap`;
pcapAudit(['audit', capture, '--topology', `${ownCaptures}smtp/topology.yaml`, '--db', db]);
const id = pcapAudit(['flows', '--db', db]).stdout.slice(0, 16);
const explain = (...args: string[]) => pcapAudit(['explain', '--db', db, ...args]);

describe('explain', () => {
  test('tells in order what was seen, what follows and why, and how to look at it', () => {
    const { stdout, code } = explain(id);
    expect(code).toBe(0);
    // postfix on hub2 offered STARTTLS, hub1 was told never to use it; tshark shows MAIL in frame 9
    const facts = stdout.split('\n').filter((line) => /^ {2}frame \d+/.test(line));
    const frames = facts.map((line) => Number(/\d+/.exec(line)![0]));
    expect(frames).toEqual([...frames].sort((a, b) => a - b));
    expect(stdout).toMatch(/frame \d+: the server offers STARTTLS/);
    expect(stdout).toMatch(/frame 9: mail in clear/);
    expect(stdout).toMatch(/hub-to-hub: Encryption: fail\. Content travelled in clear\. \[frame 9\]/);
    expect(stdout).toMatch(/switched off for WAN/);
    expect(stdout).toMatch(/tshark -r 'hub-to-hub-offered-not-used.pcap' -Y '.*' -w 'flow-/);
  });

  test('takes the beginning of an id, and says what is wrong with others', () => {
    expect(explain(id.slice(0, 6)).stdout).toBe(explain(id).stdout);
    for (const wrong of ['ffffffffffffffff', "' OR 1=1 --", 'x']) {
      const { code, stderr } = explain(wrong);
      expect([wrong, code]).toEqual([wrong, 2]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  test('as JSON: the flow as in the report, its facts and the commands', () => {
    const told = JSON.parse(explain(id, '--json').stdout);
    expect(told).toMatchObject({ id, protocol: 'smtp', paths: ['hub-to-hub'] });
    expect(told.facts).toContainEqual(
      expect.objectContaining({
        kind: 'exposed',
        content: 'message',
        frame: 9,
        file: 'hub-to-hub-offered-not-used.pcap',
      }),
    );
    expect(told.commands).toHaveLength(1);
  });
});
