import { isLoopback } from '../lib/loopback.ts';
import { Secret, secretsIn } from '../lib/secret.ts';
import { secretsInUrl } from '../lib/secrets-in-url.ts';
import type { Config, Settings } from './config.ts';

/** What weakens the safety of connections and is said at each start: what is sent in clear, and a variable that people set against certificates. */
export function weakSettings(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const targets = [...config.targets].flatMap(([name, settings]) => [
    ...clearTarget(`targets.${name}`, settings),
    ...clearLogin(`targets.${name}`, settings),
    ...clearProxy(`targets.${name}.proxy`, settings.proxy),
  ]);
  const sources = config.tenants.flatMap(({ name, source }) => clearProxy(`source.proxy of ${name}`, source.proxy));
  return [...(environment.NODE_TLS_REJECT_UNAUTHORIZED === '0' ? [UNVERIFIED] : []), ...sources, ...targets];
}

const UNVERIFIED =
  'NODE_TLS_REJECT_UNAUTHORIZED is 0: it is not obeyed, certificates are verified all the same. Remove it, and name your own CA with caFile.';

/** Settings that hold secrets and are not sent to the target itself. */
const NOT_SENT = ['url', 'proxy', 'tls', 'signing'];

function clearTarget(where: string, settings: Settings): readonly string[] {
  const address = clearUrl(settings.url ?? settings.endpoint);
  if (address === null) return [];
  const sent = Object.entries(settings).filter(
    ([key, value]) => !NOT_SENT.includes(key) && secretsIn(value).length > 0,
  );
  const kinds = [...sent.map(([key]) => key), ...(secretsInUrl(address.href).length > 0 ? ['the URL itself'] : [])];
  if (kinds.length === 0) return [];
  return [
    `${where} sends secrets (${kinds.join(', ')}) over plain HTTP, where anybody on the way can read them. Use https://.`,
  ];
}

function clearLogin(where: string, settings: Settings): readonly string[] {
  if (clearUrl(memberOf(memberOf(settings.auth, 'oauth2'), 'tokenUrl')) === null) return [];
  return [
    `${where} sends its client secret to auth.oauth2.tokenUrl over plain HTTP, where anybody on the way can read it. Use https://.`,
  ];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Settings)[name] : undefined;
}

function clearProxy(where: string, proxy: unknown): readonly string[] {
  const address = clearUrl(proxy);
  if (address === null || address.password === '') return [];
  return [
    `${where} sends its password over plain HTTP, where anybody on the way can read it. Use a proxy at https://.`,
  ];
}

/** An http URL to another machine. */
function clearUrl(value: unknown): URL | null {
  const text = value instanceof Secret ? value.reveal() : String(value);
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === 'http:' && !isLoopback(url.hostname) ? url : null;
}
