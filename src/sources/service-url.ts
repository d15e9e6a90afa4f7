import { HuntwireError } from '../lib/errors.ts';
import { isLoopback } from '../lib/loopback.ts';

/**
 * A URL of the configuration without slash at its end. `http:` is for loopback hosts only, where a stand-in plays Microsoft; also elsewhere where it
 * `mayBePlain`, and anything else that is not `https:` is a CONFIG_INVALID error that names `where` and does not show the text: it may hold a password.
 */
export function requireServiceUrl(text: string, where: string, mayBePlain = false): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new HuntwireError('CONFIG_INVALID', `${where}: this is no URL; write https://host.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new HuntwireError('CONFIG_INVALID', `${where}: the URL must not carry a user or password.`);
  }
  if (url.protocol === 'http:' && !mayBePlain && !isLoopback(url.hostname)) {
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${where}: ${url.host} must be asked over https; http is for loopback hosts only.`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  url.search = '';
  url.hash = '';
  return url;
}
