import type { Command } from 'commander';
import { letterEntryOf } from '../actions/letters/letter-entry.ts';
import { filterOf, isFiltered } from '../actions/letters/letter-filter.ts';
import { deadLetter } from '../actions/letters/show-dead-letter.ts';
import { HuntwireError } from '../lib/errors.ts';
import { stateDepsOf } from './action/state-deps-of.ts';
import type { Verb } from './cli.ts';
import { type ChangeOptions, changeAndTell } from './dlq/change-and-tell.ts';
import { type FilterOptions, withFilter } from './dlq/filter-options.ts';
import { printLetters } from './dlq/print-letters.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { printJson, printLine, shownJson } from './terminal/print.ts';
import { printFailure } from './terminal/print-failure.ts';
import type { World } from './terminal/world.ts';

export const dlq: Verb = (program, world, done) => {
  const command = program.command('dlq');
  withFilter(verb(command, 'list', 'list them')).action(async (options: FilterOptions) =>
    done(await list(world, options)),
  );
  verb(command, 'show', 'show one with its alert and the answer that refused it')
    .argument('<id>', 'number of the entry')
    .action(async (id: string, options: CommonOptions) => done(await show(world, id, options)));
  changing(command, 'replay', 'put them back into the outbox').action(
    async (ids: readonly string[], options: ChangeOptions) => done(await changeAndTell(world, 'replay', ids, options)),
  );
  changing(command, 'drop', 'delete them for good').action(async (ids: readonly string[], options: ChangeOptions) =>
    done(await changeAndTell(world, 'drop', ids, options)),
  );
};

function verb(parent: Command, name: string, description: string): Command {
  return withFormat(withConfig(parent.command(name).description(description)));
}

function changing(parent: Command, name: string, description: string): Command {
  return withFilter(verb(parent, name, description))
    .argument('[ids...]', 'numbers of entries')
    .option('--all', 'every dead letter')
    .option('--dry-run', 'only show which ones that would be');
}

async function list(world: World, options: FilterOptions): Promise<number> {
  const filter = filterOf(options, [], world.clock.now(), '--since');
  const heads = await stateDepsOf(world, options.config).reading((store) => store.deadLetterHeads(filter));
  const entries = heads.map(letterEntryOf);
  if (options.format === 'json') printJson(world, { entries });
  else if (entries.length > 0) printLetters(world, entries);
  else printLine(world, `There are no ${isFiltered(options) ? 'such ' : ''}dead letters.`);
  return entries.length === 0 && isFiltered(options) ? EXIT.findings : EXIT.ok;
}

async function show(world: World, id: string, options: CommonOptions): Promise<number> {
  const document = await deadLetter(id, stateDepsOf(world, options.config));
  if (!document) {
    const message = `There is no dead letter ${id}; "huntwire dlq list" shows them.`;
    printFailure(world, new HuntwireError('NOT_FOUND', message), options.format);
    return EXIT.findings;
  }
  printLine(world, shownJson(document, options.format === 'json' && !world.stdout.isTTY ? 0 : 2));
  return EXIT.ok;
}
