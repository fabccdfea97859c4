import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBulk, buildBusy, buildMany, buildScan, buildTiny, type Input, writeTopology } from './build-inputs.ts';
import { stagesOf } from './stages.ts';
import { auditOf, type Tool, toolsIn } from './tools.ts';

/**
 * Whole-process times of an audit beside other tools on the same captures: `npm run bench [SCALE] [INPUT…] [without TOOL…]`.
 * At scale 1 the inputs are those of the targets (3 M packets, 2.4 GB); 0.1 is the default. What is measured of ours is what
 * users run: build first. Every tool runs in turn, so that a machine that slows down slows all; quote the ratios. Needs GNU
 * time at /usr/bin/time.
 */
const [given = '0.1', ...words] = process.argv.slice(2);
const scale = Number(given);
const without = words.indexOf('without');
const chosen = without < 0 ? words : words.slice(0, without);
const leftOut = without < 0 ? [] : words.slice(without + 1);
const runs = 5;
const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-bench-'));
writeTopology(join(folder, 'topology.yaml'));
const tools = toolsIn(folder).filter(({ name }) => !leftOut.some((left) => name.startsWith(left)));

const inputs: Record<string, (size: number) => Input | Promise<Input>> = {
  bulk: (size) => buildBulk(join(folder, 'bulk.pcap'), Math.round(3_000_000 * size)),
  busy: (size) => buildBusy(join(folder, 'busy.pcap'), Math.round(250_000 * size)),
  scan: (size) => buildScan(join(folder, 'scan.pcap'), Math.round(5_000_000 * size)),
  many: (size) => buildMany(join(folder, 'many'), Math.round(100_000 * size)),
  tiny: () => buildTiny(join(folder, 'tiny.pcap')),
};

interface Measured {
  wall: number;
  user: number;
  kilobytes: number;
  said: string;
}

try {
  const load = loadavg()[0]!.toFixed(1);
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, load ${load}, Node.js ${process.version}, ${runs} runs in turn, scale ${scale}`,
  );
  for (const [name, build] of Object.entries(inputs)) {
    if (chosen.length === 0 || chosen.includes(name)) await bench(name, build);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(name: string, build: (size: number) => Input | Promise<Input>): Promise<void> {
  const small = name === 'tiny' ? null : await timeAndPackets(await build(scale / 10));
  const input = await build(scale);
  const { path, frames, bytes } = input;
  console.log(`\n${name}: ${frames} packets, ${(bytes / 1e6).toFixed(1)} MB`);
  const able = tools.filter((tool) => name !== 'many' || tool.folders);
  const results = able.map((): Measured[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, { command }] of able.entries()) {
      const measured = measure(command(path));
      if (measured) results[index]!.push(measured);
    }
  }
  for (const [index, tool] of able.entries()) console.log(row(tool, results[index]!, results[0]!, input));
  if (small !== null) {
    // what every run begins with falls out of the difference
    const time = Math.min(...results[0]!.map(({ user }) => user));
    const perPacket = (time - small.time) / (frames - small.packets);
    const start = small.time - perPacket * small.packets;
    const ofSmall = small.time / small.packets;
    const ofLarge = time / frames;
    console.log(
      `  user time per packet: ${micro(ofSmall)} at a tenth of the packets, ${micro(ofLarge)} at all of them; ` +
        `${micro(perPacket)} for each packet more, and ${start.toFixed(2)} s besides`,
    );
  }
  const stages = stagesOf(process.execPath, auditOf(path, folder), folder);
  console.log(`  stages: ${stages.map(([stage, share]) => `${stage} ${Math.round(share * 100)} %`).join(', ')}`);
  rmSync(path, { recursive: true });
}

function micro(seconds: number): string {
  return `${(seconds * 1e6).toFixed(2)} µs`;
}

async function timeAndPackets({ path, frames }: Input): Promise<{ time: number; packets: number }> {
  const times = Array.from({ length: 3 }, () => measure(tools[0]!.command(path))?.user ?? Number.NaN);
  rmSync(path, { recursive: true });
  return { time: Math.min(...times), packets: frames };
}

function row(tool: Tool, results: readonly Measured[], ours: readonly Measured[], input: Input): string {
  const name = `  ${tool.name.padEnd(22)}`;
  if (results.length === 0) return `${name} not here`;
  const spread = (of: (measured: Measured) => number) => {
    const list = results.map(of).sort((a, b) => a - b);
    return `${list[0]!.toFixed(2)} / ${median(list).toFixed(2)} / ${list.at(-1)!.toFixed(2)} s`;
  };
  const ratio = (of: (measured: Measured) => number) => (median(ours.map(of)) / median(results.map(of))).toFixed(2);
  const memory = Math.round(Math.max(...results.map(({ kilobytes }) => kilobytes)) / 1000);
  const ratios = `pcap-audit takes ${ratio(({ wall }) => wall)} × the time, ${ratio(({ user }) => user)} × the user time`;
  return `${name} ${spread(({ wall }) => wall)}, user ${spread(({ user }) => user)}, ${memory} MB, ${workOf(tool, input)}; ${ratios}`;
}

/** Whether the tool read every packet. */
function workOf({ proof }: Tool, { path, frames }: Input): string {
  if (!proof) return 'work not checked';
  const said = measure(proof.command(path))?.said ?? '';
  rmSync(join(folder, 'proof.db'), { force: true });
  const counted = proof.packets.exec(said)?.[1];
  return Number(counted) === frames ? 'all packets' : `${counted ?? 'NO'} PACKETS OF ${frames}`;
}

/** Seconds, peak resident memory and output of a command; null where it is not installed. */
function measure([tool = '', ...args]: string[]): Measured | null {
  const ran = spawnSync('/usr/bin/time', ['-f', '%e %U %M', tool, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const figures = /(\d+\.\d+) (\d+\.\d+) (\d+)\s*$/.exec(ran.stderr ?? '');
  if (ran.status === 127 || !figures) return null;
  const [wall = 0, user = 0, kilobytes = 0] = figures.slice(1).map(Number);
  return { wall, user, kilobytes, said: `${ran.stdout}\n${ran.stderr}` };
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}
