import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { pcapAuditBin } from '../support/run-cli.ts';
import { attacks } from './malice.ts';

/** Memory stays under 512 MB whatever comes. `MALICE=10000000` for the full number; the default shows the same shape. */
const count = Number(process.env.MALICE ?? 20_000);
const megabytes = 512;
const folder = mkdtempSync(join(tmpdir(), 'malice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an audit in a process of its own, and says how it ended and how much memory it took. What it prints is for people: JSON of ten million flows is no help. */
function audit(path: string): { code: number | null; report: string; peak: number; stderr: string } {
  const bin = pathToFileURL(pcapAuditBin);
  const code = `const { readFileSync } = await import('node:fs');
    // getrusage would count what the parent had when it forked
    const peak = () => /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
    process.on('exit', () => process.stderr.write('peak ' + peak() + '\\n'));
    await import('${bin}');`;
  const args = ['--input-type=module', '-e', code, '--', 'pcap-audit', 'audit', path, '--quiet', '--no-hash'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return {
    code: status,
    report: stdout,
    peak: Number(/peak (\d+)\n$/.exec(stderr)?.[1] ?? Number.NaN) / 1024,
    stderr: stderr.replace(/peak \d+\n$/, ''),
  };
}

describe.skipIf(process.platform !== 'linux')(`${count} of each`, () => {
  test.each(Object.entries(attacks))(
    '%s',
    async (name, build) => {
      const path = join(folder, 'attack.pcap');
      await build(path, count);
      const begun = performance.now();
      const { code, report, peak, stderr } = audit(path);
      console.log(`${name}: ${Math.round(peak)} MB, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      expect([code, stderr]).toEqual([0, '']);
      expect(peak).toBeLessThan(megabytes);
      expect(report).toMatch(/attack\.pcap: [\d,]{2,} frames/);
      rmSync(path);
    },
    3_600_000,
  );
});
