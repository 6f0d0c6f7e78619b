import type { Command, Option } from 'commander';
import { ExitCode } from '../../errors.ts';
import type { Context } from '../context.ts';

/** One word that may be typed, and what it is for. */
interface Word {
  text: string;
  about: string;
}

interface CommandWords {
  name: string;
  about: string;
  options: Word[];
  /** What an option's value may be, by option: empty where it is a folder or free. */
  values: { option: string; choices: readonly string[] }[];
  /** Choices of the first argument; none where it is free. */
  choices: readonly string[];
  takesDirectory: boolean;
}

/** Prints a completion script, made from the command tree itself. */
export async function completion(program: Command, shell: string, { io }: Context): Promise<ExitCode> {
  const commands = program.commands.map((command) => wordsOf(command, program));
  const printers: Record<string, (commands: readonly CommandWords[]) => string> = { bash, zsh, fish };
  io.raw(printers[shell]?.(commands) ?? '');
  return ExitCode.done;
}

function wordsOf(command: Command, program: Command): CommandWords {
  const [first] = command.registeredArguments;
  // Of a command that has commands of its own, all that any of them takes, each once.
  const all = [command, ...command.commands].flatMap((each) => each.options);
  const own = all.filter(({ flags }, at) => all.findIndex((each) => each.flags === flags) === at);
  const options = [...own, ...program.options].flatMap(optionWords);
  return {
    name: command.name(),
    about: command.description(),
    options: [...options, { text: '--help', about: 'print help' }],
    values: [...own, ...program.options]
      .filter(({ required }) => required)
      .flatMap(({ long, short, argChoices = [] }) =>
        [long, short].flatMap((option) => (option ? [{ option, choices: argChoices }] : [])),
      ),
    choices: first?.argChoices ?? command.commands.map((each) => each.name()),
    takesDirectory: command.registeredArguments.some((argument) => argument.name() === 'directory'),
  };
}

function optionWords({ long, short, description }: Option): Word[] {
  return [long, short].flatMap((text) =>
    text === undefined || text === null || text === '--version' || text === '-V'
      ? []
      : [{ text, about: description }],
  );
}

function bash(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map(
    ({ name, options, choices, takesDirectory }) =>
      `    ${name}) options='${options.map(({ text }) => text).join(' ')}' words='${choices.join(' ')}' folders=${takesDirectory ? 'yes' : ''} ;;`,
  );
  return `# Completion of nidify for bash: source it, or save it in /etc/bash_completion.d/ or
# ~/.local/share/bash-completion/completions/nidify
_nidify() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=generate options='' words='' folders='' at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case " ${names} " in
      *" \${COMP_WORDS[at]} "*) command=\${COMP_WORDS[at]}; break ;;
    esac
  done
  case $command in
${cases.join('\n')}
  esac
  [[ $at -ge $COMP_CWORD ]] && words='${names}'
  COMPREPLY=()
  case \${COMP_WORDS[COMP_CWORD-1]} in
${bashValues(commands).join('\n')}
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; [[ $folders ]] && compgen -d -- "$current")
  fi
}
complete -o filenames -F _nidify nidify
`;
}

/** After an option that takes a value its choices are completed, or folders. */
function bashValues(commands: readonly CommandWords[]): string[] {
  const values = new Map(
    commands.flatMap((command) => command.values.map((each) => [each.option, each.choices])),
  );
  return [...values].map(([option, choices]) => {
    const words = choices.length === 0 ? '-d' : `-W '${choices.join(' ')}'`;
    return `    ${option}) mapfile -t COMPREPLY < <(compgen ${words} -- "$current"); return ;;`;
  });
}

function zsh(commands: readonly CommandWords[]): string {
  const described = (words: readonly Word[]) =>
    words.map(({ text, about }) => `'${zshText(text)}:${zshText(about)}'`).join(' ');
  const cases = commands.map(
    ({ name, options, choices, takesDirectory }) => `      ${name})
        if [[ $words[CURRENT] == -* ]]; then
          entries=(${described(options)}); _describe -o option entries
        else
          ${choices.length > 0 ? `compadd -- ${choices.join(' ')}` : takesDirectory ? '_directories' : ':'}
        fi ;;`,
  );
  return `#compdef nidify
# Completion of nidify for zsh: save it as _nidify in a folder of $fpath.
_nidify() {
  local -a entries
  local command=generate word
  for word in $words[2,CURRENT-1]; do
    case $word in
      ${commands.map(({ name }) => name).join('|')}) command=$word; break ;;
    esac
  done
  if (( CURRENT == 2 )) && [[ $words[CURRENT] != -* ]]; then
    entries=(${described(commands.map(({ name, about }) => ({ text: name, about })))})
    _describe command entries
    _directories
    return
  fi
  case $command in
${cases.join('\n')}
  esac
}
_nidify "$@"
`;
}

/** Inside single quotes, where \`_describe\` takes a colon for a separator. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
}

function fish(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  const lines = commands.flatMap(({ name, about, options, choices }) => {
    const when =
      name === 'generate'
        ? `${none}; or __fish_seen_subcommand_from generate`
        : `__fish_seen_subcommand_from ${name}`;
    return [
      `complete -c nidify -n '${none}' -a ${name} -d ${fishText(about)}`,
      ...choices.map((choice) => `complete -c nidify -f -n '${when}' -a ${choice}`),
      ...options.map(({ text, about: purpose }) => {
        const flag = text.startsWith('--') ? `-l ${text.slice(2)}` : `-s ${text.slice(1)}`;
        return `complete -c nidify -n '${when}' ${flag} -d ${fishText(purpose)}`;
      }),
    ];
  });
  return `# Completion of nidify for fish: save it as ~/.config/fish/completions/nidify.fish\n${lines.join('\n')}\n`;
}

function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
