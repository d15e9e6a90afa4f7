import type { Command } from 'commander';
import { HuntwireError } from '../lib/errors.ts';
import { openReader, openSqliteStore } from '../state/sqlite-store.ts';
import type { Store, StoreReader } from '../state/store.ts';
import type { Verb } from './cli.ts';
import { type ChangeOptions, changeLetters, type LetterChange } from './dlq/change-letters.ts';
import { letterEntryOf, printLetters } from './dlq/letter-entry.ts';
import { type FilterOptions, filterOf, isFiltered, letterNumbers, withFilter } from './dlq/letter-filter.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithoutSecrets } from './read-config.ts';
import { printJson, printLine, shownJson } from './terminal/print.ts';
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
    async (ids: readonly string[], options: ChangeOptions) => done(await change(world, 'replay', ids, options)),
  );
  changing(command, 'drop', 'delete them for good').action(async (ids: readonly string[], options: ChangeOptions) =>
    done(await change(world, 'drop', ids, options)),
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
  const filter = filterOf(options, [], world.clock.now());
  const entries = (await reading(world, options, (store) => store.deadLetterHeads(filter))).map(letterEntryOf);
  if (options.format === 'json') printJson(world, { entries });
  else if (entries.length > 0) printLetters(world, entries);
  else printLine(world, `There are no ${isFiltered(options) ? 'such ' : ''}dead letters.`);
  return entries.length === 0 && isFiltered(options) ? EXIT.findings : EXIT.ok;
}

async function show(world: World, id: string, options: CommonOptions): Promise<number> {
  const filter = { target: null, ids: letterNumbers([id]) };
  const [letter] = await reading(world, options, (store) => store.deadLetters(filter));
  if (!letter) throw new HuntwireError('USAGE', `There is no dead letter ${id}; "huntwire dlq list" shows them.`);
  const document = { ...letterEntryOf(letter), answer: letter.answer, alert: letter.alert };
  printLine(world, shownJson(document, options.format === 'json' && !world.stdout.isTTY ? 0 : 2));
  return EXIT.ok;
}

async function reading<Found>(
  world: World,
  options: CommonOptions,
  read: (store: StoreReader) => Promise<Found>,
): Promise<Found> {
  const store = openReader({ path: statePath(world, options), clock: world.clock });
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

/** Writes beside a running daemon, in short transactions. */
async function change(
  world: World,
  what: LetterChange,
  given: readonly string[],
  options: ChangeOptions,
): Promise<number> {
  const store: Store = openSqliteStore({ path: statePath(world, options), clock: world.clock });
  try {
    return await changeLetters(world, store, what, given, options);
  } finally {
    await store.close();
  }
}

function statePath(world: World, { config }: CommonOptions): string {
  return readWithoutSecrets(world, config).config.state.path;
}
