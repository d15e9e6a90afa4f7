import { loadWithoutSecrets } from './load-config.ts';
import type { ConfigInputs } from './reading.ts';

/** The rule files and folders that a configuration names, as absolute paths. Secrets are not needed for that. */
export function rulePathsOf(file: string, inputs: ConfigInputs): readonly string[] {
  const { config } = loadWithoutSecrets(file, inputs);
  return [...new Set(config.tenants.flatMap((tenant) => tenant.rules))];
}
