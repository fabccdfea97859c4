import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBulk, buildBusy, buildScan, type Input } from './build-inputs.ts';

/**
 * Whole-process times of an audit beside other tools on the same captures: `npm run bench [SCALE]`. At scale 1 the inputs are
 * those of the targets (3 M packets, 2.4 GB); 0.1 is the default. Every tool runs in turn, so that a machine that slows down
 * slows all; quote the ratios. Needs /usr/bin/time for memory.
 */
const scale = Number(process.argv[2] ?? 0.1);
const runs = 5;
const bin = fileURLToPath(new URL('../../bin/pcap-audit.js', import.meta.url));
const topology = fileURLToPath(new URL('./topology.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-bench-'));

const tools: { name: string; command: (capture: string) => string[] }[] = [
  {
    name: 'pcap-audit',
    command: (capture) => [
      process.execPath,
      bin,
      'audit',
      capture,
      '--topology',
      topology,
      '--report',
      join(folder, 'report.html'),
    ],
  },
  {
    name: 'pcap-audit --no-hash',
    command: (capture) => [process.execPath, bin, 'audit', capture, '--topology', topology, '--no-hash'],
  },
  { name: 'tcpdump -w', command: (capture) => ['tcpdump', '-r', capture, '-w', '/dev/null'] },
  { name: 'ndpiReader', command: (capture) => ['ndpiReader', '-q', '-i', capture] },
];

try {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, Node.js ${process.version}, ${runs} runs in turn, scale ${scale}`,
  );
  await bench('bulk', buildBulk(join(folder, 'bulk.pcap'), 3_000_000 * scale));
  await bench('busy', buildBusy(join(folder, 'busy.pcap'), Math.round(250_000 * scale)));
  await bench('scan', buildScan(join(folder, 'scan.pcap'), 5_000_000 * scale));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(name: string, built: Input | Promise<Input>): Promise<void> {
  const { path, frames, bytes } = await built;
  console.log(`\n${name}: ${frames} packets, ${Math.round(bytes / 1e6)} MB`);
  const times = tools.map((): number[] => []);
  const memory = tools.map(() => 0);
  for (let run = 0; run < runs; run++) {
    for (const [index, { command }] of tools.entries()) {
      const measured = measure(command(path));
      if (!measured) continue;
      times[index]!.push(measured.seconds);
      memory[index] = Math.max(memory[index]!, measured.kilobytes);
    }
  }
  const ours = median(times[0]!);
  for (const [index, { name: tool }] of tools.entries()) {
    const list = times[index]!;
    if (list.length === 0) {
      console.log(`  ${tool.padEnd(22)} not here`);
      continue;
    }
    const [low, middle, high] = [Math.min(...list), median(list), Math.max(...list)].map((seconds) =>
      seconds.toFixed(2),
    );
    const ratio = (ours / median(list)).toFixed(2);
    console.log(
      `  ${tool.padEnd(22)} ${low} / ${middle} / ${high} s  ${Math.round(memory[index]! / 1000)} MB  pcap-audit takes ${ratio} ×`,
    );
  }
  rmSync(path);
}

/** Wall-clock seconds and peak resident memory of a command; null where it is not installed. */
function measure([tool = '', ...args]: string[]): { seconds: number; kilobytes: number } | null {
  const ran = spawnSync('/usr/bin/time', ['-f', '%e %M', tool, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const figures = /(\d+\.\d+) (\d+)\s*$/.exec(ran.stderr ?? '');
  const missing = ran.status === 127 || !figures;
  return missing ? null : { seconds: Number(figures[1]), kilobytes: Number(figures[2]) };
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}
