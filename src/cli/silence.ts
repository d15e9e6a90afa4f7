import type { Command } from 'commander';
import { addOneSilence, type NewSilence } from '../actions/silences/add-silence.ts';
import { expireSilences } from '../actions/silences/expire-silence.ts';
import { silencesAsked } from '../actions/silences/list-silences.ts';
import type { SilenceRow } from '../actions/silences/silence-rows.ts';
import { stateDepsOf } from './action/state-deps-of.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, collect, withConfig, withFormat } from './options.ts';
import { printSilences } from './silence/print-silences.ts';
import { printJson, printLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

type AddOptions = CommonOptions & NewSilence;

interface ListOptions extends CommonOptions {
  readonly all?: boolean;
}

export const silence: Verb = (program, world, done) => {
  const command = program.command('silence');
  verb(command, 'add', 'add one to the state; a running process heeds it at its next decision')
    .option('--match <matcher>', 'NAME="VALUE", also !=, =~, !~; repeatable, all must hold', collect, [])
    .option('--reason <text>', 'why nobody need be told')
    .option('--owner <name>', 'who answers for it')
    .option('--ends <time>', 'when it ends: a day or an instant')
    .option('--for <duration>', 'instead of --ends: how long from now')
    .option('--starts <time>', 'what happened before is told; where left out, it is hidden, too')
    .option('--id <name>', 'its name; one is made up where it is left out')
    .action(async (options: AddOptions) => done(await add(world, options)));
  verb(command, 'list', 'list those that hold now or later, of the configuration and of the state')
    .argument('[ids...]', 'names of silences')
    .option('--all', 'also those that have ended')
    .action(async (ids: readonly string[], options: ListOptions) => done(await list(world, ids, options)));
  verb(command, 'expire', 'end silences of the state now')
    .argument('<ids...>', 'names of silences')
    .action(async (ids: readonly string[], options: CommonOptions) => done(await expire(world, ids, options)));
};

function verb(parent: Command, name: string, description: string): Command {
  return withFormat(withConfig(parent.command(name).description(description)));
}

async function list(world: World, ids: readonly string[], options: ListOptions): Promise<number> {
  const rows = await silencesAsked({ ids, all: options.all === true }, stateDepsOf(world, options.config));
  print(world, rows, options, ids.length > 0 ? 'There is no such silence.' : 'There are no silences.');
  return rows.length === 0 && ids.length > 0 ? EXIT.findings : EXIT.ok;
}

/** Writes beside a running daemon, in one short transaction. */
async function add(world: World, options: AddOptions): Promise<number> {
  const added = await addOneSilence(options, stateDepsOf(world, options.config), (name) => `--${name}`);
  print(world, [added], options, '');
  return EXIT.ok;
}

async function expire(world: World, ids: readonly string[], options: CommonOptions): Promise<number> {
  const ended = await expireSilences(ids, stateDepsOf(world, options.config));
  print(world, ended, options, `No silence ${ids.join(', ')} holds or is to come: nothing was ended.`);
  return ended.length === 0 ? EXIT.findings : EXIT.ok;
}

function print(world: World, silences: readonly SilenceRow[], { format }: CommonOptions, none: string): void {
  if (format === 'json') printJson(world, { silences });
  else if (silences.length === 0) printLine(world, none);
  else printSilences(world, silences);
}
