import { secretsIn } from '../lib/secret.ts';
import { keysInUrl } from '../lib/secrets-in-url.ts';
import type { Config } from './config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Every secret text in a configuration, in its addresses and in the proxies of the environment, so that a log can mask it wherever it turns
 * up. Asked again it knows of what secrets have changed to, and still of what they were; the same array as long as nothing has changed.
 */
export function createSecretsOf(config: Partial<Config>, environment: Environment): () => readonly string[] {
  const secrets = secretsIn([
    config.tenants,
    [...(config.targets?.values() ?? [])],
    config.redact,
    config.http,
    config.metrics,
    config.state,
  ]);
  const proxies = Object.entries(environment).map(([name, value]) => (/^https?_proxy$/i.test(name) ? value : ''));
  const addresses = [...proxies, config.metrics?.url];
  let known = secrets.map((secret) => secret.texts());
  let found = listOf(known.flat(), addresses);
  return () => {
    if (secrets.every((secret, at) => secret.texts() === known[at])) return found;
    known = secrets.map((secret) => secret.texts());
    found = listOf(known.flat(), addresses);
    return found;
  };
}

/** Secrets of all configurations that a process has had. */
export interface KnownSecrets {
  learn(config: Partial<Config>): void;
  /** The same array as long as there are no others. */
  texts(): readonly string[];
}

/** What was a secret of an earlier configuration may still turn up. */
const REMEMBERED = 20;

export function createKnownSecrets(environment: Environment): KnownSecrets {
  let asked: readonly (() => readonly string[])[] = [];
  let known: readonly (readonly string[])[] = [];
  let found: readonly string[] = [];
  return {
    learn: (config) => {
      asked = [...asked, createSecretsOf(config, environment)].slice(-REMEMBERED);
    },
    texts: () => {
      const now = asked.map((one) => one());
      if (now.length === known.length && now.every((texts, at) => texts === known[at])) return found;
      known = now;
      found = [...new Set(now.flat())];
      return found;
    },
  };
}

function listOf(secrets: readonly string[], addresses: readonly (string | undefined)[]): readonly string[] {
  return [...new Set([...secrets, ...[...secrets, ...addresses].flatMap((text) => keysInUrl(text ?? ''))])];
}
