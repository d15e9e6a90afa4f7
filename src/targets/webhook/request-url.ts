import { proxyFor } from '../../lib/dispatcher.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Secret } from '../../lib/secret.ts';
import { type AddressGuard, createAddressGuard } from '../private-address.ts';

/** The URL to post to. Messages never show it: chat and automation tools put the secret into the path. Throws CONFIG_INVALID. */
export function requestUrl(text: string, where: string, key = 'url'): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.${key}: write a URL that begins with https:// or http://.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${where}.${key}: put user and password into auth.basic, not into the URL.`,
    );
  }
  return url;
}

/** Settings that say which addresses may be reached. */
export interface AddressSettings {
  readonly proxy?: Secret;
  readonly refusePrivateAddresses?: boolean;
  readonly allowPrivate?: readonly string[];
}

/** Null where every address may be reached. Throws CONFIG_INVALID where this URL or its proxy makes it impossible to keep to the settings. */
export function guardOf(url: URL, settings: AddressSettings, where: string): AddressGuard | null {
  if (!settings.refusePrivateAddresses && settings.allowPrivate === undefined) return null;
  const key = settings.refusePrivateAddresses ? 'refusePrivateAddresses' : 'allowPrivate';
  const guard = createAddressGuard(settings.allowPrivate ?? [], where);
  if (proxyFor(url, settings.proxy?.reveal() ?? null)) {
    const advice = settings.proxy ? '' : ' Name the host in NO_PROXY.';
    throw new HuntwireError('CONFIG_INVALID', `${where}: ${key} cannot be kept through a proxy.${advice}`);
  }
  if (!guard.isRefused(url.hostname.replace(/^\[|\]$/g, ''))) return guard;
  throw new HuntwireError('CONFIG_INVALID', `${where}.url: the address is private, and ${key} is set.`);
}
