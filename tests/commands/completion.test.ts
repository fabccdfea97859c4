import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../support/folders.ts';
import { pcapAudit } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pcap-audit-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Shell = 'bash' | 'zsh' | 'fish';
const isThere = (shell: Shell): boolean => {
  const there = spawnSync(shell, ['--version']).status === 0;
  if (!there) console.warn(`SKIPPED: ${shell} is missing, so nothing was completed in it`);
  return there;
};
const scriptFor = (shell: Shell): string => {
  const file = join(folder, shell);
  writeFileSync(file, pcapAudit(['completion', shell]).stdout);
  return file;
};
/** the shell reads no set-up of whoever runs the tests */
const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, TERM: 'dumb' };
const run = (shell: Shell, args: string[]) =>
  execFileSync(shell, args, { encoding: 'utf8', cwd: rootFolder, env, timeout: 30_000 });
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

/** What each shell makes of a line whose last word is unfinished, with the key that completes. */
const completions: Record<Shell, (script: string, line: string) => string[]> = {
  bash(script, line) {
    const words = line.split(' ');
    const ask = `. '${script}'
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_pcap_audit
printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(run('bash', ['--norc', '-c', ask]));
  },
  fish(script, line) {
    const ask = `source '${script}'; complete -C '${line}'`;
    return linesOf(run('fish', ['--no-config', '-c', ask])).map((found) => found.split('\t')[0]!);
  },
  /** an interactive zsh on a terminal of its own: the line as it stands after Tab */
  zsh(script, line) {
    const ask = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; source '${script}'; shown() { print -r -- \\"<<\\$BUFFER>>\\" }; zle -N shown; bindkey '^X^P' shown; setopt no_beep; print REA''DY"
zpty -r shell out '*READY*'
zpty -n -w shell '${line}'$'\\t\\x18\\x10'
zpty -r shell out '*<<*>>*'
print -r -- "\${\${out##*<<}%%>>*}"
zpty -d shell`;
    return linesOf(run('zsh', ['-f', '-c', ask])).map((whole) => whole.trimEnd().split(' ').at(-1)!);
  },
};

describe.each(['bash', 'zsh', 'fish'] as const)('completion in %s itself', (shell) => {
  const there = isThere(shell);
  const script = there ? scriptFor(shell) : '';

  test.skipIf(!there).each([
    ['pcap-audit au', 'audit'],
    ['pcap-audit topology dr', 'draft'],
    ['pcap-audit audit --ann', '--annotate'],
    ['pcap-audit audit x.pcap --lang ko --top', '--topology'],
    ['pcap-audit audit --lang k', 'ko'],
    ['pcap-audit report --format mark', 'markdown'],
    ['pcap-audit completion fi', 'fish'],
    // a file that is called as a command is none
    ['pcap-audit check --db audit --top', '--topology'],
    ['pcap-audit rules list --j', '--json'],
  ])('%s', (line, completed) => expect(completions[shell](script, line)).toEqual([completed]));
});

test('commands with subcommands offer them all', () => {
  expect(completions.bash(scriptFor('bash'), 'pcap-audit topology ')).toEqual(
    expect.arrayContaining(['draft', 'validate', 'schema']),
  );
});

test('knows no other shell', () => {
  expect(pcapAudit(['completion', 'cmd']).code).toBe(2);
});
