import { Secret } from '../lib/secret.ts';
import type { Config } from './config.ts';

/** Every secret text in a configuration, so that a log can mask it wherever it turns up. */
export function secretsOf(config: Config): readonly string[] {
  const found: string[] = [];
  collect([config.tenants, [...config.targets.values()]], found);
  return found;
}

function collect(value: unknown, found: string[]): void {
  if (value instanceof Secret) found.push(value.reveal());
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner, found);
}
