import { HuntwireError } from '../../lib/errors.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { ApiTraits } from '../api-traits.ts';
import type { SourceConfig } from '../source-settings.ts';
import type { TokenSource } from './token-source.ts';

/** The tokens of somebody who signs in nowhere. */
export function noTokens(): TokenSource {
  return {
    token: async () => '',
    serviceTime: () => null,
    renewConnections: () => undefined,
    credentialExpiresAt: null,
    close: async () => undefined,
  };
}

/** Throws CONFIG_INVALID where the API wants a token, or the server lies outside this machine and nobody said that this is meant. */
export function requireUnsigned({ api, mayBeUnsigned }: ApiTraits, { insecure }: SourceConfig, url: URL): void {
  if (!mayBeUnsigned)
    throw new HuntwireError('CONFIG_INVALID', `auth.none: ${api} answers nobody without a token; give a credential.`);
  if (insecure || isLoopback(url.hostname)) return;
  const message = `auth.none: ${url.host} is not this machine. Set source.insecure: true where its network is yours alone, or give a credential.`;
  throw new HuntwireError('CONFIG_INVALID', message);
}
