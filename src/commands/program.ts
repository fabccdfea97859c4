import type { Command } from 'commander';

/** What every command is given. */
export interface Program {
  tool: { name: string; version: string };
  /** the only clock */
  now: () => Date;
  command: Command;
  /** 0 or 1, as the command's answer; errors are thrown */
  exitCode: 0 | 1;
}
