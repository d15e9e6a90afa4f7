import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backUpState } from '../state/file/backup.ts';
import { exportState } from '../state/file/export-state.ts';
import { importState } from '../state/file/import-state.ts';
import { takeRunnerLock } from '../state/runner-lock.ts';
import { inspectState } from '../state/sqlite/inspect.ts';
import { requireStateFile } from '../state/state-place.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithoutSecrets } from './read-config.ts';
import { printJson, printLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const state: Verb = (program, world, done) => {
  const command = program.command('state');
  part(command, 'backup', 'write a whole copy of the state into one new file, beside a running process')
    .argument('<file>', 'the new file')
    .action((file: string, options: CommonOptions) => done(backUp(world, file, options)));
  part(command, 'check', 'read every page of the state and tell what is wrong').action((options: CommonOptions) =>
    done(check(world, options)),
  );
  part(command, 'export', 'write all of the state as lines of JSON into a new file, beside a running process')
    .argument('<file>', 'the new file')
    .action((file: string, options: CommonOptions) => done(exportAll(world, file, options)));
  part(command, 'import', 'make the state from an export; there must be none, and nothing is merged')
    .argument('<file>', 'what was exported')
    .action(async (file: string, options: CommonOptions) => done(await importAll(world, file, options)));
};

function part(parent: Command, name: string, description: string): Command {
  return withFormat(withConfig(parent.command(name).description(description)));
}

function pathOf(world: World, { config }: CommonOptions): string {
  const { state: place } = readWithoutSecrets(world, config).config;
  return requireStateFile(place, 'This', 'the database has tools of its own for that (pg_dump, pg_restore).');
}

function backUp(world: World, given: string, options: CommonOptions): number {
  const [path, file] = [pathOf(world, options), resolve(world.cwd, given)];
  backUpState(path, file);
  const { damage } = inspectState(file, true);
  print(
    world,
    options,
    { state: path, file, damage },
    damage ?? `${path} was copied to ${file}, and the copy is whole.`,
  );
  return damage === null ? EXIT.ok : EXIT.failed;
}

function check(world: World, options: CommonOptions): number {
  const path = pathOf(world, options);
  const { layout, newest, damage } = inspectState(path, true);
  const age = layout < newest ? `; "huntwire run" and "huntwire once" bring it to ${newest}` : '';
  print(
    world,
    options,
    { state: path, layout, newest, damage },
    damage ?? `${path} is whole. Its layout is ${layout}${age}.`,
  );
  return damage === null ? EXIT.ok : EXIT.failed;
}

function exportAll(world: World, given: string, options: CommonOptions): number {
  const [path, file] = [pathOf(world, options), resolve(world.cwd, given)];
  const rows = exportState(path, file);
  print(world, options, { state: path, file, rows }, `${rows} rows of ${path} were written to ${file}.`);
  return EXIT.ok;
}

async function importAll(world: World, given: string, options: CommonOptions): Promise<number> {
  const [path, file] = [pathOf(world, options), resolve(world.cwd, given)];
  const lock = takeRunnerLock(path);
  try {
    const rows = await importState(path, file);
    print(world, options, { state: path, file, rows }, `${rows} rows of ${file} are the state ${path} now.`);
    return EXIT.ok;
  } finally {
    lock.release();
  }
}

function print(world: World, { format }: CommonOptions, document: object, text: string): void {
  if (format === 'json') printJson(world, document);
  else printLine(world, text);
}
