import { dirname, resolve } from 'node:path';
import { HuntwireError } from '../lib/errors.ts';
import { parseYaml } from '../lib/yaml/parse-yaml.ts';
import { loadConfig } from './load-config.ts';
import type { ConfigInputs } from './reading.ts';

/**
 * The rule files and folders that a configuration names, as absolute paths. Secrets are not needed for that: a configuration that
 * is right but for a missing variable or secret file will do.
 */
export function rulePathsOf(file: string, inputs: ConfigInputs): readonly string[] {
  try {
    return [...new Set(loadConfig(file, inputs).tenants.flatMap((tenant) => tenant.rules))];
  } catch (thrown) {
    if (!(thrown instanceof HuntwireError) || thrown.code !== 'CONFIG_SECRET_UNREADABLE') throw thrown;
    return plainPaths(file, inputs.readFile(file));
  }
}

interface PlainConfig {
  readonly rules?: unknown;
  readonly tenants?: unknown;
}

function plainPaths(file: string, text: string): readonly string[] {
  const config = (parseYaml(file, text, 'CONFIG_INVALID').documents[0]?.value ?? {}) as PlainConfig;
  const tenants = Array.isArray(config.tenants) ? (config.tenants as readonly PlainConfig[]) : [];
  const paths = [config, ...tenants].flatMap((part) => (Array.isArray(part.rules) ? part.rules : []));
  return [...new Set(paths.filter((path) => typeof path === 'string').map((path) => resolve(dirname(file), path)))];
}
