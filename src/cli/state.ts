import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { HuntwireError } from '../lib/errors.ts';
import { Secret } from '../lib/secret.ts';
import { backUpState } from '../state/file/backup.ts';
import { exportState } from '../state/file/export-state.ts';
import { importState } from '../state/file/import-state.ts';
import { takeRunnerLock } from '../state/runner-lock.ts';
import { inspectState } from '../state/sqlite/inspect.ts';
import { requireStateFile, stateName } from '../state/state-place.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithoutSecrets } from './read-config.ts';
import { printJson, printLine } from './terminal/print.ts';
import { type Progress, startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';
import { version } from './version.ts';

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
  part(command, 'copy', 'copy a state file into the database of state.url, which must have no state yet')
    .requiredOption('--from <path>', 'the state file; no process may run on it')
    .option('--to <url>', 'the database; state.url where left out')
    .action(async (options: CopyOptions) => done(await copyAll(world, options)));
};

interface CopyOptions extends CommonOptions {
  readonly from: string;
  readonly to?: string;
}

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

async function copyAll(world: World, options: CopyOptions): Promise<number> {
  const path = resolve(world.cwd, options.from);
  if (!existsSync(path)) throw new HuntwireError('USAGE', `There is no state file ${path}.`);
  const url = options.to ?? urlOf(world, options);
  const { copyState } = await import('../state/file/copy-state.ts');
  const self = { verb: 'state copy', pid: process.pid, machine: hostname() };
  let bar: Progress | null = null;
  const progress = (done: number, all: number): void => {
    bar ??= startProgress(world, 'copying rows', all);
    bar.update(done);
  };
  const rows = await copyState({ path, url, self, version, progress }).finally(() => bar?.stop());
  const name = await stateName({ url: new Secret(url) });
  const next = 'Start "huntwire run" with that state.url, and never again on the file.';
  print(
    world,
    options,
    { state: path, database: name, rows },
    `${rows} rows of ${path} are the state in ${name} now. ${next}`,
  );
  return EXIT.ok;
}

function urlOf(world: World, { config }: CommonOptions): string {
  const { state: place } = readWithoutSecrets(world, config).config;
  if ('url' in place) return place.url.reveal();
  throw new HuntwireError('USAGE', 'Set state.url in the configuration, or say the database with --to.');
}

function print(world: World, { format }: CommonOptions, document: object, text: string): void {
  if (format === 'json') printJson(world, document);
  else printLine(world, text);
}
