import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { pcapAudit } from '../support/run-cli.ts';

/** What bash would offer for a line, its last word unfinished. */
function offered(line: string[]): string[] {
  const script = pcapAudit(['completion', 'bash']).stdout;
  const run = `${script}
COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${line.length - 1}
_pcap_audit
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', run], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('completion', () => {
  test('of commands, subcommands and options, in bash itself', () => {
    expect(offered(['pcap-audit', 'au'])).toEqual(['audit']);
    expect(offered(['pcap-audit', 'topology', ''])).toEqual(expect.arrayContaining(['draft', 'validate', 'schema']));
    expect(offered(['pcap-audit', 'audit', '--ann'])).toEqual(['--annotate']);
    expect(offered(['pcap-audit', 'audit', 'x.pcap', '--lang', 'ko', '--top'])).toEqual(['--topology']);
    expect(offered(['pcap-audit', 'rules', 'list', '--json', '--j'])).toEqual(['--json']);
  });

  test.each(['zsh', 'fish'])('has a script for %s', (shell) => {
    const { code, stdout } = pcapAudit(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('pcap-audit');
    expect(stdout).toMatch(/annotate/);
  });

  test('knows no other shell', () => {
    expect(pcapAudit(['completion', 'cmd']).code).toBe(2);
  });
});
