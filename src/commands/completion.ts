import { Argument, type Command } from 'commander';
import { toStandardOutput } from './outputs.ts';
import type { Program } from './program.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

export function addCompletionCommand(program: Program): void {
  program.command
    .command('completion')
    .description('completion of commands and options for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText('after', '\nExample:\n  source <(pcap-audit completion bash)\n')
    .action((shell: Shell) => {
      const words = wordsOf(program.command);
      toStandardOutput((sink) => sink(scripts[shell](words)));
    });
}

interface Completed {
  /** `topology draft`; empty for the program itself */
  command: string;
  subcommands: { name: string; description: string }[];
  options: { name: string; description: string }[];
}

/** Every command with what can follow it, read from the commands themselves. */
function wordsOf(command: Command, path: string[] = []): Completed[] {
  const own = {
    command: path.join(' '),
    subcommands: command.commands.map((sub) => ({ name: sub.name(), description: sub.description() })),
    options: command.options.flatMap(({ long, description }) => (long ? [{ name: long, description }] : [])),
  };
  return [own, ...command.commands.flatMap((sub) => wordsOf(sub, [...path, sub.name()]))];
}

const namesOf = ({ subcommands, options }: Completed): string =>
  [...subcommands, ...options].map(({ name }) => name).join(' ');

function bash(words: readonly Completed[]): string {
  const cases = words.map((entry) => `    '${entry.command}') words='${namesOf(entry)}' ;;`).join('\n');
  return `# pcap-audit completion for bash
_pcap_audit() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case " ${commandNames(words)} " in *" $word "*) path="\${path:+$path }$word" ;; esac ;; esac
  done
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _pcap_audit pcap-audit
`;
}

const zsh = (words: readonly Completed[]): string => `#compdef pcap-audit
autoload -U +X bashcompinit && bashcompinit
${bash(words)}`;

function fish(words: readonly Completed[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = words.flatMap(({ command, subcommands, options }) => {
    const condition =
      command === ''
        ? '__fish_use_subcommand'
        : command
            .split(' ')
            .map((name) => `__fish_seen_subcommand_from ${name}`)
            .join('; and ');
    const at = `complete -c pcap-audit -n ${quoted(condition)}`;
    return [
      ...subcommands.map(({ name, description }) => `${at} -a ${name} -d ${quoted(description)}`),
      ...options.map(({ name, description }) => `${at} -l ${name.slice(2)} -d ${quoted(description)}`),
    ];
  });
  return `# pcap-audit completion for fish\n${lines.join('\n')}\n`;
}

const commandNames = (words: readonly Completed[]): string =>
  [...new Set(words.flatMap(({ subcommands }) => subcommands.map(({ name }) => name)))].join(' ');

const scripts: Record<Shell, (words: readonly Completed[]) => string> = { bash, zsh, fish };
