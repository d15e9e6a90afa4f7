import type { Connections } from '../lib/connections.ts';
import type { ApiTraits } from './api-traits.ts';
import type { TokenSource } from './auth/token-source.ts';
import type { SourceDeps } from './source.ts';
import type { SourceConfig } from './source-settings.ts';

/** One hunting API of one tenant, ready to be asked. */
export interface HuntingClient {
  readonly traits: ApiTraits;
  readonly config: SourceConfig;
  readonly deps: SourceDeps;
  readonly baseUrl: URL;
  readonly scope: string;
  readonly connections: Connections;
  /** Whether the `Date` of its answers is the API's own word. */
  readonly tellsTime: boolean;
  readonly tokens: TokenSource;
}
