import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { DataFolder, DataOptions } from '../engine/data/folder.ts';
import { collect } from './options.ts';
import { oneLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export interface LocalDataOptions extends DataOptions {
  readonly data: readonly string[];
}

/** `--data PATH`, as often as there are folders, and how the files are read. */
export function withData(command: Command, description: string): Command {
  return withReading(command.option('--data <path>', `${description}; may be given several times`, collect, []));
}

/** How local data is read: `--strict`, `--dates`. */
export function withReading(command: Command): Command {
  return command
    .option('--strict', 'local data that cannot be read is an error', false)
    .addOption(
      new Option('--dates <order>', 'how local data writes 03/04/2026, where it does not tell: dmy or mdy').choices([
        'dmy',
        'mdy',
      ]),
    );
}

export function dataPaths(world: World, paths: readonly string[]): readonly string[] {
  return paths.map((path) => resolve(world.cwd, path));
}

export async function openLocalData(world: World, { data, strict, dates }: LocalDataOptions): Promise<DataFolder> {
  const { openDataFolder } = await import('../engine/data/folder.ts');
  return openDataFolder(dataPaths(world, data), { strict: strict ?? false, dates: dates ?? null });
}

/** What was not read, and the like, on stderr. */
export function printNotes(world: World, notes: readonly string[]): void {
  for (const note of notes) world.stderr.write(`${oneLine(note)}\n`);
}
