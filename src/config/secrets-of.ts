import { secretsIn } from '../lib/secret.ts';
import { keysInUrl } from '../lib/secrets-in-url.ts';
import type { Config } from './config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Every secret text in a configuration and in the proxies of the environment, so that a log can mask it wherever it turns up. Asked
 * again it knows of what secrets have changed to, and still of what they were; the same array as long as nothing has changed.
 */
export function createSecretsOf(config: Config, environment: Environment): () => readonly string[] {
  const secrets = secretsIn([config.tenants, [...config.targets.values()], config.redact, config.http]);
  const proxies = Object.entries(environment).map(([name, value]) => (/^https?_proxy$/i.test(name) ? value : ''));
  let known = secrets.map((secret) => secret.texts());
  let found = listOf(known.flat(), proxies);
  return () => {
    if (secrets.every((secret, at) => secret.texts() === known[at])) return found;
    known = secrets.map((secret) => secret.texts());
    found = listOf(known.flat(), proxies);
    return found;
  };
}

function listOf(secrets: readonly string[], proxies: readonly (string | undefined)[]): readonly string[] {
  return [...new Set([...secrets, ...[...secrets, ...proxies].flatMap((text) => keysInUrl(text ?? ''))])];
}
