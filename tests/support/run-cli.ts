import { spawnSync } from 'node:child_process';
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
  options: { input?: Uint8Array; cwd?: string; env?: Record<string, string> } = {},
): Ran {
  const ran = spawnSync(process.execPath, [pcapAuditBin, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
    env: { ...process.env, ...options.env },
  });
  return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}
