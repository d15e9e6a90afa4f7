import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import type { World } from '../../src/cli/terminal/world.ts';
import type { Support } from '../../src/engine/support.ts';
import type { NamedFormat } from '../../src/formats/format.ts';
import type { PluginSchema } from '../../src/lib/plugin.ts';
import type { ApiTraits } from '../../src/sources/api-traits.ts';

/** What the registries of a source folder hold. */
export interface Catalogue {
  readonly targets: ReadonlyMap<string, { readonly configSchema: PluginSchema }>;
  readonly sources: ReadonlyMap<string, { readonly configSchema: PluginSchema }>;
  /** Traits of the sources that ask Microsoft. */
  readonly traits: readonly ApiTraits[];
  readonly formats: ReadonlyMap<string, NamedFormat>;
  readonly lintChecks: readonly string[];
  /** All verbs with their options, as the command line has them. */
  readonly program: Command;
  /** Names of the query language that the engine knows. */
  readonly support: Support;
  readonly codes: Codes;
  /** What scripts/generate makes its files of. */
  readonly generatorParts: object;
}

export interface Codes {
  readonly errors: readonly string[];
  readonly health: readonly string[];
  readonly exits: readonly number[];
  /** The exit code of a verb that failed with this error. */
  exitOf(error: string): number;
}

interface PartsScript {
  loadParts(folder: string, ending: 'ts' | 'js'): Promise<object>;
}

type Load = <Module>(file: string) => Promise<Module>;

const PARTS_SCRIPT = join(import.meta.dirname, '../../scripts/generate/parts.mjs');

/** Loads the registries of a source folder, or of a folder with what was compiled from one. */
export async function loadCatalogue(folder: string, ending: 'ts' | 'js'): Promise<Catalogue> {
  const load: Load = (file) => import(pathToFileURL(join(folder, `${file}.${ending}`)).href);
  const { TARGETS } = await load<typeof import('../../src/targets/registry.ts')>('targets/registry');
  const { SOURCES } = await load<typeof import('../../src/sources/registry.ts')>('sources/registry');
  const { FORMATS } = await load<typeof import('../../src/formats/registry.ts')>('formats/registry');
  const { LINT_CHECKS } = await load<typeof import('../../src/rules/lint/registry.ts')>('rules/lint/registry');
  const { supportOf } = await load<typeof import('../../src/engine/support.ts')>('engine/support');
  const { loadParts } = (await import(PARTS_SCRIPT)) as PartsScript;
  const modules = [...SOURCES.keys()].map((name) => load<{ readonly traits?: ApiTraits }>(`sources/${name}`));
  return {
    targets: TARGETS,
    sources: SOURCES,
    traits: (await Promise.all(modules)).flatMap(({ traits }) => traits ?? []),
    formats: FORMATS,
    lintChecks: LINT_CHECKS.map((check) => check.id),
    program: await loadProgram(load),
    support: supportOf(),
    codes: await loadCodes(load),
    generatorParts: await loadParts(folder, ending),
  };
}

async function loadProgram(load: Load): Promise<Command> {
  const { allVerbs } = await load<typeof import('../../src/cli/verbs.ts')>('cli/verbs');
  const program = new Command();
  for (const verb of await allVerbs()) verb(program, {} as World, () => undefined);
  return program;
}

async function loadCodes(load: Load): Promise<Codes> {
  const { ERROR_CODES } = await load<typeof import('../../src/lib/errors.ts')>('lib/errors');
  const { HEALTH_CODES } = await load<typeof import('../../src/alerts/alert.ts')>('alerts/alert');
  const { EXIT, exitCodeOf } = await load<typeof import('../../src/cli/exit-codes.ts')>('cli/exit-codes');
  return {
    errors: ERROR_CODES,
    health: HEALTH_CODES,
    exits: Object.values(EXIT),
    exitOf: (error) => exitCodeOf(error as (typeof ERROR_CODES)[number]),
  };
}
