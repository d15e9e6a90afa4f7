import type { Command, CommanderError } from 'commander';
import { countOf } from '../../lib/text.ts';

type Wording = readonly [code: string, form: RegExp, words: (found: readonly string[], verb: string) => string];

/** What commander says, as a colleague would: the parts that it names, in sentences that say what is wanted. */
const WORDINGS: readonly Wording[] = [
  [
    'missingArgument',
    /argument '(.+)'/,
    ([name = ''], verb) => `"${verb}" needs ${/^[aeiou]/.test(name) ? 'an' : 'a'} <${name}>.`,
  ],
  ['missingMandatoryOptionValue', /option '(.+)' not/, ([option], verb) => `"${verb}" needs ${option}.`],
  [
    'optionMissingArgument',
    /option '(?:-\w, )?(\S+) (.+)' argument/,
    ([option, value]) => `${option} needs a ${value}.`,
  ],
  [
    'invalidArgument',
    /(?:option|command-argument value) '(?:-\w, )?(\S+).*?'? argument '(.*)' is invalid\. Allowed choices are (.+)\./,
    ([option, value, choices]) => `${option}: "${value}" is none of ${choices}.`,
  ],
  ['unknownOption', /option '(.+)'/, ([option], verb) => `"${verb}" has no option ${option}.`],
  ['unknownCommand', /command '(.+)'/, ([name]) => `There is no verb "${name}".`],
  [
    'excessArguments',
    /Expected (\d+) arguments? but got (\d+)/,
    ([wanted, given], verb) => excessText(verb, wanted, given),
  ],
];

/** A mistake on the command line in one line: what is wrong, what was meant, where to read more. */
export function usageText({ code, message }: Pick<CommanderError, 'code' | 'message'>, command: Command): string {
  const verb = pathOf(command);
  const [, form, words] = WORDINGS.find(([name]) => code === `commander.${name}`) ?? [];
  const found = form?.exec(message)?.slice(1);
  const said = words && found ? words(found, verb) : message.replace(/^error: /, '').split('\n')[0];
  const meant = /\(Did you mean (?:one of )?(.+)\?\)/.exec(message)?.[1]?.split(', ');
  const suggestion = meant ? ` Did you mean ${meant.map((one) => `"${one}"`).join(' or ')}?` : '';
  const help = command.parent ? `"huntwire ${verb} --help" tells what it takes.` : '"huntwire --help" lists the verbs.';
  return `${said}${suggestion} ${help}`;
}

function excessText(verb: string, wanted = '0', given = '0'): string {
  const takes = wanted === '0' ? 'no arguments' : countOf(Number(wanted), 'argument');
  return `"${verb}" takes ${takes} and was given ${given}.`;
}

/** `dlq show`; the program itself by its own name. */
function pathOf(command: Command): string {
  if (!command.parent) return command.name();
  return command.parent.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
