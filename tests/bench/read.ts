import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readCapture } from '../../src/capture/read-capture.ts';
import { filler, networkInterface, packet, pcapFile, pcapngFile, section } from '../support/build-capture.ts';

/**
 * How fast captures are read, against `cat`: `node tests/bench/read.ts [MEGABYTES]`. The files lie in the temporary folder and
 * are removed again. Frames are 40 to 1514 bytes, 800 on average.
 */
const megabytes = Number(process.argv[2] ?? 300);
const folder = mkdtempSync(join(tmpdir(), 'bench-read-'));
const path = join(folder, 'capture');

const sizes = Array.from({ length: 1000 }, (_, index) => 40 + ((index * 7919) % 1475));
const start = 1_600_000_000;
const patterns = {
  pcap: () => ({
    head: pcapFile(),
    body: pcapFile({ records: sizes.map((size) => ({ bytes: filler(size), seconds: start })) }).subarray(24),
  }),
  pcapng: () => {
    const head = pcapngFile([section(), networkInterface({ resolution: 9 })]);
    const packets = sizes.map((size) => packet({ bytes: filler(size), time: BigInt(start) * 1_000_000_000n + 1n }));
    return { head, body: pcapngFile(packets) };
  },
};

function generate({ head, body }: { head: Uint8Array; body: Uint8Array }): void {
  const fd = openSync(path, 'w');
  writeSync(fd, head);
  for (let written = head.length; written < megabytes * 1e6; written += body.length) writeSync(fd, body);
  closeSync(fd);
}

async function measure(name: string, work: () => Promise<unknown> | unknown): Promise<void> {
  const cpu = process.cpuUsage();
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const rate = statSync(path).size / 1e6 / seconds;
  console.log(
    `${name.padEnd(16)} ${seconds.toFixed(2)} s  ${rate.toFixed(0).padStart(5)} MB/s  cpu ${((user + system) / 1e6).toFixed(2)} s`,
  );
}

try {
  for (const [format, pattern] of Object.entries(patterns)) {
    generate(pattern());
    let frames = 0;
    let bytes = 0;
    const sink = ({ start: at, end }: { start: number; end: number }) => {
      frames++;
      bytes += end - at;
    };
    await measure(`${format} cat`, () => execFileSync('sh', ['-c', 'cat "$1" > /dev/null', 'sh', path]));
    await measure(`${format} cat | cat`, () => execFileSync('sh', ['-c', 'cat "$1" | cat > /dev/null', 'sh', path]));
    for (const hash of [false, true]) {
      const before = process.resourceUsage().maxRSS;
      await measure(`${format}${hash ? ' hashed' : ''}`, () => readCapture({ path, name: format }, sink, { hash }));
      console.log(`  peak memory ${before >> 10} MiB before, ${process.resourceUsage().maxRSS >> 10} MiB after`);
    }
    console.log(`  ${frames / 2} frames, ${(bytes / 2e6).toFixed(0)} MB captured`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
