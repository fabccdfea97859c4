import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const pcapAuditBin = fileURLToPath(new URL('../../bin/pcap-audit.js', import.meta.url));

/** Runs the program as a user would, on the Node.js that runs the tests. */
export function pcapAudit(
  args: readonly string[],
  options: {
    input?: Uint8Array;
    cwd?: string;
    env?: Record<string, string>;
    stdio?: ('pipe' | number)[];
    /** arguments for Node.js itself */
    node?: readonly string[];
    /** a command that runs the program */
    within?: readonly string[];
  } = {},
): Ran {
  const { node = [], within = [], env, ...others } = options;
  const [command, ...rest] = [...within, process.execPath, ...node, pcapAuditBin, ...args];
  const ran = spawnSync(command!, rest, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...others,
    env: { ...process.env, ...env },
  });
  return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

export interface Running {
  child: ChildProcess;
  /** once it has ended */
  ended: Promise<Ran>;
}

/** Starts the program, to be fed, watched or ended. */
export function startPcapAudit(args: readonly string[]): Running {
  const child = spawn(process.execPath, [pcapAuditBin, ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}
