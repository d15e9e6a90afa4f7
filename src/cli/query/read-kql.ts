import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import type { World } from '../terminal/world.ts';

const STANDARD_INPUT = '-';

/** The query as it was given: in an argument, in `--file`, or on standard input where either is `-`. */
export async function readKql(world: World, given: string | undefined, file: string | undefined): Promise<string> {
  if (given !== undefined && file !== undefined)
    throw new HuntwireError('USAGE', 'Give the query or --file, not both.');
  const isFile = file !== undefined && file !== STANDARD_INPUT;
  const text = isFile ? await fromFile(resolve(world.cwd, file)) : await fromArgument(world, given ?? file);
  if (text.trim() === '') throw new HuntwireError('USAGE', 'The query is empty.');
  return text;
}

async function fromArgument(world: World, given: string | undefined): Promise<string> {
  if (given === undefined) throw new HuntwireError('USAGE', 'Give a query, --file FILE, or - for standard input.');
  if (given !== STANDARD_INPUT) return given;
  if (!world.readInput) throw new HuntwireError('USAGE', 'There is no standard input.');
  return withoutMark(await world.readInput());
}

async function fromFile(path: string): Promise<string> {
  try {
    return withoutMark(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('USAGE', `--file: ${path} cannot be read: ${reason}.`, { cause });
  }
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
