/** Words of paths that give nothing away; anything else in a path may be what makes the URL a secret. */
const ORDINARY = new Set([
  ...[
    'alert',
    'alerts',
    'api',
    'collector',
    'event',
    'events',
    'hook',
    'hooks',
    'http',
    'https',
    'huntwire',
    'incoming',
  ],
  ...[
    'ingest',
    'input',
    'inputs',
    'invoke',
    'latest',
    'log',
    'logs',
    'manual',
    'notifications',
    'notify',
    'paths',
    'post',
  ],
  ...['public', 'raw', 'receive', 'rest', 'run', 'service', 'services', 'trigger', 'triggers', 'webhook', 'webhooks'],
  ...['workflow', 'workflows'],
]);
const VERSION = /^v?\d{1,2}$/;

/** What is surely no word that a log needs. */
const KEY = /^(?=.*[0-9A-Z]).{8,}$/;

/**
 * The texts of a URL that must not be shown: user and password (as they stand, and as a header carries them), parts of the path that are no
 * ordinary words, values of the query. Chat and automation tools put the key into the path. Nothing of what is no URL.
 */
export function secretsInUrl(text: string): readonly string[] {
  return secretsOfParts(text, (part) => !isOrdinary(part));
}

/** Those of them that are no word at all, for texts of ours, in which words count. */
export function keysInUrl(text: string): readonly string[] {
  return secretsOfParts(text, (part) => KEY.test(part));
}

function secretsOfParts(text: string, isSecret: (part: string) => boolean): readonly string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const steps = url.pathname.split('/').filter((step) => step !== '' && isSecret(step));
  const values = url.search
    .slice(1)
    .split('&')
    .map((pair) => pair.slice(pair.indexOf('=') + 1))
    .filter((value) => value !== '' && isSecret(value));
  const found = [...credentialsOf(url), ...steps, ...values];
  if (steps.length + values.length > 0) found.push(url.href, url.pathname + url.search);
  return [...new Set(found.flatMap((one) => [one, decoded(one)]))].filter(Boolean);
}

function isOrdinary(step: string): boolean {
  return ORDINARY.has(step.toLowerCase()) || VERSION.test(step);
}

function credentialsOf({ username, password }: URL): readonly string[] {
  if (password === '') return username === '' ? [] : [username];
  const pair = `${decoded(username)}:${decoded(password)}`;
  return [password, Buffer.from(pair, 'utf8').toString('base64')];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
