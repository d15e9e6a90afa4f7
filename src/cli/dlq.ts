import type { Command } from 'commander';
import { HuntwireError } from '../lib/errors.ts';
import type { DeadLetter } from '../state/outbox-store.ts';
import { openReader, openSqliteStore } from '../state/sqlite-store.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithoutSecrets } from './read-config.ts';
import { printJson, printLine, printTable, shownJson } from './terminal/print.ts';
import { timeText } from './terminal/time-text.ts';
import type { World } from './terminal/world.ts';

interface ListOptions extends CommonOptions {
  readonly target?: string;
  readonly all?: boolean;
}

export const dlq: Verb = (program, world, done) => {
  const command = program.command('dlq');
  verb(command, 'list', 'list them').action(async (options: ListOptions) => done(await list(world, options)));
  verb(command, 'show', 'show one with its alert and the answer that refused it')
    .argument('<id>', 'number of the entry')
    .action(async (id: string, options: ListOptions) => done(await show(world, id, options)));
  verb(command, 'replay', 'put them back into the outbox')
    .argument('[ids...]', 'numbers of entries')
    .option('--all', 'every dead letter (of --target, where given)')
    .action(async (ids: readonly string[], options: ListOptions) => done(await change(world, 'replay', ids, options)));
  verb(command, 'drop', 'delete them for good')
    .argument('[ids...]', 'numbers of entries')
    .option('--all', 'every dead letter (of --target, where given)')
    .action(async (ids: readonly string[], options: ListOptions) => done(await change(world, 'drop', ids, options)));
};

function verb(parent: Command, name: string, description: string): Command {
  return withFormat(withConfig(parent.command(name).description(description))).option(
    '--target <name>',
    'only of this target',
  );
}

async function list(world: World, options: ListOptions): Promise<number> {
  const entries = (await read(world, options, null)).map(entryOf);
  if (options.format === 'json') printJson(world, { entries });
  else if (entries.length === 0) printLine(world, 'There are no dead letters.');
  else
    printTable(
      world,
      ['ID', 'TARGET', 'STATUS', 'ATTEMPTS', 'LAST', 'REASON'],
      entries.map((one) => [
        String(one.id),
        one.target,
        String(one.status ?? '-'),
        String(one.attempts),
        timeText(one.lastAt),
        one.reason,
      ]),
    );
  return EXIT.ok;
}

async function show(world: World, id: string, options: ListOptions): Promise<number> {
  const [letter] = await read(world, options, numbersOf([id]));
  if (!letter) throw new HuntwireError('USAGE', `There is no dead letter ${id}; "huntwire dlq list" shows them.`);
  const document = { ...entryOf(letter), answer: letter.answer, alert: letter.alert };
  printLine(world, shownJson(document, options.format === 'json' && !world.stdout.isTTY ? 0 : 2));
  return EXIT.ok;
}

async function read(world: World, options: ListOptions, ids: readonly number[] | null): Promise<readonly DeadLetter[]> {
  const store = openReader({ path: readWithoutSecrets(world, options.config).config.state.path, clock: world.clock });
  try {
    return await store.deadLetters({ target: options.target ?? null, ids });
  } finally {
    await store.close();
  }
}

/** Writes beside a running daemon, in one short transaction. */
async function change(
  world: World,
  what: 'replay' | 'drop',
  given: readonly string[],
  options: ListOptions,
): Promise<number> {
  if (given.length === 0 && !options.all)
    throw new HuntwireError('USAGE', `Name the entries to ${what}, or say --all.`);
  const store = openSqliteStore({
    path: readWithoutSecrets(world, options.config).config.state.path,
    clock: world.clock,
  });
  try {
    const letters = await store.deadLetters({
      target: options.target ?? null,
      ids: given.length > 0 ? numbersOf(given) : null,
    });
    const ids = letters.map((letter) => letter.id);
    const count = what === 'replay' ? await store.replay(ids, world.clock.now()) : await store.drop(ids);
    const entries = letters.map(entryOf);
    if (options.format === 'json') printJson(world, { [what === 'replay' ? 'replayed' : 'dropped']: count, entries });
    else printLine(world, changeText(what, count, given));
    return given.length > 0 && count === 0 ? EXIT.findings : EXIT.ok;
  } finally {
    await store.close();
  }
}

function changeText(what: 'replay' | 'drop', count: number, given: readonly string[]): string {
  const done = what === 'replay' ? 'put back into the outbox' : 'deleted';
  if (count > 0) return `${count} ${count === 1 ? 'entry' : 'entries'} ${done}.`;
  const none = given.length > 0 ? `There is no dead letter ${given.join(', ')}` : 'There are no dead letters';
  return `${none}: nothing was ${done}.`;
}

function numbersOf(ids: readonly string[]): readonly number[] {
  return ids.map((id) => {
    if (!/^\d{1,15}$/.test(id)) throw new HuntwireError('USAGE', `"${id}" is no number of a dead letter.`);
    return Number(id);
  });
}

interface Entry {
  readonly id: number;
  readonly alertId: string;
  readonly target: string;
  readonly reason: string;
  readonly status: number | null;
  readonly attempts: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

function entryOf(letter: DeadLetter): Entry {
  const { id, alertId, target, reason, status, attempts } = letter;
  return {
    id,
    alertId,
    target,
    reason,
    status,
    attempts,
    firstAt: new Date(letter.firstAt).toISOString(),
    lastAt: new Date(letter.lastAt).toISOString(),
  };
}
