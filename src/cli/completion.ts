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
  readonly options: readonly string[];
  readonly parts: readonly { readonly name: string; readonly text: string }[];
}

function placesOf(command: Command, words: readonly string[] = []): readonly Place[] {
  const options = command.options.flatMap(({ long }) => long ?? []);
  const parts = command.commands.map((one) => ({ name: one.name(), text: one.description() }));
  const own = { words, options: [...new Set([...options, '--help'])], parts };
  return [own, ...command.commands.flatMap((one) => placesOf(one, [...words, one.name()]))];
}

function bashScript(program: Command): string {
  const cases = placesOf(program).map(({ words, options, parts }) => {
    const all = [...parts.map(({ name }) => name), ...options];
    return `    '${words.join(' ')}') words='${all.join(' ')}' ;;`;
  });
  return `_huntwire() {
  local current=\${COMP_WORDS[COMP_CWORD]} path= words= at
  for ((at = 1; at < COMP_CWORD && at < 3; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] && break
    path="$path\${path:+ }\${COMP_WORDS[at]}"
  done
  _huntwire_words "$path" || _huntwire_words "\${path%% *}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
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

function zshScript(program: Command): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(program)}`;
}

function fishScript(program: Command): string {
  const lines = placesOf(program).flatMap(({ words, options, parts }) => {
    const when = words.length === 0 ? '__fish_use_subcommand' : whenSeen(words, parts);
    const head = `complete -c huntwire -n '${when}'`;
    return [
      ...parts.map(({ name, text }) => `${head} -a ${name} -d '${text.replace(/[\\']/g, '\\$&')}'`),
      ...options.map((option) => `${head} -l ${option.slice(2)}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function whenSeen(words: readonly string[], parts: Place['parts']): string {
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
  const further =
    parts.length > 0 ? [`not __fish_seen_subcommand_from ${parts.map(({ name }) => name).join(' ')}`] : [];
  return [...seen, ...further].join('; and ');
}
