import { proxyFor } from '../../lib/dispatcher.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Secret } from '../../lib/secret.ts';
import { isPrivateAddress } from '../private-address.ts';

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

/** Throws CONFIG_INVALID where private addresses are to be refused and this URL or its proxy makes that impossible. */
export function refuseUnkeepable(
  url: URL,
  settings: { readonly proxy?: Secret; readonly refusePrivateAddresses?: boolean },
  where: string,
): void {
  if (!settings.refusePrivateAddresses) return;
  if (proxyFor(url, settings.proxy?.reveal() ?? null)) {
    const advice = settings.proxy ? '' : ' Name the host in NO_PROXY.';
    const message = `${where}: refusePrivateAddresses cannot be kept through a proxy.${advice}`;
    throw new HuntwireError('CONFIG_INVALID', message);
  }
  if (isPrivateAddress(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${where}.url: the address is private, and refusePrivateAddresses is set.`,
    );
  }
}
