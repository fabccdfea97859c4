import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { buildBulk, writeTopology } from '../bench/build-inputs.ts';
import { pcapAuditBin } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-identical-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const topology = join(folder, 'topology.yaml');
const path = join(folder, 'bulk.pcap');

/** The JSON report's text. */
function audit(args: string[], input: number | 'ignore' = 'ignore'): string {
  const all = [pcapAuditBin, 'audit', ...args, '--topology', topology, '--format', 'json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, all, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: [input, 'pipe', 'pipe'],
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

test('the same bytes however a large capture comes in and whoever hashes it', async () => {
  writeTopology(topology);
  const { bytes } = await buildBulk(path, 50_000, 300);
  expect(bytes).toBeGreaterThan(limits.hashedWithReading);
  const byThread = audit([path]);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(byThread).toContain(`"sha256":"${sha256}"`);
  expect(audit([path])).toBe(byThread);
  expect(audit([path, '--no-hash'])).toBe(byThread.replace(`"sha256":"${sha256}"`, '"sha256":null'));
  // from standard input in other pieces, and hashed by who reads
  expect(audit(['-'], openSync(path, 'r'))).toBe(byThread.replaceAll('"bulk.pcap"', '"-"'));
}, 120_000);
