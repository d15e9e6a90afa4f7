import { Argument, type Command } from 'commander';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import type { World } from './terminal/world.ts';

const WRITERS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof WRITERS;

/** Prints what a shell needs to complete our command line; made from the verbs themselves, all of which are loaded for it. */
export const completion: Verb = (program, world, done) => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'whose').choices(Object.keys(WRITERS)))
    .action((shell: Shell) => done(printScript(program, world, shell)));
};

function printScript(program: Command, world: World, shell: Shell): number {
  world.stdout.write(WRITERS[shell](program));
  return EXIT.ok;
}

/** What may follow some words: `silence add` takes these options. */
interface Place {
  readonly words: readonly string[];
  readonly options: readonly PlaceOption[];
  readonly parts: readonly { readonly name: string; readonly text: string }[];
  /** What its arguments may be, where that is known. */
  readonly choices: readonly string[];
}

interface PlaceOption {
  readonly name: string;
  /** What its value may be; empty: anything; null: it has none. */
  readonly values: readonly string[] | null;
}

function placesOf(command: Command, words: readonly string[] = []): readonly Place[] {
  const given = command.options.flatMap(({ long, required, optional, argChoices }): readonly PlaceOption[] =>
    long ? [{ name: long, values: required || optional ? (argChoices ?? []) : null }] : [],
  );
  const options = [...given.filter(({ name }) => name !== '--help'), { name: '--help', values: null }];
  const parts = command.commands.map((one) => ({ name: one.name(), text: one.description() }));
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return [
    { words, options, parts, choices },
    ...command.commands.flatMap((one) => placesOf(one, [...words, one.name()])),
  ];
}

function bashScript(program: Command): string {
  const places = placesOf(program);
  const cases = places.map(({ words, options, parts, choices }) => {
    const all = [...parts.map(({ name }) => name), ...choices, ...options.map(({ name }) => name)];
    return `    '${words.join(' ')}') words='${all.join(' ')}' ;;`;
  });
  const values = places.flatMap(({ words, options }) =>
    options.flatMap((one) =>
      one.values ? [`    '${words.join(' ')}|${one.name}') words='${one.values.join(' ')}' ;;`] : [],
    ),
  );
  return `_huntwire() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path= words= at
  for ((at = 1; at < COMP_CWORD && at < 3; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] && break
    path="$path\${path:+ }\${COMP_WORDS[at]}"
  done
  _huntwire_values "$path|$previous" || _huntwire_values "\${path%% *}|$previous" ||
    _huntwire_words "$path" || _huntwire_words "\${path%% *}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_huntwire_values() {
  case $1 in
${values.join('\n')}
    *) return 1 ;;
  esac
}
_huntwire_words() {
  case $1 in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
complete -o default -F _huntwire huntwire
`;
}

/** Completion may be off so far. */
function zshScript(program: Command): string {
  const on = '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }';
  return `${on}\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(program)}`;
}

function fishScript(program: Command): string {
  const lines = placesOf(program).flatMap(({ words, options, parts, choices }) => {
    const when = words.length === 0 ? '__fish_use_subcommand' : whenSeen(words, parts);
    const head = `complete -c huntwire -n '${when}'`;
    return [
      // Where words are known, files are none of them.
      ...(parts.length > 0 || choices.length > 0 ? [`${head} -f`] : []),
      ...parts.map(({ name, text }) => `${head} -a ${name} -d '${text.replace(/[\\']/g, '\\$&')}'`),
      ...(choices.length > 0 ? [`${head} -a '${choices.join(' ')}'`] : []),
      ...options.map((option) => `${head} -l ${option.name.slice(2)}${valueText(option)}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function valueText({ values }: PlaceOption): string {
  if (values === null) return '';
  return values.length === 0 ? ' -r' : ` -x -a '${values.join(' ')}'`;
}

function whenSeen(words: readonly string[], parts: Place['parts']): string {
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
  const further =
    parts.length > 0 ? [`not __fish_seen_subcommand_from ${parts.map(({ name }) => name).join(' ')}`] : [];
  return [...seen, ...further].join('; and ');
}
