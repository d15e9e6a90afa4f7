import type { Secret } from '../../lib/secret.ts';
import type { TargetDeps } from '../target.ts';
import { headerValue } from './request-auth.ts';
import { requestUrl } from './request-url.ts';
import type { Material } from './sender.ts';

/** A vendor's address and the key that every request has in its `Authorization`. */
export interface KeyedSettings {
  readonly url: Secret;
  readonly key: Secret;
  /** The name of the setting that has the key. */
  readonly setting: string;
}

/** What `authorization` makes of a key is a secret, too, as far as it is returned among `secrets`. Throws CONFIG_INVALID for settings that cannot work. */
export function keyedMaterial(
  { url, key, setting }: KeyedSettings,
  { name, version }: Pick<TargetDeps, 'name' | 'version'>,
  authorization: (key: string) => { readonly value: string; readonly secrets: readonly string[] },
): Material {
  const where = `targets.${name}`;
  const { value, secrets } = authorization(headerValue(key.reveal(), `${where}.${setting}`));
  const headers = { 'user-agent': `huntwire/${version}`, authorization: value };
  return { url: requestUrl(url.reveal(), where), headers, secrets };
}
