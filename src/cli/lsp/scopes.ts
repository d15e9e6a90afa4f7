import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { offerOf } from '../../config/operation/offer-of.ts';
import type { EditorScope, ScopeOf } from '../../editor/scope.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { DEFAULT_CONFIG } from '../options.ts';
import { placesIn, readToLook } from '../read-config.ts';
import { takeSchemas } from '../schema-files.ts';
import type { World } from '../terminal/world.ts';

/** Folders above one another. */
const DEEPEST = 64;

/** Finds the configuration of a file: `huntwire.yaml` in its folder or above, or the given one for all files. */
export function scopesOf(world: World, given: string | null): ScopeOf {
  return async (file, held) => {
    const config = given ?? configOf(file, held);
    return config === null ? alone(file) : read({ ...world, cwd: dirname(config), given: held }, config);
  };
}

function configOf(file: string, held: ReadonlyMap<string, string>): string | null {
  let folder = dirname(resolve(file));
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const path = join(folder, DEFAULT_CONFIG);
    if (held.has(path) || existsSync(path)) return path;
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  return null;
}

function alone(file: string): EditorScope {
  const folder = dirname(file);
  takeSchemas([]);
  const places = { paths: [], overlays: [], roots: [folder], folder };
  return { config: null, places, severities: {}, offerOf: () => null, problems: [] };
}

function read(world: World, config: string): EditorScope {
  try {
    const { config: said } = readToLook(world, config);
    takeSchemas(said.schemas ?? []);
    return {
      config,
      places: placesIn(world, said, []),
      severities: said.lint.checks,
      offerOf: (rule) => offerOf(said, rule),
      problems: [],
    };
  } catch (thrown) {
    const { problems, code, message } = toHuntwireError(thrown);
    const whole = { file: config, line: null, column: null, code, message };
    return { ...alone(config), config, problems: problems.length > 0 ? problems : [whole] };
  }
}
