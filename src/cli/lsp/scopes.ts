import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { targetProblemsOf } from '../../config/check-rule-targets.ts';
import { offerOf } from '../../config/operation/offer-of.ts';
import type { EditorScope, ScopeOf } from '../../editor/scope.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { parseYaml } from '../../lib/yaml/parse-yaml.ts';
import { DEFAULT_CONFIG } from '../options.ts';
import { placesIn, readToLook, withSchemas } from '../read-config.ts';
import { takeSchemas } from '../schema-files.ts';
import type { World } from '../terminal/world.ts';

/** Folders above one another. */
const DEEPEST = 64;

/** Finds the configuration of a file: `huntwire.yaml` in its folder or above, or the given one for all files. */
export function scopesOf(world: World, given: string | null): ScopeOf {
  let latest: { readonly key: string; readonly scope: EditorScope; readonly files: readonly string[] } | null = null;
  return async (file, held) => {
    const config = given ?? configOf(file, held);
    if (config === null) {
      latest = null;
      return alone(file);
    }
    const key = stateOf([config, ...(latest?.files ?? [])], held);
    if (latest?.key === key) return latest.scope;
    const before = latest?.scope.config === config ? latest.scope.targets : [];
    const { scope, files } = read({ ...world, cwd: dirname(config), given: held }, { config, before });
    latest = { key: stateOf([config, ...files], held), scope, files };
    return scope;
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

const ALONE = { severities: {}, offerOf: () => null, targets: [], targetProblems: () => [], problems: [] };

function alone(file: string): EditorScope {
  const folder = dirname(file);
  takeSchemas([]);
  const places = { paths: [], overlays: [], roots: [folder], folder };
  return { ...ALONE, config: null, places };
}

/** Another one for other texts. */
function stateOf(files: readonly string[], held: ReadonlyMap<string, string>): string {
  const states = files.map((file) => {
    const found = held.has(file) ? null : statSync(file, { throwIfNoEntry: false });
    return [file, held.get(file) ?? null, found?.mtimeMs ?? null, found?.size ?? null];
  });
  return JSON.stringify(states);
}

interface ReadScope {
  readonly scope: EditorScope;
  /** What it depends on beside the configuration. */
  readonly files: readonly string[];
}

interface ReadFrom {
  readonly config: string;
  /** Names of its targets when it could be read last: while it is written they are what rules name. */
  readonly before: readonly string[];
}

function read(world: World, { config, before }: ReadFrom): ReadScope {
  try {
    const { config: said } = readToLook(world, config);
    withSchemas(said);
    const scope: EditorScope = {
      config,
      places: placesIn(world, said, []),
      severities: said.lint.checks,
      offerOf: (rule) => offerOf(said, rule),
      targets: [...said.targets.keys()],
      targetProblems: targetProblemsOf(said),
      problems: [],
    };
    return { scope, files: said.schemas ?? [] };
  } catch (thrown) {
    const { problems, code, message } = toHuntwireError(thrown);
    const whole = { file: config, line: null, column: null, code, message };
    const targets = targetsIn(world, config) ?? before;
    const scope = { ...alone(config), config, targets, problems: problems.length > 0 ? problems : [whole] };
    return { scope, files: [] };
  }
}

/** Names of targets in a configuration that has mistakes; null: it is no YAML. */
function targetsIn({ given }: World, config: string): readonly string[] | null {
  try {
    const text = given?.get(config) ?? readFileSync(config, 'utf8');
    const [document] = parseYaml(config, text, 'CONFIG_INVALID').documents;
    const { targets } = (document?.value ?? {}) as { readonly targets?: unknown };
    return typeof targets === 'object' && targets !== null ? Object.keys(targets) : null;
  } catch {
    return null;
  }
}
