import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Alert } from '../alerts/alert.ts';
import { validateAlert } from '../alerts/map/validate-alert.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { World } from './terminal/world.ts';

/** The alert in a file as format `native` writes it; `-` is standard input. A USAGE error names what is wrong with it. */
export async function alertInFile(world: World, file: string): Promise<Alert> {
  return alertOf(file, await textOf(world, file));
}

async function textOf(world: World, file: string): Promise<string> {
  if (file === '-') return world.readInput?.() ?? '';
  try {
    return readFileSync(resolve(world.cwd, file), 'utf8');
  } catch (thrown) {
    throw new HuntwireError('USAGE', `${file} cannot be read: name a file with one alert as JSON.`, { cause: thrown });
  }
}

function alertOf(file: string, text: string): Alert {
  try {
    const parsed: unknown = JSON.parse(text);
    validateAlert(parsed);
    return parsed;
  } catch (thrown) {
    const why = thrown instanceof HuntwireError ? thrown.message : 'it is no JSON.';
    throw new HuntwireError('USAGE', `${file} is no alert as format native writes it: ${why}`, { cause: thrown });
  }
}
