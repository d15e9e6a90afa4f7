import type { Path } from '../lib/yaml/parse-yaml.ts';
import type { Settings } from './config.ts';
import { type ConfigReading, reportKey, reportValue } from './reading.ts';

/** The keys that make up each kind of credential; the first one names it. */
const KINDS: readonly (readonly string[])[] = [
  ['clientSecret'],
  ['certificateFile', 'privateKeyFile', 'passphrase'],
  ['federatedTokenFile'],
  ['managedIdentity'],
  ['deviceCode'],
  ['none'],
];
const CHOICE =
  'clientSecret, certificateFile with privateKeyFile, federatedTokenFile, managedIdentity: true, deviceCode: true, none: true (kusto)';

/** Exactly one credential, and all of it, with the ids it needs: with two it would be a guess which one the operator believes to be in use. */
export function checkCredential(reading: ConfigReading, path: Path, auth: Settings): void {
  const given = KINDS.filter((kind) => kind.some((key) => auth[key] !== undefined && auth[key] !== false));
  const [only = [], second] = given;
  const ids = ['managedIdentity', 'none'].includes(only[0] ?? '') || given.length === 0 ? [] : ['tenantId', 'clientId'];
  for (const id of ids) if (auth[id] === undefined) reportKey(reading, path, `The key "${id}" is missing.`);
  if (given.length === 0) reportValue(reading, path, `"auth" has no credential: give one of ${CHOICE}.`);
  if (second) {
    const key = second.find((one) => auth[one] !== undefined) ?? '';
    reportKey(reading, [...path, key], `"auth" has more than one credential: give one of ${CHOICE}.`);
  } else if (only.length > 1) {
    const missing = only.slice(0, 2).filter((key) => auth[key] === undefined);
    for (const key of missing) reportValue(reading, path, `A certificate needs "${key}" too.`);
  }
}
