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
  subcommands: Word[];
  options: Word[];
  /** of an option, or of what follows the command */
  choices: { option: string | null; values: readonly string[] }[];
}

interface Word {
  name: string;
  description: string;
}

/** Every command with what can follow it, read from the commands themselves. */
function wordsOf(command: Command, path: string[] = []): Completed[] {
  const named = command.options.flatMap(({ long, description, argChoices }) =>
    long ? [{ name: long, description, argChoices }] : [],
  );
  const own: Completed = {
    command: path.join(' '),
    subcommands: command.commands.map((sub) => ({ name: sub.name(), description: sub.description() })),
    options: named.map(({ name, description }) => ({ name, description })),
    choices: [
      ...named.map(({ name, argChoices }) => ({ option: name, values: argChoices ?? [] })),
      { option: null, values: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []) },
    ].filter(({ values }) => values.length > 0),
  };
  return [own, ...command.commands.flatMap((sub) => wordsOf(sub, [...path, sub.name()]))];
}

const argumentsOf = ({ choices }: Completed): readonly string[] =>
  choices.find(({ option }) => option === null)?.values ?? [];

/** As every shell here takes a word. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The known commands as alternatives of a `case`: a file that is called as one is none. */
const commandPattern = (words: readonly Completed[]): string =>
  words.flatMap(({ command }) => (command === '' ? [] : [quoted(command)])).join('|');

/** Values by command and option, as alternatives of a `case` over `command/--option`. */
const valueCases = (words: readonly Completed[], line: (values: readonly string[]) => string): string =>
  words
    .flatMap(({ command, choices }) =>
      choices.flatMap(({ option, values }) =>
        option === null ? [] : [`    ${quoted(`${command}/${option}`)}) ${line(values)} ;;`],
      ),
    )
    .join('\n');

function bash(words: readonly Completed[]): string {
  const cases = words.map((entry) => {
    const names = [...entry.subcommands, ...entry.options].map(({ name }) => name);
    return `    ${quoted(entry.command)}) words=${quoted([...argumentsOf(entry), ...names].join(' '))} ;;`;
  });
  return `# pcap-audit completion for bash
_pcap_audit() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in ${commandPattern(words)}) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  case "$path/\${COMP_WORDS[COMP_CWORD-1]}" in
${valueCases(words, (values) => `words=${quoted(values.join(' '))}`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _pcap_audit pcap-audit
`;
}

function zsh(words: readonly Completed[]): string {
  const described = (list: readonly Word[]) => list.map(({ name, description }) => quoted(`${name}:${description}`));
  const cases = words.map((entry) => {
    const items = [...argumentsOf(entry).map(quoted), ...described(entry.subcommands)];
    const options = described(entry.options);
    return `    ${quoted(entry.command)}) items=(${items.join(' ')}); options=(${options.join(' ')}) ;;`;
  });
  return `#compdef pcap-audit
_pcap-audit() {
  local at='' word
  local -a items options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in (${commandPattern(words)}) at="\${at:+$at }$word" ;; esac
  done
  case "$at/\${words[CURRENT-1]}" in
${valueCases(words, (values) => `items=(${values.map(quoted).join(' ')}); _describe value items; return`)}
  esac
  case "$at" in
${cases.join('\n')}
  esac
  _describe -o option options
  if (( \${#items} )); then _describe command items; else _files; fi
}
if [[ "\${funcstack[1]}" == _pcap-audit ]]; then
  _pcap-audit "$@"
else
  (( \${+functions[compdef]} )) || { autoload -U compinit && compinit }
  compdef _pcap-audit pcap-audit
fi
`;
}

function fish(words: readonly Completed[]): string {
  const text = (raw: string) => `'${raw.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = words.flatMap((entry) => {
    const { command, subcommands, options, choices } = entry;
    const at = `complete -c pcap-audit -n ${text(`__pcap_audit_at ${text(command)}`)}`;
    const valuesOf = (name: string) => choices.find(({ option }) => option === name)?.values ?? [];
    return [
      ...subcommands.map(({ name, description }) => `${at} -f -a ${name} -d ${text(description)}`),
      ...argumentsOf(entry).map((value) => `${at} -f -a ${value}`),
      ...options.map(({ name, description }) => {
        const values = valuesOf(name);
        const given = values.length === 0 ? '' : ` -x -a ${text(values.join(' '))}`;
        return `${at} -l ${name.slice(2)}${given} -d ${text(description)}`;
      }),
    ];
  });
  const known = words.flatMap(({ command }) => (command === '' ? [] : [text(command)]));
  return `# pcap-audit completion for fish
function __pcap_audit_at
    set -l at
    for word in (commandline -opc)[2..-1]
        contains -- "$at $word" ${known.map((name) => `" ${name.slice(1, -1)}"`).join(' ')}; and set at "$at $word"
    end
    test "$at" = (test -z "$argv[1]"; and echo ''; or echo " $argv[1]")
end
${lines.join('\n')}
`;
}

const scripts: Record<Shell, (words: readonly Completed[]) => string> = { bash, zsh, fish };
