import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import {
  loadConfig,
  loadSoundParts,
  loadWithBlocked,
  loadWithoutSecrets,
  type SecretlessConfig,
  type SoundParts,
} from '../config/load-config.ts';
import type { ConfigInputs } from '../config/reading.ts';
import type { Registries } from '../config/registries.ts';
import { rulePlacesOf } from '../config/rule-paths.ts';
import { FORMATS } from '../formats/registry.ts';
import type { RulePlaces } from '../rules/rule-places.ts';
import { authSchema } from '../sources/auth/auth-config.ts';
import { SOURCES, traitsOfApi } from '../sources/registry.ts';
import { TARGETS } from '../targets/registry.ts';
import { takeSchemas } from './schema-files.ts';
import type { World } from './terminal/world.ts';

export const REGISTRIES: Registries = { sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema };

export function readConfig(world: World, file: string): Config {
  return withSchemas(loadConfig(resolve(world.cwd, file), inputsOf(world)));
}

/** For what goes on without tenants that are misconfigured, or is about one tenant or about targets. */
export function readWithBlocked(world: World, file: string): Config {
  return withSchemas(loadWithBlocked(resolve(world.cwd, file), inputsOf(world)));
}

/** For verbs that ask no source and deliver nothing: neither what is missing of the secrets nor tenants that are misconfigured are a hindrance. */
export function readWithoutSecrets(world: World, file: string): SecretlessConfig {
  const read = readToLook(world, file);
  withSchemas(read.config);
  return read;
}

/** The same for verbs that look at no query. */
export function readToLook(world: World, file: string): SecretlessConfig {
  return loadWithoutSecrets(resolve(world.cwd, file), inputsOf(world), new Map());
}

/** For a verb that examines the configuration itself. */
export function readSoundParts(world: World, file: string): SoundParts {
  const read = loadSoundParts(resolve(world.cwd, file), inputsOf(world));
  if (read.config) withSchemas(read.config);
  return read;
}

/** Whoever reads a configuration goes by its tables. */
export function withSchemas<Read extends Pick<Config, 'schemas' | 'tenants'>>(config: Read): Read {
  const { tenants, schemas = [] } = config;
  takeSchemas(schemas, tenants.length > 0 && tenants.every(({ source }) => traitsOfApi(source.api)?.hasOwnTables));
  return config;
}

function inputsOf(world: World): ConfigInputs {
  return {
    registries: REGISTRIES,
    env: world.env,
    readFile: (path) => world.given?.get(path) ?? readFileSync(path, 'utf8'),
    secretFiles: { clock: world.clock, modifiedAt },
  };
}

function modifiedAt(path: string): number | null {
  const found = statSync(path);
  return found.isFile() ? found.mtimeMs : null;
}

/** Where the rules of a configuration lie, or those at the given paths, with what it lays over them. */
export function placesIn(world: World, config: Config, given: readonly string[]): RulePlaces {
  return rulePlacesOf(config, given.length > 0 ? given.map((path) => resolve(world.cwd, path)) : undefined);
}
