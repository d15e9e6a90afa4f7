import { Secret } from '../lib/secret.ts';
import { keysInUrl } from '../lib/secrets-in-url.ts';
import type { Config } from './config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Every secret text in a configuration and in the proxies of the environment, so that a log can mask it wherever it turns up. */
export function secretsOf(config: Config, environment: Environment): readonly string[] {
  const found: string[] = [];
  collect([config.tenants, [...config.targets.values()]], found);
  const proxies = Object.entries(environment).map(([name, value]) => (/^https?_proxy$/i.test(name) ? value : ''));
  return [...new Set([...found, ...[...found, ...proxies].flatMap((text) => keysInUrl(text ?? ''))])];
}

function collect(value: unknown, found: string[]): void {
  if (value instanceof Secret) found.push(value.reveal());
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner, found);
}
