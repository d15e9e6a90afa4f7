import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import type { World } from '../terminal/world.ts';

/** Writes what `--output` names, over a file that is there; gives its whole path. USAGE where it cannot be written. */
export async function writeIntoFile(world: World, output: string, data: string | Uint8Array): Promise<string> {
  const path = resolve(world.cwd, output);
  try {
    await writeFile(path, data);
    return path;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('USAGE', `--output: ${path} cannot be written: ${reason}.`, { cause });
  }
}
