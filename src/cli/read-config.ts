import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { ConfigInputs } from '../config/reading.ts';
import type { Registries } from '../config/registries.ts';
import { rulePathsOf } from '../config/rule-paths.ts';
import { FORMATS } from '../formats/registry.ts';
import { authSchema } from '../sources/auth/auth-config.ts';
import { SOURCES } from '../sources/registry.ts';
import { TARGETS } from '../targets/registry.ts';
import { DEFAULT_CONFIG } from './options.ts';
import type { World } from './terminal/world.ts';

export const REGISTRIES: Registries = { sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema };

export function readConfig(world: World, file: string): Config {
  return loadConfig(resolve(world.cwd, file), inputsOf(world));
}

function inputsOf(world: World): ConfigInputs {
  return { registries: REGISTRIES, env: world.env, readFile: (path) => readFileSync(path, 'utf8') };
}

/** The rule paths a verb works on: those given, else the configuration's, else `rules/` where there is no configuration. */
export function rulePaths(world: World, given: readonly string[], file: string): readonly string[] {
  if (given.length > 0) return given.map((path) => resolve(world.cwd, path));
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file))) return [resolve(world.cwd, 'rules')];
  return rulePathsOf(resolve(world.cwd, file), inputsOf(world));
}
